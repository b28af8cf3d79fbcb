// Copy a view's address; save a figure as SVG or PNG with its title and source inside.
import { composed } from "./picture.js";

let timer = 0;

/** Say something for three seconds, aloud as well. */
function say(text) {
  let toast = document.querySelector(".toast");
  if (!toast) {
    toast = Object.assign(document.createElement("div"), { className: "toast" });
    toast.setAttribute("role", "status");
    document.body.append(toast);
  }
  toast.hidden = false;
  toast.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => (toast.hidden = true), 3000);
}

const said = (name) => document.body.dataset[name] ?? "";

export async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    say(said("copied"));
  } catch {
    say(`${said("copyThis")} ${location.href}`);
  }
}

/** Copy what stands in a text field; where that is not allowed it is selected, ready to be copied. */
export async function copyText(id) {
  const field = document.getElementById(id);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    say(said("copied"));
  } catch {
    field.focus();
  }
}

export async function saveFigure(id, kind) {
  const figure = document.getElementById(id);
  if (!figure) return;
  const svg = composed(figure);
  const text = new XMLSerializer().serializeToString(svg);
  const drawing = new Blob([text], { type: "image/svg+xml" });
  const name = document.title.split("|")[0].trim().replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase();
  if (kind !== "png") return save(drawing, `${name}.svg`);
  try {
    save(await painted(drawing, svg), `${name}.png`);
  } catch {
    save(drawing, `${name}.svg`);
    say(said("noPng"));
  }
}

async function painted(drawing, svg) {
  const address = URL.createObjectURL(drawing);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * svg.getAttribute("width");
    canvas.height = 2 * svg.getAttribute("height");
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, fail) =>
      canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/png"),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

function save(blob, name) {
  const link = Object.assign(document.createElement("a"), {
    href: URL.createObjectURL(blob),
    download: name,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
