// The European map: Natural Earth countries (world-atlas, 1:50 million; islands of the insets 1:10
// million) in Lambert's azimuthal equal-area projection about 10 E 52 N, the centre of ETRS89-LAEA,
// on a sphere. Regions are points: `projection` and `insets` say how a longitude and latitude become
// a place on the map.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { geoAzimuthalEqualArea, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import { lines, pathOf, paths, simplified } from "./shapes.mjs";

const WIDTH = 830;
const HEIGHT = 780;
const MAIN = { centre: [10, 52], scale: 1160, translate: [432, 408] };

// Countries of the figures and of the map's subject; all other land is drawn faint.
const SUBJECT = new Set([
  "040", "056", "100", "191", "196", "203", "208", "233", "246", "250", "276", "300", "348", "352",
  "372", "380", "428", "438", "440", "442", "470", "528", "578", "616", "620", "642", "703", "705",
  "724", "752", "756", "826", "248", "833", "831", "832",
]);

const [COLUMN, ROW, BOX] = [[10, 94], [150, 222, 294, 366], [78, 66]];
const box = (column, row) => [COLUMN[column], ROW[row], ...BOX];

// Territories far away: a box each, with the NUTS codes of every edition since 2010.
const INSETS = [
  { id: "azores", label: "Azores", nuts: ["PT20"], country: "620", around: [-28, 38.3], span: 4.4, box: box(0, 0) },
  { id: "madeira", label: "Madeira", nuts: ["PT30"], country: "620", around: [-16.9, 32.75], span: 0.75, box: box(1, 0) },
  { id: "canaries", label: "Canaries", nuts: ["ES70"], country: "724", around: [-15.8, 28.4], span: 2.7, box: box(0, 1) },
  { id: "guyane", label: "Guyane", nuts: ["FR93", "FRA3", "FRY3"], country: "250", around: [-53.1, 3.95], span: 2.6, box: box(1, 1) },
  { id: "guadeloupe", label: "Guadeloupe", nuts: ["FR91", "FRA1", "FRY1"], country: "250", around: [-61.45, 16.2], span: 0.6, box: box(0, 2) },
  { id: "martinique", label: "Martinique", nuts: ["FR92", "FRA2", "FRY2"], country: "250", around: [-61.0, 14.65], span: 0.45, box: box(1, 2) },
  { id: "reunion", label: "Réunion", nuts: ["FR94", "FRA4", "FRY4"], country: "250", around: [55.53, -21.13], span: 0.55, box: box(0, 3) },
  { id: "mayotte", label: "Mayotte", nuts: ["FR9A", "FRA5", "FRY5"], country: "250", around: [45.15, -12.83], span: 0.33, box: box(1, 3) },
];

const FORMULA =
  "With longitude l, latitude b and centre (l0, b0) in radians: " +
  "k = sqrt(2 / (1 + sin b0 sin b + cos b0 cos b cos(l - l0))); " +
  "x = translate[0] + scale * k * cos b sin(l - l0); " +
  "y = translate[1] - scale * k * (cos b0 sin b - sin b0 cos b cos(l - l0)).";

const load = (name) =>
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`world-atlas/${name}`), "utf8"));

function projected({ centre, scale, translate }, extent) {
  return geoAzimuthalEqualArea()
    .rotate([-centre[0], -centre[1]])
    .scale(scale)
    .translate(translate)
    .precision(0)
    .clipAngle(90)
    .clipExtent(extent);
}

/** The rings of a shape on the map, each as a polygon of its own (drawn with even-odd filling). */
function ringsOf(projection, shape) {
  const rings = [];
  let ring = [];
  const close = () => {
    if (ring.length > 2) rings.push([[...ring, ring[0]]]);
    ring = [];
  };
  const pen = {
    beginPath() {},
    moveTo: (x, y) => (close(), ring.push([x, y])),
    lineTo: (x, y) => ring.push([x, y]),
    closePath: close,
    arc() {},
  };
  geoPath(projection, pen)(shape);
  close();
  return rings;
}

function inset(fine, { id, label, nuts, country, around, span, box }) {
  const [x, y, width, height] = box;
  const scale = ((Math.min(width, height) - 26) / 2 / span) * (180 / Math.PI);
  const place = { centre: around, scale, translate: [x + width / 2, y + height / 2 + 6] };
  const projection = projected(place, [[x + 1, y + 1], [x + width - 1, y + height - 1]]);
  const shape = fine.objects.countries.geometries.find((geometry) => geometry.id === country);
  const near = feature(fine, shape).geometry.coordinates.filter((rings) =>
    rings[0].every(([lon, lat]) => Math.hypot(lon - around[0], lat - around[1]) < span * 1.6),
  );
  const joined = simplified(
    { land: [{ id, geometry: { type: "MultiPolygon", coordinates: ringsOf(projection, { type: "MultiPolygon", coordinates: near }) } }] },
    { least: 0.02, island: 0 },
  );
  const shown = (value) => Math.round(value * 1000) / 1000;
  return {
    id,
    label,
    nuts,
    box,
    labelAt: [x + 6, y + 14],
    path: paths(joined, "land", 1, [])[id],
    projection: { ...place, scale: shown(scale), translate: place.translate.map(shown) },
  };
}

export function europeMap() {
  const coarse = load("countries-50m.json");
  const fine = load("countries-10m.json");
  const projection = projected(MAIN, [[0, 0], [WIDTH, HEIGHT]]);
  const shapes = { subject: [], faint: [] };
  for (const [index, geometry] of coarse.objects.countries.geometries.entries()) {
    const rings = ringsOf(projection, feature(coarse, geometry));
    if (!rings.length) continue;
    const layer = SUBJECT.has(geometry.id) ? "subject" : "faint";
    shapes[layer].push({
      id: geometry.id ?? `no-code-${index}`,
      geometry: { type: "MultiPolygon", coordinates: rings },
    });
  }
  const joined = simplified(shapes, { least: 0.3, island: 0.12 });
  const layer = (name) => Object.values(paths(joined, name, 1, shapes[name])).join("");
  const all = { ...joined, objects: { all: { type: "GeometryCollection", geometries: [...joined.objects.subject.geometries, ...joined.objects.faint.geometries] } } };
  return {
    viewBox: [0, 0, WIDTH, HEIGHT],
    land: layer("subject"),
    faint: layer("faint"),
    borders: pathOf(lines(all, "all", (a, b) => a !== b), 1),
    projection: { ...MAIN, formula: FORMULA },
    insets: INSETS.map((one) => inset(fine, one)),
  };
}
