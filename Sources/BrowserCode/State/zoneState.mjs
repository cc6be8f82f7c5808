import { alignedDown, buddyOf, folded, pagesOf } from "./arithmetic.mjs";
import { BlockList } from "./blockList.mjs";
import { ZoneTally } from "./zoneTally.mjs";

export const typeCount = 6;
const movable = 1;

/** A zone at one moment: its free lists in order, its CPUs' lists, its pageblocks' types and its watermarks. */
export class ZoneState {
  /** @param zone the zone as the page's data has it, at the history's start, or as `saved` left it */
  constructor(zone, maxOrder, pageblockOrder) {
    this.start = zone.start;
    this.end = zone.end;
    this.maxOrder = maxOrder;
    this.pageblockPages = pagesOf(pageblockOrder);
    this.marks = zone.marks.slice();
    this.lists = [];
    this.counts = new Array(maxOrder + 1).fill(0);
    this.free = 0;
    this.heads = new Map();
    /** By a pageblock's first page frame, where it is not of the usual type or has ever been of another. */
    this.types = new Map(zone.types);
    this.cpus = new Map();
    /** By parts of a range, for who draws them; null: nobody does. */
    this.tally = null;
    for (let order = 0; order <= maxOrder; order++) {
      for (let type = 0; type < typeCount; type++) this.lists.push(new BlockList(order, type));
    }
    for (const [order, type, runs] of zone.lists) this.fill(order, type, runs);
    // A machine of many TiB begins with one run of millions of pageblocks of the usual type.
    for (const [first, count, type] of zone.pageblocks ?? []) if (type !== movable) this.retype(first, count, type);
    for (const [cpu, lists] of zone.percpu) {
      for (const [index, frames] of lists) this.cpuList(cpu, index).push(...frames);
    }
  }

  fill(order, type, runs) {
    for (let index = 0; index < runs.length; index += 2) {
      const [first, count] = [runs[index], runs[index + 1]];
      if (order === this.maxOrder) {
        this.put(order, type, first, true, count);
      } else {
        for (let block = 0; block < count; block++) this.put(order, type, first + block * pagesOf(order), true);
      }
    }
  }

  list(order, type) {
    return this.lists[order * typeCount + type];
  }

  put(order, type, frame, atTail, count = 1) {
    const list = this.list(order, type);
    const entry = atTail ? list.pushBack(frame, count) : list.pushFront(frame, count);
    this.heads.set(frame, entry);
    this.counts[order] += count;
    this.free += count * pagesOf(order);
    this.tally?.add(frame, count * pagesOf(order));
  }

  /** Takes a block off whichever list it is on. */
  take(frame, order) {
    let entry = this.heads.get(frame);
    if (!entry) entry = this.separated(frame, order);
    if (!entry || entry.list.order !== order) throw new Error(`block ${frame} of order ${order} is not free`);
    const list = entry.list;
    this.heads.delete(frame);
    if (entry.count > 1) {
      // The rest of the run moves up into the block's place.
      entry.frame += pagesOf(order);
      entry.count -= 1;
      list.blocks -= 1;
      this.heads.set(entry.frame, entry);
    } else {
      list.remove(entry);
    }
    this.counts[order] -= 1;
    this.free -= pagesOf(order);
    this.tally?.add(frame, -pagesOf(order));
  }

  /** The entry that begins with a block in the middle of a run, cut off from what is before it. */
  separated(frame, order) {
    const size = pagesOf(order);
    for (let type = 0; type < typeCount; type++) {
      for (const entry of this.list(order, type).entries()) {
        const before = (frame - entry.frame) / size;
        if (before <= 0 || before >= entry.count) continue;
        const rest = entry.list.insertAfter(entry, frame, entry.count - before);
        entry.count = before;
        this.heads.set(frame, rest);
        return rest;
      }
    }
    return undefined;
  }

