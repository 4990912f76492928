// The panel of the selected node: what it is, what it holds, what came in and what went out.

import { button, html, spoken } from "./parts.js";
import { happened } from "./timeline.js";

const DETAIL_WORDS = {
  panel: "details of the selected node",
  from: "receives from ",
  to: "sends to ",
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
    if (e.source === index) rows.push([spoken(DETAIL_WORDS.from), nameOf(view.nodes[e.target]), e.sent]);
    if (e.target === index) rows.push([spoken(DETAIL_WORDS.to), nameOf(view.nodes[e.source]), e.sent]);
  }
  return rows;
}

/** The panel; `on` = {go(step), close()}. */
export function detailView(on) {
  const title = html("p", { class: "sg-name", dir: "auto" });
  const list = html("dl");
  const acts = html("div", { class: "sg-row" });
  const top = html("div", { class: "sg-row sg-top" }, title, button("×", spoken(DETAIL_WORDS.close), on.close));
  const box = html("section", { class: "sg-detail sg-hidden", "aria-label": spoken(DETAIL_WORDS.panel) }, top, list, acts);
  let [node, filled] = [null, ""];

  const name = (n, time) => {
    title.textContent = n.title;
    acts.replaceChildren();
    const jump = (text, at) => at && acts.append(button(text, "", () => on.go(at)));
    jump(spoken(DETAIL_WORDS.forward), time.ran.get(n.members[0]));
    jump(spoken(DETAIL_WORDS.backward), time.arrived.get(n.members[0]));
  };
  const row = ([label, end, text]) => html("div", {}, html("dt", {}, label, html("bdi", { text: end })), html("dd", { text, dir: "auto" }));
  return {
    box,
    update(view, time, step, picked) {
      box.classList.toggle("sg-hidden", picked === null);
      if (picked === null) return;
      if (node !== view.nodes[picked]) name((node = view.nodes[picked]), time);
      const rows = detailRows(view, time, step, picked);
      if (filled !== rows.join("\n")) list.replaceChildren(...rows.map(row)); // else the reader's place is kept
      filled = rows.join("\n");
    },
  };
}
