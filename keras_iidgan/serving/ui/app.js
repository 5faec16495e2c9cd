// The page: a chooser of models and, for the one that is chosen, the parts that it is able to show.

import { listModels, pathOf } from "./api.js";
import { tell } from "./forms.js";
import { inversion } from "./inversion.js";
import { interpolation } from "./interpolation.js";
import { plane } from "./plane.js";
import { sampling } from "./sampling.js";
import { Space } from "./space.js";

const PARTS = [sampling, plane, inversion, interpolation];

const chooser = document.getElementById("model");
const problem = document.getElementById("problem");

// One entry for the latest version of each model, and one for each version before it.
function entries(models) {
  return models.flatMap(({ name, versions }) =>
    versions.map((version, i) => ({
      ...version,
      name,
      title: i ? `${name}, version ${version.version}` : name,
      path: pathOf(name, i ? version.version : undefined),
    })),
  );
}

function numbers(shape) {
  return `${shape.join(" × ")} ${shape.join() === "1" ? "number" : "numbers"}`;
}

function facts(model) {
  const found = [`version ${model.version}`];
  if (model.data_shape) {
    found.push(`samples of ${numbers(model.data_shape)}`, `codes of ${numbers([model.latent_dim])}`);
  }
  if (model.classes) {
    found.push(`${model.classes} classes`);
  }
  return found.join(" · ");
}

function show(model) {
  document.title = model.title;
  document.getElementById("facts").textContent = facts(model);
  const space = new Space(model);
  const sections = PARTS.map((part) => part(model, space)).filter(Boolean);
  document.getElementById("parts").replaceChildren(...sections);
  const names = Object.keys(model.signatures).join(", ");
  const nothing = `${model.title} has none of a GAN's signatures. It has: ${names}`;
  tell(problem, sections.length ? "" : nothing);
}

async function start() {
  let found;
  try {
    found = entries(await listModels());
  } catch (error) {
    tell(problem, error.message);
    return;
  }
  if (!found.length) {
    tell(problem, "The server has no model to call. Load this page again when it has.");
    return;
  }
  chooser.replaceChildren(...found.map(({ title }, i) => new Option(title, i)));
  chooser.disabled = false;
  chooser.addEventListener("change", () => show(found[chooser.value]));
  show(found[0]);
}

start();
