import { isRefused, kind } from "../State/forms.mjs";
import { counted, frameName, listed, memory } from "./amounts.mjs";
import { zoneLabel } from "./names.mjs";

const cpuName = (data, cpu) => `CPU ${data.cpus[cpu] ?? cpu}`;

/** What was asked, in a few words: of what, and of which order; the latter is null where there is none. */
export function eventTitle(history, event) {
  const data = history.data;
  switch (event.kind) {
    case kind.request: return { what: data.masks[event.mask], order: event.order };
    case kind.free: return { what: `free ${frameName(event.frame)}`, order: event.order };
    case kind.drain: return { what: event.cpu < 0 ? "drain the lists of all CPUs" : `drain the lists of ${cpuName(data, event.cpu)}`, order: null };
    case kind.time: return { what: `${counted(event.microseconds)} µs pass`, order: null };
    default: return { what: "write settings", order: null };
  }
}

/** How it ended, in one word. */
export function outcomeWord(event) {
  if (event.kind !== kind.request) return "done";
  return isRefused(event) ? "refused" : "served";
}

/** The zone that the event is about; -1: none. */
export const zoneOfEvent = (history, event) => (event.frame < 0 ? -1 : history.state.zoneIndex(event.frame));

/** What was asked and what came of it, in sentences. */
export function eventSentence(history, event) {
  const data = history.data;
  const size = memory(2 ** event.order, data.pageSize);
  const zone = zoneLabel(data, zoneOfEvent(history, event));
  switch (event.kind) {
    case kind.request: {
      const from = event.node >= 0 ? `, from node ${event.node} on` : "";
      const nodes = event.nodes >= 0 ? `, only from ${listed("node", data.texts[event.nodes])}` : "";
      const asked = `${cpuName(data, event.cpu)} asks for ${size} with ${data.masks[event.mask]}${from}${nodes}.`;
      if (isRefused(event)) return `${asked} The request is refused.`;
      return `${asked} It gets the block that begins with page frame ${frameName(event.frame)} (${counted(event.frame)}), ${zone}.`;
    }
    case kind.free:
      return `${cpuName(data, event.cpu)} gives back ${size} from page frame ${frameName(event.frame)} on, ${zone}.`;
    case kind.drain: return "Pages on per-CPU lists go back to the free lists.";
    case kind.time: return `${counted(event.microseconds)} µs pass in which the task does something else; others may have the CPU.`;
    default: return "Settings are written; what depends on them is worked out afresh.";
  }
}
