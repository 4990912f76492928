// When things happen in a trace, and where its nodes are drawn. Pure; the data are described in player.js.

/** For each node the step at which it ran and got its gradient, for each edge when one was sent along it. */
export function timeline(data) {
  const time = { ran: new Map(), arrived: new Map(), sent: new Map(), forward: 0, last: data.steps.length };
  for (const i of data.inputs) time.ran.set(i, 0);
  data.steps.forEach(({ phase, node, edges }, k) => {
    if (phase === "forward") {
      time.forward += 1;
      time.ran.set(node, k + 1);
    } else {
      time.arrived.set(node, k + 1);
      for (const e of edges) time.sent.set(e, k + 1);
    }
  });
  return time;
}

/** Whether something of a timeline's map has happened after so many steps. */
export function happened(map, key, step) {
  return (map.get(key) ?? Infinity) <= step;
}

/** When a box counts as run: a folded one as soon as one of its operations has. */
export function runsAt(time, box) {
  if (box.opens === null) return time.ran.get(box.members[0]) ?? Infinity;
  const ran = box.members.map((m) => time.ran.get(m) || Infinity); // inputs are there from step 0
  return Math.min(...ran);
}

/** Where the reader is: the phase, how many of its steps are done, and of how many. */
export function position(time, step) {
  if (step === 0) return { phase: "start", at: 0, of: 0 };
  if (step <= time.forward) return { phase: "forward", at: step, of: time.forward };
  return { phase: "backward", at: step - time.forward, of: time.last - time.forward };
}

/** For each node of the whole graph the view in which it is a box of its own, and which box. */
export function homes(data) {
  const found = new Map();
  data.views.forEach((v, view) => v.nodes.forEach((n, box) => {
    if (!n.outside && n.opens === null) found.set(n.members[0], { view, box });
  }));
  return found;
}

/** The indices of the views around a view, outermost first, itself last. */
export function trail(data, view) {
  const found = [];
  for (let v = view; v !== null; v = data.views[v].parent) found.unshift(v);
  return found;
}

/** Boxes whose words hold `text`, at most `most`: [{view, box}], and how many there are. */
export function search(data, text, most) {
  const wanted = text.trim().toLowerCase();
  const found = [];
  if (wanted) {
    data.views.forEach((v, view) => v.nodes.forEach((n, box) => {
      const words = [n.title, n.sub, ...n.more.map((row) => row[1])].join("\n").toLowerCase();
      if (!n.outside && words.includes(wanted)) found.push({ view, box });
    }));
  }
  return { found: found.slice(0, most), count: found.length };
}
