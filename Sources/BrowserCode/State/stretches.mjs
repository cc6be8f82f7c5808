// Events that are not in the page one by one: stretches of them, as `HistoryData` (Swift) writes them.

const kinds = ["fallback", "steal", "stall", "compaction", "refusal", "kill"];

/** What stands out in a stretch: the gravest of what happened; empty: nothing. */
const gravestOf = (tally) => ["kill", "refusal", "stall", "compaction", "steal", "fallback"].find((name) => tally[kinds.indexOf(name)] > 0) ?? "";

/** A stretch as an object. */
const stretchOf = ([first, last, tally, awake, marks, least, most, compacting]) => ({
  first, last, notice: gravestOf(tally), awake, marks, least, most, compacting,
});

/** Adds a span to those in order of time: to the last one, if it follows that without a gap. */
export function addTo(spans, [from, to]) {
  if (spans.length && spans.at(-1)[1] >= from - 1) spans.at(-1)[1] = Math.max(spans.at(-1)[1], to);
  else spans.push([from, to]);
}

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
    return this.spansWhere(({ awake }) => awake.includes(node));
  }

  /** From which event to which the kcompactd of a node woke. */
  compactingSpansOf(node) {
    return this.spansWhere(({ compacting }) => compacting?.includes(node));
  }

  spansWhere(isSo) {
    const spans = [];
    for (const stretch of this.all) {
      if (isSo(stretch)) addTo(spans, [stretch.first - this.leftOut - 1, stretch.last - this.leftOut - 1]);
    }
    return spans;
  }
}
