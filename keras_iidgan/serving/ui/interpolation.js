// The way between two codes, which are those of two seeds, of two samples, or given as numbers.

import { clone, labelField, latest, numbersField, onSubmit } from "./forms.js";
import { sampleInput } from "./sample_input.js";
import { show } from "./view.js";

const NAMES = { images: "two pictures", points: "two points", numbers: "two samples" };

export function interpolation(model, space) {
  const kinds = kindsOf(space);
  if (!kinds.length) {
    return null;
  }
  const section = clone("interpolation");
  const { ends, count } = section.querySelector("form").elements;
  const label = labelField(section, model);
  const place = section.querySelector(".shown");
  place.classList.add(space.kind);
  ends.append(...kinds.map(([title], i) => new Option(title, i)));

  let read;
  const run = latest(section, async () => {
    const points = count.valueAsNumber;
    const samples = await space.between(await read(label), points, label(1));
    const captions = samples.map((_, i) => (i / (points - 1)).toFixed(2));
    await show(place, space, samples, captions, { line: true, radius: 1.6 });
  });
  const choose = () => {
    const [, make] = kinds[ends.value];
    const fields = make(section, space, () => {});
    section.querySelector(".from-place").replaceChildren(...fields.from);
    section.querySelector(".to-place").replaceChildren(...fields.to);
    read = fields.read;
    // The label of a sample is found, not told.
    section.querySelector(".label-place").hidden = make === sampleFields;
  };
  ends.addEventListener("change", choose);
  choose();
  onSubmit(section, run);
  run();
  return section;
}

function kindsOf(space) {
  const kinds = [];
  if (space.has("interpolate", "sample")) {
    kinds.push(["two seeds", seedFields]);
  }
  if (space.has("interpolate_images")) {
    kinds.push([NAMES[space.kind], sampleFields]);
  }
  if (space.has("interpolate")) {
    kinds.push(["two codes", codeFields]);
  }
  return kinds;
}

function seedFields(section, space) {
  const [from, to] = [seedField("From seed", 1), seedField("To seed", 2)];
  const read = async (label) => {
    const seeds = [from, to].map(({ field }) => field.valueAsNumber);
    const [z0, z1] = await space.codes(seeds, label(2));
    return { z0: [z0], z1: [z1] };
  };
  return { from: [from.label], to: [to.label], read };
}

function seedField(text, value) {
  const label = document.createElement("label");
  const field = document.createElement("input");
  Object.assign(field, { type: "number", min: 0, max: Number.MAX_SAFE_INTEGER, value, required: true });
  label.append(`${text} `, field);
  return { label, field };
}

function sampleFields(section, space, run) {
  const [from, to] = ["From", "To"].map((name) => sampleInput(section, space, name, run));
  const read = async () => {
    const samples = [await from.read(), await to.read()];
    return { x0: [samples[0].x], x1: [samples[1].x] };
  };
  return { from: from.elements, to: to.elements, read };
}

function codeFields(section, space) {
  const size = space.model.latent_dim;
  const filled = (value) => new Array(size).fill(value).join(", ");
  const [from, to] = [numbersField("From", size, filled(-1)), numbersField("To", size, filled(1))];
  const read = async () => ({ z0: [from.read()], z1: [to.read()] });
  return { from: [from.label], to: [to.label], read };
}
