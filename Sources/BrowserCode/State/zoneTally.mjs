import { pagesOf } from "./arithmetic.mjs";

const typeKinds = 6;
const usual = 1;

/**
 * A range of a zone in equal parts: how many pages of each are free, and how many of its pageblocks have which type. Kept
 * up to date as blocks come and go, and remembers which parts are others now.
 */
export class ZoneTally {
  /** @param segments the memory of the zone, as first and end page frames: the rest are holes */
  constructor(zone, segments, { first, end, unit }) {
    Object.assign(this, { first, end, unit, pageblockPages: zone.pageblockPages });
    this.count = Math.ceil((end - first) / unit);
    this.free = new Float64Array(this.count);
    this.managed = new Float64Array(this.count);
    this.pageblocks = new Float64Array(this.count * typeKinds);
    this.changed = new Set();
    for (const [low, high] of segments) this.addTo(this.managed, low, high - low);
    for (const list of zone.lists) {
      for (const entry of list.entries()) this.addTo(this.free, entry.frame, entry.count * pagesOf(list.order));
    }
    for (const [frame, type] of zone.types) this.addType(frame, type, 1);
  }

  addTo(amounts, frame, pages) {
    const last = Math.min(frame + Math.abs(pages), this.end);
    const sign = Math.sign(pages);
    for (let page = Math.max(frame, this.first); page < last;) {
      const tile = Math.floor((page - this.first) / this.unit);
      const next = Math.min(this.first + (tile + 1) * this.unit, last);
      amounts[tile] += sign * (next - page);
      page = next;
    }
  }

  /** Pages from one on became free; a negative number: are not any more. */
  add(frame, pages) {
    this.addTo(this.free, frame, pages);
    this.note(frame, Math.abs(pages));
  }

  /** A pageblock has a type now; -1: has it no longer. */
  addType(frame, type, change) {
    const [low, high] = this.tilesOf(frame, this.pageblockPages);
    for (let tile = low; tile <= high; tile++) {
      this.pageblocks[tile * typeKinds + type] += change;
      this.changed.add(tile);
    }
  }

  note(frame, pages) {
    const [low, high] = this.tilesOf(frame, pages);
    for (let tile = low; tile <= high; tile++) this.changed.add(tile);
  }

  /** The parts that are not as in another tally of the same range. */
  differing(other) {
    const parts = [];
    for (let tile = 0; tile < this.count; tile++) {
      let isSame = this.free[tile] === other.free[tile];
      for (let place = tile * typeKinds; place < (tile + 1) * typeKinds; place++) isSame &&= this.pageblocks[place] === other.pageblocks[place];
      if (!isSame) parts.push(tile);
    }
    return parts;
  }

  /** The first and the last part that a range of pages lies in; the last before the first: none. */
  tilesOf(frame, pages) {
    const low = Math.floor((frame - this.first) / this.unit);
    const high = Math.floor((frame + pages - 1 - this.first) / this.unit);
    return [Math.max(low, 0), Math.min(high, this.count - 1)];
  }

  /** Its pageblocks by type, those of the most frequent type first: `[type, pageblocks]`. Movable ones are left out. */
  typesOf(tile) {
    const all = Math.max(this.unit / this.pageblockPages, 1);
    const counts = Array.from({ length: typeKinds }, (_, type) => this.pageblocks[tile * typeKinds + type]);
    counts[usual] = all - counts.reduce((sum, count, type) => (type === usual ? sum : sum + count), 0);
    return counts.map((count, type) => [type, count]).filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
  }
}
