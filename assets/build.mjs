// Builds what the portal serves: styles, scripts, fonts, htmx, map shapes and the licences of all parts.
// The same input gives the same bytes.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync, inflateSync } from "node:zlib";
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

/** The two themes as files of their own, for pages that are shown in one of them whatever the reader prefers. */
function themes() {
  const tokens = readFileSync(join(HERE, "styles/tokens.css"), "utf8");
  const [light, dark] = [...tokens.matchAll(/:root \{([^}]*)\}/g)].map((found) => found[1]);
  if (!tokens.includes("prefers-color-scheme: dark") || !dark) throw new Error("tokens.css holds no dark theme");
  writeFileSync(join(OUT, "theme-light.css"), `:root {${light}color-scheme: light;\n}\n`);
  writeFileSync(join(OUT, "theme-dark.css"), `:root {${light}${dark}color-scheme: dark;\n}\n`);
}

/** Fonts of the printed report: WOFF unpacked to what a typesetter reads. */
function reportFonts() {
  mkdirSync(join(OUT, "report"), { recursive: true });
  for (const name of ["latin-400-normal", "latin-600-normal", "latin-ext-400-normal", "latin-ext-600-normal"]) {
    const woff = readFileSync(join(HERE, `node_modules/@fontsource/source-serif-4/files/source-serif-4-${name}.woff`));
    writeFileSync(join(OUT, "report", `source-serif-4-${name}.otf`), unpacked(woff));
  }
}

/** The font inside a WOFF 1.0 file: its tables inflated, behind a directory of their own. */
function unpacked(woff) {
  const count = woff.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, index) => {
    const at = 44 + 20 * index;
    const [from, packed, length, checksum] = [4, 8, 12, 16].map((place) => woff.readUInt32BE(at + place));
    const bytes = woff.subarray(from, from + packed);
    return { tag: woff.subarray(at, at + 4), checksum, bytes: packed < length ? inflateSync(bytes) : bytes };
  });
  const power = Math.floor(Math.log2(count));
  const head = Buffer.alloc(12 + 16 * count);
  woff.copy(head, 0, 4, 8);
  [count, 16 * 2 ** power, power, 16 * (count - 2 ** power)].forEach((value, index) => head.writeUInt16BE(value, 4 + 2 * index));
  let offset = head.length;
  const parts = tables.map(({ tag, checksum, bytes }, index) => {
    const at = 12 + 16 * index;
    tag.copy(head, at);
    [checksum, offset, bytes.length].forEach((value, place) => head.writeUInt32BE(value, at + 4 + 4 * place));
    const padded = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
    offset += padded.length;
    return padded;
  });
  return Buffer.concat([head, ...parts]);
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
themes();
reportFonts();
writeMaps(maps);
licences();
twins();
