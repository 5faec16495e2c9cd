// The plane of two dimensions of the codes: what G makes of the place of a pointer or two sliders.

import { clone, labelField, latest, onSubmit, short, written } from "./forms.js";
import { Scatter } from "./scatter.js";
import { frame, show } from "./view.js";

const EDGE = 3; // deviations: 99.7 % of the codes in each dimension

export function plane(model, space) {
  if (!space.has("serving_default") || !model.latent_dim) {
    return null;
  }
  const section = clone("plane");
  const controls = new Controls(section, model, space);
  const label = labelField(section, model);
  const place = section.querySelector(".shown");
  place.classList.add(space.kind);
  if (space.kind === "images") {
    place.append(frame(space, "G(z)"));
  }

  const run = latest(section, async () => {
    const z = await controls.code();
    const samples = await space.generate([z], label(1));
    await show(place, space, samples, ["G(z)"], { radius: 2.2 });
    section.querySelector(".code").textContent = `z = ${written(z)}${valuesOf(space, samples[0])}`;
  });
  controls.onChange(run);
  onSubmit(section, run);
  run();
  return section;
}

function valuesOf(space, { x }) {
  return space.kind === "points" ? `, G(z) = ${written(x)}` : "";
}

// The sliders, the pad, and which dimensions they are of.
class Controls {
  constructor(section, model, space) {
    this.space = space;
    this.size = model.latent_dim;
    this.elements = section.querySelector("form").elements;
    this.sliders = [...section.querySelectorAll("input[type=range]")];
    this.outputs = [...section.querySelectorAll("output")];
    this.names = [...section.querySelectorAll("sub")];
    this.pad = new Scatter({ x: 0, y: 0, half: EDGE }, "");
    this.pad.ring(1);
    this.pad.ring(2);
    section.querySelector(".pad").append(this.pad.element);
    this.#dimensions();
    this.#hide(section);
    this.#show();
  }

  #dimensions() {
    const choices = [this.elements.first, this.elements.second];
    choices.forEach((choice, axis) => {
      choice.append(...Array.from({ length: this.size }, (_, i) => new Option(`z${i + 1}`, i)));
      choice.value = Math.min(axis, this.size - 1);
    });
  }

  // Of two dimensions there is nothing to choose, and one is a line.
  #hide(section) {
    if (this.size <= 2) {
      section.querySelectorAll(".choice").forEach((each) => (each.hidden = true));
    }
    if (this.size === 1) {
      this.sliders[1].parentElement.hidden = true;
      section.querySelector(".pad").hidden = true;
    }
  }

  #show() {
    const [first, second] = this.#axes();
    const values = this.sliders.map((slider) => slider.valueAsNumber);
    values.forEach((value, i) => (this.outputs[i].textContent = short(value)));
    this.names.forEach((name, i) => (name.textContent = [first, second][i] + 1));
    this.pad.set("chosen", [values], { radius: 2.2 });
    const seed = this.elements.seed;
    seed.disabled = this.elements.others.value === "zero";
  }

  #axes() {
    return [this.elements.first, this.elements.second].map((choice) => Number(choice.value));
  }

  onChange(run) {
    const changed = () => {
      this.#show();
      run();
    };
    const fields = [...this.elements].filter((field) => field.matches("select, input"));
    [...fields, ...this.sliders].forEach((field) => field.addEventListener("input", changed));
    this.pad.onPoint((point) => {
      this.sliders.forEach((slider, i) => (slider.value = point[i])); // Which keeps to its range.
      changed();
    }, { drag: true });
  }

  // The code that is chosen: the sliders' dimensions, and the others at 0 or those of a seed.
  async code() {
    const z = await this.#others();
    const values = this.sliders.map((slider) => slider.valueAsNumber);
    const [first, second] = this.#axes();
    z[second] = values[1];
    z[first] = values[0];
    return z;
  }

  async #others() {
    const { others, seed } = this.elements;
    if (this.size <= 2 || others.value === "zero") {
      return new Array(this.size).fill(0);
    }
    if (this.known?.seed !== seed.value) {
      const label = this.space.model.conditional ? { label: [0] } : {};
      const [z] = await this.space.codes([seed.valueAsNumber], label);
      this.known = { seed: seed.value, z };
    }
    return [...this.known.z];
  }
}
