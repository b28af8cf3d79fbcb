// A map with one tab stop, arrow keys from region to region, a card, and zoom by button, key,
// wheel and two fingers. The plain wheel goes on scrolling the page until the map was clicked or
// has the focus; then, and with Ctrl, it zooms. One finger always scrolls.
import { Card, ENGLISH } from "./card.js";
import { pin } from "./explorer.js";
import { Frame } from "./frame.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const TOOLS = [
  ["+", "in", (frame) => frame.scale(1.6)],
  ["\u2212", "out", (frame) => frame.scale(1 / 1.6)],
  ["\u21ba", "whole", (frame) => frame.reset()],
  ["\u2191", "up", (frame) => frame.move(0, -0.3), "pan"],
  ["\u2193", "down", (frame) => frame.move(0, 0.3), "pan"],
  ["\u2190", "left", (frame) => frame.move(-0.3, 0), "pan"],
  ["\u2192", "right", (frame) => frame.move(0.3, 0), "pan"],
];
const REGIONS = "a.region, path.region";
const BARE = "path.region"; // shapes of a map with very many regions: their words are fetched
const lastActive = new Map(); // the region last visited on each map

export function prepareMaps(svg) {
  if (svg.dataset.ready) return;
  svg.dataset.ready = "yes";
  const given = svg.closest("[data-words]")?.dataset.words;
  const words = { ...ENGLISH, ...(given ? JSON.parse(given) : {}) };
  const frame = new Frame(svg);
  const card = new Card(svg, words);
  addTools(svg, frame, words);
  const ready = () => {
    walkByKeys(svg, frame, card);
    followPointer(svg, card);
  };
  if (svg.querySelector(BARE)) {
    // first the drawing, then the words of its regions
    (window.requestIdleCallback ?? setTimeout)(() => card.fetchWords().then(ready));
  } else ready();
  dragAndPinch(svg, frame, card);
  offerActions(svg, card);
}

function addTools(svg, frame, words) {
  const tools = document.createElement("div");
  tools.className = "map-tools";
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", words.tools);
  for (const [sign, word, act, kind] of TOOLS) {
    const name = words[word];
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.title = name;
    button.setAttribute("aria-label", name);
    if (kind) button.className = kind;
    button.addEventListener("click", () => act(frame));
    tools.append(button);
  }
  const figure = svg.closest("figure");
  (figure?.querySelector(".map-bar") ?? svg.parentElement).append(tools);
}

function walkByKeys(svg, frame, card) {
  const regions = [...svg.querySelectorAll(REGIONS)];
  if (!regions.length) return;
  const middles = new Map();
  const middle = (region) => {
    if (!middles.has(region)) {
      const { x, y, width, height } = region.getBBox();
      middles.set(region, { x: x + width / 2, y: y + height / 2 });
    }
    return middles.get(region);
  };
  const remembered = lastActive.get(svg.dataset.map);
  let stop =
    regions.find((region) => region.dataset.region === remembered) ??
    svg.querySelector(".region.is-selected:is(a, path)") ??
    svg.querySelector(".region.strong:is(a, path)") ??
    regions[0];
  const named = (region) => {
    if (region.matches(BARE)) card.name(region);
    region.setAttribute("tabindex", "0");
  };
  named(stop);

  const visit = (region) => {
    stop.setAttribute("tabindex", "-1");
    named(region);
    stop = region;
    lastActive.set(svg.dataset.map, region.dataset.region);
  };
  // on the frame, not the svg: listeners for focus would make the svg itself a tab stop
  const held = svg.parentElement;
  held.addEventListener("focusin", (event) => {
    const region = event.target.closest(REGIONS);
    if (!region) return;
    visit(region);
    if (!frame.holds(middle(region))) frame.centre(middle(region));
    if (region.matches(":focus-visible")) card.showAt(region);
  });
  held.addEventListener("focusout", () => card.held || card.hide());
  held.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !svg.contains(event.target)) return;
    if (event.key in ARROWS) {
      const next = nearest(regions, middle, stop, ARROWS[event.key]);
      if (next) named(next);
      next?.focus({ preventScroll: true });
    } else if (event.key === "+" || event.key === "=") frame.scale(1.6, middle(stop));
    else if (event.key === "-") frame.scale(1 / 1.6, middle(stop));
    else if (event.key === "0") frame.reset();
    else if (event.key === "Escape") return card.hide();
    else if ((event.key === "p" || event.key === "P") && "pin" in svg.dataset) return void pin(svg, stop.dataset.region);
    else if (event.key === "Enter" && stop.matches(BARE)) return void card.open(stop);
    else return;
    event.preventDefault();
    if (!(event.key in ARROWS)) card.showAt(stop);
  });
}

