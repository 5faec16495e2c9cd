// Calls of the server that this page came from, and of no other.

import { askForToken, token } from "./token.js";

export class ServerError extends Error {}

// The list of models, which the REST interface does not have.
export async function listModels() {
  return (await call("ui/models.json")).models;
}

// Runs a signature of a model ({name, path, signatures}) on columns of inputs; returns columns of
// outputs by name, also where there is a single one.
export async function predict(model, signature, inputs) {
  const body = JSON.stringify({ signature_name: signature, inputs });
  const { outputs } = await call(`${model.path}:predict`, { method: "POST", body });
  const names = model.signatures[signature].outputs;
  return names.length === 1 ? { [names[0]]: outputs } : outputs;
}

// The path of a model: of its latest version, whichever that is, or of a certain one.
export function pathOf(name, version) {
  const path = `v1/models/${encodeURIComponent(name)}`;
  return version === undefined ? path : `${path}/versions/${version}`;
}

async function call(path, options = {}) {
  for (;;) {
    const sent = token();
    const headers = sent ? { Authorization: `Bearer ${sent}` } : {};
    const response = await reach(path, { ...options, headers });
    const text = await response.text();
    if (response.ok) {
      return parse(text);
    }
    const message = errorOf(response, text);
    if (response.status !== 401 || !(await askForToken(sent))) {
      throw new ServerError(message);
    }
  }
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new ServerError("The server does not answer.");
  }
}

function errorOf(response, text) {
  try {
    return `${response.status}: ${JSON.parse(text).error}`;
  } catch {
    return `${response.status}: ${response.statusText || "the server refused"}`;
  }
}

// TensorFlow Serving writes what is not finite as NaN and Infinity, which JSON does not know.
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    const tokens = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;
    return JSON.parse(text.replace(tokens, (found) => (found[0] === '"' ? found : "null")));
  }
}
