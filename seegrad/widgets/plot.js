// A plot. A view is {title, alt, x: {label, log, range}, y, curves: [{label, x, y, dots, ink}],
//   points: [{label, x, y, ink}], lines: [{label, x, y, slope, ink}]}; null stands for what has
// no number, `ink` is one of four colours, each with a dash and a marker of its own.

import { draw, html, LIST_WORDS, listed, spoken } from "./parts.js";

const PLOT_WORDS = { numbers: "numbers of this plot", slope: "slope", lineOf: "{label}: slope {slope}", pointAt: "{label}: ({x}, {y})", marked: "now: {points}", what: "part", name: "name", point: "point", line: "straight line", curve: "curve" };
const EDGE = { right: 14, top: 10, bottom: 42 };
const SAMPLES = 9;

/** Ticks of an axis: [{at, text}]; about `room` of them, whole decades if it is logarithmic. */
export function ticks({ range: [low, high], log }, room) {
  if (log) {
    const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
    const every = Math.max(1, Math.ceil((last - first + 1) / room));
    const found = [];
    for (let k = Math.ceil(first / every) * every; k <= last; k += every) found.push({ at: 10 ** k, text: power(k) });
    return found;
  }
  const rough = (high - low) / room;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((m) => m * unit >= rough);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push({ at: k * step + 0, text: plain(k * step) }); // no −0
  return found;
}

