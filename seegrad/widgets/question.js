// A question. Contract with question.py:
//   _data   {kind: "choice" | "value" | "order", prompt, choices, lines, truth,
//            accepted: [[line index]], wrong: [[text, meaning]], why}   read only
//   answer  what the reader answered, "" before                         both ways
//   _sentences  as in player.js
// An order is kept as "2,0,1". All words come as plain text and are set by textContent.

import { button, html, marked, ownKeys, spoken, useSentences } from "./parts.js";

const QUESTION_WORDS = {
  question: "question: {prompt}",
  answers: "answers",
  prediction: "your prediction",
  compare: "Compare",
  up: "move up: {line}",
  down: "move down: {line}",
  right: "✓ Right.",
  wrong: "✗ Not so.",
  truth: " PyTorch gives {text}.",
};

/** The numbers in a text and the words among None, True, False, error: what can be compared. */
export function parts(text) {
  const found = text.replaceAll("−", "-").match(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|none|true|false|nan|inf|error/gi) ?? [];
  return found.map((t) => (Number.isNaN(Number(t)) ? t.toLowerCase() : Number(t)));
}

/** Whether two typed answers mean the same: "tensor([0., 4.])", "0 4" and "[0, 4]" do. */
export function same(a, b) {
  if (a.trim() === b.trim()) return true;
  const strip = (t) => t.replace(/tensor|dtype=\S+|requires_grad=\w+/g, "");
  const [x, y] = [parts(strip(a)), parts(strip(b))];
  const close = (u, v) => u === v || (typeof u === "number" && typeof v === "number" && Math.abs(u - v) <= 5e-3 * Math.abs(v));
  return x.length > 0 && x.length === y.length && x.every((u, i) => close(u, y[i]));
}

/** What to say to an answer: {right, meaning}. */
export function judge(data, answer) {
  if (data.kind === "order") {
    return { right: data.accepted.some((order) => order.join(",") === answer), meaning: "" };
  }
  const equal = data.kind === "choice" ? (a, b) => a === b : same;
  const right = equal(answer, data.truth);
  const known = data.wrong.find(([text]) => equal(answer, text));
  return { right, meaning: !right && known ? known[1] : "" };
}

function choiceForm(data, answered, submit) {
  const box = html("div", { class: "sg-choices", role: "group", "aria-label": spoken(QUESTION_WORDS.answers) });
  for (const choice of data.choices) {
    const b = button(choice, "", () => submit(choice));
    b.setAttribute("aria-pressed", String(answered === choice));
    box.append(b);
  }
  return box;
}

function valueForm(data, answered, submit) {
  const input = html("input", { type: "text", "aria-label": spoken(QUESTION_WORDS.prediction), placeholder: spoken(QUESTION_WORDS.prediction), autocomplete: "off" });
  input.value = answered;
  const form = html("form", { class: "sg-value" }, input, html("button", { type: "submit", text: spoken(QUESTION_WORDS.compare) }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) submit(input.value.trim());
  });
  return form;
}

function orderForm(data, answered, submit, keep) {
  let order = keep.order ?? (answered ? answered.split(",").map(Number) : data.lines.map((_, i) => i));
  const list = html("ol", { class: "sg-lines" });
  const move = (k, by) => {
    const to = k + by;
    if (to < 0 || to >= order.length) return;
    order = order.with(k, order[to]).with(to, order[k]);
    keep.order = order;
    fill();
    const same = by < 0 ? ".sg-up" : ".sg-down";
    const at = list.children[to];
    (at.querySelector(`${same}:not(:disabled)`) ?? at.querySelector("button:not(:disabled)")).focus();
  };
  const fill = () => {
    list.replaceChildren(...order.map((line, k) => {
      const up = button("↑", spoken(QUESTION_WORDS.up, { line: data.lines[line] }), () => move(k, -1));
      const down = button("↓", spoken(QUESTION_WORDS.down, { line: data.lines[line] }), () => move(k, 1));
      up.classList.add("sg-up");
      down.classList.add("sg-down");
      up.disabled = k === 0;
      down.disabled = k === order.length - 1;
      return html("li", {}, up, down, html("code", { text: data.lines[line] }));
    }));
  };
  fill();
  return html("div", {}, list, button(spoken(QUESTION_WORDS.compare), "", () => submit(order.join(","))));
}

const FORMS = { choice: choiceForm, value: valueForm, order: orderForm };

function renderQuestion({ model, el }) {
  useSentences(model.get("_sentences"), el);
  const data = model.get("_data");
  const keep = {};
  const submit = (answer) => {
    model.set("answer", answer);
    model.save_changes();
    update();
  };
  const form = html("div");
  const verdict = html("div", { class: "sg-verdict", "aria-live": "polite" });
  const root = html("div", { class: "sg sg-question", role: "group", "aria-label": spoken(QUESTION_WORDS.question, { prompt: data.prompt }) },
    marked("p", { class: "sg-prompt" }, data.prompt), form, verdict);

  function update() {
    const answer = model.get("answer");
    const fields = () => [...form.querySelectorAll("button, input")];
    const focused = fields().indexOf(root.getRootNode().activeElement);
    form.replaceChildren(FORMS[data.kind](data, answer, submit, keep));
    fields()[focused]?.focus(); // what was made anew keeps the focus
    verdict.replaceChildren();
    root.classList.remove("sg-right", "sg-wrong");
    if (!answer) return;
    const { right, meaning } = judge(data, answer);
    root.classList.add(right ? "sg-right" : "sg-wrong");
    const truth = data.kind === "order" ? "" : spoken(QUESTION_WORDS.truth, { text: data.truth });
    verdict.append(html("strong", { text: spoken(right ? QUESTION_WORDS.right : QUESTION_WORDS.wrong) }), right && data.kind === "choice" ? "" : truth);
    if (meaning) verdict.append(marked("p", {}, meaning));
    if (data.why && (right || data.kind !== "order")) verdict.append(marked("p", {}, data.why));
  }
  ownKeys(root);
  model.on("change:answer", update);
  update();
  el.append(root);
  return () => model.off("change:answer", update);
}

export default { render: renderQuestion };
