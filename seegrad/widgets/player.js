// The player. Contract with player.py:
//   _data  {inputs: [node id],
//           views: [{title, parent, size,
//                    nodes: [{kind, box, title, sub, value, wait, grad, more, members, opens, outside}],
//                    edges: [{source, target, path, from, to, middle, shape, sent, links}]}],
//           steps: [{phase, node, edges, say, rule}], notes}             read only
//   step   how many steps are done, 0 to steps.length                    both ways
// A small graph is one view; in a big one a box may stand for many nodes (`members`) and
// open a view of its own, and an edge for many edges (`links`). Steps name nodes and edges
// of the whole graph.
// All words come as plain text and are set by textContent.

import { graphView } from "./graphview.js";
import { html } from "./parts.js";

const SPEED = 1400;

/** What is shown after `step` steps: which nodes have run, which gradients have arrived. */
export function stateAt(data, step) {
  const inputs = new Set(data.inputs);
  const ran = new Set(inputs);
  const arrived = new Set();
  const sent = new Set();
  for (const s of data.steps.slice(0, step)) {
    if (s.phase === "forward") ran.add(s.node);
    else {
      arrived.add(s.node);
      s.edges.forEach((e) => sent.add(e));
    }
  }
  const now = step > 0 ? data.steps[step - 1] : null;
  return { inputs, ran, arrived, sent, now };
}

/** Where the reader is, in words: "backward 2 of 3". */
export function position(data, step) {
  if (step === 0) return "start";
  const { phase } = data.steps[step - 1];
  const same = data.steps.filter((s) => s.phase === phase).length;
  const at = data.steps.slice(0, step).filter((s) => s.phase === phase).length;
  return `${phase} ${at} of ${same}`;
}

/** The view in which a node of the whole graph is a box of its own. */
export function homeOf(data, node) {
  return data.views.findIndex((v) => v.nodes.some((n) => !n.outside && n.opens === null && n.members[0] === node));
}

/** The indices of the views around a view, outermost first, itself last. */
export function trail(data, view) {
  const found = [];
  for (let v = view; v !== null; v = data.views[v].parent) found.unshift(v);
  return found;
}

function detailView(open) {
  const box = html("section", { class: "sg-detail", "aria-label": "details of the selected node" });
  return {
    box,
    update(data, state, picked) {
      box.classList.toggle("sg-hidden", picked === null);
      if (picked === null) return;
      const n = data.nodes[picked];
      const list = html("dl");
      const row = (label, text) => list.append(html("div", {}, html("dt", { text: label }), html("dd", { text })));
      const later = (label) => label === "value" || label.startsWith("saved") || label.startsWith("output");
      const id = n.members[0];
      for (const [label, text] of n.more) if (state.ran.has(id) || !later(label)) row(label, text);
      if (n.grad && state.arrived.has(id)) row("gradient that arrived", n.grad.replace(/^\S+ /, ""));
      data.edges.forEach((e) => {
        if (e.target === picked && e.links.some((k) => state.sent.has(k))) {
          const to = data.nodes[e.source];
          row(`sends to ${to.sub && to.sub !== "leaf" ? to.sub : to.title}`, e.sent);
        }
      });
      box.replaceChildren(html("h4", { text: n.title }), list);
      if (n.opens !== null) {
        row("holds", n.sub);
        const b = html("button", { type: "button", text: "Open" });
        b.addEventListener("click", () => open(n.opens));
        box.append(b);
      }
    },
  };
}

function controls(data, go, toggle) {
  const button = (text, label, act) => {
    const b = html("button", { type: "button", "aria-label": label, title: label, text });
    b.addEventListener("click", act);
    return b;
  };
  const last = data.steps.length;
  const start = button("|◀", "back to the start", () => go(0));
  const back = button("◀", "one step back", () => go(-1, true));
  const next = button("Step ▶", "one step on", () => go(1, true));
  next.classList.add("sg-main-button");
  const play = button("Play", "play all steps", toggle);
  const range = html("input", { type: "range", min: "0", max: String(last), step: "1", "aria-label": "step" });
  range.addEventListener("input", () => go(Number(range.value)));
  const forward = data.steps.filter((s) => s.phase === "forward").length;
  const phases = html("div", { class: "sg-phases", "aria-hidden": "true" });
  for (const [name, count] of [["forward", forward], ["backward", last - forward]]) {
    if (count) phases.append(html("span", { text: name, style: `flex:${count} 1 0` }));
  }
  const at = html("span", { class: "sg-at" });
  const bar = html("div", { class: "sg-bar" }, start, back, next, play, html("div", { class: "sg-time" }, range, phases), at);
  return {
    bar,
    update(step, playing) {
      start.disabled = back.disabled = step === 0;
      next.disabled = step === last;
      play.textContent = playing ? "Pause" : "Play";
      play.setAttribute("aria-label", playing ? "pause" : "play all steps");
      range.value = String(step);
      range.setAttribute("aria-valuetext", position(data, step));
      at.textContent = position(data, step);
    },
  };
}

