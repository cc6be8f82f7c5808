import { kind, part } from "./forms.mjs";

/** The blocks that the history saw handed out: which event each came from, and which gave it back. */
export class Allocations {
  constructor() {
    this.all = [];
    this.held = new Map();
    /** By event, of those that took a block or gave one back: the allocation. */
    this.byEvent = new Map();
    this.isSorted = true;
  }

  /** Takes an event in; in order of time. */
  note(event, index) {
    if (event.kind === kind.free) {
      if (this.held.has(event.frame)) this.byEvent.set(index, this.held.get(event.frame));
      this.end(event.frame, index);
    }
    for (const raw of event.parts) if (raw[0] === part.nestedFree) this.end(raw[1], index);
    if (event.kind !== kind.request || event.frame < 0) return;
    const allocation = { frame: event.frame, order: event.order, from: index, to: Infinity };
    this.held.set(event.frame, allocation);
    this.all.push(allocation);
    this.byEvent.set(index, allocation);
    this.isSorted = false;
  }

  end(frame, index) {
    const allocation = this.held.get(frame);
    if (allocation) allocation.to = index;
    this.held.delete(frame);
  }

  /** Those that begin within a range of page frames and are in use between an event's end and another's begin. */
  within(first, end, done, begun) {
    if (!this.isSorted) this.all.sort((a, b) => a.frame - b.frame);
    this.isSorted = true;
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.all[middle].frame < first) low = middle + 1;
      else high = middle;
    }
    const found = [];
    for (; low < this.all.length && this.all[low].frame < end; low++) {
      const { from, to } = this.all[low];
      if (from <= done && to > begun) found.push(this.all[low]);
    }
    return found;
  }
}
