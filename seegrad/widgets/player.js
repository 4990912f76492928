// The player. Contract with player.py:
//   _data  {inputs: [node id],
//           views: [{title, parent, size,
//                    nodes: [{kind, box, title, sub, value, wait, grad, total, members, opens, outside,
//                             more: [[label, text, since: 0 always, 1 has run, 2 has its gradient]]}],
//                    edges: [{source, target, path, from, to, middle, shape, sent, links}]}],
//           steps: [{phase, node, edges, say, rule}],
//           rules: {rule: {forward: MathML tree, sends: [MathML tree], adds: of a leaf, says}},
//           operands: {node id: [[name, edge]]},
//           notes}                                                       read only
//   step   how many steps are done, 0 to steps.length                    both ways
//   _sentences  {English: in the reader's language, "": its tag}, {} for English   read only
// A small graph is one view; in a big one a box may stand for many nodes (`members`) and
// open a view of its own, and an edge for many edges (`links`). Steps, operands and links
// name nodes and edges of the whole graph.
// All words come as plain text and are set by textContent.

import { controlBar, helpBox, pictureMenu } from "./controls.js";
import { graphView } from "./graphview.js";
import { detailView } from "./nodedetail.js";
import { button, html, ownKeys, spoken, useSentences } from "./parts.js";
import { ruleView } from "./ruleview.js";
import { searchBox } from "./searchbox.js";
import { stepTable } from "./steptable.js";
import { homes, timeline, trail } from "./timeline.js";

const PLAYER_WORDS = {
  player: "gradient player",
  start: "Press Step: values flow down from the inputs first, then gradients flow back up.",
  note: "Note: {text}.",
  views: "enclosing views",
  whole: "whole graph",
  follow: "follow the steps",
  zoomIn: "zoom in",
  zoomOut: "zoom out",
  fit: "Fit",
  fitLabel: "show all of it",
  table: "Table",
};
const SEARCHED = 40; // graphs with more nodes can be searched
const ZOOM = 1.25;