/** 10⁻⁸, and 1 for 10⁰. */
export function power(k) {
  const raised = [...String(k)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("");
  return k === 0 ? "1" : k === 1 ? "10" : `10${raised}`;
}

/** A number as short as it can be read. */
export function plain(v) {
  if (v === null) return "–";
  const short = Number(v.toPrecision(5));
  return (Math.abs(short) < 1e-4 && short !== 0 ? short.toExponential() : String(short)).replace("-", "−").replace("e+", "e");
}

/** A function from numbers to pixels; null where there is nothing to draw. */
export function scale({ range, log }, from, to) {
  const of = log ? Math.log10 : (v) => v;
  const pad = (of(range[1]) - of(range[0])) * 0.03;
  const [low, high] = [of(range[0]) - pad, of(range[1]) + pad];
  return (v) => (v === null || (log && v <= 0) ? null : from + ((of(v) - low) / (high - low)) * (to - from));
}

/** Path data through points; null makes a gap. */
export function trace(xs, ys) {
  let [made, pen] = ["", false];
  xs.forEach((x, i) => {
    const there = x !== null && ys[i] !== null;
    if (there) made += `${pen ? "L" : "M"}${x.toFixed(1)} ${ys[i].toFixed(1)}`;
    pen = there;
  });
  return made;
}

/** The part of a straight line that lies in a box: [[x, y], [x, y]], null if there is none. */
export function clipped({ x, y, slope }, [left, right], [low, high]) {
  if (x === null || y === null || slope === null) return null;
  const ends = [left, right];
  if (slope !== 0) {
    const [a, b] = [x + (low - y) / slope, x + (high - y) / slope].toSorted((p, q) => p - q);
    ends[0] = Math.max(left, a);
    ends[1] = Math.min(right, b);
  } else if (y < low || y > high) return null;
  return ends[0] <= ends[1] ? ends.map((u) => [u, y + slope * (u - x)]) : null;
}

const within = (v, low, high) => v !== null && v >= low - 0.5 && v <= high + 0.5;

const yTicks = (view, height) => ticks(view.y, Math.max(3, Math.floor(height / 42)));

/** The room on the left that the longest number on the axis needs. */
export function leftOf(texts) {
  return 30 + 6.6 * Math.max(3, ...texts.map((t) => t.length));
}

function axes(view, sx, sy, [left, w, h]) {
  const g = draw("g", { class: "sg-axes" });
  for (const t of ticks(view.x, Math.max(2, Math.floor(w / 62)))) {
    const x = sx(t.at);
    g.append(draw("line", { class: "sg-grid", x1: x, x2: x, y1: EDGE.top, y2: h - EDGE.bottom }));
    g.append(draw("text", { x, y: h - EDGE.bottom + 16 }, t.text));
  }
  for (const t of yTicks(view, h)) {
    const y = sy(t.at);
    g.append(draw("line", { class: "sg-grid", x1: left, x2: w - EDGE.right, y1: y, y2: y }));
    g.append(draw("text", { class: "sg-end", x: left - 6, y: y + 4 }, t.text));
  }
  const box = { x: left, y: EDGE.top, width: w - left - EDGE.right, height: h - EDGE.top - EDGE.bottom };
  g.append(draw("rect", { class: "sg-frame", ...box }));
  g.append(draw("text", { class: "sg-axis-name", x: left + box.width / 2, y: h - 6 }, view.x.label));
  const middle = EDGE.top + box.height / 2;
  g.append(draw("text", { class: "sg-axis-name", x: 13, y: middle, transform: `rotate(-90 13 ${middle})` }, view.y.label));
  return g;
}

function marker(ink, x, y) {
  const shapes = [
    () => draw("circle", { cx: x, cy: y, r: 6 }),
    () => draw("rect", { x: x - 5.5, y: y - 5.5, width: 11, height: 11 }),
    () => draw("path", { d: `M${x} ${y - 7}L${x + 7} ${y + 5}L${x - 7} ${y + 5}Z` }),
    () => draw("path", { d: `M${x} ${y - 7}L${x + 7} ${y}L${x} ${y + 7}L${x - 7} ${y}Z` }),
  ];
  const made = shapes[ink]();
  made.setAttribute("class", `sg-point sg-ink${ink}`);
  return made;
}

function picture(view, width) {
  const height = Math.round(Math.max(210, Math.min(340, width * 0.66)));
  const svg = draw("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
  const left = leftOf(yTicks(view, height).map((t) => t.text));
  const [x0, x1, y0, y1] = [left, width - EDGE.right, height - EDGE.bottom, EDGE.top];
  const [sx, sy] = [scale(view.x, x0, x1), scale(view.y, y0, y1)];
  svg.append(axes(view, sx, sy, [left, width, height]));
  view.curves.forEach((c) => {
    const xs = c.x.map(sx).map((v) => (within(v, x0, x1) ? v : null));
    const ys = c.y.map(sy).map((v) => (within(v, y1, y0) ? v : null));
    if (c.dots) {
      const dots = xs.map((x, k) => (x === null || ys[k] === null ? "" : `M${x.toFixed(1)} ${ys[k].toFixed(1)}h0`)).join("");
      svg.append(draw("path", { class: `sg-dots sg-ink${c.ink}`, d: dots }));
    } else svg.append(draw("path", { class: `sg-curve sg-ink${c.ink} sg-dash${c.ink}`, d: trace(xs, ys) }));
  });
  view.lines.forEach((line) => {
    if (view.x.log || view.y.log) return;
    const pixels = { x: sx(line.x), y: sy(line.y), slope: line.slope === null ? null : (line.slope * (sy(1) - sy(0))) / (sx(1) - sx(0)) };
    const ends = clipped(pixels, [x0, x1], [y1, y0]);
    if (ends) svg.append(draw("path", { class: `sg-straight sg-ink${line.ink} sg-dash${line.ink}`, d: trace(ends.map((e) => e[0]), ends.map((e) => e[1])) }));
  });
  view.points.forEach((p) => {
    const [x, y] = [sx(p.x), sy(p.y)];
    if (within(x, x0, x1) && within(y, y1, y0)) svg.append(marker(p.ink, x, y));
  });
  return svg;
}

function swatch(kind, ink) {
  const svg = draw("svg", { width: 26, height: 14, "aria-hidden": "true" });
  if (kind === "points") svg.append(marker(ink, 13, 7));
  else if (kind === "dots") svg.append(draw("path", { class: `sg-dots sg-ink${ink}`, d: "M3 7h0M10 7h0M17 7h0M24 7h0" }));
  else svg.append(draw("path", { class: `${kind === "lines" ? "sg-straight" : "sg-curve"} sg-ink${ink} sg-dash${ink}`, d: "M0 7L26 7" }));
  return svg;
}

function legend(view) {
  const made = html("div", { class: "sg-legend" });
  const add = (kind, ink, text) => made.append(html("span", {}, swatch(kind, ink), ` ${text}`));
  view.curves.forEach((c) => add(c.dots ? "dots" : "curves", c.ink, c.label));
  view.lines.forEach((l) => add("lines", l.ink, l.slope === null ? l.label : spoken(PLOT_WORDS.lineOf, { label: l.label, slope: plain(l.slope) })));
  view.points.forEach((p) => add("points", p.ink, spoken(PLOT_WORDS.pointAt, { label: p.label, x: plain(p.x), y: plain(p.y) })));
  return made;
}

/** The rows of the table that says the same as the picture. */
export function table(view) {
  const rows = [];
  for (const p of view.points) rows.push([spoken(PLOT_WORDS.point), p.label, p.x, p.y, null]);
  for (const l of view.lines) rows.push([spoken(PLOT_WORDS.line), l.label, l.x, l.y, l.slope]);
  for (const c of view.curves) {
    const every = Math.max(1, Math.ceil(c.x.length / SAMPLES));
    c.x.forEach((x, i) => i % every === 0 && rows.push([spoken(PLOT_WORDS.curve), c.label, x, c.y[i], null]));
  }
  return rows;
}

function numbers(view) {
  const cells = (kind, texts) => html("tr", {}, ...texts.map((text) => html(kind, { text })));
  const head = html("thead", {}, cells("th", [spoken(PLOT_WORDS.what), spoken(PLOT_WORDS.name), view.x.label, view.y.label, spoken(PLOT_WORDS.slope)]));
  const rows = table(view).map(([kind, label, ...rest]) => cells("td", [kind, label, ...rest.map((v) => (v === null ? "" : plain(v)))]));
  return html("table", {}, head, html("tbody", {}, ...rows));
}

/** The index of the number that is nearest to a place, null if there is none. */
export function closest(numbers, place) {
  let best = null;
  numbers.forEach((v, i) => {
    if (v !== null && (best === null || Math.abs(v - place) < Math.abs(numbers[best] - place))) best = i;
  });
  return best;
}

/** Let the first point be dragged along: the slider goes where its point is nearest. */
function draggable(box, places, slide) {
  let held = false;
  const drag = (event) => {
    const { positions, pixels } = places();
    const best = closest(pixels, event.clientX - box.getBoundingClientRect().left);
    if (best !== null) slide(positions[best]);
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || places().positions.length < 2) return;
    held = true;
    box.setPointerCapture(event.pointerId);
    drag(event);
  });
  box.addEventListener("pointermove", (event) => held && drag(event));
  for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, () => (held = false));
}

