import { pagesOf } from "./arithmetic.mjs";

/**
 * One free list: blocks of one order and type, head first. Blocks that were never used may be kept as a run, many behind
 * one another in one entry.
 */
export class BlockList {
  constructor(order, type) {
    this.order = order;
    this.type = type;
    this.head = null;
    this.tail = null;
    this.blocks = 0;
  }

  /** Page frames of the first and the last block; null: the list is empty. */
  get ends() {
    if (!this.head) return null;
    return [this.head.frame, this.tail.frame + (this.tail.count - 1) * pagesOf(this.order)];
  }

  pushFront(frame, count = 1) {
    const entry = { frame, count, list: this, before: null, after: this.head };
    if (this.head) this.head.before = entry;
    else this.tail = entry;
    this.head = entry;
    this.blocks += count;
    return entry;
  }

  pushBack(frame, count = 1) {
    const entry = { frame, count, list: this, before: this.tail, after: null };
    if (this.tail) this.tail.after = entry;
    else this.head = entry;
    this.tail = entry;
    this.blocks += count;
    return entry;
  }

  /** Puts an entry directly behind another. */
  insertAfter(entry, frame, count) {
    const added = { frame, count, list: this, before: entry, after: entry.after };
    if (entry.after) entry.after.before = added;
    else this.tail = added;
    entry.after = added;
    return added;
  }

  remove(entry) {
    if (entry.before) entry.before.after = entry.after;
    else this.head = entry.after;
    if (entry.after) entry.after.before = entry.before;
    else this.tail = entry.before;
    this.blocks -= entry.count;
  }

  *entries() {
    for (let entry = this.head; entry; entry = entry.after) yield entry;
  }
}
