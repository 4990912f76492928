// The buttons around the drawing: the time line, how the picture is taken along, and the list of keys.

import { button, html, spoken } from "./parts.js";
import { save, stillPng, stillSvg } from "./stillpicture.js";
import { position } from "./timeline.js";

const CONTROL_WORDS = {
  start: "back to the start",
  back: "one step back",
  step: "Step ▶",
  stepLabel: "one step on",
  play: "Play",
  playLabel: "play all steps",
  pause: "Pause",
  pauseLabel: "pause",
  speed: "speed",
  slider: "step",
  phases: { start: "start", forward: "forward", backward: "backward" },
  position: "{phase} {at} of {of}",
  picture: "Picture",
  title: "Computation graph",
  copy: "Copy as {kind}",
  save: "Save as {kind}",
  copied: "Copied.",
  saved: "Saved.",
  refused: "The browser allows no copying here, so the picture was saved.",
  help: "Help",
  keys: {
    ". →": "one step on",
    ", ←": "one step back",
    "Home End": "first, last step",
    p: "play, pause",
    "← ↑ → ↓": "in the graph: from box to box",
    Enter: "details of a box, or open a group",
    Esc: "close the details, or leave a group",
    "+ − 0": "zoom in, out, show all",
    "/": "search, in a big graph",
    t: "table of all steps",
  },
  mouse: "Ctrl and the wheel, or two fingers, zoom; dragging moves the graph.",
  legend: { forward: "value, forward", backward: "gradient, backward", now: "this step" },
};
const STILL_FILE = "gradient";
const KEPT_AS = ["SVG", "PNG"];
const PACE = 1400; // milliseconds a step at speed 1
const SPEEDS = [0.5, 1, 2, 4];

/** The time line and its buttons; `on` = {go(step), step()}. */
export function controlBar(on) {
  let timer = null;
  let last = 0;
  const start = button("|◀", spoken(CONTROL_WORDS.start), () => on.go(0));
  const back = button("◀", spoken(CONTROL_WORDS.back), () => on.go(on.step() - 1));
  const next = button(spoken(CONTROL_WORDS.step), spoken(CONTROL_WORDS.stepLabel), () => on.go(on.step() + 1));
  next.classList.add("sg-main-button");
  const speed = html("select", { "aria-label": spoken(CONTROL_WORDS.speed), title: spoken(CONTROL_WORDS.speed) });
  speed.append(...SPEEDS.map((v) => html("option", { value: v, text: `${v}×` })));
  speed.value = "1";
  const range = html("input", { type: "range", min: "0", step: "1", "aria-label": spoken(CONTROL_WORDS.slider) });
  range.addEventListener("input", () => on.go(Number(range.value)));
  const phases = html("div", { class: "sg-phases", "aria-hidden": "true" });
  const at = html("span", { class: "sg-at" });

  const face = () => {
    play.textContent = spoken(timer === null ? CONTROL_WORDS.play : CONTROL_WORDS.pause);
    play.setAttribute("aria-label", spoken(timer === null ? CONTROL_WORDS.playLabel : CONTROL_WORDS.pauseLabel));
  };
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    face();
  };
  const tick = () => {
    on.go(on.step() + 1);
    if (on.step() === last) stop();
    else timer = setTimeout(tick, PACE / Number(speed.value));
  };
  const toggle = () => {
    if (timer !== null) return stop();
    if (on.step() === last) on.go(0);
    timer = setTimeout(tick, PACE / Number(speed.value) / 2);
    return face();
  };
  const play = button(spoken(CONTROL_WORDS.play), spoken(CONTROL_WORDS.playLabel), toggle);
  const buttons = html("div", { class: "sg-row" }, start, back, next, play, speed);
  return {
    bar: html("div", { class: "sg-bar sg-row" }, buttons, html("div", { class: "sg-time" }, range, phases), at),
    toggle,
    stop,
    setData(time) {
      last = time.last;
      range.max = String(last);
      const parts = [["forward", time.forward], ["backward", last - time.forward]].filter(([, n]) => n);
      phases.replaceChildren(...parts.map(([name, n]) => html("span", { class: `sg-phase-${name}`, text: spoken(CONTROL_WORDS.phases[name]), style: `flex:${n} 1 0` })));
    },
    update(time, step) {
      // Not `disabled`: a button under the reader's finger must keep the focus.
      for (const b of [start, back]) b.setAttribute("aria-disabled", String(step === 0));
      next.setAttribute("aria-disabled", String(step === last));
      const { phase, ...rest } = position(time, step);
      const named = spoken(CONTROL_WORDS.phases[phase]);
      const words = rest.of ? spoken(CONTROL_WORDS.position, { phase: named, ...rest }) : named;
      range.value = String(step);
      range.setAttribute("aria-valuetext", words);
      at.textContent = words;
    },
  };
}

/** A menu that opens; `inside` are its elements. One of a row is open at a time. */
function menu(text, ...inside) {
  const summary = html("summary", { text });
  const box = html("details", { class: "sg-menu" }, summary, html("div", { class: "sg-sheet" }, ...inside));
  box.addEventListener("toggle", () => {
    if (!box.open) return;
    for (const other of box.parentElement?.querySelectorAll(".sg-menu[open]") ?? []) if (other !== box) other.open = false;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.open) return;
    event.stopPropagation();
    box.open = false;
    summary.focus();
  });
  return box;
}

/** Copy or save the drawing; `current()` gives {svg, bounds, says}. */
export function pictureMenu(current) {
  const status = html("span", { role: "status" });
  const take = async (kind, copy) => {
    const { svg, bounds, says } = current();
    const page = getComputedStyle(svg.closest(".sg")).backgroundColor;
    const text = stillSvg(svg, bounds, { title: spoken(CONTROL_WORDS.title), says }, page);
    const blob = () => (kind === "svg" ? new Blob([text], { type: "image/svg+xml" }) : stillPng(text, bounds));
    if (copy) {
      try {
        if (kind === "svg") await navigator.clipboard.writeText(text);
        else await navigator.clipboard.write([new ClipboardItem({ "image/png": blob() })]);
        return spoken(CONTROL_WORDS.copied);
      } catch {
        // no permission, or an old browser: the file is the same picture
      }
    }
    save(await blob(), `${STILL_FILE}.${kind}`);
    return spoken(copy ? CONTROL_WORDS.refused : CONTROL_WORDS.saved);
  };
  const act = (words, kind) => button(spoken(words, { kind }), "", async () => {
    status.textContent = "";
    status.textContent = await take(kind.toLowerCase(), words === CONTROL_WORDS.copy);
  });
  const acts = [CONTROL_WORDS.copy, CONTROL_WORDS.save].flatMap((words) => KEPT_AS.map((kind) => act(words, kind)));
  return menu(spoken(CONTROL_WORDS.picture), ...acts, status);
}

/** What the lines mean, and which keys do what. */
export function helpBox() {
  const keys = Object.entries(CONTROL_WORDS.keys).map(([key, does]) => html("div", {}, html("dt", { text: key }), html("dd", { text: spoken(does) })));
  const legend = Object.entries(CONTROL_WORDS.legend).map(([kind, does]) => html("div", {}, html("span", { class: `sg-legend sg-legend-${kind}` }), spoken(does)));
  return menu(spoken(CONTROL_WORDS.help), ...legend, html("dl", {}, ...keys), html("p", { text: spoken(CONTROL_WORDS.mouse) }));
}
