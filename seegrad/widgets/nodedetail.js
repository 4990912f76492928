// The panel of the selected node: what it is, what it holds, what came in and what went out.

import { button, html } from "./parts.js";
import { happened } from "./timeline.js";

const DETAIL_WORDS = {
  panel: "details of the selected node",
  from: "receives from ",
  to: "sends to ",
  holds: "holds",
  open: "Open",
  forward: "Go to its forward step",
  backward: "Go to its backward step",
  close: "close the details",
};
const SINCE = { always: 0, ran: 1, arrived: 2 };

function nameOf(n) {
  return n.kind === "op" && n.sub ? n.sub : n.title;
}

/** The rows to show: [label, name that ends the label, text]. */
export function detailRows(view, time, step, index) {
  const n = view.nodes[index];
  const id = n.members[0];
  const [ran, got] = [happened(time.ran, id, step), happened(time.arrived, id, step)];
  const rows = n.more
    .filter(([, , since]) => since === SINCE.always || (since === SINCE.ran ? ran : got))
    .map(([label, text]) => [label, "", text]);
  for (const e of view.edges) {
    if (!e.sent || !e.links.some((k) => happened(time.sent, k, step))) continue;
    if (e.source === index) rows.push([DETAIL_WORDS.from, nameOf(view.nodes[e.target]), e.sent]);
    if (e.target === index) rows.push([DETAIL_WORDS.to, nameOf(view.nodes[e.source]), e.sent]);
  }
  if (n.opens !== null) rows.push([DETAIL_WORDS.holds, "", n.sub]);
  return rows;
}

/** The panel; `on` = {go(step), open(view), close()}. */
export function detailView(on) {
  const box = html("section", { class: "sg-detail sg-hidden", "aria-label": DETAIL_WORDS.panel });
  let shown = "";
  const fill = (n, rows, time) => {
    const list = html("dl");
    for (const [label, name, text] of rows) {
      list.append(html("div", {}, html("dt", {}, label, html("bdi", { text: name })), html("dd", { text, dir: "auto" })));
    }
    const close = button("×", DETAIL_WORDS.close, on.close);
    const acts = html("div", { class: "sg-row" });
    const jump = (text, at) => at && acts.append(button(text, "", () => on.go(at)));
    if (n.opens !== null) acts.append(button(DETAIL_WORDS.open, "", () => on.open(n.opens)));
    else if (time.ran.get(n.members[0])) jump(DETAIL_WORDS.forward, time.ran.get(n.members[0]));
    if (n.opens === null) jump(DETAIL_WORDS.backward, time.arrived.get(n.members[0]));
    box.replaceChildren(html("div", { class: "sg-row sg-top" }, html("h4", { text: n.title, dir: "auto" }), close), list, acts);
  };
  return {
    box,
    update(view, time, step, picked) {
      box.classList.toggle("sg-hidden", picked === null);
      const rows = picked === null ? [] : detailRows(view, time, step, picked);
      const key = picked === null ? "" : `${view.title}\n${picked}\n${rows.join("\n")}`;
      if (key !== shown && picked !== null) fill(view.nodes[picked], rows, time);
      shown = key;
    },
    forget: () => (shown = ""),
  };
}
