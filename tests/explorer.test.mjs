import assert from "node:assert/strict";
import { test } from "node:test";
import { holdings } from "../seegrad/widgets/boards.js";
import { moved, nearest } from "../seegrad/widgets/dials.js";
import { positionsIn, settingAt, stepAfter, unpacked } from "../seegrad/widgets/explorer.js";
import { flipped, roomFor, sideOf } from "../seegrad/widgets/wiring.js";

test("the pool gives back what was packed, and equal data as one object", () => {
  const pool = ["a text that is longer", ["say", "views"], [1, null, true], { 1: [[0], [2]] }, { 1: ["x", [2]] }];
  const entry = unpacked(pool);
  assert.deepEqual(entry(3), { say: "a text that is longer", views: [1, null, true] });
  assert.equal(entry(4).views, entry(3).views);
  assert.equal(entry(3), entry(3));
});

test("settings count the positions of the controls, the last one fastest", () => {
  const controls = [{ texts: ["a", "b"] }, { texts: ["1", "2", "3"] }];
  assert.deepEqual(positionsIn(controls, 4), [1, 1]);
  for (let k = 0; k < 6; k++) assert.equal(settingAt(controls, positionsIn(controls, k)), k);
});

test("a step stays where it is, and the end stays the end", () => {
  assert.equal(stepAfter(2, 5, 7), 2);
  assert.equal(stepAfter(5, 5, 7), 7);
  assert.equal(stepAfter(4, 5, 3), 3);
  assert.equal(stepAfter(0, 0, 7), 0);
});

test("a dragged arrow goes to the nearest point of the grid and not beyond", () => {
  const xs = [-2, -1, 0, 1, 2];
  assert.deepEqual(nearest(xs, xs, 0.5, 0.5), [2, 2]);
  assert.deepEqual(nearest(xs, xs, 0.61, 0.9), [2, 4]);
  assert.deepEqual(nearest(xs, xs, -3, 3), [0, 4]);
  assert.deepEqual(nearest([0, 1, 10], [0, 1], 0.4, 0), [1, 0]); // not the middle of the list
});

test("arrow keys move one point and stop at the edge", () => {
  assert.deepEqual(moved([1, 1], "ArrowUp", 3, 3), [1, 2]);
  assert.deepEqual(moved([2, 0], "ArrowRight", 3, 3), [2, 0]);
  assert.deepEqual(moved([0, 0], "ArrowDown", 3, 3), [0, 0]);
  assert.deepEqual(moved([1, 1], "a", 3, 3), [1, 1]);
});

test("a switch is one bit of the setting", () => {
  assert.equal(flipped(0, 2), 4);
  assert.equal(flipped(flipped(5, 1), 1), 5);
});

test("switches of twin edges stand outside, and there is room for them", () => {
  const view = {
    size: [100, 200],
    nodes: [{ box: [50, 180, 60, 40] }, { box: [50, 20, 60, 40] }],
    edges: [{ middle: [40, 100], to: [40, 160] }, { middle: [60, 100], to: [60, 160] }],
    switches: [{ edge: 0, label: "left", room: 20 }, { edge: 1, label: "right", room: 4 }],
  };
  assert.equal(sideOf(view, view.edges[0]), "end");
  assert.equal(sideOf(view, view.edges[1]), "start");
  const [x, , w] = roomFor(view);
  assert.ok(x < 40 - 20 * 7);
  assert.ok(x + w > 110);
});

test("a name that gets a second name has changed, though its value has not", () => {
  const before = holdings([{ names: ["x.grad"], value: "[1]", note: "" }, { names: ["g"], value: "None", note: "" }]);
  const after = holdings([{ names: ["x.grad", "g"], value: "[1]", note: "" }]);
  assert.notEqual(before.get("x.grad"), after.get("x.grad"));
  assert.equal(after.size, 2);
});
