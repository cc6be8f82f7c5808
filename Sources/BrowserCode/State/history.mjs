import { Allocations } from "./allocations.mjs";
import { eventOf, isChange, kind, nodeIndex, noticeOf, part, threads } from "./forms.mjs";
import { MachineState } from "./machineState.mjs";
import { addTo, Stretches } from "./stretches.mjs";

/**
 * The recorded events and the machine at any of them. A moment is an event's index and a number of its parts: all of
 * them is the moment after the event; index -1 is the start.
 */
export class History {
  constructor(data) {
    this.data = data;
    this.count = data.events.length;
    this.zoneCount = data.zones.length;
    /** By event and zone: free pages on the lists after the event. */
    this.free = new Float64Array((this.count + 1) * this.zoneCount);
    /** By event: what the timeline marks it with. */
    this.notices = new Array(this.count).fill("");
    /** By event: the zone that it is about; -1: none, or all. */
    this.zoneOf = new Int32Array(this.count).fill(-1);
    /** Events before the first that is here. */
    this.stretches = new Stretches(data);
    /** By zone: from which event on which watermarks held. */
    this.marks = data.zones.map((zone, place) => [...this.stretches.marksOf(place), { index: -1, marks: zone.marks }]);
    /** By node: from which event to which kswapd was awake. */
    this.awakeSpans = data.nodes.map((_, node) => [...this.stretches.awakeSpansOf(node), ...(data.awake[node] ? [[-1, this.count]] : [])]);
    /** By node: from which event to which kcompactd woke; it sleeps again before an event ends. */
    this.compactingSpans = data.nodes.map((_, node) => this.stretches.compactingSpansOf(node));
    this.allocations = new Allocations();
    /** States to begin again from: after which event. */
    this.saves = [];
    /** One more, near the place from which somebody steps back. */
    this.near = null;
    this.problem = null;
    this.scan();
    this.goTo(-1);
  }

  event(index) {
    return eventOf(this.data.events[index]);
  }

  /** The number by which people call an event. */
  number(index) {
    return this.data.leftOut + index + 1;
  }

  /** Goes through all events once: for the timeline, and for states to begin again from. */
  scan() {
    const state = new MachineState(this.data);
    this.note(state, -1);
    this.saves.push({ index: -1, state: state.saved() });
    for (let index = 0; index < this.count; index++) {
      try {
        this.finish(state, index, 0);
      } catch (error) {
        this.problem = `event ${this.number(index)}: ${error.message}`;
        this.count = index;
        break;
      }
      const event = this.event(index);
      this.notices[index] = noticeOf(event);
      if (event.frame >= 0) this.zoneOf[index] = state.zoneIndex(event.frame);
      this.noteGauges(event, index);
      this.allocations.note(event, index);
      this.note(state, index);
      // As many events as a state has entries to save lie between two, so that saving costs no more than the events do.
      if (index - this.saves.at(-1).index >= Math.max(512, state.size)) {
        this.saves.push({ index, state: state.saved() });
      }
    }
  }

  note(state, index) {
    state.zones.forEach((zone, position) => {
      this.free[(index + 1) * this.zoneCount + position] = zone.free;
    });
  }

  noteGauges(event, index) {
    for (const raw of event.parts) {
      if (raw[0] === part.marks) this.marks[raw[1]].push({ index, marks: raw.slice(2) });
      if (threads.kswapd(raw)) this.awakeSpans[nodeIndex(this.data, raw[1])]?.push([index, index]);
      if (threads.kcompactd(raw)) addTo(this.compactingSpans[nodeIndex(this.data, raw[1])] ?? [], [index, index]);
      if (raw[0] !== part.awake) continue;
      const spans = this.awakeSpans[raw[1]];
      if (raw[2]) spans.push([index, this.count]);
      else if (spans.length) spans.at(-1)[1] = index;
    }
  }

  /** Marks that an event's end finds crossed: the zone, the level, and whether free memory is below it now. */
  crossings(index) {
    const crossed = [];
    for (let zone = 0; zone < this.zoneCount; zone++) {
      const [before, after] = [this.freeAfter(index - 1, zone), this.freeAfter(index, zone)];
      if (before === after) continue;
      const { marks } = this.marks[zone].findLast((span) => span.index <= index);
      for (let level = 0; level < 3; level++) {
        const mark = marks[level] + marks[4];
        if (before > mark !== after > mark) crossed.push({ zone, level, isBelow: after <= mark });
      }
    }
    return crossed;
  }

