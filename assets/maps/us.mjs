// The American maps: us-atlas counties (Census Bureau, edition 2017, Albers USA on 975 x 610),
// dissolved to metro and micro areas, rests of states and states.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";
import { dissolved, lines, pathOf, paths, simplified } from "./shapes.mjs";

const VIEW = [0, 0, 975, 610];
const FINE = { least: 0.35, island: 0.8, decimals: 1 };

/** Rows of a plain CSV with a header; quoted fields may hold commas. */
export function rowsOf(text) {
  const split = (line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
      quoted === undefined ? plain : quoted.replaceAll('""', '"'),
    );
  const [head, ...body] = text.replace(/^\uFEFF/, "").trim().split(/\r?\n/).map(split);
  return body.map((fields) => Object.fromEntries(head.map((name, index) => [name, fields[index]])));
}

/** county -> metro or micro area (or null), checked against the shapes that are there. */
function areasOfCounties(countyTable, drawn) {
  const rows = rowsOf(readFileSync(countyTable, "utf8"));
  for (const column of ["county", "cbsa"]) {
    if (!(column in (rows[0] ?? {}))) throw new Error(`${countyTable}: column ${column} is missing`);
  }
  const areas = new Map(rows.map(({ county, cbsa }) => [county, cbsa || null]));
  const undrawn = [...areas.keys()].filter((fips) => !drawn.has(fips));
  const unknown = [...drawn].filter((fips) => !areas.has(fips));
  if (undrawn.length) throw new Error(`counties without a shape in us-atlas: ${undrawn.join(", ")}`);
  if (unknown.length) throw new Error(`shapes without a row in ${countyTable}: ${unknown.join(", ")}`);
  return areas;
}

export function usMaps(countyTable) {
  const atlas = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve("us-atlas/counties-albers-10m.json"), "utf8"),
  );
  const whole = (name) =>
    atlas.objects[name].geometries.map((geometry) => ({
      id: geometry.id,
      geometry: feature(atlas, geometry).geometry,
    }));
  const counties = new Set(atlas.objects.counties.geometries.map(({ id }) => id));
  const areas = areasOfCounties(countyTable, counties);
  const states = whole("states");
  const nation = whole("nation");

  const draw = (layer, shapes, { least, island, decimals }) => {
    const joined = simplified({ [layer]: shapes, states, nation }, { least, island });
    return {
      viewBox: VIEW,
      regions: paths(joined, layer, decimals, shapes),
      borders: pathOf(lines(joined, "states", (a, b) => a !== b), decimals),
      nation: Object.values(paths(joined, "nation", decimals, nation)).join(""),
    };
  };

  const cbsa = dissolved(atlas, "counties", (fips) => areas.get(fips));
  const rest = dissolved(atlas, "counties", (fips) =>
    areas.get(fips) ? null : `${fips.slice(0, 2)}-rest`,
  );
  return {
    "us-cbsa": draw("cbsa", cbsa, FINE),
    "us-state": draw("regions", states, { ...FINE, least: 0.5 }),
    "us-rest-of-state": draw("rest", rest, { ...FINE, least: 0.5 }),
    "us-county": draw("counties", whole("counties"), FINE),
  };
}
