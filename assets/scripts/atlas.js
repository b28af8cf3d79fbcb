// What the pages do beyond reading: every page is complete without it.
import { prepareBuilder } from "./builder.js";
import { prepareSaved, prepareSaving } from "./device.js";
import { keepAddress, prepareExplorer, rememberFocus } from "./explorer.js";
import { prepareMaps } from "./map.js";
import { prepareScatter } from "./scatter.js";
import { prepareSearch } from "./search.js";
import { copyLink, copyText, saveFigure } from "./share.js";
import "./terms.js";

function prepare() {
  for (const svg of document.querySelectorAll("svg[data-map]")) prepareMaps(svg);
  for (const svg of document.querySelectorAll("svg[data-scatter]")) prepareScatter(svg);
  for (const root of document.querySelectorAll("[data-builder]")) prepareBuilder(root);
  for (const button of document.querySelectorAll("[data-save]")) prepareSaving(button);
  for (const section of document.querySelectorAll("[data-saved]")) prepareSaved(section);
  for (const form of document.querySelectorAll("form[data-suggest]")) prepareSearch(form);
  prepareExplorer();
}

document.documentElement.classList.add("js");
prepare();
// a form that came back begins with what is wrong
document.getElementById("form-errors")?.focus();
document.addEventListener("htmx:before:swap", rememberFocus);
document.addEventListener("htmx:after:swap", prepare);
document.addEventListener("htmx:after:swap", () => keepAddress("swap"));
document.addEventListener("htmx:after:history:update", () => keepAddress("history"));

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy-link], [data-copy], [data-download]");
  if (!button) return;
  event.preventDefault();
  if (button.hasAttribute("data-copy-link")) copyLink();
  else if (button.dataset.copy) copyText(button.dataset.copy);
  else saveFigure(button.dataset.figure, button.dataset.download);
});
