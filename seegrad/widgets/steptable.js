// The trace as a table, one row for each step: the same as the drawing, for those who read or hear it.

import { button, html, spoken } from "./parts.js";

const TABLE_WORDS = {
  caption: "All steps, with values and gradients",
  columns: ["step", "phase", "node", "value", "gradient", "what happens"],
  part: "steps {first} to {last} of {count}",
  earlier: "Earlier steps",
  later: "Later steps",
  region: "table of all steps",
  go: "go to step {step}",
  phases: { forward: "forward", backward: "backward" },
  none: "none",
};
const ROWS = 200; // more are shown in parts

/** The cells of a step's row: phase, node, value, gradient, sentence. */
export function cellsOf(data, places, k) {
  const { phase, node, say } = data.steps[k];
  const named = spoken(TABLE_WORDS.phases[phase]);
  const place = places.get(node);
  const n = place && data.views[place.view].nodes[place.box];
  if (!n) return [named, "", "", "", say];
  const gradient = phase === "backward" ? [n.grad, n.total].filter(Boolean).join(" ") || spoken(TABLE_WORDS.none) : "";
  const name = n.sub && n.kind !== "leaf" && n.title !== n.sub ? `${n.title}, ${n.sub}` : n.title;
  return [named, name, phase === "forward" ? n.value : "", gradient, say];
}

/** The table; `go(step)` moves the player. Rows are made when it is first shown. */
export function stepTable(go) {
  const body = html("tbody");
  const head = html("tr", {}, ...TABLE_WORDS.columns.map((name) => html("th", { scope: "col", text: spoken(name) })));
  const part = html("span");
  const earlier = button(spoken(TABLE_WORDS.earlier), "", () => fill(first - ROWS));
  const later = button(spoken(TABLE_WORDS.later), "", () => first + ROWS < data.steps.length && fill(first + ROWS));
  const pages = html("div", { class: "sg-row" }, earlier, part, later);
  const table = html("table", {}, html("caption", { text: spoken(TABLE_WORDS.caption) }), html("thead", {}, head), body);
  const scroll = html("div", { class: "sg-scroll", tabindex: "0", role: "region", "aria-label": spoken(TABLE_WORDS.region) }, table);
  const box = html("div", { class: "sg-table sg-hidden" }, pages, scroll);
  let data = null;
  let places = null;
  let first = 0; // index of the first row
  let current = null;

  const fill = (from) => {
    const all = data.steps.length;
    first = Math.max(0, Math.min(from, all - 1));
    const to = Math.min(all, first + ROWS);
    body.replaceChildren();
    for (let k = first; k < to; k += 1) {
      const jump = html("th", { scope: "row" }, button(String(k + 1), spoken(TABLE_WORDS.go, { step: k + 1 }), () => go(k + 1)));
      body.append(html("tr", {}, jump, ...cellsOf(data, places, k).map((text) => html("td", { text, dir: "auto" }))));
    }
    pages.classList.toggle("sg-hidden", all <= ROWS);
    part.textContent = spoken(TABLE_WORDS.part, { first: first + 1, last: to, count: all });
    earlier.setAttribute("aria-disabled", String(first === 0));
    later.setAttribute("aria-disabled", String(to === all));
  };
  const mark = (row) => {
    if (row === current) return;
    current?.removeAttribute("aria-current");
    row?.setAttribute("aria-current", "step");
    current = row ?? null;
    if (row) scroll.scrollTop = Math.max(0, row.offsetTop - scroll.clientHeight / 2);
  };
  return {
    box,
    setData(changed, where) {
      [data, places] = [changed, where];
      body.replaceChildren();
    },
    update(step) {
      if (box.classList.contains("sg-hidden")) return;
      const k = step - 1;
      if (!body.children.length || (k >= 0 && (k < first || k >= first + ROWS))) fill(k - (Math.max(k, 0) % ROWS));
      mark(body.children[k - first]);
    },
  };
}
