// Search, as this book shows it: each hit leads to a section or a cell, and quotes it.
//
// Sphinx finds the pages. Where in a page the words stand is looked up in `bookSections`, which
// the build writes. This script comes after Sphinx's own and before its index.

const SEARCH_WORDS = {
  en: { title: "Search results", none: "Nothing was found. Try fewer words, or one alone.", one: "1 place", many: "{n} places" },
  zh: { title: "搜索结果", none: "没有找到。试着少写几个词，或者只写一个词。", one: "1 处", many: "{n} 处" },
};
const SHELVES = { notebooks: 6, exercises: 2, solutions: -1000 }; // chapters first, solutions last
const SECTIONS_SHOWN = 3; // of one page
const QUOTED = 160; // characters

// How many of the words a text holds, one more if they stand together.
function matches(text, words, phrase) {
  const low = text.toLowerCase();
  const held = words.filter((forms) => forms.some((form) => low.includes(form))).length;
  return held + (phrase && low.includes(phrase) ? 1 : 0);
}

// The sections of a page that hold most of the words.
function bestSections(parts, words, phrase) {
  const rated = parts.map((part) => ({ part, n: matches(`${part[1]} ${part[2]}`, words, phrase) }));
  const most = Math.max(1, ...rated.map(({ n }) => n));
  return rated.filter(({ n }) => n === most).slice(0, SECTIONS_SHOWN);
}

// The hits of Sphinx as places: page, anchor, title, section, the text to quote, a score.
function placesOf(hits, words, phrase) {
  const places = [];
  for (const [page, title, anchor, said, rated, , kind] of hits) {
    const parts = bookSections[page] ?? [];
    const score = rated + (SHELVES[page.split("/")[0]] ?? 0);
    const top = parts[0]?.[1] ?? title;
    if (kind === "object") places.push({ page, anchor, title, section: "", text: said ?? "", score });
    else if (anchor) {
      const id = anchor.slice(1);
      const part = parts.find(([own, , , others]) => own === id || others.includes(id));
      places.push({ page, anchor, title: top, section: part?.[1] ?? "", text: part?.[2] ?? "", score });
    } else {
      const best = bestSections(parts, words, phrase);
      if (!best.length) places.push({ page, anchor, title: top, section: "", text: "", score });
      for (const { part, n } of best) {
        const near = n > words.length ? 10 : n === words.length ? 0 : -10; // together, or not all
        places.push({ page, anchor: `#${part[0]}`, title: top, section: part[1], text: part[2], score: score + near });
      }
    }
  }
  return places;
}

// One place for each section: an anchor inside it is the better way in.
function onePerSection(places) {
  const seen = new Map();
  for (const place of [...places].sort((a, b) => b.score - a.score)) {
    const key = `${place.page} ${place.section || place.anchor}`;
    if (!seen.has(key)) seen.set(key, place);
  }
  return [...seen.values()];
}

// A piece of a text around the whole query, else the first of its words: [part, found or not].
function quoted(text, words, phrase) {
  const whole = phrase && text.toLowerCase().includes(phrase);
  const forms = (whole ? [phrase] : words.flat()).filter((form) => form.length > 1 || form > "\u3000");
  if (!forms.length) return [[text.slice(0, QUOTED), false]];
  const escaped = forms.sort((a, b) => b.length - a.length).map((f) => f.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const find = new RegExp(`(${escaped.join("|")})`, "gi");
  const about = Math.max(0, text.search(find) - QUOTED / 4);
  const start = about && text.lastIndexOf(" ", about) + 1;
  const piece = text.slice(start, start + QUOTED);
  const parts = piece.split(find).map((part, k) => [part, k % 2 === 1]);
  return [[start ? "… " : "", false], ...parts, [start + QUOTED < text.length ? " …" : "", false]];
}

function element(tag, text, ...children) {
  const made = document.createElement(tag);
  made.append(text, ...children);
  return made;
}

function hit({ page, anchor, title, section, text }, words, phrase) {
  const link = element("a", title);
  link.href = `${page}${DOCUMENTATION_OPTIONS.LINK_SUFFIX}${anchor}`;
  if (section && section !== title) link.append(" › ", element("span", section));
  const parts = quoted(text, words, phrase).filter(([part]) => part);
  const said = element("p", "", ...parts.map(([part, found]) => (found ? element("mark", part) : part)));
  return element("li", "", link, said);
}

if (typeof Search !== "undefined") {
  Search.query = (query) => {
    const say = SEARCH_WORDS[document.documentElement.lang.startsWith("zh") ? "zh" : "en"];
    const parsed = Search._parseQuery(query);
    const stemmer = new Stemmer();
    const words = [...parsed[3]].map((word) => [...new Set([word, stemmer.stemWord(word)])]);
    const phrase = query.trim().toLowerCase();
    const places = onePerSection(placesOf(Search._performSearch(...parsed), words, phrase));
    Search.stopPulse();
    Search.output.append(...places.map((place) => hit(place, words, phrase)));
    Search.title.textContent = say.title;
    const count = places.length === 1 ? say.one : say.many.replace("{n}", places.length);
    Search.status.textContent = places.length ? count : say.none;
  };
}