/** The region whose middle lies nearest in a direction; sideways distance counts double. */
function nearest(regions, middle, from, [right, down]) {
  const start = middle(from);
  let best = null;
  let least = Infinity;
  for (const region of regions) {
    if (region === from) continue;
    const { x, y } = middle(region);
    const along = (x - start.x) * right + (y - start.y) * down;
    const aside = Math.abs((x - start.x) * down) + Math.abs((y - start.y) * right);
    if (along <= 0.5 || aside > along * 1.5) continue;
    const cost = along + 2 * aside;
    if (cost < least) [best, least] = [region, cost];
  }
  return best;
}

function followPointer(svg, card) {
  svg.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons) return;
    if (card.held) return;
    const region = event.target.closest(REGIONS);
    if (region) card.showAt(region, event);
    else card.hide();
  });
  svg.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch" && !card.held) card.hide();
  });
  // a finger has no hover: the first tap shows the card, the second opens the region
  svg.addEventListener("click", (event) => {
    const region = event.target.closest(REGIONS);
    if ("pin" in svg.dataset || event.pointerType !== "touch" || !region) return;
    if (card.region === region) return;
    event.preventDefault();
    card.showAt(region, event, card.words.tap);
  });
}

/** On a map that can be pinned a click stays: the card offers to open the region or to pin it. */
function offerActions(svg, card) {
  if (!("pin" in svg.dataset)) return;
  svg.addEventListener("click", (event) => {
    const region = event.target.closest(REGIONS);
    if (!region || event.ctrlKey || event.metaKey || event.shiftKey || event.detail === 0) return;
    event.preventDefault();
    card.hold(region, event, () => pin(svg, region.dataset.region));
  });
}

function dragAndPinch(svg, frame, card) {
  // a click on the map or the focus in it gives it the wheel, a click elsewhere takes it back
  const held = svg.parentElement;
  const onDocument = (kind, act) => {
    const heard = (event) => (held.isConnected ? act(event) : document.removeEventListener(kind, heard));
    document.addEventListener(kind, heard);
  };
  onDocument("pointerdown", (event) => {
    held.classList.toggle("is-held", held.contains(event.target));
    if (!held.contains(event.target)) card.hide();
  });
  held.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !held.contains(event.relatedTarget)) held.classList.remove("is-held");
  });
  onDocument("keydown", (event) => {
    if (event.key !== "Escape") return;
    held.classList.remove("is-held");
    if (card.held) card.hide();
  });
  svg.addEventListener("wheel", (event) => {
    const focused = svg.contains(document.activeElement);
    if (!event.ctrlKey && !focused && !held.classList.contains("is-held")) return;
    event.preventDefault();
    if (card.held) card.hide();
    frame.scale(Math.exp(-Math.max(-40, Math.min(40, event.deltaY)) * 0.01), frame.place(event.clientX, event.clientY));
  }, { passive: false });

  let from = null;
  let moved = false;
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0 || frame.zoom <= 1.01) return;
    from = { x: event.clientX, y: event.clientY };
    moved = false;
  });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    if (!event.buttons) return void (from = null);
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!moved && Math.hypot(dx, dy) < 4) return;
    if (!moved) {
      moved = true;
      svg.setPointerCapture(event.pointerId);
      svg.classList.add("is-dragging");
      card.hide();
    }
    frame.drag(from, { x: event.clientX, y: event.clientY });
    from = { x: event.clientX, y: event.clientY };
  });
  svg.addEventListener("pointerup", () => {
    from = null;
    svg.classList.remove("is-dragging");
  });
  svg.addEventListener("click", (event) => {
    if (!moved) return;
    moved = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  let pinch = null;
  const fingers = ({ touches: [a, b] }) => ({
    spread: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY),
    x: (a.clientX + b.clientX) / 2,
    y: (a.clientY + b.clientY) / 2,
  });
  svg.addEventListener("touchstart", (event) => {
    pinch = event.touches.length === 2 ? fingers(event) : null;
  }, { passive: true });
  svg.addEventListener("touchmove", (event) => {
    if (!pinch || event.touches.length !== 2) return;
    event.preventDefault();
    const now = fingers(event);
    frame.drag(pinch, now);
    frame.scale(now.spread / pinch.spread, frame.place(now.x, now.y));
    pinch = now;
    card.hide();
  }, { passive: false });
}
