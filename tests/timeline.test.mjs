import assert from "node:assert/strict";
import { test } from "node:test";
import { happened, homes, position, runsAt, search, timeline, trail } from "../seegrad/widgets/timeline.js";

const data = {
  inputs: [1],
  steps: [
    { phase: "forward", node: 0, edges: [0, 1] },
    { phase: "backward", node: 0, edges: [0] },
    { phase: "backward", node: 1, edges: [] },
  ],
};
const time = timeline(data);

test("at the start only what needs no step is there", () => {
  assert.ok(happened(time.ran, 1, 0));
  assert.ok(!happened(time.ran, 0, 0));
  assert.ok(happened(time.ran, 0, 1));
});

test("a gradient is sent before it arrives at the leaf, and never along a silent edge", () => {
  assert.ok(happened(time.sent, 0, 2) && happened(time.arrived, 0, 2));
  assert.ok(!happened(time.arrived, 1, 2) && happened(time.arrived, 1, 3));
  assert.ok(!happened(time.sent, 1, 3));
});

test("the position counts within its phase", () => {
  assert.deepEqual(position(time, 0), { phase: "start", at: 0, of: 0 });
  assert.deepEqual(position(time, 1), { phase: "forward", at: 1, of: 1 });
  assert.deepEqual(position(time, 3), { phase: "backward", at: 2, of: 2 });
});

test("a folded part runs as soon as one of its operations has, not when its inputs are there", () => {
  assert.equal(runsAt(time, { members: [0, 1], opens: 1 }), 1);
  assert.equal(runsAt(time, { members: [1], opens: null }), 0);
  assert.equal(runsAt(time, { members: [7], opens: null }), Infinity);
});

const group = { title: "part", sub: "", more: [], members: [0, 1, 2], opens: 1, outside: false };
const plain = (id, outside) => ({ title: `n${id}`, sub: "Mul", more: [["line", `cell ${id}`, 0]], members: [id], opens: null, outside });
const folded = {
  views: [
    { title: "", parent: null, nodes: [group, plain(3, false)] },
    { title: "part", parent: 0, nodes: [plain(0, false), plain(1, false), plain(2, false), plain(3, true)] },
  ],
};

test("a node of a folded part is found in the view that shows it as its own", () => {
  assert.deepEqual(homes(folded).get(2), { view: 1, box: 2 });
  assert.deepEqual(homes(folded).get(3), { view: 0, box: 1 });
  assert.deepEqual(trail(folded, 1), [0, 1]);
});

test("search finds names, operations and lines, each box once, and counts all", () => {
  assert.deepEqual(search(folded, "N3", 9), { found: [{ view: 0, box: 1 }], count: 1 });
  assert.deepEqual(search(folded, "cell 1", 9).found, [{ view: 1, box: 1 }]);
  assert.deepEqual(search(folded, "mul", 2), { found: [{ view: 0, box: 1 }, { view: 1, box: 0 }], count: 4 });
  assert.deepEqual(search(folded, "  ", 9), { found: [], count: 0 });
});
