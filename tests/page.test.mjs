import assert from "node:assert/strict";
import { test } from "node:test";
import { pageModel, recall, remember } from "../seegrad/widgets/page.js";

function memory() {
  const kept = new Map();
  return { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) };
}

test("a change is told once to those who listen for it, and to no one after off", () => {
  const model = pageModel({ step: 0, _data: {} });
  const heard = [];
  const one = () => heard.push(model.get("step"));
  model.on("change:step change", one);
  model.set("step", 2);
  model.set("step", 2);
  assert.deepEqual(heard, [2, 2]);
  model.off("change:step", one);
  model.set("step", 3);
  assert.deepEqual(heard, [2, 2, 3]);
  model.off("change");
  model.set("step", 4);
  assert.equal(heard.length, 3);
});

test("what the reader changed is kept, and nothing else", () => {
  let kept = null;
  const model = pageModel({ answer: "", _data: { prompt: "?" } }, {}, (values) => (kept = values));
  model.set("answer", "28");
  assert.equal(kept, null);
  model.save_changes();
  assert.deepEqual(kept, { answer: "28" });
});

test("a page starts from what was kept, unless the widget has no such trait", () => {
  const model = pageModel({ answer: "" }, { answer: "28", step: 3 });
  assert.equal(model.get("answer"), "28");
  assert.equal(model.get("step"), undefined);
});

test("two widgets do not share what is kept", () => {
  const one = memory();
  remember(() => one, "a", { step: 1 });
  assert.deepEqual(recall(() => one, "a"), { step: 1 });
  assert.deepEqual(recall(() => one, "b"), {});
});

test("a browser that refuses to store, or stored nonsense, does no harm", () => {
  const refuses = () => {
    throw new Error("SecurityError");
  };
  remember(refuses, "a", { step: 1 });
  assert.deepEqual(recall(refuses, "a"), {});
  assert.deepEqual(recall(() => ({ getItem: () => "{" }), "a"), {});
  assert.deepEqual(recall(() => ({ getItem: () => "null" }), "a"), {});
});
