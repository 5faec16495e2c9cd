// What a model can do, whatever its samples are. A sample here is {x} or {url}, its values in the
// model's shape or the address of its picture, or both.

import { predict } from "./api.js";
import { base64Of, urlOf, urlOfBase64 } from "./picture.js";

const BACKGROUND = 300; // samples that show where a model's points lie
const MOST_ROWS = 32; // of a request: servers that batch refuse what is larger than a batch

export class Space {
  constructor(model) {
    this.model = model;
    this.shape = model.data_shape ?? [];
    this.size = this.shape.reduce((product, each) => product * each, 1);
    this.kind = kindOf(this.shape);
  }

  has(...signatures) {
    return Boolean(this.model.data_shape) && signatures.every((name) => name in this.model.signatures);
  }

  // Samples of seeds, with their codes: [{x or url, z}].
  async sample(seeds, { label } = {}) {
    const name = this.has("sample_png") ? "sample_png" : "sample";
    const found = [];
    for (let i = 0; i < seeds.length; i += MOST_ROWS) {
      const seed = seeds.slice(i, i + MOST_ROWS);
      const labels = label ? { label: label.slice(i, i + MOST_ROWS) } : {};
      found.push(...rows(await predict(this.model, name, { seed, ...labels })));
    }
    return found;
  }

  async codes(seed, label) {
    return (await this.sample(seed, label)).map(({ z }) => z);
  }

  // Samples of codes, as pictures where the server draws them.
  async generate(z, label) {
    const name = this.has("generate_png") ? "generate_png" : "serving_default";
    return rows(await predict(this.model, name, { z, ...label }));
  }

  // The code of a sample and what becomes of it: {z, x, distance} and, of a model of labels,
  // label and probability.
  async invert({ x, url }) {
    const isFile = url && this.has("invert_png");
    const found = isFile
      ? await predict(this.model, "invert_png", { image_bytes: [{ b64: base64Of(url) }] })
      : await predict(this.model, "invert", { x: [x] });
    const [first] = rows(found);
    const label = this.model.conditional ? { label: [first.label] } : {};
    const { x: rebuilt } = await predict(this.model, "serving_default", { z: [first.z], ...label });
    return { ...first, x: rebuilt[0], distance: distance(x, rebuilt[0]) };
  }

  // The same, improved by gradient steps; `before` is the distance where they began.
  async refine({ x }) {
    const [found] = rows(await predict(this.model, "invert_refined", { x: [x] }));
    return { ...found, distance: found.error, before: found.error_before };
  }

  // Samples on the way between two codes, or between two samples.
  async between(ends, count, label) {
    const t = [Array.from({ length: count }, (_, i) => i / (count - 1))];
    const isCodes = "z0" in ends;
    const inputs = isCodes ? { ...ends, ...label } : ends;
    const name = isCodes ? "interpolate" : "interpolate_images";
    const { x, z } = await predict(this.model, name, { ...inputs, t });
    return x[0].map((each, i) => ({ x: each, z: z[0][i] }));
  }

  // Points of the model, always the same ones: what other points are shown against.
  background() {
    if (this.known === undefined) {
      const seeds = Array.from({ length: BACKGROUND }, (_, i) => i);
      const classes = this.model.classes ?? 1;
      const label = this.model.conditional ? { label: seeds.map((i) => i % classes) } : {};
      this.known = this.sample(seeds, label).then((found) => found.map(({ x }) => x));
      this.known.catch(() => (this.known = undefined)); // To be tried again.
    }
    return this.known;
  }

  urlOf({ x, url }) {
    return url ?? urlOf(x, this.shape);
  }

  // Puts numbers, row by row, into the shape of a sample.
  shaped(numbers) {
    return this.shape
      .slice(1)
      .reverse()
      .reduce((flat, size) => chunks(flat, size), numbers);
  }
}

function kindOf(shape) {
  if (shape.length === 1 && shape[0] === 2) {
    return "points";
  }
  const isImage = shape.length === 2 || (shape.length === 3 && [1, 3].includes(shape[2]));
  return isImage ? "images" : "numbers";
}

// Columns of outputs to rows: {a: [1, 2], b: [3, 4]} to [{a: 1, b: 3}, {a: 2, b: 4}].
function rows(columns) {
  const { image_bytes: files, ...others } = columns;
  const named = files ? { ...others, url: files.map(({ b64 }) => urlOfBase64(b64)) } : others;
  const names = Object.keys(named);
  return named[names[0]].map((_, i) => Object.fromEntries(names.map((name) => [name, named[name][i]])));
}

function chunks(flat, size) {
  return Array.from({ length: flat.length / size }, (_, i) => flat.slice(i * size, (i + 1) * size));
}

function distance(a, b) {
  const others = [b].flat(Infinity);
  return Math.hypot(...[a].flat(Infinity).map((value, i) => value - others[i]));
}
