// The drawing of one view of a graph: boxes and edges. A view is described in player.js.
// Built once; a step changes only what differs from the step before.

import { cameraOf } from "./camera.js";
import { draw, lettersWide, listed, spoken } from "./parts.js";
import { happened, runsAt } from "./timeline.js";

const GRAPH_WORDS = {
  graph: "computation graph; the arrow keys go from box to box",
  notRun: "not run yet",
  shares: "{some} of {all} gradients arrived",
  opens: "opens",
};
const LINE = 17;
const PAD = 12;
const MOST_SHARES = 12;
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The whole drawing: [x, y, width, height], with room for edge labels. */
export function frame(data) {
  let [left, right] = [-14, data.size[0] + 14];
  for (const e of data.edges) {
    const reach = 7 * Math.max(lettersWide(e.shape), lettersWide(e.sent)) + 22;
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

/** The box to which an arrow key leads, -1 for none; up and down go rather along an edge. */
export function neighbour(boxes, linked, from, key) {
  const [x, y] = boxes[from];
  const [right, down] = WAYS[key];
  let [found, least] = [-1, Infinity];
  boxes.forEach(([u, v], i) => {
    const along = (u - x) * right + (v - y) * down;
    const aside = Math.abs((u - x) * down) + Math.abs((v - y) * right);
    const there = along > 1 && (down || aside < along);
    const cost = (along + 2 * aside) * (down && linked[from].has(i) ? 0.25 : 1);
    if (there && cost < least) [found, least] = [i, cost];
  });
  return found;
}

function head(x, y, down, kind) {
  const tail = down ? -7 : 7;
  return draw("path", { class: `${kind} sg-head`, d: `M${x - 4} ${y + tail}L${x} ${y}L${x + 4} ${y + tail}` });
}

function edgeView(data, e) {
  const g = draw("g", { class: "sg-edge", "aria-hidden": "true" });
  const anchor = side(data, e);
  const shift = anchor === "end" ? -7 : 7;
  const at = { x: e.middle[0] + (anchor === "end" ? -6 : 6) + shift, style: `text-anchor:${anchor}` };
  const back = draw("g", { class: "sg-hidden", transform: `translate(${shift} 0)` });
  back.append(draw("path", { class: "sg-backward", d: e.path }), head(e.from[0], e.from[1] + 1, false, "sg-backward"));
  g.append(draw("path", { class: "sg-forward", d: e.path }), head(e.to[0], e.to[1] - 1, true, "sg-forward"), back);
  const shape = draw("text", { ...at, y: e.middle[1] + (e.sent ? 11 : 4), class: "sg-shape" }, e.shape);
  const sent = draw("text", { ...at, y: e.middle[1] - 3, class: "sg-sent sg-hidden" }, e.sent);
  g.append(shape, sent);
  const flow = (on) => {
    for (const part of [back, sent]) part.classList.toggle("sg-hidden", !on);
    shape.classList.toggle("sg-hidden", on && e.sent.startsWith(e.shape)); // it is told there
  };
  return { g, flow };
}

/** A bar at the foot of a leaf with one part for each gradient that will arrive. */
function sharesView([x, y, w, h], count) {
  const all = Math.min(count, MOST_SHARES);
  const wide = (w - 2 * PAD + 3) / all;
  const at = (k) => ({ x: x - w / 2 + PAD + k * wide, y: y + h / 2 - 9, width: wide - 3, height: 5, class: "sg-share" });
  return Array.from({ length: all }, (_, k) => draw("rect", at(k)));
}

function nodeView(n, shares) {
  const [x, y, w, h] = n.box;
  const g = draw("g", { class: `sg-node sg-kind-${n.kind}${n.outside ? " sg-outside" : ""}`, tabindex: "-1", role: "button" });
  g.append(draw("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: n.kind === "leaf" ? 14 : 4, class: "sg-box" }));
  let line = y - h / 2 + PAD + 9;
  const rows = {};
  for (const kind of ["title", "sub", "value", "grad", "total"]) {
    if (!n[kind] && !(kind === "grad" && n.wait)) continue;
    rows[kind] = draw("text", { x, y: line, class: `sg-${kind}` }, n[kind]);
    g.append(rows[kind]);
    line += LINE;
  }
  const bar = shares ? sharesView(n.box, shares) : [];
  g.append(...bar);
  return { g, rows, bar };
}

/** The drawing of a view; `on` = {pick(index), open(view)} for a box and a group, `time` the timeline, `before` a camera to keep. */
export function graphView(data, time, steps, on, before = null) {
  const svg = draw("svg", { role: "group", "aria-label": spoken(GRAPH_WORDS.graph) });
  const shares = data.nodes.map(() => []);
  const linked = data.nodes.map(() => new Set());
  const owner = new Map();
  const sentAt = (e) => e.links.map((k) => time.sent.get(k)).filter((at) => at !== undefined);
  data.nodes.forEach((n, i) => n.members.forEach((m) => owner.set(m, i)));
  data.edges.forEach((e) => {
    linked[e.source].add(e.target);
    linked[e.target].add(e.source);
    const from = data.nodes[e.source];
    if (from.kind === "leaf" && !from.outside) shares[e.source].push(...sentAt(e));
  });
  const edgeOf = new Map(data.edges.flatMap((e, i) => e.links.map((k) => [k, i])));
  const flows = data.edges.map((e) => Math.min(...sentAt(e)));
  const edges = data.edges.map((e) => edgeView(data, e));
  const nodes = data.nodes.map((n, i) => nodeView(n, shares[i].length));
  const starts = data.nodes.map((n) => runsAt(time, n));
  svg.append(...edges.map((e) => e.g), ...nodes.map((n) => n.g));
  const camera = cameraOf(svg, frame(data), before);
  const ops = starts.map((at, i) => (at > 0 ? i : -1)).filter((i) => i >= 0);
  const first = ops.reduce((a, i) => (starts[i] < starts[a] ? i : a), ops[0] ?? 0); // the first to run
  camera.reveal(data.nodes[first].box);

  let stop = 0; // the box that the Tab key reaches
  const rove = (i) => {
    nodes[stop]?.g.setAttribute("tabindex", "-1");
    nodes[i]?.g.setAttribute("tabindex", "0");
    stop = i;
  };
  const indexOf = (event) => {
    const g = event.target.closest(".sg-node");
    return nodes.findIndex((n) => n.g === g);
  };
  svg.addEventListener("click", (event) => {
    const i = indexOf(event);
    if (i < 0) return;
    rove(i);
    choose(i);
  });
  svg.addEventListener("keydown", (event) => {
    const i = indexOf(event);
    if (i < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in WAYS) {
      const to = neighbour(data.nodes.map((n) => n.box), linked, i, event.key);
      if (to >= 0) focus(to);
    } else if (event.key === "Enter" || event.key === " ") choose(i);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const choose = (i) => (data.nodes[i].opens === null ? on.pick(i) : on.open(data.nodes[i].opens));
  const focus = (i) => {
    rove(i);
    nodes[i].g.focus({ preventScroll: true });
    camera.reveal(data.nodes[i].box);
  };
  rove(0);

  const nodeLooks = nodes.map(() => "");
  const edgeLooks = edges.map(() => "");
  const lookOf = (n, i, step) => ({
    ran: starts[i] <= step,
    got: Boolean(n.grad) && happened(time.arrived, n.members[0], step),
    here: shares[i].filter((at) => at <= step).length,
  });
  const paintNode = (n, i, { ran, got, here }, now, picked) => {
    const { g, rows, bar } = nodes[i];
    const all = shares[i].length;
    g.classList.toggle("sg-waiting", !ran);
    g.classList.toggle("sg-now", now);
    g.classList.toggle("sg-picked", picked);
    g.setAttribute("aria-pressed", String(picked));
    rows.value?.classList.toggle("sg-hidden", !ran);
    rows.total?.classList.toggle("sg-hidden", !got);
    if (rows.grad) rows.grad.textContent = got ? n.grad : n.wait;
    rows.grad?.classList.toggle("sg-none", !got);
    bar.forEach((part, k) => part.classList.toggle("sg-full", k < Math.floor((here / all) * bar.length)));
    const words = [n.title, n.sub, ran ? n.value : spoken(GRAPH_WORDS.notRun), got ? n.grad : n.wait, got ? n.total : ""];
    if (all > 1 && here && !got) words.push(spoken(GRAPH_WORDS.shares, { some: here, all }));
    if (n.opens !== null) words.push(spoken(GRAPH_WORDS.opens));
    g.setAttribute("aria-label", listed(words));
  };
  const paintEdge = ({ g, flow }, ran, flowed, phase) => {
    g.classList.toggle("sg-waiting", !ran);
    g.classList.toggle("sg-now-forward", phase === "forward");
    g.classList.toggle("sg-now-backward", phase === "backward");
    flow(flowed);
  };
  return {
    svg,
    camera,
    focus,
    rove,
    bounds: frame(data),
    /** The box in which a node of the whole graph is drawn, if it is. */
    boxOf: (node) => owner.get(node) ?? -1,
    update(step, picked) {
      const now = step > 0 ? steps[step - 1] : { phase: "", node: -1, edges: [] };
      const active = new Set(now.edges.map((k) => edgeOf.get(k)));
      data.nodes.forEach((n, i) => {
        const look = lookOf(n, i, step);
        const marks = [owner.get(now.node) === i, picked === i];
        const key = [...Object.values(look), ...marks].join();
        if (key === nodeLooks[i]) return;
        nodeLooks[i] = key;
        paintNode(n, i, look, ...marks);
      });
      data.edges.forEach((e, i) => {
        const look = [starts[e.target] <= step, flows[i] <= step, active.has(i) ? now.phase : ""];
        if (look.join() === edgeLooks[i]) return;
        edgeLooks[i] = look.join();
        paintEdge(edges[i], ...look);
      });
    },
  };
}