/** Mount a player under `host`; `onStep(step)` is called when the reader moves, not by `update`. */
export function mountPlayer(host, data, { step = 0, onStep = () => {} } = {}) {
  let made = build(host, data, step, onStep);
  return {
    update: (to) => made.update(to),
    setData(changed, to) {
      made.destroy();
      made = build(host, changed, Math.min(to, changed.steps.length), onStep);
    },
    destroy: () => made.destroy(),
  };
}

function build(host, data, at, onStep) {
  const last = data.steps.length;
  let picked = null;
  let timer = null;
  let shown = 0; // index of the view
  let graph = null;

  const go = (to, relative = false) => {
    const step = Math.max(0, Math.min(last, relative ? at + to : to));
    if (step !== at) {
      moved(step);
      onStep(step);
    }
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
  };
  const toggle = () => {
    if (timer !== null) stop();
    else {
      if (at === last) go(0);
      timer = setInterval(() => {
        go(1, true);
        if (at === last) {
          stop();
          update();
        }
      }, SPEED);
    }
    update();
  };
  const pick = (i) => {
    picked = picked === i ? null : i;
    update();
  };

  const bar = controls(data, go, toggle);
  const say = html("p", { class: "sg-say", "aria-live": "polite" });
  const rule = html("p", { class: "sg-rule" });
  const open = (view, keep = null) => {
    shown = view;
    picked = keep;
    const made = graphView(data.views[view], pick, open);
    if (graph) graph.svg.replaceWith(made.svg);
    graph = made;
    crumbs.replaceChildren(...trail(data, view).map((v) => {
      const b = html("button", { type: "button", text: data.views[v].title || "whole graph" });
      b.disabled = v === view;
      b.addEventListener("click", () => open(v));
      return b;
    }));
    update();
  };
  const detail = detailView(open);
  const crumbs = html("nav", { class: "sg-crumbs", "aria-label": "enclosing views" });
  const follow = html("input", { type: "checkbox" });
  follow.checked = true;
  const zoom = html("div", { class: "sg-zoom" });
  for (const [text, label, factor] of [["+", "zoom in", 1.25], ["−", "zoom out", 0.8], ["Fit", "show all", 0]]) {
    const b = html("button", { type: "button", "aria-label": label, title: label, text });
    b.addEventListener("click", () => graph.zoom(factor));
    zoom.append(b);
  }
  const canvas = html("div", { class: "sg-canvas" }, zoom);
  const many = data.views.length > 1;
  if (many) canvas.prepend(crumbs, html("label", {}, follow, " follow the steps"));
  const root = html("div", { class: "sg sg-player", role: "group", "aria-label": "gradient player" },
    bar.bar, say, rule, html("div", { class: "sg-stage" }, canvas, detail.box));
  for (const note of data.notes) root.append(html("p", { class: "sg-notes", text: `Note: ${note}.` }));
  root.addEventListener("keydown", (event) => {
    if (event.target.tagName === "INPUT" || event.altKey || event.ctrlKey || event.metaKey) return;
    const act = { ArrowRight: () => go(1, true), ArrowLeft: () => go(-1, true), Home: () => go(0), End: () => go(last) }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });

  function update() {
    const state = stateAt(data, at);
    bar.update(at, timer !== null);
    const first = "Press Step: values flow down from the inputs first, then gradients flow back up.";
    say.textContent = state.now ? state.now.say : first;
    rule.textContent = state.now ? state.now.rule : "";
    graph.update(state, picked);
    detail.update(data.views[shown], state, picked);
  }
  function moved(step) {
    at = step;
    const home = many && follow.checked && at > 0 ? homeOf(data, data.steps[at - 1].node) : shown;
    if (home >= 0 && home !== shown) open(home);
    else update();
  }
  open(0);
  canvas.append(graph.svg);
  host.append(root);
  return {
    update: (step) => step !== at && moved(step),
    destroy() {
      stop();
      root.remove();
    },
  };
}

function renderPlayer({ model, el }) {
  const player = mountPlayer(el, model.get("_data"), {
    step: model.get("step"),
    onStep(step) {
      model.set("step", step);
      model.save_changes();
    },
  });
  const changed = () => player.update(model.get("step"));
  model.on("change:step", changed);
  return () => {
    model.off("change:step", changed);
    player.destroy();
  };
}

export default { render: renderPlayer };
