import { buddyOf, pagesOf } from "../State/arithmetic.mjs";
import { part } from "../State/forms.mjs";
import { frameName, memory, plural } from "../Words/amounts.mjs";
import { drawn, element } from "./elements.mjs";

const stepRow = 34;
const stepNameWidth = 60;
/** Wider pictures would have their parts too far from one another. */
const mostStepWidth = 720;

/** The steps of a split, from the block found down to the one kept: at each the half that goes back. */
function splitSteps([, frame, order, kept, keptOrder]) {
  const steps = [{ order, parts: [{ frame, order, role: "found" }] }];
  let block = frame;
  for (let level = order - 1; level >= keptOrder; level--) {
    const upper = block + pagesOf(level);
    const back = kept >= upper ? block : upper;
    if (kept >= upper) block = upper;
    steps.push({ order: level, parts: [{ frame: block, order: level, role: level === keptOrder ? "kept" : "half" }, { frame: back, order: level, role: "back" }] });
  }
  return steps;
}

/** The steps of a merge, from the block freed up to what comes out: at each the buddy that is found free. */
function mergeSteps([, frame, order, , mergedOrder]) {
  const steps = [];
  let block = frame;
  for (let level = order; level < mergedOrder; level++) {
    const buddy = buddyOf(block, level);
    steps.push({ order: level, parts: [{ frame: block, order: level, role: level === order ? "freed" : "half" }, { frame: buddy, order: level, role: "buddy" }] });
    block = Math.min(block, buddy);
  }
  steps.push({ order: mergedOrder, parts: [{ frame: block, order: mergedOrder, role: "made" }] });
  return steps;
}

const roles = {
  found: "found on the list", kept: "the request's", half: "split further", back: "back to the list", freed: "given back",
  buddy: "its buddy, free", made: "free as one",
};

/**
 * A split or merge, one row a step, each with the whole block's place as its width; null: nothing of the kind. As wide as
 * its place, in CSS pixels, so that its words are as large as those around it.
 */
export function changeDrawing(data, raw, place) {
  const isSplit = raw[0] === part.taken && raw[2] > raw[4];
  const isMerge = raw[0] === part.merged && raw[4] > raw[2];
  if (!isSplit && !isMerge) return null;
  const steps = isSplit ? splitSteps(raw) : mergeSteps(raw);
  const [first, top] = isSplit ? [raw[1], raw[2]] : [raw[3], raw[4]];
  const width = Math.min(place, mostStepWidth);
  const scale = (width - stepNameWidth - 4) / pagesOf(top);
  const title = isSplit ? `Split in ${plural(steps.length - 1, "step")}` : `Merge in ${plural(steps.length - 1, "step")}`;
  const rows = steps.map((step, row) => drawn("g", { class: `step step${row}` },
    drawn("text", { x: 0, y: row * stepRow + 20, class: "row-name" }, `order ${step.order}`),
    step.parts.map((block) => stepBox(data, block, stepNameWidth + (block.frame - first) * scale, pagesOf(block.order) * scale, row))));
  return element("figure", { class: "change" }, drawn("svg", { viewBox: `0 0 ${width} ${steps.length * stepRow}`, width, role: "img", "aria-label": title },
    drawn("title", {}, title), rows), element("figcaption", {}, `${title}: ${steps.map((step) => memory(pagesOf(step.order), data.pageSize)).join(" → ")}`));
}

function stepBox(data, block, x, size, row) {
  const y = row * stepRow;
  const label = `${memory(pagesOf(block.order), data.pageSize)}, ${roles[block.role]}`;
  const letters = Math.floor((size - 6) / 6.6);
  const shown = [label, memory(pagesOf(block.order), data.pageSize)].find((text) => text.length <= letters);
  return drawn("g", { class: `part ${block.role}` }, drawn("title", {}, `${label}: ${frameName(block.frame)}`),
    drawn("rect", { x: x + 1, y: y + 3, width: Math.max(size - 2, 2), height: stepRow - 6, rx: 3 }),
    shown ? drawn("text", { x: x + size / 2, y: y + 21, "text-anchor": "middle" }, shown) : null);
}
