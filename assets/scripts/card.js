// The card beside the pointer or the focused region: name, value, detail, status. Held by a click,
// it offers what can be done with the region.
export const ENGLISH = {
  reported: "reported",
  estimated: "estimated in part",
  flip: "strong or not: could flip",
  partial: "partly withheld",
  withheld: "withheld by the statistical office",
  unpublished: "not published",
  nodata: "no data",
  tap: "tap again to open",
  open: "Open its figures",
  pin: "Pin",
  unpin: "Unpin",
  close: "Close",
  tools: "Zoom and move the map",
  in: "Zoom in",
  out: "Zoom out",
  whole: "Show the whole map",
  up: "Move up",
  down: "Move down",
  left: "Move left",
  right: "Move right",
};
let count = 0;

export class Card {
  constructor(svg, words = ENGLISH) {
    this.svg = svg;
    this.words = words;
    this.region = null;
    this.held = false;
    this.told = {};
    this.halos = [];
    this.box = document.createElement("div");
    this.box.className = "map-card";
    this.box.id = `map-card-${++count}`;
    this.box.hidden = true;
    svg.parentElement.append(this.box);
  }

  showAt(region, pointer = null, hint = "") {
    if (this.region !== region) this.fill(region, hint);
    const frame = this.svg.parentElement.getBoundingClientRect();
    const shape = region.getBoundingClientRect();
    const x = (pointer?.clientX ?? shape.left + shape.width / 2) - frame.left;
    const y = (pointer?.clientY ?? shape.top + shape.height / 2) - frame.top;
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const left = x + 14 + width > frame.width ? x - width - 14 : x + 14;
    const top = y + 14 + height > frame.height ? y - height - 14 : y + 14;
    const whole = (length) => Math.round(Math.max(0, length));
    this.box.style.transform = `translate(${whole(left)}px, ${whole(top)}px)`;
  }

  fill(region, hint) {
    this.hide();
    this.region = region;
    this.outline(region);
    const { name, value, detail, status } = this.of(region);
    this.box.replaceChildren(
      part("name", name),
      ...(value ? [part("value", value)] : []),
      ...(detail ? [part("detail", detail)] : []),
      ...(status ? [part("detail", this.words[status] ?? status, status)] : []),
      ...(hint ? [part("detail quiet", hint)] : []),
    );
    this.box.hidden = false;
    region.setAttribute("aria-describedby", this.box.id);
  }

  /** What is known of a region: from its own attributes, or from what was fetched. */
  of(region) {
    const fetched = this.told[region.dataset.region];
    if (fetched) {
      const [name, said, detail, status, href] = fetched;
      const known = !["withheld", "nodata", "unpublished"].includes(status);
      return { name, said, value: known ? said : "", detail, status, href };
    }
    const label = region.getAttribute("aria-label") ?? "";
    const cut = label.lastIndexOf(": ");
    const { value, detail, status } = region.dataset;
    return { name: cut > 0 ? label.slice(0, cut) : label, value, detail, status, href: region.getAttribute("href") };
  }

  /** Fetch the words of all regions of a map whose shapes are bare. */
  async fetchWords() {
    const { cards } = this.svg.dataset;
    if (!cards) return;
    try {
      const answer = await fetch(cards);
      if (answer.ok) this.told = await answer.json();
    } catch {
      // the map stays without cards; the table has the same figures
    }
  }

  /** Give a bare shape the name and role of a link. */
  name(region) {
    if (region.getAttribute("role") === "checkbox") return;
    const { name, said } = this.of(region);
    region.setAttribute("role", "link");
    region.setAttribute("aria-label", said ? `${name}: ${said}` : name || region.dataset.region);
  }

  open(region) {
    const { href } = this.of(region);
    if (href) location.assign(href);
  }

  /** Keep the card and offer what can be done with the region. */
  hold(region, event, pin) {
    this.held = false;
    this.region = null;
    this.showAt(region, event);
    this.held = true;
    this.box.classList.add("is-held");
    const actions = document.createElement("div");
    actions.className = "card-actions";
    const { href } = this.of(region);
    if (href) {
      const link = Object.assign(document.createElement("a"), { href, className: "button small", textContent: this.words.open });
      actions.append(link);
    }
    const pinned = this.svg.dataset.pin === region.dataset.region;
    actions.append(
      action(pinned ? this.words.unpin : this.words.pin, pin),
      action(this.words.close, () => this.hide()),
    );
    this.box.append(actions);
    this.showAt(region, event);
  }

  /** Draw the region's edge again on top of its neighbours: pale below, dark above. */
  outline(region) {
    const shape = region.querySelector("path, circle") ?? region;
    this.halos = ["halo halo-ground", "halo"].map((name) => {
      const halo = shape.cloneNode(false);
      halo.setAttribute("class", name);
      for (const none of ["tabindex", "role", "aria-label", "aria-describedby", "data-region"]) halo.removeAttribute(none);
      return halo;
    });
    this.svg.append(...this.halos);
  }

  hide() {
    this.box.hidden = true;
    this.held = false;
    this.box.classList.remove("is-held");
    for (const halo of this.halos) halo.remove();
    this.halos = [];
    this.region?.removeAttribute("aria-describedby");
    this.region = null;
  }
}

function action(words, act) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: words });
  button.addEventListener("click", act);
  return button;
}

function part(name, text, mark = "") {
  const span = document.createElement("span");
  span.className = name;
  if (mark) {
    const dot = document.createElement("span");
    dot.className = `mark ${mark}`;
    span.append(dot, " ");
  }
  span.append(text);
  return span;
}
