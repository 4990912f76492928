// The explorer. Contract with explorer.py:
//   _data    {title,
//             controls: [{kind, name, label, texts, start, …}],      see dials.js
//             pool, frames: [place in the pool]}                     read only
//   setting  which frame is shown; the last control varies fastest   both ways
//   step     how many steps of its trace are done                    both ways
//   _sentences  as in player.js
// A frame is {say, refused, views: [{kind, …}]}: see plot.js, boards.js, wiring.js; a view of
// the kind "trace" is what player.js draws. All words come as plain text.

import { mountBoard, mountMatrix } from "./boards.js";
import { mountDial } from "./dials.js";
import { html, marked, ownKeys, spoken, useSentences } from "./parts.js";
import { mountPlayer } from "./player.js";
import { mountPlot } from "./plot.js";
import { mountWiring } from "./wiring.js";

const EXPLORER_WORDS = {
  group: "explorer",
  controls: "what you can change",
  refused: "PyTorch's answer: ",
};

/** A function that returns an entry of a pool as it was packed; equal data is one object. */
export function unpacked(pool) {
  const made = new Map();
  const value = (v) => (Array.isArray(v) ? entry(v[0]) : v);
  const build = (raw) => {
    if (typeof raw === "string") return raw;
    if (Array.isArray(raw)) return raw.map(value);
    const [[keys, values]] = Object.entries(raw);
    return Object.fromEntries(pool[keys].map((key, i) => [key, value(values[i])]));
  };
  const entry = (at) => {
    if (!made.has(at)) made.set(at, build(pool[at]));
    return made.get(at);
  };
  return entry;
}

/** The position of each control in a setting. */
export function positionsIn(controls, setting) {
  const found = [];
  for (const c of controls.toReversed()) {
    found.unshift(setting % c.texts.length);
    setting = Math.floor(setting / c.texts.length);
  }
  return found;
}

/** The setting in which the controls have these positions. */
export function settingAt(controls, positions) {
  return controls.reduce((at, c, i) => at * c.texts.length + positions[i], 0);
}

/** Which step to show after a change of setting: the same one, and the end stays the end. */
export function stepAfter(step, before, after) {
  return step > after || (before > 0 && step === before) ? after : step;
}

const traceOf = (frame) => frame.views.find((v) => v.kind === "trace");
const stepsIn = (frame) => traceOf(frame)?.steps.length ?? 0;

function mountTrace(host, data, context) {
  const player = mountPlayer(host, data, { step: context.step(), onStep: context.setStep });
  let shown = data;
  return {
    update(changed) {
      if (changed === shown) player.update(context.step());
      else player.setData(changed, context.step());
      shown = changed;
    },
    destroy: player.destroy,
  };
}

const EXPLORER_PANELS = { trace: mountTrace, plot: mountPlot, matrix: mountMatrix, board: mountBoard, wiring: mountWiring };

/** Panels that follow the views of a frame: the same kind in the same place is kept. */
function panels(host, context) {
  let mounted = [];
  return {
    update(views) {
      const kinds = mounted.map((m) => m.kind).join();
      if (kinds !== views.map((v) => v.kind).join()) {
        this.destroy();
        mounted = views.map((view, i) => {
          const box = html("div", { class: `sg-panel sg-panel-${view.kind}` });
          host.append(box);
          return { kind: view.kind, box, panel: EXPLORER_PANELS[view.kind](box, view, { ...context, others: () => context.others(i) }) };
        });
      } else views.forEach((view, i) => mounted[i].panel.update(view));
    },
    destroy() {
      mounted.forEach((m) => {
        m.panel.destroy?.();
        m.box.remove();
      });
      mounted = [];
    },
  };
}

function renderExplorer({ model, el }) {
  useSentences(model.get("_sentences"), el);
  const data = model.get("_data");
  const frame = unpacked(data.pool);
  const at = (setting) => frame(data.frames[setting]);
  // Another widget that is linked to this one may have more settings.
  const setting = () => Math.max(0, Math.min(data.frames.length - 1, model.get("setting")));
  const save = (changes) => {
    for (const [k, v] of Object.entries(changes)) model.set(k, v);
    model.save_changes();
  };
  const turn = (control, position) => {
    const positions = positionsIn(data.controls, setting()).with(control, position);
    const [before, after] = [setting(), settingAt(data.controls, positions)];
    if (after === before) return;
    save({ setting: after, step: stepAfter(model.get("step"), stepsIn(at(before)), stepsIn(at(after))) });
    update();
  };

  const box = html("div", { class: "sg-controls", role: "group", "aria-label": spoken(EXPLORER_WORDS.controls) });
  const tell = (text) => says.replaceChildren(marked("p", {}, text));
  const controls = data.controls.map((c, i) => mountDial(box, c, (position) => turn(i, position), tell));
  const says = html("div", { class: "sg-tells", "aria-live": "polite" });
  const stage = html("div", { class: "sg-panels" });
  const slider = data.controls.findIndex((c) => c.kind === "slider");
  /** What the view in place i is at every position of the slider. */
  const others = (i) => {
    if (slider < 0) return [];
    const now = positionsIn(data.controls, setting());
    const there = data.controls[slider].texts.map((_, position) => at(settingAt(data.controls, now.with(slider, position))));
    return there.map(({ views }, position) => ({ position, view: views[i] })).filter((o) => o.view);
  };
  const shown = panels(stage, {
    others,
    slide: (position) => turn(slider, position),
    step: () => model.get("step"),
    setStep: (step) => save({ step }),
    position: (kind) => positionsIn(data.controls, setting())[data.controls.findIndex((c) => c.kind === kind)],
    turn: (kind, position) => turn(data.controls.findIndex((c) => c.kind === kind), position),
  });
  const root = html("div", { class: "sg sg-explorer", role: "group", "aria-label": data.title || spoken(EXPLORER_WORDS.group) });
  if (data.title) root.append(html("p", { class: "sg-heading", text: data.title }));
  if (data.controls.some((c) => c.kind === "arrow")) box.classList.add("sg-beside");
  root.append(html("div", { class: "sg-body" }, box, html("div", { class: "sg-main" }, says, stage)));
  ownKeys(root);

  function update() {
    const { say, refused, views } = at(setting());
    positionsIn(data.controls, setting()).forEach((position, i) => controls[i].update(position));
    const words = say ? [marked("p", {}, say)] : [];
    if (refused) words.push(html("p", { class: "sg-refused" }, spoken(EXPLORER_WORDS.refused), html("code", { text: refused })));
    says.replaceChildren(...words);
    shown.update(views);
  }
  const heard = ["change:setting", "change:step"];
  heard.forEach((event) => model.on(event, update));
  el.append(root);
  update();
  return () => {
    heard.forEach((event) => model.off(event, update));
    shown.destroy();
    root.remove();
  };
}

export default { render: renderExplorer };