  /** The zones that an event is about: where its block is, or those in which a refused request looked; none: all. */
  zonesOf(index) {
    if (this.zoneOf[index] >= 0) return [this.zoneOf[index]];
    return this.event(index).parts.filter((raw) => raw[0] === part.judged).map((raw) => raw[1]);
  }

  freeAfter(index, zone) {
    return this.free[(index + 1) * this.zoneCount + zone];
  }

  /** Does an event's parts from one on. */
  finish(state, index, from) {
    const parts = this.data.events[index].at(-1);
    for (let place = from; place < parts.length; place++) state.apply(parts[place]);
  }

  /** Blocks in use at this moment that begin within a range, as far as the history saw them handed out. */
  usedWithin(first, end) {
    return this.allocations.within(first, end, this.parts === Infinity ? this.index : this.index - 1, this.index);
  }

  /** Goes to a moment. `parts`: how many of the event's parts; all by default. */
  goTo(index, parts = Infinity) {
    index = Math.min(Math.max(index, -1), this.count - 1);
    const isBehind = !this.state || index < this.index || (index === this.index && parts < this.parts);
    const save = this.saveBefore(index);
    if (isBehind || save.index > this.index) this.beginFrom(save, index, isBehind);
    const all = (event) => this.data.events[event].at(-1).length;
    if (this.index >= 0 && this.parts < all(this.index) && index > this.index) {
      this.finish(this.state, this.index, this.parts);
      this.parts = Infinity;
    }
    while (this.index < index - 1) this.finish(this.state, ++this.index, 0);
    if (index >= 0 && (this.index < index || this.parts < all(index))) this.within(index, parts);
  }

  /** The last saved state from which an event can be reached. */
  saveBefore(index) {
    let [low, high] = [0, this.saves.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.saves[middle].index < Math.max(index, 0)) low = middle;
      else high = middle - 1;
    }
    const save = this.saves[low];
    return this.near && this.near.index < index && this.near.index > save.index ? this.near : save;
  }

  /** Who steps back once is likely to do so again: a state a little before is saved for that. */
  beginFrom(save, index, isBehind) {
    this.state = new MachineState(this.data, save.state);
    this.index = save.index;
    this.parts = Infinity;
    if (!isBehind || index - this.index < 96) return;
    while (this.index < index - 64) this.finish(this.state, ++this.index, 0);
    this.near = { index: this.index, state: this.state.saved() };
  }

  /** Does an event, or the rest of it, up to a number of parts. */
  within(index, parts) {
    const from = this.index === index ? this.parts : 0;
    const all = this.data.events[index].at(-1);
    this.index = index;
    this.parts = parts < all.length ? parts : Infinity;
    const end = Math.min(parts, all.length);
    for (let place = from; place < end; place++) this.state.apply(all[place]);
  }

  /** The moment one change further on; null at the end. */
  nextChange() {
    if (this.index >= 0 && this.parts !== Infinity) {
      const parts = this.event(this.index).parts;
      for (let place = this.parts; place < parts.length; place++) {
        if (isChange(parts[place])) return [this.index, place + 1];
      }
      return [this.index, Infinity];
    }
    if (this.index + 1 >= this.count) return null;
    const first = this.event(this.index + 1).parts.findIndex(isChange);
    return [this.index + 1, first < 0 ? Infinity : first + 1];
  }

  /** The moment one change before; null at the start. */
  previousChange() {
    if (this.index < 0) return null;
    const parts = this.event(this.index).parts;
    for (let place = Math.min(this.parts, parts.length) - 1; place > 0; place--) {
      if (isChange(parts[place - 1])) return [this.index, place];
    }
    return [this.index - 1, Infinity];
  }

  /** Compares what was done again with the machine's own sums. Returns the first event that differs; -1: none does. */
  verify() {
    const state = new MachineState(this.data);
    for (let index = 0; index < this.count; index++) {
      this.finish(state, index, 0);
      if (state.digest !== this.event(index).digest) return index;
    }
    return -1;
  }
}
