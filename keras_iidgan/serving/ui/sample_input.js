// Fields for a sample: a file of a picture, or numbers.

import { Mistake, numbersField } from "./forms.js";
import { fromFile } from "./picture.js";

// Returns {elements, read(), set(numbers)}: `read` gives the sample that was put in, as {x} or
// {x, url}. `run` is called when one was.
export function sampleInput(section, space, name, run, options = {}) {
  return space.kind === "images" ? fileInput(section, space, name, run) : numbersInput(space, name, options);
}

function numbersInput(space, name, { isOwnPlane = false }) {
  const { label, field, read } = numbersField(name, space.size, new Array(space.size).fill(0).join(", "));
  const button = Object.assign(document.createElement("button"), { textContent: "Invert" });
  return {
    elements: isOwnPlane ? [label, button] : [label],
    read: async () => ({ x: space.shaped(read()) }),
    set: (numbers) => (field.value = numbers.map((number) => number.toFixed(3)).join(", ")),
  };
}

function fileInput(section, space, name, run) {
  const input = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" });
  const label = Object.assign(document.createElement("label"), { className: "drop" });
  label.append(`${name} `, input, " or drop a picture here");
  input.addEventListener("change", () => input.files.length && run());
  acceptDrops(label, (files) => {
    input.files = files;
    run();
  });
  return { elements: [label], read: () => read(input, name, space.shape) };
}

function read(input, name, shape) {
  if (!input.files.length) {
    throw new Mistake(`${name}: choose a picture first`);
  }
  return fromFile(input.files[0], shape);
}

function acceptDrops(element, call) {
  const mark = (isOver) => element.classList.toggle("over", isOver);
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  element.addEventListener("dragleave", () => mark(false));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    if (event.dataTransfer.files.length) {
      call(event.dataTransfer.files);
    }
  });
}
