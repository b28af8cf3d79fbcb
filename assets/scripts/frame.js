// The part of a map that is shown: zoom and pan as arithmetic on the viewBox.
const MOST = 14;
const kept = new Map(); // what is shown of each map, across exchanges of the view

export class Frame {
  constructor(svg) {
    this.svg = svg;
    const { x, y, width, height } = svg.viewBox.baseVal;
    this.whole = { x, y, width, height };
    this.circles = [...svg.querySelectorAll("a.region circle")].map((circle) => [
      circle,
      circle.r.baseVal.value,
    ]);
    this.show(kept.get(svg.dataset.map) ?? this.whole);
  }

  get zoom() {
    return this.whole.width / this.shown.width;
  }

  show({ x, y, width }) {
    const { whole } = this;
    const w = Math.min(whole.width, Math.max(whole.width / MOST, width));
    const h = (w * whole.height) / whole.width;
    const within = (value, low, room) => Math.max(low, Math.min(low + room, value));
    this.shown = {
      x: within(x, whole.x, whole.width - w),
      y: within(y, whole.y, whole.height - h),
      width: w,
      height: h,
    };
    kept.set(this.svg.dataset.map, this.shown);
    const { x: left, y: top } = this.shown;
    this.svg.setAttribute("viewBox", `${left} ${top} ${w} ${h}`);
    this.svg.classList.toggle("is-zoomed", this.zoom > 1.01);
    const shrink = Math.sqrt(this.zoom) * Math.max(1, Math.sqrt(this.zoom) / 1.5);
    for (const [circle, radius] of this.circles) circle.setAttribute("r", radius / shrink);
  }

  /** Zoom by a factor about a point of the map (its middle by default). */
  scale(factor, about = this.middle()) {
    const { x, y, width } = this.shown;
    const next = Math.min(this.whole.width, Math.max(this.whole.width / MOST, width / factor));
    const ratio = next / width;
    this.show({
      x: about.x - (about.x - x) * ratio,
      y: about.y - (about.y - y) * ratio,
      width: next,
    });
  }

  /** Move by a share of what is shown. */
  move(right, down) {
    const { x, y, width, height } = this.shown;
    this.show({ x: x + right * width, y: y + down * height, width });
  }

  /** Move so that what lay under one place of the screen lies under another. */
  drag(from, to) {
    const [start, end] = [this.place(from.x, from.y), this.place(to.x, to.y)];
    const { x, y, width } = this.shown;
    this.show({ x: x + start.x - end.x, y: y + start.y - end.y, width });
  }

  middle() {
    const { x, y, width, height } = this.shown;
    return { x: x + width / 2, y: y + height / 2 };
  }

  holds({ x, y }) {
    const { shown } = this;
    return x >= shown.x && y >= shown.y && x <= shown.x + shown.width && y <= shown.y + shown.height;
  }

  centre({ x, y }) {
    const { width, height } = this.shown;
    this.show({ x: x - width / 2, y: y - height / 2, width });
  }

  reset() {
    this.show(this.whole);
  }

  /** Screen place -> place on the map. */
  place(clientX, clientY) {
    const point = new DOMPoint(clientX, clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return { x: point.x, y: point.y };
  }
}
