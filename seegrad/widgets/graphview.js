// The drawing of one view of a graph: boxes, edges, zoom and pan. A view is described in player.js.

import { draw } from "./parts.js";

const LINE = 17;
const PAD = 12;

/** Whether a box counts as run: a folded one as soon as one of its operations has. */
export function hasRun(state, node) {
  if (node.opens === null) return state.ran.has(node.members[0]);
  return node.members.some((m) => state.ran.has(m) && !state.inputs.has(m));
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
export function graphView(data, pick, open) {
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
