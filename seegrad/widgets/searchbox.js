// Search by name in a big graph: type, choose, and the box is shown wherever it is folded.

import { button, html, listed, spoken } from "./parts.js";
import { search } from "./timeline.js";

const SEARCH_WORDS = {
  field: "search a node by name",
  hint: "name, operation or line",
  count: "{count} found",
  first: "{count} found, the first {most}:",
};
const MOST = 12;

/** The field and its results; `choose(view, box)` shows one. */
export function searchBox(choose) {
  const field = html("input", { type: "search", "aria-label": spoken(SEARCH_WORDS.field), placeholder: spoken(SEARCH_WORDS.hint), autocomplete: "off" });
  const count = html("span", { role: "status" });
  const list = html("ul");
  const box = html("div", { class: "sg-search" }, field, count, list);
  let data = null;
  const close = () => {
    field.value = "";
    count.textContent = "";
    list.replaceChildren();
  };
  const pick = ({ view, box: index }) => {
    close();
    choose(view, index);
  };
  const result = (hit) => {
    const view = data.views[hit.view];
    const n = view.nodes[hit.box];
    const words = listed([n.title, n.sub, view.title]);
    return html("li", {}, button(words, "", () => pick(hit)));
  };
  field.addEventListener("input", () => {
    const { found, count: all } = search(data, field.value, MOST);
    const form = all > MOST ? SEARCH_WORDS.first : SEARCH_WORDS.count;
    count.textContent = field.value.trim() ? spoken(form, { count: all, most: MOST }) : "";
    list.replaceChildren(...found.map(result));
  });
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") {
      const { found } = search(data, field.value, 1);
      if (found.length) pick(found[0]);
    }
    if (event.key === "Escape") close();
  });
  return {
    box,
    field,
    setData(changed) {
      data = changed;
      close();
    },
  };
}
