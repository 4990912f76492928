import assert from "node:assert/strict";
import { test } from "node:test";
import { clipped, closest, leftOf, plain, power, scale, table, ticks, trace } from "../seegrad/widgets/plot.js";

const at = (axis, room) => ticks(axis, room).map((t) => t.at);
const text = (axis, room) => ticks(axis, room).map((t) => t.text);

test("ticks are round numbers inside of the range", () => {
  assert.deepEqual(at({ range: [0, 10], log: false }, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(text({ range: [-0.25, 0.25], log: false }, 5), ["−0.2", "−0.1", "0", "0.1", "0.2"]);
  assert.deepEqual(at({ range: [1000, 2000], log: false }, 4), [1000, 1500, 2000]);
});

test("ticks of a logarithmic axis are decades, fewer where there is little room", () => {
  assert.deepEqual(text({ range: [1e-3, 10], log: true }, 9), ["10⁻³", "10⁻²", "10⁻¹", "1", "10"]);
  assert.deepEqual(text({ range: [1e-17, 1], log: true }, 4), ["10⁻¹⁵", "10⁻¹⁰", "10⁻⁵", "1"]);
  assert.equal(power(-12), "10⁻¹²");
});

test("numbers are short, with a real minus", () => {
  assert.deepEqual([-2.82889, 0, 1e-17, 1577.98, null, -160000].map(plain), ["−2.8289", "0", "1e−17", "1578", "–", "−160000"]);
});

test("a scale is linear in the numbers or in their logarithms", () => {
  const line = scale({ range: [0, 100], log: false }, 0, 106);
  assert.equal(Math.round(line(0)), 3);
  assert.equal(Math.round(line(50)), 53);
  const log = scale({ range: [1e-4, 1], log: true }, 0, 106);
  assert.equal(Math.round(log(1e-2)), 53);
  assert.equal(log(0), null);
  assert.equal(line(null), null);
});

test("a gap lifts the pen", () => {
  assert.equal(trace([0, 1, null, 3, 4], [0, 1, 2, 3, 4]), "M0.0 0.0L1.0 1.0M3.0 3.0L4.0 4.0");
  assert.equal(trace([0, 1], [null, 5]), "M1.0 5.0");
});

test("a straight line is cut at the frame, whatever its slope", () => {
  assert.deepEqual(clipped({ x: 5, y: 5, slope: 1 }, [0, 10], [0, 10]), [[0, 0], [10, 10]]);
  assert.deepEqual(clipped({ x: 5, y: 5, slope: -5 }, [0, 10], [0, 10]), [[4, 10], [6, 0]]);
  assert.deepEqual(clipped({ x: 5, y: 5, slope: 0 }, [0, 10], [0, 10]), [[0, 5], [10, 5]]);
  assert.equal(clipped({ x: 5, y: 50, slope: 0 }, [0, 10], [0, 10]), null);
  assert.equal(clipped({ x: 5, y: 50, slope: 0.1 }, [0, 10], [0, 10]), null);
  assert.equal(clipped({ x: 5, y: 5, slope: null }, [0, 10], [0, 10]), null);
});

test("the table says what the picture shows", () => {
  const xs = Array.from({ length: 40 }, (_, i) => i);
  const view = { points: [{ label: "here", x: 1, y: 2 }], lines: [{ label: "tangent", x: 1, y: 2, slope: 3 }], curves: [{ label: "f", x: xs, y: xs }] };
  const rows = table(view);
  assert.deepEqual(rows[0].slice(1), ["here", 1, 2, null]);
  assert.deepEqual(rows[1].slice(1), ["tangent", 1, 2, 3]);
  assert.ok(rows.length <= 12 && rows.length > 8);
});

test("a dragged point goes to the nearest place that can be drawn", () => {
  assert.equal(closest([10, null, 30, 80], 27), 2);
  assert.equal(closest([null, null], 5), null);
  assert.equal(closest([], 5), null);
});

test("a longer number gets more room", () => {
  assert.ok(leftOf(["−160000"]) > leftOf(["1"]));
});