/** Mount a player under `host`; `onStep(step)` is called when the reader moves, not by `update`. */
export function mountPlayer(host, given, { step: first = 0, onStep = () => {} } = {}) {
  let data, time, places, graph;
  let step = 0;
  let shown = 0; // index of the view
  let picked = null;

  // ---------------------------------------------------------------- what the reader does
  const go = (to) => {
    const next = Math.max(0, Math.min(time.last, to));
    if (next === step) return;
    move(next);
    onStep(step);
  };
  const pick = (i) => {
    picked = picked === i ? null : i;
    update();
  };
  const enter = (view, focus = 0) => {
    show(view);
    picked = null;
    update();
    graph.focus(focus);
  };
  const find = (view, box) => {
    enter(view, box);
    pick(box);
  };
  const close = () => {
    const at = picked;
    pick(at);
    graph.focus(at);
  };
  const leave = () => {
    const up = data.views[shown].parent;
    if (picked !== null) close();
    else if (up !== null) enter(up, data.views[up].nodes.findIndex((n) => n.opens === shown));
  };
  const toTable = () => {
    if (holdsFocus(table.box)) tableButton.focus();
    tableButton.setAttribute("aria-pressed", String(!table.box.classList.toggle("sg-hidden")));
    table.update(step);
  };

  // ---------------------------------------------------------------- parts
  const bar = controlBar({ go, step: () => step });
  const say = html("p", { class: "sg-say", "aria-live": "polite", dir: "auto" });
  const rule = ruleView();
  const detail = detailView({ go, close });
  const table = stepTable(go);
  const finder = searchBox(find);
  const crumbs = html("nav", { class: "sg-crumbs sg-row", "aria-label": spoken(PLAYER_WORDS.views) });
  const followed = html("input", { type: "checkbox" });
  followed.checked = true;
  const follow = html("label", {}, followed, ` ${spoken(PLAYER_WORDS.follow)}`);
  const picture = pictureMenu(() => ({ svg: graph.svg, bounds: graph.bounds, says: say.textContent }));
  const tableButton = button(spoken(PLAYER_WORDS.table), "", toTable);
  tableButton.setAttribute("aria-pressed", "false");
  const tools = html("div", { class: "sg-tools sg-row" }, follow,
    button("+", spoken(PLAYER_WORDS.zoomIn), () => graph.camera.zoom(ZOOM)),
    button("−", spoken(PLAYER_WORDS.zoomOut), () => graph.camera.zoom(1 / ZOOM)),
    button(spoken(PLAYER_WORDS.fit), spoken(PLAYER_WORDS.fitLabel), () => graph.camera.fit()),
    tableButton, picture, helpBox());
  const middle = html("div", { class: "sg-middle" }, rule.box, tools);
  const canvas = html("div", { class: "sg-canvas" });
  const notes = html("div");
  const root = html("div", { class: "sg sg-player", role: "group", "aria-label": spoken(PLAYER_WORDS.player) },
    bar.bar, say, middle, finder.box, crumbs,
    html("div", { class: "sg-stage" }, canvas, detail.box), table.box, notes);

  const keys = {
    ".": () => go(step + 1), ",": () => go(step - 1), Home: () => go(0), End: () => go(time.last),
    ArrowRight: () => go(step + 1), ArrowLeft: () => go(step - 1), p: bar.toggle,
    "+": () => graph.camera.zoom(ZOOM), "-": () => graph.camera.zoom(1 / ZOOM), 0: () => graph.camera.fit(),
    t: toTable, "/": () => finder.field.focus(), Escape: leave,
  };
  root.addEventListener("keydown", (event) => {
    const own = event.target.type === "range" ? /^(Arrow|Home|End)/ : event.target.matches("select, .sg-scroll") ? /./ : /^$/;
    if (event.ctrlKey || event.metaKey || event.altKey || own.test(event.key) || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  ownKeys(root);

  // ---------------------------------------------------------------- what is shown
  const holdsFocus = (part) => part.contains(root.getRootNode().activeElement);
  const show = (view, camera = null) => {
    shown = view;
    graph = graphView(data.views[view], time, data.steps, { pick, open: enter }, camera);
    canvas.replaceChildren(graph.svg);
    graph.camera.resize(canvas.clientWidth);
    crumbs.replaceChildren(...trail(data, view).map((v) => {
      const b = button(data.views[v].title || spoken(PLAYER_WORDS.whole), "", () => enter(v));
      if (v === view) b.setAttribute("aria-current", "true");
      return b;
    }));
  };
  const update = () => {
    const now = step > 0 ? data.steps[step - 1] : null;
    bar.update(time, step);
    say.textContent = now ? now.say : spoken(PLAYER_WORDS.start);
    rule.update(data, now);
    graph.update(step, picked);
    detail.update(data.views[shown], time, step, picked);
    table.update(step);
  };
  const move = (to) => {
    step = to;
    const place = to > 0 && followed.checked ? places.get(data.steps[to - 1].node) : null;
    const inside = holdsFocus(canvas);
    const elsewhere = place && place.view !== shown;
    if (elsewhere) {
      show(place.view);
      picked = null;
    }
    update();
    if (elsewhere && inside) graph.focus(place.box);
    else if (place) graph.camera.reveal(data.views[shown].nodes[place.box].box);
  };
  const load = (changed, to = step) => {
    const [old, title] = [data?.views[0], picked === null ? null : data.views[shown].nodes[picked].title];
    data = changed;
    [time, places] = [timeline(data), homes(data)];
    step = Math.max(0, Math.min(to, time.last));
    const same = old && shown === 0 && old.size.join() === data.views[0].size.join();
    show(0, same ? graph.camera.get() : null);
    const again = title === null ? -1 : data.views[0].nodes.findIndex((n) => n.title === title);
    picked = again < 0 ? null : again;
    const many = data.views.length > 1;
    crumbs.classList.toggle("sg-hidden", !many);
    follow.classList.toggle("sg-hidden", !many && graph.camera.whole());
    finder.box.classList.toggle("sg-hidden", places.size <= SEARCHED);
    bar.setData(time);
    table.setData(data, places);
    finder.setData(data);
    notes.replaceChildren(...data.notes.map((text) => html("p", { class: "sg-notes", text: spoken(PLAYER_WORDS.note, { text }) })));
    move(step);
  };

  host.append(root);
  load(given, first);
  let frameAsked = 0;
  const sizes = new ResizeObserver(() => {
    cancelAnimationFrame(frameAsked);
    frameAsked = requestAnimationFrame(() => graph.camera.resize(canvas.clientWidth));
  });
  sizes.observe(canvas);
  return {
    update(to) {
      const next = Math.max(0, Math.min(time.last, to));
      if (next !== step) move(next);
    },
    setData: load,
    destroy() {
      bar.stop();
      sizes.disconnect();
      cancelAnimationFrame(frameAsked);
      root.remove();
    },
  };
}

function renderPlayer({ model, el }) {
  useSentences(model.get("_sentences"), el);
  const player = mountPlayer(el, model.get("_data"), {
    step: model.get("step"),
    onStep(step) {
      model.set("step", step);
      model.save_changes();
    },
  });
  const changed = () => player.update(model.get("step"));
  model.on("change:step", changed);
  return () => {
    model.off("change:step", changed);
    player.destroy();
  };
}

export default { render: renderPlayer };