export function mountPlot(host, first, context) {
  let view = first;
  let sx = null;
  const [title, box, key] = [html("p", { class: "sg-plot-title" }), html("div", { class: "sg-plot" }), html("div")];
  const more = html("details", { class: "sg-numbers" }, html("summary", { text: spoken(PLOT_WORDS.numbers) }));
  const drawn = () => {
    const width = Math.floor(box.clientWidth);
    if (width < 50) return;
    const svg = picture(view, width);
    sx = scale(view.x, leftOf(yTicks(view, svg.height.baseVal.value).map((t) => t.text)), width - EDGE.right);
    const now = view.points.map((p) => `${p.label} (${plain(p.x)}, ${plain(p.y)})`);
    svg.setAttribute("aria-label", listed([view.title, view.alt, now.length && spoken(PLOT_WORDS.marked, { points: listed(now) })], LIST_WORDS.stop));
    box.replaceChildren(svg);
  };
  const fill = () => more.open && more.replaceChildren(more.firstChild, numbers(view));
  more.addEventListener("toggle", fill);
  draggable(box, () => {
    const alike = context.others().filter((o) => o.view.curves === view.curves && o.view.points.length);
    return { positions: alike.map((o) => o.position), pixels: alike.map((o) => sx(o.view.points[0].x)) };
  }, context.slide);
  const update = (changed) => {
    view = changed;
    title.textContent = view.title;
    key.replaceChildren(legend(view));
    drawn();
    fill();
  };
  host.append(title, box, key, more);
  const watch = new ResizeObserver(drawn);
  watch.observe(box);
  update(first);
  return { update, destroy: () => watch.disconnect() };
}
