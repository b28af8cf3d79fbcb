// One SVG that stands alone: a map or dot chart with title, legend and source, styles inlined.
const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 1000;
const EDGE = 24;
const FAMILY = "'Source Sans 3', 'Segoe UI', Arial, sans-serif";
// Width of a bold letter, as wide as in the fonts that stand in where the own one is not at hand.
const LETTER = 0.68;
const COPIED = [
  "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity",
  "stroke-dasharray", "stroke-linejoin", "paint-order", "vector-effect", "font-size", "font-weight",
  "text-anchor", "opacity", "r",
];

function make(name, attributes = {}, text = "") {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const words = (text, x, y, size, more = {}) =>
  make("text", { x, y, "font-size": size, "font-family": FAMILY, fill: token("--ink"), ...more }, text);

/** A copy without links, classes and scripts' attributes, with its computed look as attributes. */
function inlined(source) {
  const copy = source.cloneNode(true);
  for (const halo of copy.querySelectorAll(".halo")) halo.remove();
  const [from, to] = [[source, ...source.querySelectorAll(":not(.halo)")], [copy, ...copy.querySelectorAll("*")]];
  from.forEach((element, index) => {
    const look = getComputedStyle(element);
    const target = to[index];
    for (const { name } of [...target.attributes]) {
      if (/^(class|tabindex|role|href|aria-.*|data-.*)$/.test(name)) target.removeAttribute(name);
    }
    if (["svg", "g", "a", "defs", "pattern"].includes(element.localName)) return;
    for (const property of COPIED) {
      const value = look.getPropertyValue(property);
      if (value && value !== "none" && value !== "normal") {
        target.setAttribute(property, value.replace(/url\("?[^"#)]*#([^")]+)"?\)/, "url(#$1)"));
      } else if (value === "none" && (property === "fill" || property === "stroke")) {
        target.setAttribute(property, "none");
      }
    }
    if (element.localName === "text") target.setAttribute("font-family", FAMILY);
  });
  return copy;
}

export function composed(figure) {
  const svg = make("svg", { xmlns: SPACE, width: WIDTH });
  const patterns = document.querySelector("svg.patterns defs");
  if (patterns) svg.append(inlined(patterns));
  const ground = make("rect", { width: "100%", height: "100%", fill: token("--paper") });
  svg.append(ground);
  const title = figure.dataset.chartTitle ?? figure.querySelector(".legend-title")?.textContent ?? document.title;
  const size = Math.min(22, (WIDTH - 2 * EDGE) / (LETTER * title.trim().length));
  svg.append(words(title.trim(), EDGE, 40, size, { "font-weight": 600 }));
  const map = figure.querySelector("svg.map, svg.drawn");
  let y = map ? drawMap(svg, map, figure, 60) : drawRows(svg, figure, 64);
  const source = [figure.dataset.source, location.href].filter(Boolean);
  y += 8;
  for (const line of source.join().length * 6 > WIDTH - 2 * EDGE ? source : [source.join("  |  ")]) {
    y += 18;
    svg.append(words(line, EDGE, y, 12, { fill: token("--ink-3") }));
  }
  svg.setAttribute("height", y + 18);
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${y + 18}`);
  return svg;
}

function drawMap(svg, map, figure, top) {
  const copy = inlined(map);
  const { width, height } = map.viewBox.baseVal?.width ? map.viewBox.baseVal : map.getBoundingClientRect();
  const room = WIDTH - 2 * EDGE;
  const tall = (room * height) / width;
  for (const [name, value] of Object.entries({ x: EDGE, y: top, width: room, height: tall })) copy.setAttribute(name, value);
  svg.append(copy);
  let x = EDGE;
  let y = top + tall + 22;
  for (const item of figure.querySelectorAll(".legend-classes li, .legend-marks li")) {
    const swatch = item.querySelector(".swatch");
    const key = item.querySelector("svg.key");
    const label = [...item.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent.trim()).join(" ");
    const special = ["withheld", "nodata", "striped"].find((name) => swatch?.classList.contains(name));
    const pattern = { withheld: "hatch", nodata: "nodata", striped: map.querySelector("pattern")?.id }[special];
    const indent = swatch || key ? 26 : 0;
    const long = indent + label.length * 7.2 + 18;
    if (x + long > WIDTH - EDGE) [x, y] = [EDGE, y + 22];
    if (swatch) {
      const fill = pattern ? `url(#${pattern})` : getComputedStyle(swatch).backgroundColor;
      const stroke = swatch.classList.contains("strong") ? token("--ink") : token("--rule-strong");
      svg.append(make("rect", { x, y: y - 10, width: 20, height: 12, fill, stroke }));
    } else if (key) {
      const drawn = inlined(key);
      for (const [name, value] of Object.entries({ x, y: y - 12, width: 20, height: 16 })) drawn.setAttribute(name, value);
      svg.append(drawn);
    }
    svg.append(words(label, x + indent, y, 13, { fill: token("--ink-2") }));
    x += long;
  }
  const square = figure.querySelector("table.square");
  return square ? drawSquare(svg, square, figure, y + 16) : y + 8;
}

/** The legend of two figures at once: its colours in rows and columns, with their words. */
function drawSquare(svg, square, figure, top) {
  const [left, wide, tall] = [EDGE + 190, 150, 38];
  const written = (cell, x, y, anchor) => {
    const reach = cell.querySelector(".reach");
    const word = (cell.firstChild?.textContent ?? "").trim();
    svg.append(words(word, x, y, 13, { "font-weight": 600, "text-anchor": anchor }));
    if (reach) svg.append(words(reach.textContent.trim(), x, y + 15, 11, { fill: token("--ink-3"), "text-anchor": anchor }));
  };
  [...square.querySelectorAll("thead th")].forEach((head, column) => written(head, left + (column + 0.5) * wide, top + 12, "middle"));
  let y = top + 36;
  for (const row of square.querySelectorAll("tbody tr")) {
    written(row.querySelector("th"), left - 12, y + 13, "end");
    [...row.querySelectorAll("td")].forEach((cell, column) => {
      const x = left + column * wide;
      svg.append(make("rect", { x, y, width: wide - 2, height: tall - 2, fill: getComputedStyle(cell).backgroundColor }));
      svg.append(make("rect", { x: x + wide / 2 - 17, y: y + 9, width: 34, height: 18, rx: 2, fill: token("--raised") }));
      svg.append(words(cell.textContent.trim(), x + wide / 2, y + 22, 12, { "text-anchor": "middle" }));
    });
    y += tall;
  }
  const axes = figure.querySelector(".square-axes")?.textContent.trim();
  if (axes) svg.append(words(axes, EDGE, y + 18, 12, { fill: token("--ink-2") }));
  return y + 26;
}

function drawRows(svg, figure, top) {
  const [left, wide, tall] = [380, 480, 30];
  let y = top;
  for (const row of figure.querySelectorAll("li")) {
    const plot = row.querySelector("svg.plot");
    if (!plot) continue;
    const copy = inlined(plot);
    for (const [name, value] of Object.entries({ x: left, y, width: wide, height: tall, overflow: "visible" })) copy.setAttribute(name, value);
    svg.append(copy);
    const plain = (part) => part?.textContent.trim().replace(/\s+/g, " ");
    const title = row.querySelector(".name");
    const note = plain(title?.querySelector("small"));
    const name = note ? plain(title).slice(0, -note.length).trim() : plain(title);
    const [first, last] = [...row.querySelectorAll(".ends > span")].map(plain);
    const value = last ?? row.querySelector(".value")?.firstChild?.textContent.trim();
    if (name) svg.append(words(name, EDGE, y + 20, 15));
    const under = note || first;
    if (under) svg.append(words(under, EDGE, y + 36, 11.5, { fill: token("--ink-2") }));
    if (value) svg.append(words(value, WIDTH - EDGE, y + 20, 15, { "text-anchor": "end", "font-weight": 600 }));
    if (under) y += 14;
    y += tall;
  }
  return y;
}
