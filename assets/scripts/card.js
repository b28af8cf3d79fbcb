// The card beside the pointer or the focused region: name, value, detail, status.
const STATUS_WORDS = {
  reported: "reported",
  estimated: "estimated in part",
  flip: "strong or not: could flip",
  partial: "partly withheld",
  withheld: "withheld by the statistical office",
  unpublished: "not published",
  nodata: "no data",
};
let count = 0;

export class Card {
  constructor(svg) {
    this.svg = svg;
    this.region = null;
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
    const label = region.getAttribute("aria-label") ?? "";
    const cut = label.lastIndexOf(": ");
    const { value, detail, status } = region.dataset;
    this.box.replaceChildren(
      part("name", cut > 0 ? label.slice(0, cut) : label),
      ...(value ? [part("value", value)] : []),
      ...(detail ? [part("detail", detail)] : []),
      ...(status ? [part("detail", STATUS_WORDS[status] ?? status, status)] : []),
      ...(hint ? [part("detail quiet", hint)] : []),
    );
    this.box.hidden = false;
    region.setAttribute("aria-describedby", this.box.id);
  }

  /** Draw the region's edge again on top of its neighbours: pale below, dark above. */
  outline(region) {
    const shape = region.querySelector("path, circle");
    this.halos = ["halo halo-ground", "halo"].map((name) => {
      const halo = shape.cloneNode(false);
      halo.setAttribute("class", name);
      return halo;
    });
    this.svg.append(...this.halos);
  }

  hide() {
    this.box.hidden = true;
    for (const halo of this.halos) halo.remove();
    this.halos = [];
    this.region?.removeAttribute("aria-describedby");
    this.region = null;
  }
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
