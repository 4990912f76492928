// Mounts widgets in a page that has no kernel. Contract with seegrad/book.py: for each widget
//   <div class="sg-mount" data-widget="player" data-key="…">
//     <div class="sg-paper">what is seen without this script</div>
//     <script type="application/json">{synced trait: value}</script>
//   </div>
// What the reader changed (an answer, a step) is kept in localStorage under the key of the widget.

const PREFIX = "seegrad:";

/** What was kept under a key: an object, empty if there is nothing, or no storage. */
export function recall(storage, key) {
  try {
    return JSON.parse(storage().getItem(PREFIX + key)) ?? {};
  } catch {
    return {};
  }
}

/** Keep an object under a key. A browser that refuses only forgets. */
export function remember(storage, key, values) {
  try {
    storage().setItem(PREFIX + key, JSON.stringify(values));
  } catch {
    // no storage, or none left: the widget works, and forgets when the page is left
  }
}

/** Stands in for the model that Jupyter gives a widget; `keep` gets what the reader changed. */
export function pageModel(state, changed = {}, keep = () => {}) {
  const known = Object.fromEntries(Object.entries(changed).filter(([k]) => k in state));
  const values = { ...state, ...known };
  const listeners = new Map();
  const emit = (event) => [...(listeners.get(event) ?? [])].forEach((f) => f());
  const names = (events) => events.split(/\s+/);
  return {
    get: (name) => values[name],
    set(name, value) {
      if (values[name] === value) return;
      values[name] = known[name] = value;
      emit(`change:${name}`);
      emit("change");
    },
    on(events, f) {
      for (const e of names(events)) listeners.set(e, (listeners.get(e) ?? new Set()).add(f));
    },
    off(events, f) {
      for (const e of names(events)) f ? listeners.get(e)?.delete(f) : listeners.delete(e);
    },
    save_changes: () => keep(known),
    send() {},
  };
}

function mount(place, widgets) {
  const storage = () => globalThis.localStorage;
  const { widget, key } = place.dataset;
  const state = JSON.parse(place.querySelector("script").textContent);
  const live = document.createElement("div");
  live.className = "sg-live";
  const model = pageModel(state, recall(storage, key), (values) => remember(storage, key, values));
  place.append(live);
  widgets[widget].render({ model, el: live });
  place.classList.add("sg-alive");
}

/** Tell the style sheets which theme the page shows: some themes mark <body> instead of <html>. */
function followTheme() {
  const dark = globalThis.matchMedia("(prefers-color-scheme: dark)");
  const tell = () => {
    const { theme } = document.body.dataset;
    const shown = theme === "dark" || theme === "light" ? theme : dark.matches ? "dark" : "light";
    document.documentElement.dataset.theme = shown;
  };
  dark.addEventListener("change", tell);
  new MutationObserver(tell).observe(document.body, { attributeFilter: ["data-theme"] });
  tell();
}

/** Mount every widget of the page. One that fails leaves its picture, and the others, in place. */
export function startPage(widgets) {
  if ("theme" in document.body.dataset) followTheme();
  for (const place of document.querySelectorAll(".sg-mount")) {
    try {
      mount(place, widgets);
    } catch (error) {
      console.error(error);
      place.querySelector(".sg-live")?.remove();
    }
  }
}
