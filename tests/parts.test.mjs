import assert from "node:assert/strict";
import { test } from "node:test";
import { spoken, useSentences } from "../seegrad/widgets/parts.js";

test("widgets of one page add their sentences, another language takes their place", () => {
  const el = {};
  useSentences({ "": "zh-CN", step: "步" }, el);
  useSentences({ "": "zh-CN", "{n} found": "找到 {n} 个" }, el);
  assert.equal(el.lang, "zh-CN");
  assert.equal(spoken("step"), "步");
  assert.equal(spoken("{n} found", { n: 3 }), "找到 3 个");
  useSentences({}, {});
  assert.equal(spoken("step"), "step");
});
