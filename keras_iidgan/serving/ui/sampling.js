// Samples of seeds: the same seed, the same sample.

import { clone, labelField, latest, onSubmit } from "./forms.js";
import { show } from "./view.js";

export function sampling(model, space) {
  if (!space.has("sample")) {
    return null;
  }
  const section = clone("sampling");
  const form = section.querySelector("form");
  const { count, seed } = form.elements;
  const label = labelField(section, model, true);
  const place = section.querySelector(".shown");
  place.classList.add(space.kind);
  if (space.kind === "points") {
    count.value = 200;
  }

  const run = latest(section, async () => {
    const seeds = Array.from({ length: count.valueAsNumber }, (_, i) => seed.valueAsNumber + i);
    const inputs = label(seeds.length);
    const samples = await space.sample(seeds, inputs);
    await show(place, space, samples, seeds.map((each, i) => title(each, inputs.label?.[i])));
  });
  onSubmit(section, run);
  form.elements.next.addEventListener("click", () => {
    seed.value = Math.min(seed.valueAsNumber + count.valueAsNumber, Number(seed.max)) || 0;
    run();
  });
  run();
  return section;
}

function title(seed, label) {
  return label === undefined ? `seed ${seed}` : `seed ${seed}, label ${label}`;
}
