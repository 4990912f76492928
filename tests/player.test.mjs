import assert from "node:assert/strict";
import { test } from "node:test";
import { frame, position, side, stateAt, zoomed } from "../seegrad/widgets/player.js";

const data = {
  size: [100, 200],
  nodes: [
    { kind: "op", box: [50, 180, 60, 40] },
    { kind: "leaf", box: [50, 20, 60, 40] },
  ],
  edges: [
    { source: 1, target: 0, from: [40, 40], to: [40, 160], middle: [40, 100], shape: "(4,)", sent: "[0, 2, 4, 6]" },
    { source: 1, target: 0, from: [60, 40], to: [60, 160], middle: [60, 100], shape: "(4,)", sent: "" },
  ],
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
  assert.equal(side(data, data.edges[0]), "end");
  assert.equal(side(data, data.edges[1]), "start");
  const [x, , w] = frame(data);
  assert.ok(x <= 40 - 7 * 12);
  assert.ok(x + w >= 114);
});

test("zooming keeps the given point in place", () => {
  const [x, y, w, h] = zoomed([0, 0, 100, 100], 2, [25, 25]);
  assert.deepEqual([x, y, w, h], [12.5, 12.5, 50, 50]);
});
