import { buddyOf, pagesOf } from "../State/arithmetic.mjs";
import { kind, part } from "../State/forms.mjs";
import { counted, frameName, memory, plural } from "./amounts.mjs";
import { levels, typeName, zoneLabel } from "./names.mjs";

const reasons = ["kswapd", "the request itself", "node reclaim"];

/** One part of an event as a sentence. */
export function partSentence(data, raw) {
  const size = (order) => memory(pagesOf(order), data.pageSize);
  switch (raw[0]) {
    case part.taken: return takenSentence(raw, size);
    case part.merged: return mergedSentence(raw, size);
    case part.moved:
      return `${size(raw[2])} at ${frameName(raw[1])} goes to the tail of the ${typeName(raw[3])} list of order ${raw[2]}.`;
    case part.retyped:
      return `${plural(raw[2], "pageblock")} from ${frameName(raw[1])} on: now ${typeName(raw[3])}.`;
    case part.perCPU: return perCPUSentence(data, raw);
    case part.fellBack:
      return `Fallback: ${typeName(raw[4])} was wanted, a ${typeName(raw[5])} block of order ${raw[3]} was used; its pageblock is ${typeName(raw[6])} now.`;
    case part.walk: return `${raw[2] ? "The walk begins again" : "A walk over the zonelist begins"}${depth(data.texts[raw[1]])}: ${data.texts[raw[1]]}`;
    case part.judged: return lookSentence(data, raw);
    case part.passedOver: return `${zoneLabel(data, raw[1])}: passed over, ${data.texts[raw[2]]}.`;
    case part.wake:
      return `kswapd of node ${raw[1]} is called for order ${raw[3]}${raw[4] ? ", and wakes up" : "; nothing changes for it"}.`;
    case part.slept: return `kswapd of node ${raw[1]} goes to sleep.`;
    case part.kcompactd:
      return `kcompactd of node ${raw[1]} wakes up${raw[3] ? " by itself, because free memory is too fragmented: it is" : ","} to make ${size(raw[2])} (order ${raw[2]}) free in one block.`;
    case part.kcompactdSlept: return `kcompactd of node ${raw[1]} goes to sleep.`;
    case part.reclaimed:
      return `Reclaim on node ${raw[1]} by ${reasons[raw[2]]}, priority ${raw[4]}: ${plural(raw[5], "page")} freed.`;
    case part.compacted:
      return `${raw[5] ? "kcompactd compacts" : "Compaction of"} ${zoneLabel(data, raw[1])} for order ${raw[2]}: ${data.texts[raw[3]]}, ${plural(raw[4], "page")} moved.`;
    case part.outOfMemory: return `Out of memory: ${data.texts[raw[1]]}.`;
    case part.boosted: return `The marks of ${zoneLabel(data, raw[1])} are boosted by ${plural(raw[2], "page")}.`;
    case part.marks:
      return `Marks of ${zoneLabel(data, raw[1])}: min ${counted(raw[2])}, low ${counted(raw[3])}, high ${counted(raw[4])}, boost ${counted(raw[6])} pages.`;
    case part.awake: return `kswapd of node ${data.nodes[raw[1]].id} is ${raw[2] ? "awake" : "asleep"} now.`;
    case part.nestedFree: return `Meanwhile ${size(raw[2])} at ${frameName(raw[1])} is given back.`;
    default:
      return raw[1] === kind.request ? "Meanwhile another request is made." : "Meanwhile per-CPU lists are drained.";
  }
}

/** Which mark a walk goes by, in words. */
function depth(flags) {
  if (/ALLOC_NO_WATERMARKS/.test(flags)) return ", whatever the marks say";
  const level = /ALLOC_WMARK_(MIN|LOW|HIGH)/.exec(flags)?.[1].toLowerCase();
  return level ? `, by the ${level} mark` : "";
}

function takenSentence([, frame, order, kept, keptOrder, type], size) {
  if (order === keptOrder) return `${size(order)} at ${frameName(frame)} leaves the ${typeName(type)} list of order ${order}.`;
  const halves = [];
  for (let level = order - 1; level >= keptOrder; level--) halves.push(size(level));
  return `${size(order)} at ${frameName(frame)} is split down to ${size(keptOrder)} at ${frameName(kept)}; ` +
    `${halves.join(", ")} ${halves.length === 1 ? "goes" : "go"} back to the heads of the ${typeName(type)} lists.`;
}

function mergedSentence([, frame, order, into, mergedOrder, type, atTail], size) {
  const place = `the ${atTail ? "tail" : "head"} of the ${typeName(type)} list of order ${mergedOrder}`;
  if (order === mergedOrder) {
    return `${size(order)} at ${frameName(frame)} is free again, at ${place}. Its buddy at ` +
      `${frameName(buddyOf(frame, order))} is not free as a whole: nothing to merge with.`;
  }
  const buddies = [];
  let block = frame;
  for (let level = order; level < mergedOrder; level++) {
    buddies.push(frameName(buddyOf(block, level)));
    block = Math.min(block, buddyOf(block, level));
  }
  return `${size(order)} at ${frameName(frame)} merges with ${buddies.length === 1 ? "its buddy" : "its buddies"} at ` +
    `${buddies.join(", ")} into ${size(mergedOrder)} at ${frameName(into)}, at ${place}.`;
}

function perCPUSentence(data, [, cpu, , frame, order, action]) {
  const name = `CPU ${data.cpus[cpu] ?? cpu}'s list`;
  const block = `${frameName(frame)}, order ${order},`;
  return [
    `${block} comes off the head of ${name}: the request has it.`, `${block} goes to the head of ${name}.`,
    `${block} refills ${name}, at its tail.`, `${block} comes off the tail of ${name}, back to the free lists.`,
  ][action];
}

function lookSentence(data, [, zone, level, mark, boost, free, blockRest, highAtomic, cma, effective, reserve, verdict]) {
  const kept = [
    [blockRest, "for the block's own rest"], [highAtomic, data.words.highAtomic], [cma, data.words.cma],
  ].filter(([pages]) => pages > 0).map(([pages, words]) => ` − ${counted(pages)} ${words}`).join("");
  const usable = free - blockRest - highAtomic - cma;
  const marks = `${levels[level]} mark ${counted(mark)}${boost ? ` (${counted(boost)} of it ${data.words.boost})` : ""}` +
    (effective === mark ? "" : `, lowered to ${counted(effective)}`);
  return `${zoneLabel(data, zone)}: ${counted(free)} free${kept} = ${counted(usable)}, must exceed ${marks} + reserve ` +
    `${counted(reserve)} = ${counted(effective + reserve)}: ${data.texts[verdict]}.`;
}
