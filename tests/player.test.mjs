import assert from "node:assert/strict";
import { test } from "node:test";
import { frame, hasRun, side, zoomed } from "../seegrad/widgets/graphview.js";
import { homeOf, position, stateAt, trail } from "../seegrad/widgets/player.js";

const view = {
  title: "",
  parent: null,
  size: [100, 200],
  nodes: [
    { kind: "op", box: [50, 180, 60, 40], members: [0], opens: null, outside: false },
    { kind: "leaf", box: [50, 20, 60, 40], members: [1], opens: null, outside: false },
  ],
  edges: [
    { source: 1, target: 0, from: [40, 40], to: [40, 160], middle: [40, 100], shape: "(4,)", sent: "[0, 2, 4, 6]" },
    { source: 1, target: 0, from: [60, 40], to: [60, 160], middle: [60, 100], shape: "(4,)", sent: "" },
  ],
};
const data = {
  inputs: [1],
  views: [view],
  steps: [
    { phase: "forward", node: 0, edges: [0, 1] },
    { phase: "backward", node: 0, edges: [0] },
    { phase: "backward", node: 1, edges: [] },
  ],
};

test("at the start only what needs no step is there", () => {
  const state = stateAt(data, 0);
  assert.deepEqual([...state.ran], [1]);
  assert.equal(state.arrived.size, 0);
  assert.equal(state.now, null);
});

test("a gradient is sent before it arrives at the leaf", () => {
  const state = stateAt(data, 2);
  assert.deepEqual([...state.sent], [0]);
  assert.deepEqual([...state.arrived], [0]);
  assert.deepEqual([...stateAt(data, 3).arrived], [0, 1]);
});

test("the position counts within its phase", () => {
  assert.equal(position(data, 0), "start");
  assert.equal(position(data, 1), "forward 1 of 1");
  assert.equal(position(data, 3), "backward 2 of 2");
});

test("labels of twin edges stand outside, and the frame has room for them", () => {
  assert.equal(side(view, view.edges[0]), "end");
  assert.equal(side(view, view.edges[1]), "start");
  const [x, , w] = frame(view);
  assert.ok(x <= 40 - 7 * 12);
  assert.ok(x + w >= 114);
});

test("zooming keeps the given point in place", () => {
  const [x, y, w, h] = zoomed([0, 0, 100, 100], 2, [25, 25]);
  assert.deepEqual([x, y, w, h], [12.5, 12.5, 50, 50]);
});

test("a node of a folded part is found in the view that shows it", () => {
  const group = { kind: "group", members: [0, 1, 2], opens: 1, outside: false };
  const plain = (id, outside) => ({ kind: "op", members: [id], opens: null, outside });
  const folded = {
    views: [
      { parent: null, nodes: [group, plain(3, false)] },
      { parent: 0, nodes: [plain(0, false), plain(1, false), plain(2, false), plain(3, true)] },
    ],
  };
  assert.equal(homeOf(folded, 2), 1);
  assert.equal(homeOf(folded, 3), 0);
  assert.deepEqual(trail(folded, 1), [0, 1]);
});

test("a folded part counts as run as soon as one of its operations has", () => {
  const folded = { members: [0, 1], opens: 1 };
  assert.ok(!hasRun(stateAt(data, 0), folded)); // its leaf is there, no operation has run
  assert.ok(hasRun(stateAt(data, 1), folded));
});
