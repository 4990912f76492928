// The local rule of the step's operation, in mathematics, and what its letters stand for.

import { html, LIST_WORDS, mathematics, spoken } from "./parts.js";

const RULE_WORDS = {
  rule: "the rule of this step",
  to: "to ",
  colon: ": ",
  arrives: "what arrives",
  result: "the result",
};
const LETTERS = "abc";

/** The letters that stand in a MathML tree. */
export function lettersIn(tree, found = new Set()) {
  if (tree[0] === "mi") found.add(tree[1]);
  for (const child of tree.slice(1)) if (typeof child !== "string") lettersIn(child, found);
  return found;
}

/** The formulas of a step: [{to: name or "", tree}], and the names of the letters in them. */
export function formulasOf(data, now) {
  const rule = data.rules[now.rule];
  if (!rule) return { formulas: [], names: [], says: "" };
  const operands = data.operands[now.node] ?? [];
  const sends = rule.sends.map((tree, slot) => ({ tree, slot, to: operands[slot]?.[0] ?? LETTERS[slot] }));
  const sent = ({ slot }) => !operands[slot] || now.edges.includes(operands[slot][1]);
  const alone = now.phase === "forward" ? rule.forward : rule.adds;
  const formulas = alone ? [{ tree: alone, to: "" }] : sends.filter(sent);
  const used = lettersIn(["mrow", ...formulas.map((f) => f.tree)]);
  const known = { g: spoken(RULE_WORDS.arrives), y: spoken(RULE_WORDS.result) };
  operands.forEach(([name], slot) => (known[LETTERS[slot]] = name));
  const names = ["g", "a", "b", "c", "y"].filter((l) => used.has(l) && known[l]).map((l) => [l, known[l]]);
  return { formulas, names, says: now.phase === "forward" ? "" : rule.says };
}

/** The line under the sentence. */
export function ruleView() {
  const box = html("div", { class: "sg-rule", role: "group", "aria-label": spoken(RULE_WORDS.rule) });
  const one = ({ to, tree }) => {
    const said = to ? [spoken(RULE_WORDS.to), html("bdi", { text: to }), spoken(RULE_WORDS.colon)] : [];
    return html("span", { class: "sg-formula" }, ...said, mathematics(tree));
  };
  return {
    box,
    update(data, now) {
      const { formulas, names, says } = now ? formulasOf(data, now) : { formulas: [], names: [], says: "" };
      box.replaceChildren(...formulas.map(one));
      if (!formulas.length) return;
      const legend = names.flatMap(([letter, name], k) => [
        k ? spoken(LIST_WORDS.comma) : "", mathematics(["math", ["mi", letter]]), spoken(RULE_WORDS.colon), html("bdi", { text: name }),
      ]);
      box.append(html("span", { class: "sg-letters" }, ...legend), html("span", { class: "sg-says", text: says }));
    },
  };
}
