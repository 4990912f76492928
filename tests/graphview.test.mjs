import assert from "node:assert/strict";
import { test } from "node:test";
import { fitting, seen, zoomed } from "../seegrad/widgets/camera.js";
import { frame, neighbour, side } from "../seegrad/widgets/graphview.js";

const view = {
  size: [100, 200],
  nodes: [{ box: [50, 180, 60, 40] }, { box: [50, 20, 60, 40] }],
  edges: [
    { source: 1, target: 0, to: [40, 160], middle: [40, 100], shape: "(4,)", sent: "[0, 2, 4, 6]" },
    { source: 1, target: 0, to: [60, 160], middle: [60, 100], shape: "(4,)", sent: "" },
  ],
};

test("labels of twin edges stand outside, and the frame has room for them", () => {
  assert.equal(side(view, view.edges[0]), "end");
  assert.equal(side(view, view.edges[1]), "start");
  const [x, , w] = frame(view);
  assert.ok(x <= 40 - 7 * 12);
  assert.ok(x + w >= 114);
});

test("zooming keeps the given point in place", () => {
  const where = (camera, [x, y]) => [(x - camera.x) * camera.scale, (y - camera.y) * camera.scale];
  const before = { x: 50, y: 50, scale: 1 };
  const after = zoomed(before, 2, [25, 30]);
  assert.equal(after.scale, 2);
  assert.deepEqual(where(after, [25, 30]), where(before, [25, 30]));
  assert.deepEqual(seen(after, 100, 80), [12.5, 20, 50, 40]);
});

test("what fits is shown whole, what would be too small is shown in part", () => {
  assert.deepEqual(fitting([300, 300], 600), { height: 345, scale: 1.15, whole: true });
  const wide = fitting([2000, 300], 600);
  assert.ok(!wide.whole && wide.scale === 0.3);
  const tall = fitting([300, 5000], 600);
  assert.ok(!tall.whole && tall.height === 560);
});

test("arrow keys go to the nearest box that way, along an edge rather than across", () => {
  const boxes = [[0, 0], [100, 0], [0, 100], [90, 90], [200, 0]];
  const none = boxes.map(() => new Set());
  assert.equal(neighbour(boxes, none, 0, "ArrowRight"), 1);
  assert.equal(neighbour(boxes, none, 1, "ArrowRight"), 4);
  assert.equal(neighbour(boxes, none, 0, "ArrowDown"), 2);
  assert.equal(neighbour(boxes, none, 0, "ArrowUp"), -1);
  const linked = [new Set([3]), ...none.slice(1)];
  assert.equal(neighbour(boxes, linked, 0, "ArrowDown"), 3);
});
