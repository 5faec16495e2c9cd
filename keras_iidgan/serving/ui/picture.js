// Files of pictures to what a model takes, and what it gives to pictures.

import { Mistake } from "./forms.js";

const LUMA = [0.299, 0.587, 0.114]; // ITU-R BT.601, as the server has it

// Reads a file as the model sees it: the centre in the model's proportions, in its size and its
// colours. Returns {x, url}: values in [-1, 1] in the model's shape, and the same as a PNG.
export async function fromFile(file, shape) {
  const canvas = draw(await decode(file), shape[0], shape[1]);
  const context = canvas.getContext("2d");
  const data = context.getImageData(0, 0, canvas.width, canvas.height);
  if (channels(shape) === 1) {
    turnGrey(data.data);
    context.putImageData(data, 0, 0);
  }
  return { x: toValues(data.data, shape), url: canvas.toDataURL("image/png") };
}

async function decode(file) {
  try {
    const plain = { imageOrientation: "none", colorSpaceConversion: "none" };
    return await createImageBitmap(file, plain);
  } catch {
    throw new Mistake(`${file.name || "This"} is not a picture that the browser can read.`);
  }
}

function draw(bitmap, height, width) {
  const canvas = makeCanvas(height, width);
  const context = canvas.getContext("2d");
  context.fillRect(0, 0, width, height); // What is transparent becomes black.
  context.imageSmoothingQuality = "high";
  const scale = Math.min(bitmap.width / width, bitmap.height / height);
  const [cutWidth, cutHeight] = [width * scale, height * scale];
  const [left, top] = [(bitmap.width - cutWidth) / 2, (bitmap.height - cutHeight) / 2];
  context.drawImage(bitmap, left, top, cutWidth, cutHeight, 0, 0, width, height);
  return canvas;
}

function makeCanvas(height, width) {
  return Object.assign(document.createElement("canvas"), { height, width });
}

function channels(shape) {
  return shape[2] ?? 1;
}

function turnGrey(rgba) {
  for (let i = 0; i < rgba.length; i += 4) {
    const grey = Math.round(LUMA[0] * rgba[i] + LUMA[1] * rgba[i + 1] + LUMA[2] * rgba[i + 2]);
    rgba.fill(grey, i, i + 3);
  }
}

function toValues(rgba, [height, width, ...axis]) {
  const value = (i) => rgba[i] / 127.5 - 1;
  const pixel = (i) => (axis.length ? Array.from({ length: axis[0] }, (_, c) => value(i + c)) : value(i));
  const row = (top) => Array.from({ length: width }, (_, left) => pixel(4 * (top * width + left)));
  return Array.from({ length: height }, (_, top) => row(top));
}

// Draws values in [-1, 1] and returns the address of a PNG. What is not finite is black.
export function urlOf(x, shape) {
  const canvas = makeCanvas(shape[0], shape[1]);
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const values = x.flat(Infinity).map((value) => Math.round(((value ?? -1) + 1) * 127.5));
  const step = channels(shape);
  for (let i = 0; i < canvas.width * canvas.height; i++) {
    for (let c = 0; c < 3; c++) {
      image.data[4 * i + c] = values[step * i + (c % step)]; // Clipped by its type.
    }
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL("image/png");
}

export function urlOfBase64(text) {
  return `data:image/png;base64,${text}`;
}

export function base64Of(url) {
  return url.slice(url.indexOf(",") + 1);
}
