// Zoom, pan and fit of a drawing, by wheel, mouse, one finger and two. What is seen is a camera
// {x, y, scale}: the point in the middle, and pixels for each unit of the drawing.

const READABLE = 0.66; // below this scale the words are too small
const LARGEST = 1.15;
const [LOW, HIGH] = [130, 560];
const ROOM = 30; // pixels around a box that is to be seen

/** How a drawing of size w × h is best shown in so many pixels: its height, and the scale at which all is seen. */
export function fitting([w, h], width) {
  const across = Math.min(LARGEST, width / w);
  const height = Math.min(HIGH, Math.max(LOW, h * across));
  const scale = Math.min(across, height / h);
  if (scale >= READABLE) return { height, scale, whole: true };
  return { height: Math.min(HIGH, Math.max(LOW, h * READABLE)), scale, whole: false };
}

/** The part of the drawing that a camera sees, as a viewBox. */
export function seen({ x, y, scale }, width, height) {
  return [x - width / scale / 2, y - height / scale / 2, width / scale, height / scale];
}

/** A camera zoomed by a factor so that a point of the drawing stays where it is. */
export function zoomed({ x, y, scale }, factor, [u, v]) {
  return { x: u + (x - u) / factor, y: v + (y - v) / factor, scale: scale * factor };
}

/** The camera of an svg. `bounds` is the whole drawing, [x, y, width, height]. */
export function cameraOf(svg, bounds, before = null) {
  const middle = { x: bounds[0] + bounds[2] / 2, y: bounds[1] + bounds[3] / 2 };
  let [width, height] = [640, 480];
  let best = fitting([bounds[2], bounds[3]], width);
  let camera = before;
  let own = before !== null; // the reader chose what to see
  let wanted = null; // the box that is to be seen

  const clamp = (v, low, size) => Math.min(Math.max(v, low), low + size);
  const show = (next) => {
    const least = Math.min(best.scale, READABLE) / 2;
    const scale = clamp(next.scale, least, 6);
    camera = { x: clamp(next.x, bounds[0], bounds[2]), y: clamp(next.y, bounds[1], bounds[3]), scale };
    svg.setAttribute("viewBox", seen(camera, width, height).map((v) => Math.round(v * 10) / 10).join(" "));
  };
  const start = () => {
    own = false;
    show(best.whole ? { ...middle, scale: best.scale } : { ...middle, y: bounds[1] + height / READABLE / 2, scale: READABLE });
    if (wanted) reveal(wanted);
  };
  const reveal = ([x, y, w, h]) => {
    const [left, top, across, down] = seen(camera, width, height);
    const room = ROOM / camera.scale;
    const outside = x - w / 2 < left || x + w / 2 > left + across || y - h / 2 - room < top || y + h / 2 + room > top + down;
    const within = (v, low, size, part) => (part >= size ? low + size / 2 : clamp(v, low + part / 2, size - part));
    if (outside && !(best.whole && !own)) {
      show({ ...camera, x: within(x, bounds[0], bounds[2], across), y: within(y, bounds[1], bounds[3], down) });
    }
  };
  const choose = (next) => {
    own = true;
    show(next);
  };
  const resize = (to) => {
    if (!to || Math.abs(to - width) < 1) return;
    width = to;
    best = fitting([bounds[2], bounds[3]], width);
    height = Math.round(best.height);
    svg.style.height = `${height}px`;
    if (own) show(camera);
    else start();
  };
  const offset = ({ clientX, clientY }) => {
    const r = svg.getBoundingClientRect();
    return [clientX - r.left - r.width / 2, clientY - r.top - r.height / 2];
  };
  const under = (from, spot) => {
    const [u, v] = offset(spot);
    return [from.x + u / from.scale, from.y + v / from.scale];
  };

  height = Math.round(best.height);
  svg.style.height = `${height}px`;
  if (own) show(camera);
  else start();

  listen();
  return {
    resize,
    get: () => (own ? camera : null),
    whole: () => best.whole && !own,
    fit: () => choose({ ...middle, scale: best.scale }),
    zoom: (factor) => choose(zoomed(camera, factor, [camera.x, camera.y])),
    /** Move so that a box [middle x, middle y, width, height] is seen. */
    reveal(box) {
      wanted = box;
      reveal(box);
    },
  };

  function listen() {
    const fingers = new Map();
    let drag = null;
    const spread = () => {
      const [a, b] = [...fingers.values()];
      return b && { gap: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) || 1, clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 };
    };
    const begin = () => {
      const pinch = spread();
      const one = fingers.values().next().value;
      drag = one && { from: pinch ?? one, camera, gap: pinch?.gap, moved: Boolean(pinch) };
    };
    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || fingers.size > 1) return;
      fingers.set(event.pointerId, event);
      begin();
    });
    svg.addEventListener("pointermove", (event) => {
      if (!drag || !fingers.has(event.pointerId)) return;
      fingers.set(event.pointerId, event);
      const now = spread() ?? event;
      const [dx, dy] = [now.clientX - drag.from.clientX, now.clientY - drag.from.clientY];
      if (!drag.moved && Math.hypot(dx, dy) < 4) return;
      if (!drag.moved || drag.gap) svg.setPointerCapture(event.pointerId);
      drag.moved = true;
      svg.classList.add("sg-dragging");
      const scale = drag.camera.scale * (drag.gap ? now.gap / drag.gap : 1);
      const [x, y] = under(drag.camera, drag.from); // stays under the fingers
      const [u, v] = offset(now);
      choose({ x: x - u / scale, y: y - v / scale, scale });
    });
    const drop = (event) => {
      if (!fingers.delete(event.pointerId)) return;
      begin();
      if (!drag) svg.classList.remove("sg-dragging");
    };
    svg.addEventListener("pointerup", drop);
    svg.addEventListener("pointercancel", drop);
    svg.addEventListener("pointerleave", (event) => drag && !drag.moved && drop(event));
    // One finger up or down scrolls the page (touch-action: pan-y); two belong to the drawing.
    const two = (event) => event.touches.length > 1 && event.preventDefault();
    svg.addEventListener("touchstart", two, { passive: false });
    svg.addEventListener("touchmove", two, { passive: false });
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // plain scrolling belongs to the page
      event.preventDefault();
      choose(zoomed(camera, event.deltaY < 0 ? 1.2 : 1 / 1.2, under(camera, event)));
    }, { passive: false });
  }
}
