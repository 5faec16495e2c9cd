// What the parts have in common: their forms, and what they do while a request is under way.

// A mistake of the person at the page, said in a line as the server's are.
export class Mistake extends Error {}

const LONGEST = 160;

// Puts a message into the line for it. Where a graph failed, TensorFlow's message goes on with the
// place in the graph: what is cut off is shown under the pointer.
export function tell(problem, message) {
  const [line] = message.split("\n");
  problem.textContent = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
  problem.title = problem.textContent === message ? "" : message;
}

export function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

// Wraps a function that reads the form of a part, calls the server and shows the answer. While it
// runs, further calls are one: the newest state of the form comes next, and none waits in line.
export function latest(section, work) {
  const form = section.querySelector("form");
  const problem = section.querySelector(".problem");
  let running = false;
  let again = false;

  async function attempt() {
    try {
      await work();
      tell(problem, "");
    } catch (error) {
      tell(problem, error.message);
    }
  }

  return async function run() {
    if (!form.reportValidity()) {
      return;
    }
    again = running;
    if (running) {
      return;
    }
    running = true;
    section.setAttribute("aria-busy", "true");
    do {
      again = false;
      await attempt();
    } while (again);
    running = false;
    section.removeAttribute("aria-busy");
  };
}

// Calls a function when the form is sent, by its button or the Enter key.
export function onSubmit(section, run) {
  section.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
}

// Puts a field for the label where a model is told one, and returns the function from a number of
// rows to the input of a request: `{}` of a model without labels.
export function labelField(section, model, inTurn = false) {
  if (!model.conditional) {
    return () => ({});
  }
  const field = model.classes ? select(model.classes, inTurn) : number();
  const label = document.createElement("label");
  label.append("Label ", field);
  section.querySelector(".label-place").append(label);
  return (count) => ({ label: Array.from({ length: count }, (_, i) => chosen(field, i, model)) });
}

function chosen(field, i, model) {
  return field.value === "turn" ? i % model.classes : Number(field.value);
}

function select(classes, inTurn) {
  const field = document.createElement("select");
  const labels = Array.from({ length: classes }, (_, i) => new Option(i, i));
  field.append(...(inTurn ? [new Option("each in turn", "turn")] : []), ...labels);
  field.name = "label";
  return field;
}

function number() {
  const field = document.createElement("input");
  Object.assign(field, { name: "label", type: "number", min: 0, value: 0, required: true });
  return field;
}

// A labelled text field of numbers, and the function that reads so many of them.
export function numbersField(text, count, value = "") {
  const label = document.createElement("label");
  const field = document.createElement("input");
  Object.assign(field, { type: "text", value, required: true, spellcheck: false });
  field.className = count > 2 ? "typed long" : "typed";
  label.append(`${text} `, field);
  return { label, field, read: () => readNumbers(field.value, text, count) };
}

function readNumbers(text, name, count) {
  const parts = text.trim().split(/[\s,;]+/);
  const numbers = parts.map(Number);
  if (parts.length !== count || !numbers.every(Number.isFinite)) {
    const what = count === 1 ? "a number" : `${count} numbers with commas between them`;
    throw new Mistake(`${name}: ${what} wanted; got ${text.trim() || "nothing"}`);
  }
  return numbers;
}

const MOST = 32;

// Writes a code or sample as text, the beginning of it where it is long.
export function written(values) {
  const flat = [values].flat(Infinity);
  const shown = flat.slice(0, MOST).map((value) => (value === null ? "not finite" : short(value)));
  const rest = flat.length > MOST ? [`and ${flat.length - MOST} more`] : [];
  return `(${[...shown, ...rest].join(", ")})`;
}

export function short(value) {
  const text = value.toFixed(Math.abs(value) < 100 ? 2 : 0);
  return text.replace(/^-(?=[0.]+$)/, "").replace("-", "−");
}
