// The page: a chooser of models and, for the one that is chosen, the parts that it is able to show.

import { listModels, pathOf } from "./api.js";
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

function facts(model) {
  const found = [`version ${model.version}`];
  if (model.data_shape) {
    found.push(`samples of ${model.data_shape.join(" × ")} numbers`, `codes of ${model.latent_dim} numbers`);
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
  problem.textContent = sections.length
    ? ""
    : `${model.title} has none of a GAN's signatures; it has ${Object.keys(model.signatures).join(", ")}.`;
}

async function start() {
  let found;
  try {
    found = entries(await listModels());
  } catch (error) {
    problem.textContent = error.message;
    return;
  }
  if (!found.length) {
    problem.textContent = "The server has no model to call. Load this page again when it has.";
    return;
  }
  chooser.replaceChildren(...found.map(({ title }, i) => new Option(title, i)));
  chooser.disabled = false;
  chooser.addEventListener("change", () => show(found[chooser.value]));
  show(found[0]);
}

start();
