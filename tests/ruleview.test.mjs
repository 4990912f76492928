import assert from "node:assert/strict";
import { test } from "node:test";
import { detailRows } from "../seegrad/widgets/nodedetail.js";
import { formulasOf, lettersIn } from "../seegrad/widgets/ruleview.js";
import { cellsOf } from "../seegrad/widgets/steptable.js";
import { homes, timeline } from "../seegrad/widgets/timeline.js";

const letter = (name) => ["mi", name];
const product = (x, y) => ["math", ["mrow", letter(x), ["mo", "·"], letter(y)]];
const node = (id, kind, title, sub, more) => ({ kind, title, sub, value: title, grad: `gradient ${id}`, total: "", members: [id], opens: null, outside: false, more });
const data = {
  inputs: [1, 2],
  views: [{
    title: "",
    parent: null,
    nodes: [
      node(0, "op", "×", "MulBackward0", [["kind", "operation", 0], ["value", "6", 1], ["gradient that arrived", "1", 2]]),
      node(1, "leaf", "x", "leaf", []),
      node(2, "constant", "2", "", []),
    ],
    edges: [{ source: 1, target: 0, links: [0], sent: "2" }, { source: 2, target: 0, links: [1], sent: "" }],
  }],
  steps: [
    { phase: "forward", node: 0, edges: [0, 1], say: "runs", rule: "MulBackward0" },
    { phase: "backward", node: 0, edges: [0], say: "sends", rule: "MulBackward0" },
    { phase: "backward", node: 1, edges: [], say: "receives", rule: "leaf" },
  ],
  rules: { MulBackward0: { forward: ["math", letter("y")], sends: [product("g", "b"), product("g", "a")], says: "A product." }, leaf: { forward: null, sends: [], adds: ["math", letter("g")], says: "Adds." } },
  operands: { 0: [["x", 0], ["2", 1]] },
};

test("the letters of a formula are found at any depth", () => {
  assert.deepEqual([...lettersIn(product("g", "b"))], ["g", "b"]);
});

test("backward shows the formula only for what is sent, and names its letters", () => {
  const { formulas, names, says } = formulasOf(data, data.steps[1]);
  assert.deepEqual(formulas.map((f) => f.to), ["x"]);
  assert.deepEqual(names, [["g", "what arrives"], ["b", "2"]]);
  assert.equal(says, "A product.");
  assert.deepEqual(formulasOf(data, data.steps[0]).names, [["y", "the result"]]);
  assert.deepEqual(formulasOf(data, data.steps[2]).formulas, [{ tree: ["math", letter("g")], to: "" }]);
  assert.deepEqual(formulasOf(data, { ...data.steps[2], rule: "" }).formulas, []);
});

test("details grow with the steps", () => {
  const rows = (step, box = 0) => detailRows(data.views[0], timeline(data), step, box).map((r) => r.join(""));
  assert.deepEqual(rows(0), ["kindoperation"]);
  assert.deepEqual(rows(1), ["kindoperation", "value6"]);
  assert.deepEqual(rows(2), ["kindoperation", "value6", "gradient that arrived1", "sends to x2"]);
  assert.deepEqual(rows(2, 1), ["receives from MulBackward02"]);
});

test("the table tells value and gradient where they come to be", () => {
  assert.deepEqual(cellsOf(data, homes(data), 0), ["forward", "×, MulBackward0", "×", "", "runs"]);
  assert.deepEqual(cellsOf(data, homes(data), 2), ["backward", "x", "", "gradient 1", "receives"]);
});
