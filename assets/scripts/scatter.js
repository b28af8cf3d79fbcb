// A scatter with one tab stop: arrow keys move from dot to dot, a card tells of the one in focus.
import { Card } from "./card.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function prepareScatter(svg) {
  if (svg.dataset.ready) return;
  svg.dataset.ready = "yes";
  const spots = [...svg.querySelectorAll("a.spot")];
  if (!spots.length) return;
  const card = new Card(svg);
  const held = svg.parentElement;
  const middle = (spot) => {
    const { left, top, width, height } = spot.querySelector("circle").getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  };
  let stop = svg.querySelector("a.marked") ?? spots.at(-1);
  stop.setAttribute("tabindex", "0");

  held.addEventListener("focusin", (event) => {
    const spot = event.target.closest("a.spot");
    if (!spot) return;
    stop.setAttribute("tabindex", "-1");
    spot.setAttribute("tabindex", "0");
    stop = spot;
    if (spot.matches(":focus-visible")) card.showAt(spot);
  });
  held.addEventListener("focusout", () => card.hide());
  held.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !svg.contains(event.target)) return;
    if (event.key in ARROWS) nearest(spots, middle, stop, ARROWS[event.key])?.focus({ preventScroll: true });
    else if (event.key === "Escape") return card.hide();
    else return;
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const spot = event.target.closest("a.spot");
    if (spot) card.showAt(spot, event);
    else card.hide();
  });
  svg.addEventListener("pointerleave", () => card.hide());
  // a finger has no hover: the first tap shows the card, the second opens the page
  svg.addEventListener("click", (event) => {
    const spot = event.target.closest("a.spot");
    if (event.pointerType !== "touch" || !spot || card.region === spot) return;
    event.preventDefault();
    card.showAt(spot, event);
  });
}

/** The dot nearest in a direction; sideways distance counts double. */
function nearest(spots, middle, from, [right, down]) {
  const start = middle(from);
  let best = null;
  let least = Infinity;
  for (const spot of spots) {
    if (spot === from) continue;
    const { x, y } = middle(spot);
    const along = (x - start.x) * right + (y - start.y) * down;
    const aside = Math.abs((x - start.x) * down) + Math.abs((y - start.y) * right);
    if (along <= 0.2) continue;
    const cost = along + 2 * aside;
    if (cost < least) [best, least] = [spot, cost];
  }
  return best;
}
