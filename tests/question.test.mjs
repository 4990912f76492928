import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, parts, same } from "../seegrad/widgets/question.js";

test("what means the same is the same", () => {
  for (const typed of ["[0, 4, 8, 12]", "0 4 8 12", "tensor([ 0.,  4.,  8., 12.])", "0,4,8,12", "tensor([0., 4., 8., 12.], dtype=torch.float64)"]) {
    assert.ok(same(typed, "[0, 4, 8, 12]"), typed);
  }
  assert.ok(same("none", "None"));
  assert.ok(same("−2.829", "-2.829"));
  assert.ok(same("1e-3", "0.001"));
  assert.ok(same(".5", "0.5"));
});

test("what differs is not the same", () => {
  for (const typed of ["[0, 4, 8]", "[0, 4, 8, 13]", "", "twelve", "[0, 4, 8, 12, 16]"]) {
    assert.ok(!same(typed, "[0, 4, 8, 12]"), typed);
  }
  assert.ok(!same("2", "-2"));
  assert.ok(!same("0", "None"));
});

test("numbers and words are found", () => {
  assert.deepEqual(parts("[1, -2.5e3, nan, True]"), [1, -2500, "nan", "true"]);
});

test("a known wrong answer gets its meaning", () => {
  const data = { kind: "value", truth: "[0, 4]", wrong: [["[0, 2]", "A factor 2 is missing."]] };
  assert.deepEqual(judge(data, "0 4"), { right: true, meaning: "" });
  assert.deepEqual(judge(data, "0 2"), { right: false, meaning: "A factor 2 is missing." });
  assert.deepEqual(judge(data, "7"), { right: false, meaning: "" });
});

test("choices are compared as they are, orders among the accepted", () => {
  const choice = { kind: "choice", truth: "x.grad has shape (4, 1)", wrong: [] };
  assert.ok(!judge(choice, "x.grad has shape (4,)").right);
  const order = { kind: "order", accepted: [[1, 0, 2]], wrong: [] };
  assert.ok(judge(order, "1,0,2").right);
  assert.ok(!judge(order, "0,1,2").right);
});
