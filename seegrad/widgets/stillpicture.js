// A picture of the drawing as it is now, that stands alone: its colours and fonts written into it.

import { draw } from "./parts.js";

const WRITTEN = [
  "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "paint-order",
  "font-family", "font-size", "font-weight", "text-anchor",
];
const SHARP = 2; // pixels of the PNG for each unit
const LONGEST_SIDE = 8000; // browsers refuse a canvas much beyond this

/** The text of a standalone SVG; `bounds` is what it shows, `words` its description. */
export function stillSvg(svg, bounds, words, page) {
  const copy = draw("svg", { viewBox: bounds.join(" "), width: bounds[2], height: bounds[3], role: "img" });
  const [x, y, width, height] = bounds;
  copy.append(draw("title", {}, words.title), draw("desc", {}, words.says), draw("rect", { x, y, width, height, fill: page }));
  for (const child of svg.children) {
    const made = written(child);
    if (made) copy.append(made);
  }
  return new XMLSerializer().serializeToString(copy);
}

/** A copy of an element with its computed style as attributes; null if it is not shown. */
function written(node) {
  const style = getComputedStyle(node);
  if (style.display === "none") return null;
  const copy = node.cloneNode(false);
  for (const name of ["class", "tabindex", "role", "aria-label", "aria-pressed", "aria-hidden", "style"]) copy.removeAttribute(name);
  if (node.tagName !== "g") for (const name of WRITTEN) copy.setAttribute(name, style.getPropertyValue(name));
  for (const child of node.childNodes) {
    const made = child.nodeType === Node.TEXT_NODE ? child.cloneNode() : written(child);
    if (made) copy.append(made);
  }
  return copy;
}

/** The PNG of a standalone SVG, as a blob. */
export async function stillPng(text, [, , width, height]) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  const sharp = Math.min(SHARP, LONGEST_SIDE / Math.max(width, height));
  [canvas.width, canvas.height] = [Math.round(width * sharp), Math.round(height * sharp)];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("this browser makes no PNG"))), "image/png");
  });
}

/** Let the browser save a blob as a file. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
