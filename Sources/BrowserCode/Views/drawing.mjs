// Measures and colours are asked of the browser once, not at each step: every question makes it lay out what has changed
// since the last one.

let colours = new Map();
let widths = new WeakMap();
let sizeChanged = () => {};

const shownWidth = (canvas) => Math.max(canvas.clientWidth, 200);

const watcher = typeof ResizeObserver === "undefined" ? null : new ResizeObserver((entries) => {
  const changed = entries.filter(({ target }) => widths.get(target) !== shownWidth(target));
  for (const { target } of changed) widths.delete(target);
  if (changed.length) sizeChanged();
});

/** What is to be done when something that is drawn on has another width. */
export function whenSizeChanges(act) {
  sizeChanged = act;
}

/** Forgets what the browser said: another colour scheme, or paper. */
export function forgetMeasures() {
  colours = new Map();
  widths = new WeakMap();
}

/** A colour of the page's style sheet. */
export function colour(name) {
  let value = colours.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    colours.set(name, value);
  }
  return value;
}

/** The width of a canvas's place on the screen, in CSS pixels. */
export function widthOf(canvas) {
  let width = widths.get(canvas);
  if (width === undefined) {
    width = shownWidth(canvas);
    widths.set(canvas, width);
    watcher?.observe(canvas);
  }
  return width;
}

const pixels = () => window.devicePixelRatio || 1;

function prepared(canvas) {
  const context = canvas.getContext("2d");
  context.setTransform(pixels(), 0, 0, pixels(), 0, 0);
  context.font = "12px system-ui, sans-serif";
  return context;
}

/** A canvas's drawing context, the canvas being as large as its place on the screen. */
export function fitted(canvas, height) {
  const width = widthOf(canvas);
  const [across, down] = [Math.round(width * pixels()), Math.round(height * pixels())];
  if (canvas.style.height !== `${height}px`) canvas.style.height = `${height}px`;
  if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
  return { context: prepared(canvas), width, height };
}

/** Another canvas of the same size, to be drawn on the first. */
export function layer(canvas) {
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  return { canvas: copy, context: prepared(copy) };
}

/** What all that is drawn depends on, besides the history: another one means drawing all of it afresh. */
export const drawingKey = (width) => [width, pixels(), colour("ground"), colour("ink")].join();
