// Two small panels: names and the objects that they name, and a matrix with weighted rows.
//   board   {title, objects: [{names, value, note}]}
//   matrix  {title, rows, columns, data, weights, total, names: [of the weights, of the sum]}

import { html, spoken } from "./parts.js";
import { plain } from "./plot.js";

const BOARD_WORDS = { changed: "changed", same: "one object, two names" };

/** Of each name, what it holds and with which names it shares it; to tell what changed. */
export function holdings(objects) {
  return new Map(objects.flatMap((o) => o.names.map((n) => [n, `${o.value} ${o.names.join()} ${o.note}`])));
}

export function mountBoard(host, first) {
  const title = html("p", { class: "sg-plot-title" });
  const list = html("ul", { class: "sg-board" });
  let [shown, before] = [null, holdings(first.objects)];
  const update = (view) => {
    if (view === shown) return; // else what has changed would be forgotten
    shown = view;
    const now = holdings(view.objects);
    title.textContent = view.title;
    list.replaceChildren(...view.objects.map((o) => {
      const names = o.names.map((text) => html("code", { class: "sg-chip", text }));
      const empty = o.value === "None";
      const box = html("span", { class: empty ? "sg-object sg-empty" : "sg-object" }, html("code", { text: o.value }));
      const row = html("li", {}, html("span", { class: "sg-chips" }, ...names), html("span", { class: "sg-points-at", text: "→" }), box);
      if (o.names.length > 1) row.append(html("span", { class: "sg-remark", text: spoken(BOARD_WORDS.same) }));
      if (o.note) row.append(html("span", { class: "sg-remark", text: o.note }));
      if (o.names.some((n) => before.get(n) !== now.get(n))) {
        row.classList.add("sg-changed");
        row.append(html("span", { class: "sg-remark sg-news", text: spoken(BOARD_WORDS.changed) }));
      }
      return row;
    }));
    before = now;
  };
  host.append(title, list);
  update(first);
  return { update };
}

export function mountMatrix(host, first) {
  const title = html("p", { class: "sg-plot-title" });
  const grid = html("table", { class: "sg-matrix" });
  const update = (view) => {
    title.textContent = view.title;
    const [weight, total] = view.names;
    const head = html("tr", {}, html("td"), html("th", { scope: "col", text: weight }), html("td"),
      ...view.columns.map((text) => html("th", { scope: "col", text })));
    const rows = view.data.map((row, i) => {
      const w = view.weights[i];
      const cells = row.map((v) => html("td", {}, html("span", { class: "sg-entry", text: plain(v) }),
        html("span", { class: "sg-product" }, `${plain(w)} · ${v < 0 ? `(${plain(v)})` : plain(v)} `,
          html("span", { text: `= ${plain(w * v)}` }))));
      const kind = w === 0 ? { class: "sg-weightless" } : {};
      return html("tr", kind, html("th", { scope: "row", text: view.rows[i] }), html("td", { class: "sg-weight", text: plain(w) }),
        html("td", { text: "×", "aria-hidden": "true" }), ...cells);
    });
    const sum = html("tr", { class: "sg-total" }, html("th", { scope: "row", colspan: "3", text: total }),
      ...view.total.map((v) => html("td", { text: plain(v) })));
    grid.replaceChildren(html("thead", {}, head), html("tbody", {}, ...rows), html("tfoot", {}, sum));
  };
  host.append(title, html("div", { class: "sg-scroll", tabindex: "0", role: "group", "aria-label": first.title }, grid));
  update(first);
  return { update };
}
