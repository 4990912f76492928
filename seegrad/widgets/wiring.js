// A graph with a switch on its edges. A view is {title, size,
//   nodes: [{box, kind, title, sub, value}], edges: [{path, to, middle}],     of the whole graph
//   switches: [{edge, label, room}], cut: [switch],
//   sent: {edge: text}, grads: {node: text}, off: [node]}                     of this setting
// The setting is a number whose bit k says whether switch k is cut.

import { draw, html, lettersWide, LIST_WORDS, listed, spoken } from "./parts.js";

const WIRING_WORDS = {
  cut: "cut",
  silent: "no gradient",
  off: "not recorded",
  detach: "detach {label}",
  sends: "sends {value}",
  gradient: "gradient {value}",
};
const ROW = 17;
const CHAR = 7.6;

/** The number of the setting in which one more switch is turned. */
export function flipped(setting, k) {
  return setting ^ (1 << k);
}

/** On which side of its edge a switch stands: outside of the target's centre. */
export function sideOf(view, edge) {
  const target = view.nodes.find((n) => Math.abs(n.box[1] - n.box[3] / 2 - edge.to[1]) < 2 && Math.abs(n.box[0] - edge.to[0]) <= n.box[2] / 2);
  return target && edge.to[0] < target.box[0] - 1 ? "end" : "start";
}

/** The part of the drawing that is shown, with room for the switches: [x, y, width, height]. */
export function roomFor(view) {
  let [left, right] = [-10, view.size[0] + 10];
  for (const s of view.switches) {
    const edge = view.edges[s.edge];
    const reach = CHAR * Math.max(s.room, lettersWide(spoken(WIRING_WORDS.silent))) + 50;
    if (sideOf(view, edge) === "end") left = Math.min(left, edge.middle[0] - reach);
    else right = Math.max(right, edge.middle[0] + reach);
  }
  return [left, -10, right - left, view.size[1] + 20];
}

function boxes(view) {
  return view.nodes.map((n) => {
    const [x, y, w, h] = n.box;
    const g = draw("g", { class: `sg-node ${n.kind}` });
    g.append(draw("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: n.kind === "leaf" ? 14 : 4 }));
    let line = y - h / 2 + 21;
    for (const kind of ["title", "sub", "value"]) {
      if (!n[kind]) continue;
      g.append(draw("text", { x, y: line, class: `sg-${kind}` }, n[kind]));
      line += ROW;
    }
    const grad = draw("text", { x, y: line, class: "sg-grad" });
    if (n.kind === "leaf" || n.kind === "op") g.append(grad);
    return { g, grad };
  });
}

export function mountWiring(host, first, context) {
  const [left, top, width, height] = roomFor(first);
  const svg = draw("svg", { viewBox: `${left} ${top} ${width} ${height}`, role: "img" });
  const stage = html("div", { class: "sg-wiring", style: `max-width:${width * 1.1}px;aspect-ratio:${width}/${height}` });
  const lines = first.edges.map((e) => {
    const [x, y] = e.to;
    const g = draw("g", { class: "sg-wire" });
    g.append(draw("path", { d: e.path }), draw("path", { d: `M${x - 4} ${y - 8}L${x} ${y - 1}L${x + 4} ${y - 8}` }));
    return g;
  });
  const nodes = boxes(first);
  svg.append(...lines, ...nodes.map((n) => n.g));
  const switches = first.switches.map((s, k) => {
    const e = first.edges[s.edge];
    const at = sideOf(first, e);
    const b = html("button", {
      type: "button", class: `sg-cutter sg-${at}`, role: "switch",
      style: `left:${((100 * (e.middle[0] - left)) / width).toFixed(2)}%;top:${((100 * (e.middle[1] - top)) / height).toFixed(2)}%`,
    });
    b.addEventListener("click", () => context.turn("edges", flipped(context.position("edges"), k)));
    b.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const to = switches[k + by];
      if (!to) return;
      event.preventDefault();
      to.focus();
    });
    return b;
  });
  stage.append(svg, ...switches);
  host.append(html("p", { class: "sg-plot-title", text: first.title }), stage);

  const update = (view) => {
    const cut = new Set(view.cut);
    view.switches.forEach((s, k) => {
      const text = view.sent[s.edge];
      const b = switches[k];
      b.setAttribute("aria-checked", String(cut.has(k)));
      b.setAttribute("aria-label", listed([spoken(WIRING_WORDS.detach, { label: s.label }), !cut.has(k) && text && spoken(WIRING_WORDS.sends, { value: text })]));
      b.replaceChildren(html("span", { class: "sg-blades", "aria-hidden": "true", text: "✂" }),
        cut.has(k) ? spoken(WIRING_WORDS.cut) : text ?? spoken(WIRING_WORDS.silent));
      b.classList.toggle("sg-silent", !cut.has(k) && !text);
    });
    const cutEdges = new Set(view.cut.map((k) => view.switches[k].edge));
    lines.forEach((g, i) => {
      g.classList.toggle("sg-cut", cutEdges.has(i));
      g.classList.toggle("sg-flows", i in view.sent);
    });
    nodes.forEach(({ g, grad }, i) => {
      const off = view.off.includes(i);
      const got = view.grads[i];
      const leaf = view.nodes[i].kind === "leaf";
      g.classList.toggle("sg-off", off);
      grad.classList.toggle("sg-nothing", got === undefined);
      if (leaf) grad.textContent = `.grad ${got ?? "None"}`;
      else grad.textContent = off ? spoken(WIRING_WORDS.off) : got === undefined ? spoken(WIRING_WORDS.silent) : spoken(WIRING_WORDS.gradient, { value: got });
    });
    svg.setAttribute("aria-label", listed(view.nodes.map((n, i) => listed([n.title, n.value, nodes[i].grad.textContent])), LIST_WORDS.semicolon));
  };
  update(first);
  return { update };
}
