// The code of a sample, and what G makes of that code.

import { clone, latest, onSubmit, short, written } from "./forms.js";
import { sampleInput } from "./sample_input.js";
import { frame, line, picture, planeOf } from "./view.js";

const NAMES = { original: "original", encoder: "reconstruction", refined: "refined" };
const FIELDS = { images: "Picture", points: "Point", numbers: "Sample" };

export function inversion(model, space) {
  if (!space.has("invert", "serving_default")) {
    return null;
  }
  const section = clone("inversion");
  const shown = new Shown(section, space);
  const refine = section.querySelector("[name=refine]");
  refine.hidden = !space.has("invert_refined");
  let sample = null;

  const run = latest(section, async () => {
    const next = await input.read();
    const found = await space.invert(next);
    sample = next;
    refine.disabled = false;
    await shown.set({ original: sample, encoder: found });
  });
  const improve = latest(section, async () => {
    const refined = await space.refine(sample);
    await shown.set({ ...shown.samples, refined });
  });
  const input = sampleInput(section, space, FIELDS[space.kind], run, { isOwnPlane: true });
  section.querySelector(".input-place").append(...input.elements);
  refine.addEventListener("click", improve);
  onSubmit(section, run);
  latest(section, () => shown.start(input, run))();
  return section;
}

// What was put in and what came out, side by side, and in figures below.
class Shown {
  constructor(section, space) {
    this.space = space;
    this.place = section.querySelector(".shown");
    this.place.classList.add(space.kind);
    this.list = section.querySelector(".found");
    this.names = Object.keys(NAMES).filter((name) => name !== "refined" || space.has("invert_refined"));
    this.samples = {};
  }

  // Shows where the samples will be; points can be chosen there.
  async start(input, run) {
    if (this.space.kind === "images") {
      this.place.append(...this.names.map((name) => frame(this.space, NAMES[name])));
    } else if (this.space.kind === "points") {
      const plane = await planeOf(this.place, this.space, "The sample and its reconstruction");
      plane.onPoint((point) => {
        input.set(point);
        run();
      });
      this.list.before(this.#legend());
    }
  }

  #legend() {
    const legend = tag("p", "");
    legend.className = "quiet legend";
    legend.append(...this.names.map((name) => Object.assign(tag("span", NAMES[name]), { className: name })));
    return legend;
  }

  async set(samples) {
    this.samples = samples;
    if (this.space.kind === "points") {
      const plane = await planeOf(this.place, this.space);
      this.names.forEach((name) => plane.set(name, samples[name] ? [samples[name].x] : [], { radius: 2.2 }));
    } else {
      this.place.replaceChildren(...this.names.map((name) => this.#element(name)).filter(Boolean));
    }
    this.list.replaceChildren(...this.#figures());
  }

  #element(name) {
    const sample = this.samples[name];
    if (this.space.kind === "images") {
      return sample ? picture(this.space, sample, NAMES[name]) : frame(this.space, NAMES[name]);
    }
    return sample && line(this.space, sample, NAMES[name]);
  }

  #figures() {
    const { encoder, refined } = this.samples;
    const found = [["Code F(x)", written(encoder.z)]];
    if (encoder.label !== undefined) {
      found.push(["Label", `${encoder.label}, probability ${short(Math.max(...encoder.probability))}`]);
    }
    found.push(["Error ‖x − G(z)‖", precise(encoder.distance)]);
    if (refined) {
      found.push(["Refined code", written(refined.z)], ["Error ‖x − G(z)‖", precise(refined.distance)]);
    }
    return found.flatMap(([name, value]) => [tag("dt", name), tag("dd", value)]);
  }
}

function precise(value) {
  return Number.isFinite(value) ? value.toPrecision(3) : "not finite";
}

function tag(name, textContent) {
  return Object.assign(document.createElement(name), { textContent });
}
