// How events and their parts are in the page's data: lists of numbers, as `HistoryData` (Swift) writes them.

export const kind = { request: 0, free: 1, drain: 2, set: 3, time: 4 };

export const part = {
  taken: 1, merged: 2, moved: 3, retyped: 4, perCPU: 5, fellBack: 6, walk: 7, judged: 8, passedOver: 9, wake: 10,
  slept: 11, reclaimed: 12, compacted: 13, outOfMemory: 14, boosted: 15, marks: 16, awake: 17, nestedFree: 18,
  nested: 19, kcompactd: 20, kcompactdSlept: 21,
};

/** An event as an object. */
export function eventOf(raw) {
  const event = { kind: raw[0], step: raw[1], digest: raw[2], parts: raw[raw.length - 1], frame: -1, order: 0, cpu: -1 };
  if (event.kind === kind.request) {
    [event.mask, event.order, event.cpu, event.node, event.nodes, event.frame] = raw.slice(3, 9);
  } else if (event.kind === kind.free) {
    [event.frame, event.order, event.cpu] = raw.slice(3, 6);
  } else if (event.kind === kind.drain) {
    event.cpu = raw[3];
  } else if (event.kind === kind.time) {
    event.microseconds = raw[3];
  }
  return event;
}

/** Whether a part changes what is free, and so is worth a step of its own. */
export const isChange = (raw) => raw[0] <= part.perCPU;

export const isRefused = (event) => event.kind === kind.request && event.frame < 0;

/** A node's place among the page's nodes, by its number; -1 if it is none of them. */
export const nodeIndex = (data, id) => data.nodes.findIndex((node) => node.id === id);

/** Threads of the kernel that an event can wake, each with how to tell from a part that it did. */
export const threads = {
  kswapd: (raw) => raw[0] === part.wake && raw[4] === 1,
  kcompactd: (raw) => raw[0] === part.kcompactd,
};

/** What the timeline marks an event with, the gravest first; empty: nothing. */
export function noticeOf(event) {
  let notice = isRefused(event) ? "refusal" : "";
  for (const raw of event.parts) {
    if (raw[0] === part.outOfMemory && raw[3]) return "kill";
    if (notice) continue;
    if (raw[0] === part.compacted) notice = "compaction";
    else if (raw[0] === part.reclaimed && raw[2] !== 0) notice = "stall";
    else if (raw[0] === part.retyped) notice = "steal";
    else if (raw[0] === part.fellBack) notice = "fallback";
  }
  return notice;
}
