import { pagesOf } from "./arithmetic.mjs";

/**
 * What is in a range of pages at the moment that a history is at, by page frame: free blocks, blocks in use as far as
 * the history saw them handed out, and blocks on CPUs' lists. What is in none of them has been in use since before.
 */
export function standingBlocks(history, zoneIndex, first, pages) {
  const { state } = history;
  const zone = state.zones[zoneIndex];
  const end = first + pages;
  const blocks = freeBlocks(zone, first, end);
  for (const { frame, order, from } of history.usedWithin(first, end)) blocks.push({ frame, order, event: from, kind: "used" });
  for (const [cpu, lists] of zone.cpus) {
    lists.forEach((frames, index) => frames?.forEach((frame) => {
      if (frame >= first && frame < end) blocks.push({ frame, order: state.orderOf(index), cpu, kind: "percpu" });
    }));
  }
  return blocks.sort((a, b) => a.frame - b.frame);
}

/** By page frame: it costs no more on a machine with millions of free blocks. */
function freeBlocks(zone, first, end) {
  const blocks = [];
  const whole = zone.blockAround(first);
  for (let frame = whole ? whole.frame + pagesOf(whole.order) : first; frame < end;) {
    const entry = zone.heads.get(frame);
    if (entry) blocks.push({ frame, order: entry.list.order, type: entry.list.type, kind: "free" });
    frame += entry ? pagesOf(entry.list.order) : 1;
  }
  return whole ? [{ ...whole, kind: "free" }, ...blocks] : blocks;
}
