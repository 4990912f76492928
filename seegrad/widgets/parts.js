// What the widgets share: making elements. All words come as plain text and are set by textContent.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element; `class` and `text` are its class name and text, other props attributes. */
export function html(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) {
    if (k === "class") node.className = v;
    else if (k === "text") node.textContent = v;
    else node.setAttribute(k, v);
  }
  node.append(...children);
  return node;
}

/** An SVG element. */
export function draw(tag, props = {}, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [k, v] of Object.entries(props)) node.setAttribute(k, v);
  if (text !== undefined) node.textContent = text;
  return node;
}

/** A text in which `words` between backticks become code. */
export function marked(tag, props, text) {
  const node = html(tag, props);
  text.split("`").forEach((piece, i) => node.append(i % 2 ? html("code", { text: piece }) : piece));
  return node;
}
