// The dials of the explorer, one for each control. A control is {kind, name, label, texts, start}, and besides
//   arrow    {xs, ys, names}                                where its head can stand
//   buttons  {names, to: [[position | null]], errors: [[text | null]], paths: [[button]], depth}
//   edges    {names}                                        drawn by wiring.js, not here
// Each is mounted with what to call when it is turned, and follows the position that it is given.

import { draw, html, spoken } from "./parts.js";
import { plain } from "./plot.js";

const DIAL_WORDS = {
  switch: "{label}: ",
  again: "Start again",
  pressed: "Pressed:",
  nothing: " nothing yet",
  full: " That is as far as these presses were recorded. Start again.",
  hint: "Drag the head of the arrow, or move it with the arrow keys.",
};
const PAD_SIZE = 210;
const PAD_ROOM = 16;

/** The grid position [column, row] that is nearest to a place given as fractions of the pad. */
export function nearest(xs, ys, fx, fy) {
  const closest = (list, f) => {
    const wanted = list[0] + Math.max(0, Math.min(1, f)) * (list.at(-1) - list[0]);
    return list.reduce((best, v, i) => (Math.abs(v - wanted) < Math.abs(list[best] - wanted) ? i : best), 0);
  };
  return [closest(xs, fx), closest(ys, fy)];
}

/** The grid position after an arrow key, staying on the grid. */
export function moved([column, row], key, columns, rows) {
  const [dx, dy] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key] ?? [0, 0];
  return [Math.max(0, Math.min(columns - 1, column + dx)), Math.max(0, Math.min(rows - 1, row + dy))];
}

function sliderControl(control, turn) {
  const range = html("input", { type: "range", min: "0", max: String(control.texts.length - 1), step: "1", "aria-label": control.label });
  const text = html("span", { class: "sg-setting" });
  range.addEventListener("input", () => turn(Number(range.value)));
  return {
    node: html("label", { class: "sg-slider" }, html("span", { class: "sg-name", text: control.label }), range, text),
    update(position) {
      range.value = String(position);
      range.setAttribute("aria-valuetext", control.texts[position]);
      text.textContent = control.texts[position];
    },
  };
}

function choiceControl(control, turn) {
  const buttons = control.texts.map((text, i) => {
    const b = html("button", { type: "button", text });
    b.addEventListener("click", () => turn(i));
    return b;
  });
  const row = html("div", { class: "sg-choice", role: "group", "aria-label": control.label }, ...buttons);
  row.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const to = buttons[buttons.indexOf(event.target) + by];
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.click();
  });
  return {
    node: html("div", { class: "sg-row" }, html("span", { class: "sg-name", text: control.label }), row),
    update: (position) => buttons.forEach((b, i) => b.setAttribute("aria-pressed", String(i === position))),
  };
}

function switchControl(control, turn) {
  const state = html("span", { class: "sg-state" });
  const b = html("button", { type: "button", class: "sg-switch", role: "switch", "aria-label": control.label },
    html("span", { class: "sg-knob", "aria-hidden": "true" }), spoken(DIAL_WORDS.switch, { label: control.label }), state);
  const set = (on) => turn(Number(on));
  b.addEventListener("click", () => set(b.getAttribute("aria-checked") !== "true"));
  b.addEventListener("keydown", (event) => {
    const on = { ArrowRight: true, ArrowLeft: false }[event.key];
    if (on === undefined) return;
    event.preventDefault();
    set(on);
  });
  return {
    node: b,
    update(position) {
      b.setAttribute("aria-checked", String(position === 1));
      state.textContent = control.texts[position];
    },
  };
}

