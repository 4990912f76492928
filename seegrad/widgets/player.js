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

const SVG = "http://www.w3.org/2000/svg";
const LINE = 17;
const PAD = 12;
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

/** Whether a box counts as run: a folded one as soon as one of its operations has. */
export function hasRun(state, node) {
  if (node.opens === null) return state.ran.has(node.members[0]);
  return node.members.some((m) => state.ran.has(m) && !state.inputs.has(m));
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

/** The part of the drawing that is shown: [x, y, width, height], with room for edge labels. */
export function frame(data) {
  let [left, right] = [-14, data.size[0] + 14];
  for (const e of data.edges) {
    const reach = 7 * Math.max(e.shape.length, e.sent.length) + 14;
    const x = e.middle[0];
    if (side(data, e) === "end") left = Math.min(left, x - reach);
    else right = Math.max(right, x + reach);
  }
  return [left, -14, right - left, data.size[1] + 28];
}

/** On which side of an edge its label stands: outside of its target's centre. */
export function side(data, edge) {
  return edge.to[0] < data.nodes[edge.target].box[0] - 1 ? "end" : "start";
}

/** Zoom a view box by a factor around its centre, or around a point of it. */
export function zoomed([x, y, w, h], factor, at = [x + w / 2, y + h / 2]) {
  const [u, v] = [w / factor, h / factor];
  return [at[0] - ((at[0] - x) * u) / w, at[1] - ((at[1] - y) * v) / h, u, v];
}

function html(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) {
    if (k === "class") node.className = v;
    else if (k === "text") node.textContent = v;
    else node.setAttribute(k, v);
  }
  node.append(...children);
  return node;
}

function draw(tag, props = {}, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [k, v] of Object.entries(props)) node.setAttribute(k, v);
  if (text !== undefined) node.textContent = text;
  return node;
}

function head(x, y, down, kind) {
  const tail = down ? -7 : 7;
  return draw("path", { class: `${kind} sg-head`, d: `M${x - 4} ${y + tail}L${x} ${y}L${x + 4} ${y + tail}` });
}

function edgeView(data, e) {
  const g = draw("g", { class: "sg-edge" });
  const anchor = side(data, e);
  const shift = anchor === "end" ? -7 : 7;
  const x = e.middle[0] + (anchor === "end" ? -6 : 6) + shift;
  const y = e.middle[1] + 4;
  const style = `text-anchor:${anchor}`;
  const back = draw("g", { transform: `translate(${shift} 0)` });
  back.append(
    draw("path", { class: "sg-backward", d: e.path }),
    head(e.from[0], e.from[1] + 1, false, "sg-backward"),
  );
  const shape = draw("text", { x, y, style }, e.shape);
  const sent = draw("text", { x, y, style, class: "sg-sent" }, e.sent);
  g.append(draw("path", { class: "sg-forward", d: e.path }), head(e.to[0], e.to[1] - 1, true, "sg-forward"), back, shape, sent);
  return { g, back, shape, sent };
}

function nodeView(n, index, pick, open) {
  const [x, y, w, h] = n.box;
  const kind = n.outside ? `${n.kind} sg-outside` : n.kind;
  const g = draw("g", { class: `sg-node ${kind}`, tabindex: "0", role: "button", "aria-pressed": "false" });
  g.append(draw("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: n.kind === "leaf" ? 14 : 4 }));
  let line = y - h / 2 + PAD + 9;
  const rows = {};
  for (const kind of ["title", "sub", "value", "grad"]) {
    if (!n[kind] && !(kind === "grad" && n.wait)) continue;
    rows[kind] = draw("text", { x, y: line, class: `sg-${kind}` }, n[kind]);
    g.append(rows[kind]);
    line += LINE;
  }
  g.addEventListener("click", () => pick(index));
  if (n.opens !== null) g.addEventListener("dblclick", () => open(n.opens));
  g.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      pick(index);
    }
  });
  return { g, rows };
}

