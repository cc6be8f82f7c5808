/** Migratetypes by number: the kernel's name, and the letter that stands for it in a report and on the map. */
export const types = [
  { name: "Unmovable", letter: "U" }, { name: "Movable", letter: "M" }, { name: "Reclaimable", letter: "E" },
  { name: "HighAtomic", letter: "H" }, { name: "CMA", letter: "C" }, { name: "Isolate", letter: "I" },
];

export const typeName = (type) => types[type]?.name ?? "?";

/** What the timeline draws for what happened, and what it means. */
export const notices = {
  fallback: { sign: "F", words: "a block of another type was used" },
  steal: { sign: "S", words: "a pageblock changed its type" },
  stall: { sign: "R", words: "the request reclaimed directly" },
  compaction: { sign: "C", words: "a zone was compacted" },
  refusal: { sign: "×", words: "a request was refused" },
  kill: { sign: "K", words: "killing was considered" },
};

/** Threads of the kernel by which events can be filtered, and where the timeline has their bands. */
export const threadWords = { kswapd: "kswapd woke", kcompactd: "kcompactd woke" };

export const levels = ["min", "low", "high", "promo"];

export const zoneLabel = (data, index) => {
  const zone = data.zones[index];
  return zone ? `node ${data.nodes[zone.node].id} ${zone.name}` : "no zone";
};