  /** The free block that a page is in; undefined: the page is not free. */
  blockAround(frame) {
    for (let order = 0; order <= this.maxOrder; order++) {
      const start = alignedDown(frame, pagesOf(order));
      const entry = this.heads.get(start);
      if (entry?.list.order === order) return { frame: start, order, type: entry.list.type };
    }
    const size = pagesOf(this.maxOrder);
    for (let type = 0; type < typeCount; type++) {
      for (const entry of this.list(this.maxOrder, type).entries()) {
        const isWithin = frame >= entry.frame && frame < entry.frame + entry.count * size;
        if (isWithin) return { frame: alignedDown(frame, size), order: this.maxOrder, type };
      }
    }
    return undefined;
  }

  /** Counts by parts of a range from now on: the same parts as before, unless others are asked for. */
  tallied(segments, range) {
    const { tally } = this;
    if (!tally || tally.first !== range.first || tally.end !== range.end || tally.unit !== range.unit) {
      this.tally = new ZoneTally(this, segments, range);
    }
    return this.tally;
  }

  /** A block left its list; all but the kept part went back, halved at each step down. */
  split(frame, order, kept, keptOrder, type) {
    this.take(frame, order);
    let block = frame;
    for (let level = order - 1; level >= keptOrder; level--) {
      const upper = block + pagesOf(level);
      if (kept >= upper) {
        this.put(level, type, block, false);
        block = upper;
      } else {
        this.put(level, type, upper, false);
      }
    }
  }

  /** A block came back and was joined with its free buddies. */
  merge(frame, order, into, mergedOrder, type, atTail) {
    let block = frame;
    for (let level = order; level < mergedOrder; level++) {
      const buddy = buddyOf(block, level);
      this.take(buddy, level);
      block = Math.min(block, buddy);
    }
    if (block !== into) throw new Error(`block ${frame} became ${block}, not ${into}`);
    this.put(mergedOrder, type, into, atTail);
  }

  move(frame, order, type) {
    this.take(frame, order);
    this.put(order, type, frame, true);
  }

  retype(first, count, type) {
    for (let index = 0; index < count; index++) {
      const pageblock = first + index * this.pageblockPages;
      const before = this.types.get(pageblock);
      if (before !== undefined) this.tally?.addType(pageblock, before, -1);
      this.tally?.addType(pageblock, type, 1);
      this.types.set(pageblock, type);
    }
  }

  /** The type of the pageblock that a page is in. */
  typeOf(frame) {
    return this.types.get(Math.floor(frame / this.pageblockPages) * this.pageblockPages) ?? movable;
  }

  cpuList(cpu, index) {
    let lists = this.cpus.get(cpu);
    if (!lists) this.cpus.set(cpu, (lists = []));
    return (lists[index] ??= []);
  }

  /** Pages on a CPU's lists. */
  cpuPages(cpu, orderOf) {
    return (this.cpus.get(cpu) ?? []).reduce(
      (sum, frames, index) => sum + (frames?.length ?? 0) * pagesOf(orderOf(index)), 0);
  }

  /** `StateDigest`'s part for a zone. */
  folded(sum, orderOf) {
    for (let order = 0; order <= this.maxOrder; order++) {
      sum = folded(sum, this.counts[order]);
      for (let type = 0; type < typeCount; type++) {
        const ends = this.list(order, type).ends;
        if (!ends) continue;
        sum = folded(folded(folded(sum, order * 8 + type), ends[0]), ends[1]);
      }
    }
    for (const cpu of [...this.cpus.keys()].sort((a, b) => a - b)) {
      const pages = this.cpuPages(cpu, orderOf);
      if (pages > 0) sum = folded(folded(sum, cpu), pages);
    }
    const [min, low, high, , boost] = this.marks;
    return [min, low, high, boost].reduce(folded, sum);
  }

  /** The zone in the form of the page's data, to begin again from. */
  saved() {
    return {
      start: this.start, end: this.end, marks: this.marks.slice(),
      lists: this.lists.filter((list) => list.head).map((list) => {
        const runs = [];
        for (const entry of list.entries()) runs.push(entry.frame, entry.count);
        return [list.order, list.type, runs];
      }),
      types: new Map(this.types),
      percpu: [...this.cpus].map(([cpu, lists]) => [
        cpu, lists.map((frames, index) => [index, frames.slice()]).filter(([, frames]) => frames?.length),
      ]),
    };
  }
}