/** The drawing: built once, then only classes and visibility change. */
function graphView(data, pick, open) {
  const home = frame(data);
  let view = home;
  const svg = draw("svg", { role: "group", "aria-label": "computation graph" });
  const edges = data.edges.map((e) => edgeView(data, e));
  const nodes = data.nodes.map((n, i) => nodeView(n, i, pick, open));
  svg.append(...edges.map((e) => e.g), ...nodes.map((n) => n.g));
  const show = (box) => {
    view = box;
    svg.setAttribute("viewBox", box.map((v) => Math.round(v * 10) / 10).join(" "));
  };
  svg.style.maxHeight = `${Math.min(Math.max(home[3], 160), 560)}px`;
  svg.style.maxWidth = `${home[2] * 1.15}px`;
  svg.style.margin = "0 auto";
  show(home);

  let drag = null;
  const unit = () => view[2] / (svg.getBoundingClientRect().width || 1);
  svg.addEventListener("pointerdown", (event) => {
    if (event.button === 0) drag = { x: event.clientX, y: event.clientY, view, moved: false };
  });
  svg.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.hypot(dx, dy) < 4) return;
    if (!drag.moved) svg.setPointerCapture(event.pointerId);
    drag.moved = true;
    svg.classList.add("sg-dragging");
    show([drag.view[0] - dx * unit(), drag.view[1] - dy * unit(), view[2], view[3]]);
  });
  const drop = () => {
    drag = null;
    svg.classList.remove("sg-dragging");
  };
  svg.addEventListener("pointerup", drop);
  svg.addEventListener("pointercancel", drop);
  svg.addEventListener("pointerleave", () => drag && !drag.moved && drop());
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // plain scrolling belongs to the page
    event.preventDefault();
    const r = svg.getBoundingClientRect();
    const at = [view[0] + (event.clientX - r.left) * unit(), view[1] + (event.clientY - r.top) * unit()];
    show(zoomed(view, event.deltaY < 0 ? 1.2 : 1 / 1.2, at));
  }, { passive: false });

  return {
    svg,
    zoom: (factor) => show(factor ? zoomed(view, factor) : home),
    update(state, picked) {
      data.nodes.forEach((n, i) => {
        const { g, rows } = nodes[i];
        const ran = hasRun(state, n);
        g.classList.toggle("sg-waiting", !ran);
        g.classList.toggle("sg-now", state.now !== null && n.members.includes(state.now.node));
        g.classList.toggle("sg-picked", picked === i);
        g.setAttribute("aria-pressed", String(picked === i));
        const got = n.grad && state.arrived.has(n.members[0]);
        if (rows.value) rows.value.classList.toggle("sg-hidden", !ran);
        if (rows.grad) {
          rows.grad.textContent = got ? n.grad : n.wait;
          rows.grad.classList.toggle("sg-sub", !got);
        }
        const words = [n.title, n.sub, ran ? n.value : "not run yet", got ? n.grad : n.wait];
        g.setAttribute("aria-label", words.filter(Boolean).join(", "));
      });
      data.edges.forEach((e, i) => {
        const { g, back, shape, sent } = edges[i];
        const now = state.now !== null && e.links.some((k) => state.now.edges.includes(k)) ? state.now.phase : "";
        const flowed = e.links.some((k) => state.sent.has(k));
        g.classList.toggle("sg-waiting", !hasRun(state, data.nodes[e.target]));
        g.classList.toggle("sg-now-forward", now === "forward");
        g.classList.toggle("sg-now-backward", now === "backward");
        back.classList.toggle("sg-hidden", !flowed);
        shape.classList.toggle("sg-hidden", flowed);
        sent.classList.toggle("sg-hidden", !flowed);
      });
    },
  };
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

function render({ model, el }) {
  const data = model.get("_data");
  const last = data.steps.length;
  let picked = null;
  let timer = null;
  let shown = 0; // index of the view
  let graph = null;

  const go = (to, relative = false) => {
    const step = Math.max(0, Math.min(last, relative ? model.get("step") + to : to));
    if (step !== model.get("step")) {
      model.set("step", step);
      model.save_changes();
      moved();
    }
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
  };
  const toggle = () => {
    if (timer !== null) stop();
    else {
      if (model.get("step") === last) go(0);
      timer = setInterval(() => {
        go(1, true);
        if (model.get("step") === last) {
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
  const root = html("div", { class: "sg-player", role: "group", "aria-label": "gradient player" },
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
    const step = model.get("step");
    const state = stateAt(data, step);
    bar.update(step, timer !== null);
    const first = "Press Step: values flow down from the inputs first, then gradients flow back up.";
    say.textContent = state.now ? state.now.say : first;
    rule.textContent = state.now ? state.now.rule : "";
    graph.update(state, picked);
    detail.update(data.views[shown], state, picked);
  }
  function moved() {
    const at = model.get("step");
    const home = many && follow.checked && at > 0 ? homeOf(data, data.steps[at - 1].node) : shown;
    if (home >= 0 && home !== shown) open(home);
    else update();
  }
  model.on("change:step", moved);
  open(0);
  canvas.append(graph.svg);
  el.append(root);
  return () => {
    stop();
    model.off("change:step", moved);
  };
}

export default { render };
