// Samples on the page: pictures, points in a plane, or numbers.

import { written } from "./forms.js";
import { boxAround, Scatter } from "./scatter.js";

// Shows samples in place of what was there: pictures with captions below, points of one plane, or
// lines of numbers. `options` are those of `Scatter.set`.
export async function show(place, space, samples, captions, options) {
  if (space.kind === "points") {
    const plane = await planeOf(place, space);
    plane.set("chosen", samples.map(({ x }) => x), { titles: captions, ...options });
  } else {
    const make = space.kind === "images" ? picture : line;
    place.replaceChildren(...samples.map((sample, i) => make(space, sample, captions[i])));
  }
}

// One transparent pixel.
const CLEAR = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

const planes = new WeakMap();

// The plane of a place, made when it is first needed, with the model's own points in it.
export async function planeOf(place, space, name = "Samples in the plane") {
  const points = await space.background();
  if (!planes.has(place)) {
    const plane = new Scatter(boxAround(points), name);
    plane.set("behind", points, { radius: 0.7 });
    planes.set(place, plane);
    place.replaceChildren(plane.element);
  }
  return planes.get(place);
}

export function picture(space, sample, caption) {
  const figure = document.createElement("figure");
  const image = document.createElement("img");
  const [height, width] = space.shape;
  Object.assign(image, { src: space.urlOf(sample), width, height, alt: caption });
  figure.append(image, Object.assign(document.createElement("figcaption"), { textContent: caption }));
  return figure;
}

// A frame where a picture will be, so that nothing moves when it comes.
export function frame(space, caption) {
  const figure = picture(space, { url: CLEAR }, caption);
  figure.classList.add("empty");
  return figure;
}

export function line(space, { x }, caption) {
  const paragraph = document.createElement("p");
  paragraph.className = "values";
  const name = Object.assign(document.createElement("b"), { textContent: caption });
  paragraph.append(name, ` ${written(x)}`);
  return paragraph;
}
