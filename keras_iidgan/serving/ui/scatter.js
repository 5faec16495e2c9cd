// Points in a plane, as SVG. The view is a square of 100 x 100; the box says which part of the
// plane it shows.

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 0.12;

export class Scatter {
  // `box` is {x, y, half}: the centre and half of the side; `name` is what a reader hears.
  constructor(box, name) {
    this.box = box;
    this.element = make("svg", { viewBox: "0 0 100 100", role: "img", "aria-label": name });
    this.element.append(...this.#axes(), ...this.#scale());
  }

  #axes() {
    const [x, y] = this.#place([0, 0]);
    const inside = (value) => value > 0 && value < 100;
    const across = inside(y) ? [make("line", { x1: 0, x2: 100, y1: y, y2: y, class: "axis" })] : [];
    const up = inside(x) ? [make("line", { x1: x, x2: x, y1: 0, y2: 100, class: "axis" })] : [];
    return [...across, ...up];
  }

  #scale() {
    const { x, y, half } = this.box;
    return [
      text(2, 98, "start", rounded(x - half, half)),
      text(98, 98, "end", rounded(x + half, half)),
      text(2, 5, "start", rounded(y + half, half)),
    ];
  }

  #place([x, y]) {
    const scale = 50 / this.box.half;
    return [50 + (x - this.box.x) * scale, 50 - (y - this.box.y) * scale];
  }

  // Replaces the points of a class, with titles if there are any, and a line through them if asked.
  set(name, points, { titles = [], line = false, radius = 1.2 } = {}) {
    this.element.querySelectorAll(`.${name}`).forEach((old) => old.remove());
    const places = points.filter((point) => !point.includes(null)).map((point) => this.#place(point));
    const marks = places.map(([cx, cy], i) => dot(cx, cy, radius, name, titles[i]));
    const path = places.map((place) => place.join(",")).join(" ");
    const way = line ? [make("polyline", { points: path, class: `way ${name}` })] : [];
    this.element.append(...way, ...marks);
  }

  ring(radius) {
    const [cx, cy] = this.#place([0, 0]);
    this.element.append(make("circle", { cx, cy, r: (radius * 50) / this.box.half, class: "ring" }));
  }

  // Calls a function with the point under the pointer: at a press, and while it is drawn if asked.
  onPoint(call, { drag = false } = {}) {
    this.element.classList.add("pickable");
    this.element.addEventListener("pointerdown", (event) => {
      if (drag) {
        this.element.setPointerCapture(event.pointerId);
      }
      call(this.#point(event));
    });
    this.element.addEventListener("pointermove", (event) => {
      if (drag && this.element.hasPointerCapture(event.pointerId)) {
        call(this.#point(event));
      }
    });
  }

  #point(event) {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    const { x, y, half } = this.box;
    const [across, down] = [(event.clientX - left) / width, (event.clientY - top) / height];
    return [x + (2 * across - 1) * half, y - (2 * down - 1) * half];
  }
}

// The smallest box around points, with a margin.
export function boxAround(points) {
  const finite = points.filter((point) => !point.includes(null));
  const [[left, right], [low, high]] = [0, 1].map((i) => {
    const values = finite.map((point) => point[i]);
    return values.length ? [Math.min(...values), Math.max(...values)] : [-1, 1];
  });
  const half = (Math.max(right - left, high - low) / 2) * (1 + MARGIN) || 1;
  return { x: (left + right) / 2, y: (low + high) / 2, half };
}

function make(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}

function text(x, y, anchor, content) {
  const element = make("text", { x, y, "text-anchor": anchor, class: "scale" });
  element.textContent = content;
  return element;
}

function dot(cx, cy, r, name, title) {
  const element = make("circle", { cx, cy, r, class: `dot ${name}` });
  if (title !== undefined) {
    element.append(make("title", {}));
    element.firstChild.textContent = title;
  }
  return element;
}

function rounded(value, half) {
  return value.toFixed(half < 1 ? 2 : half < 20 ? 1 : 0).replace("-", "−");
}
