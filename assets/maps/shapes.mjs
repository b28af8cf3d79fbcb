// From shapes in screen units to short SVG paths: one shared topology a map, so that neighbours meet.
import { feature, mesh, mergeArcs } from "topojson-client";
import { topology } from "topojson-server";
import { presimplify, simplify, filter, filterAttachedWeight } from "topojson-simplify";

/** Simplify a map's layers together. `layers` is {name: [{id, geometry}]} in screen units. */
export function simplified(layers, { least, island }) {
  const objects = {};
  for (const [name, shapes] of Object.entries(layers)) {
    objects[name] = {
      type: "FeatureCollection",
      features: shapes.map(({ id, geometry }) => ({ type: "Feature", id, geometry, properties: {} })),
    };
  }
  let joined = simplify(presimplify(topology(objects)), least);
  if (island) joined = filter(joined, filterAttachedWeight(joined, island));
  return joined;
}

/** Dissolve the geometries of one layer by a key; null leaves a geometry out. */
export function dissolved(atlas, layer, keyOf) {
  const groups = new Map();
  for (const geometry of atlas.objects[layer].geometries) {
    const key = keyOf(geometry.id);
    if (key === null) continue;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(geometry);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, parts]) => ({ id, geometry: feature(atlas, mergeArcs(atlas, parts)).geometry }));
}

/** The outer and inner lines of a layer as one MultiLineString; `between` chooses which. */
export function lines(joined, layer, between) {
  return mesh(joined, joined.objects[layer], between);
}

/** {id: path} for a layer; a shape too small for the simplification keeps its own outline. */
export function paths(joined, layer, decimals, shapes) {
  const found = {};
  const own = new Map(shapes.map(({ id, geometry }) => [id, geometry]));
  for (const geometry of joined.objects[layer].geometries) {
    const path =
      pathOf(feature(joined, geometry).geometry, decimals) ||
      pathOf(own.get(geometry.id), decimals) ||
      smallSquare(own.get(geometry.id));
    found[geometry.id] = path;
  }
  return found;
}

/** For the few independent cities that us-atlas has worn down to a point. */
function smallSquare({ coordinates }) {
  const [x, y] = coordinates.flat(Infinity);
  return `M${(x - 0.4).toFixed(1)},${(y - 0.4).toFixed(1)}h.8v.8h-.8z`;
}

/** Relative SVG path of a polygon or line geometry, on a grid of 10^-decimals units. */
export function pathOf(geometry, decimals) {
  const grid = 10 ** decimals;
  const short = (whole) => {
    const text = String(whole / grid);
    return text.replace(/^(-?)0\./, "$1.");
  };
  const pair = (dx, dy) => {
    const y = short(dy);
    return short(dx) + (y.startsWith("-") ? "" : ",") + y;
  };
  let at = null;
  const piece = (line, closed) => {
    const points = [];
    for (const [x, y] of line) {
      const next = [Math.round(x * grid), Math.round(y * grid)];
      const last = points.at(-1);
      if (!last || last[0] !== next[0] || last[1] !== next[1]) points.push(next);
    }
    if (closed) points.pop();
    if (points.length < (closed ? 3 : 2)) return "";
    const [x, y] = points[0];
    let path = at ? `m${pair(x - at[0], y - at[1])}l` : `M${pair(x, y)}l`;
    path += points
      .slice(1)
      .map(([nextX, nextY], index) => pair(nextX - points[index][0], nextY - points[index][1]))
      .reduce((all, step) => all + (all && !step.startsWith("-") ? " " : "") + step, "");
    at = closed ? points[0] : points.at(-1);
    return path + (closed ? "z" : "");
  };
  const { type, coordinates } = geometry;
  if (type === "Polygon") return coordinates.map((ring) => piece(ring, true)).join("");
  if (type === "MultiPolygon") return coordinates.flat().map((ring) => piece(ring, true)).join("");
  if (type === "LineString") return piece(coordinates, false);
  if (type === "MultiLineString") return coordinates.map((line) => piece(line, false)).join("");
  throw new Error(`no path for a ${type}`);
}
