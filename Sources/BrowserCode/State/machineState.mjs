import { digestStart, folded } from "./arithmetic.mjs";
import { nodeIndex, part } from "./forms.mjs";
import { ZoneState } from "./zoneState.mjs";

/** The machine at one moment, made from the history's start by doing its events again. */
export class MachineState {
  constructor(data, saved = null) {
    this.data = data;
    this.maxOrder = data.maxOrder;
    const zones = saved ? saved.zones : data.zones;
    this.zones = zones.map((zone) => new ZoneState(zone, data.maxOrder, data.pageblockOrder));
    this.awake = (saved ? saved.awake : data.awake).slice();
    /** By node: whether kcompactd is at work. Between events it never is. */
    this.compacting = data.nodes.map(() => 0);
    this.segments = data.zones
      .flatMap((zone, index) => zone.segments.map(([first, end]) => ({ first, end, zone: index })))
      .sort((a, b) => a.first - b.first);
    this.orderOf = (list) => (list >= 12 ? data.hugeOrder : Math.floor(list / 3));
  }

  /** What a copy of the state costs: entries of all free lists, and pageblocks whose types are noted. */
  get size() {
    return this.zones.reduce((sum, zone) => sum + zone.heads.size + zone.types.size, 0);
  }

  saved() {
    return { zones: this.zones.map((zone) => zone.saved()), awake: this.awake.slice() };
  }

  /** The index of the zone that a page frame belongs to; -1: a hole. */
  zoneIndex(frame) {
    let [low, high] = [0, this.segments.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const segment = this.segments[middle];
      if (frame < segment.first) high = middle - 1;
      else if (frame >= segment.end) low = middle + 1;
      else return segment.zone;
    }
    return -1;
  }

  zoneOf(frame) {
    const index = this.zoneIndex(frame);
    if (index < 0) throw new Error(`page frame ${frame} is in no zone`);
    return this.zones[index];
  }

  /** Does one part of an event. Parts that change no list change nothing. */
  apply(raw) {
    switch (raw[0]) {
      case part.taken: return this.zoneOf(raw[1]).split(raw[1], raw[2], raw[3], raw[4], raw[5]);
      case part.merged: return this.zoneOf(raw[1]).merge(raw[1], raw[2], raw[3], raw[4], raw[5], raw[6] === 1);
      case part.moved: return this.zoneOf(raw[1]).move(raw[1], raw[2], raw[3]);
      case part.retyped: return this.zoneOf(raw[1]).retype(raw[1], raw[2], raw[3]);
      case part.perCPU: return this.applyPerCPU(raw);
      case part.marks: this.zones[raw[1]].marks = raw.slice(2); return undefined;
      case part.awake: this.awake[raw[1]] = raw[2]; return undefined;
      case part.kcompactd: this.setCompacting(raw[1], 1); return undefined;
      case part.kcompactdSlept: this.setCompacting(raw[1], 0); return undefined;
      default: return undefined;
    }
  }

  setCompacting(id, isAwake) {
    const node = nodeIndex(this.data, id);
    if (node >= 0) this.compacting[node] = isAwake;
  }

  applyPerCPU([, cpu, list, frame, , action]) {
    const frames = this.zoneOf(frame).cpuList(cpu, list);
    switch (action) {
      case 0: return this.expect(frames.shift(), frame);
      case 1: return frames.unshift(frame);
      case 2: return frames.push(frame);
      default: return this.expect(frames.pop(), frame);
    }
  }

  expect(found, frame) {
    if (found !== frame) throw new Error(`a CPU's list has page frame ${found} where the machine had ${frame}`);
  }

  /** The sum that the machine itself had at this moment, if all was done again as it was. */
  get digest() {
    const sum = this.zones.reduce((sum, zone) => zone.folded(sum, this.orderOf), digestStart);
    return this.awake.reduce(folded, sum);
  }
}
