// Builds what the portal serves: styles, scripts, fonts, htmx, map shapes and the licences of all parts.
// The same input gives the same bytes.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { europeMap } from "./maps/europe.mjs";
import { usMaps } from "./maps/us.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = resolve(HERE, "../src/clusteratlas/portal/static/built");
const COUNTIES = resolve(HERE, "../src/clusteratlas/classification/data/us_counties.csv");

async function stylesAndScripts() {
  const common = { bundle: true, minify: true, legalComments: "none", logLevel: "warning", absWorkingDir: HERE };
  await build({
    ...common,
    entryPoints: ["styles/atlas.css"],
    outdir: OUT,
    loader: { ".woff2": "file" },
    assetNames: "fonts/[name]",
    target: ["chrome111", "firefox113", "safari16.4"],
  });
  await build({
    ...common,
    entryPoints: ["scripts/atlas.js"],
    outfile: join(OUT, "atlas.js"),
    format: "esm",
    target: "es2022",
  });
  copyFileSync(join(HERE, "node_modules/htmx.org/dist/htmx.min.js"), join(OUT, "htmx.js"));
  copyFileSync(join(HERE, "favicon.svg"), join(OUT, "favicon.svg"));
}

function writeMaps(maps) {
  mkdirSync(join(OUT, "maps"), { recursive: true });
  for (const [name, map] of Object.entries(maps)) {
    writeFileSync(join(OUT, "maps", `${name}.json`), `${JSON.stringify(map)}\n`);
  }
}

// What reaches the visitor; tools of the build and the tests do not.
const SHIPPED = [
  ["htmx.org", "behaviour of forms"],
  ["@fontsource-variable/source-sans-3", "typeface for text and figures"],
  ["@fontsource/source-serif-4", "typeface for headlines and summaries"],
  ["us-atlas", "shapes of American counties and states, from the Census Bureau's cartographic boundary files (public domain)"],
  ["world-atlas", "outlines of countries, from Natural Earth (public domain)"],
];

function licences() {
  const parts = SHIPPED.map(([name, use]) => {
    const folder = join(HERE, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].map((one) => join(folder, one)).find(existsSync);
    const text = file ? readFileSync(file, "utf8").trim() : `Licence: ${license}`;
    return `${name} ${version} (${license}): ${use}\n\n${text}`;
  });
  const line = `\n\n${"-".repeat(78)}\n\n`;
  writeFileSync(
    join(OUT, "LICENSES.txt"),
    `Third-party parts of the portal's pages\n\n${parts.join(line)}\n`,
  );
}

/** A compressed twin beside each text that is served, so that the portal hands it out as it is. */
function twins() {
  for (const name of ["atlas.css", "atlas.js", "htmx.js", "favicon.svg", "LICENSES.txt"]) {
    const file = join(OUT, name);
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
  }
}

// Maps first: a fault in the county table stops the build before anything old is gone.
const maps = { ...usMaps(COUNTIES), europe: europeMap() };
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
await stylesAndScripts();
writeMaps(maps);
licences();
twins();
