"""A page that shows widgets without a kernel: module text, style, JSON state, and a fake model."""

import json

from seegrad.widgets import module

PAGE = "http://127.0.0.1:9/page.html"  # never asked for over the network: a route answers
HTML = {"status": 200, "content_type": "text/html; charset=utf-8"}

SCRIPT = """
const json = document.querySelector("[type='application/json']").textContent;
const { sources, states } = JSON.parse(json);
const module = (text) => import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
const loaded = {};
for (const [name, text] of Object.entries(sources)) loaded[name] = await module(text);

function modelOf(state) {
  const heard = new Map();
  const listeners = (event) => heard.get(event) ?? heard.set(event, new Set()).get(event);
  return {
    get: (key) => state[key],
    set(key, value) {
      if (state[key] === value) return;
      state[key] = value;
      for (const f of [...listeners(`change:${key}`)]) f();
    },
    on: (event, f) => listeners(event).add(f),
    off: (event, f) => listeners(event).delete(f),
    save_changes() {},
    heard: () => [...heard.values()].reduce((n, set) => n + set.size, 0),
  };
}
window.loaded = loaded;
window.models = states.map(({ state }) => modelOf(state));
window.show = (k) => {
  const host = document.createElement("div");
  document.querySelector("main").append(host);
  const clean = loaded[states[k].widget].default.render({ model: models[k], el: host });
  return () => {
    clean();
    host.remove();
  };
};
states.forEach((_, k) => show(k));
window.ready = true;
"""


def page_of(widgets, theme):
    """Return the HTML of a page that shows each widget once."""
    names = {w.front for w in widgets}
    data = {
        "sources": {name: module.source(name) for name in names},
        "states": [{"widget": w.front, "state": w.state()} for w in widgets],
    }
    style = "".join(module.style(name) for name in names)
    safe = json.dumps(data).replace("<", "\\u003c")
    ground = "#14181f" if theme == "dark" else "#ffffff"
    return f"""<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Widgets</title><style>body{{margin:8px;background:{ground}}}{style}</style></head>
<body><main><h1 style="font-size:0">Widgets</h1></main>
<script type="application/json">{safe}</script>
<script type="module">{SCRIPT}</script></body></html>"""
