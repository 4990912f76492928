// What the widgets share: making elements. All words come as plain text and are set by textContent.

const SVG = "http://www.w3.org/2000/svg";
const MATHML = "http://www.w3.org/1998/Math/MathML";

/** What stands between texts that follow each other. */
export const LIST_WORDS = { comma: ", ", semicolon: "; ", stop: ". " };

let sentences = {};

/**
 * Take the sentences of the reader's language, by their English ones, and mark `el` as of that language,
 * which stands under "" (nothing is marked for English). A page speaks one language; each kind of widget
 * brings its own sentences, and one does not take away those of another.
 */
export function useSentences(table, el) {
  const own = table ?? {};
  sentences = own[""] && own[""] === sentences[""] ? { ...sentences, ...own } : own;
  if (sentences[""]) el.lang = sentences[""];
}

/** A sentence in the reader's language, with its {placeholders} filled. */
export function spoken(english, values = {}) {
  return (sentences[english] ?? english).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Several texts as one, empty ones left out, with a sign of LIST_WORDS between them. */
export function listed(texts, sign = LIST_WORDS.comma) {
  return texts.filter(Boolean).join(spoken(sign));
}

/** How wide a text is, in Latin letters: a Chinese character counts two. */
export function lettersWide(text) {
  return [...text].reduce((sum, c) => sum + (/[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60]/.test(c) ? 2 : 1), 0);
}

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

/** A button with a short face and, if the face does not say it, a name. */
export function button(text, label, act) {
  const named = label ? { "aria-label": label, title: label } : {};
  const node = html("button", { type: "button", text, ...named });
  node.addEventListener("click", act);
  return node;
}

/** MathML from nested lists: [tag, child, ...], where a token has one text. */
export function mathematics([tag, ...children]) {
  const node = document.createElementNS(MATHML, tag);
  node.append(...children.map((c) => (typeof c === "string" ? c : mathematics(c))));
  return node;
}

/** Keep plain keys to a widget that has the focus: JupyterLab would take them for commands. Ctrl+S passes. */
export function ownKeys(root) {
  const keep = (event) => {
    const shortcut = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    if (!shortcut) event.stopPropagation();
  };
  root.addEventListener("keydown", keep);
  root.addEventListener("keyup", keep);
}