function arrowControl(control, turn) {
  const { xs, ys, names } = control;
  const span = PAD_SIZE - 2 * PAD_ROOM;
  const px = (x) => PAD_ROOM + (span * (x - xs[0])) / (xs.at(-1) - xs[0]);
  const py = (y) => PAD_SIZE - PAD_ROOM - (span * (y - ys[0])) / (ys.at(-1) - ys[0]);
  const svg = draw("svg", { class: "sg-pad", viewBox: `0 0 ${PAD_SIZE} ${PAD_SIZE}` });
  const line = (x1, y1, x2, y2, kind) => draw("line", { x1, y1, x2, y2, class: kind });
  svg.append(draw("rect", { class: "sg-pad-page", x: 0, y: 0, width: PAD_SIZE, height: PAD_SIZE, rx: 5 }));
  for (const x of xs) for (const y of ys) svg.append(draw("circle", { class: "sg-dot", cx: px(x), cy: py(y), r: 1.4 }));
  const zero = [px(Math.max(xs[0], Math.min(0, xs.at(-1)))), py(Math.max(ys[0], Math.min(0, ys.at(-1))))];
  svg.append(line(0, zero[1], PAD_SIZE, zero[1], "sg-axis"), line(zero[0], 0, zero[0], PAD_SIZE, "sg-axis"));
  svg.append(draw("text", { class: "sg-axis-name sg-end", x: PAD_SIZE - 4, y: zero[1] - 5 }, names[0]));
  svg.append(draw("text", { class: "sg-axis-name", x: zero[0] + 6, y: 12 }, names[1]));
  for (const x of [xs[0], xs.at(-1)]) svg.append(draw("text", { class: "sg-axis-name sg-mid", x: px(x), y: zero[1] + 15 }, plain(x)));
  for (const y of [ys[0], ys.at(-1)]) svg.append(draw("text", { class: "sg-axis-name sg-end", x: zero[0] - 6, y: py(y) + 4 }, plain(y)));
  const shaft = line(...zero, ...zero, "sg-shaft");
  const handle = draw("g", {
    class: "sg-handle", tabindex: "0", role: "slider", "aria-label": control.label,
    "aria-valuemin": "0", "aria-valuemax": String(control.texts.length - 1),
  });
  handle.append(draw("circle", { r: 16, class: "sg-grip" }), draw("circle", { r: 7.5, class: "sg-tip" }));
  svg.append(shaft, handle);

  let at = [0, 0];
  const go = ([column, row]) => turn(row * xs.length + column);
  const drag = (event) => {
    const r = svg.getBoundingClientRect();
    const scale = PAD_SIZE / (r.width || 1);
    const fx = ((event.clientX - r.left) * scale - PAD_ROOM) / span;
    const fy = 1 - ((event.clientY - r.top) * scale - PAD_ROOM) / span;
    go(nearest(xs, ys, fx, fy));
  };
  let held = false;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    held = true;
    svg.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    drag(event);
  });
  svg.addEventListener("pointermove", (event) => held && drag(event));
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => (held = false));
  handle.addEventListener("keydown", (event) => {
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    go(moved(at, event.key, xs.length, ys.length));
  });
  const text = html("span", { class: "sg-setting" });
  return {
    node: html("div", { class: "sg-arrow" }, html("div", {}, html("span", { class: "sg-name", text: `${control.label} = ` }), text),
      svg, html("p", { class: "sg-hint", text: spoken(DIAL_WORDS.hint) })),
    update(position) {
      at = [position % xs.length, Math.floor(position / xs.length)];
      const [x, y] = [px(xs[at[0]]), py(ys[at[1]])];
      shaft.setAttribute("x2", x);
      shaft.setAttribute("y2", y);
      handle.setAttribute("transform", `translate(${x} ${y})`);
      handle.setAttribute("aria-valuenow", String(position));
      handle.setAttribute("aria-valuetext", control.texts[position]);
      text.textContent = control.texts[position];
    },
  };
}

function buttonsControl(control, turn, tell) {
  let at = 0;
  let log = [];
  const note = html("p", { class: "sg-log" });
  const press = (b) => {
    const to = control.to[at][b];
    if (to === null) return tell(control.errors[at][b]);
    log = [...log, b];
    if (to === at) write();
    return turn(to);
  };
  const buttons = control.names.map((text, b) => {
    const made = html("button", { type: "button", class: "sg-line" }, html("code", { text }));
    made.addEventListener("click", () => press(b));
    return made;
  });
  const again = html("button", { type: "button", class: "sg-again", text: spoken(DIAL_WORDS.again) });
  again.addEventListener("click", () => {
    log = [];
    turn(0);
    write();
    buttons[0].focus();
  });
  const row = html("div", { class: "sg-lines", role: "group", "aria-label": control.label }, ...buttons, again);
  row.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const every = [...buttons, again].filter((b) => !b.disabled);
    const to = every[every.indexOf(event.target) + by];
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
  const write = () => {
    const lines = log.map((b) => html("li", {}, html("code", { text: control.names[b] })));
    const list = lines.length ? html("ol", {}, ...lines) : spoken(DIAL_WORDS.nothing);
    note.replaceChildren(spoken(DIAL_WORDS.pressed), list);
  };
  return {
    node: html("div", { class: "sg-bench" }, html("pre", {}, html("code", { text: control.label.replaceAll("; ", "\n") })), row, note),
    update(position) {
      at = position;
      // What was pressed is known here; a state that was set from elsewhere brings its own way.
      const led = log.reduce((s, b) => (s === null ? null : control.to[s][b]), 0);
      if (led !== position) log = [...control.paths[position]];
      const full = control.to[at].every((to, b) => to === null && control.errors[at][b] === null);
      const focused = buttons.includes(document.activeElement);
      buttons.forEach((b) => (b.disabled = full));
      if (full && focused) again.focus();
      write();
      if (full) note.append(html("span", { text: spoken(DIAL_WORDS.full) }));
    },
  };
}

const KINDS = { slider: sliderControl, choice: choiceControl, switch: switchControl, arrow: arrowControl, buttons: buttonsControl };

export function mountDial(host, control, turn, tell) {
  const make = KINDS[control.kind];
  if (!make) return { update() {} };
  const made = make(control, turn, tell);
  host.append(made.node);
  return made;
}
