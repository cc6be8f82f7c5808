// Events that are not in the page one by one: stretches of them, as `HistoryData` (Swift) writes them.

const kinds = ["fallback", "steal", "stall", "compaction", "refusal", "kill"];

/** What stands out in a stretch: the gravest of what happened; empty: nothing. */
const gravestOf = (tally) => ["kill", "refusal", "stall", "compaction", "steal", "fallback"].find((name) => tally[kinds.indexOf(name)] > 0) ?? "";

/** A stretch as an object. */
const stretchOf = ([first, last, tally, awake, marks, least, most]) => ({ first, last, notice: gravestOf(tally), awake, marks, least, most });

/** All stretches of a page, in order of time. */
export class Stretches {
  constructor(data) {
    this.all = (data.stretches ?? []).map(stretchOf);
    this.leftOut = data.leftOut;
  }

  /** The event before the first one that anything is known of. */
  get start() {
    return this.all.length ? this.all[0].first : this.leftOut;
  }

  /** By zone: from which event on which watermarks held. Events that are left out have indices below -1. */
  marksOf(zone) {
    return this.all.flatMap(({ last, marks }) => marks.filter(([place]) => place === zone)
      .map(([, ...levels]) => ({ index: last - this.leftOut - 1, marks: levels })));
  }

  /** From which event to which the kswapd of a node, by its place, was awake. */
  awakeSpansOf(node) {
    const spans = [];
    for (const { first, last, awake } of this.all) {
      if (!awake.includes(node)) continue;
      const [from, to] = [first - this.leftOut - 1, last - this.leftOut - 1];
      if (spans.length && spans.at(-1)[1] >= from - 1) spans.at(-1)[1] = to;
      else spans.push([from, to]);
    }
    return spans;
  }
}
