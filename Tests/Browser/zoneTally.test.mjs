import assert from "node:assert/strict";
import { test } from "node:test";
import { standingBlocks } from "../../Sources/BrowserCode/State/standingBlocks.mjs";
import { ZoneState } from "../../Sources/BrowserCode/State/zoneState.mjs";

const movable = 1;

/** 4 MiB from page frame 0 on, as blocks of 1 MiB; 1 MiB is the largest block and a pageblock. */
const zone = () =>
  new ZoneState({ start: 0, end: 1024, marks: [0, 0, 0, 0, 0], lists: [[8, movable, [0, 4]]], pageblocks: [], percpu: [] }, 8, 8);

const range = { first: 0, end: 1024, unit: 128 };

/** What counting afresh would give. */
const afresh = (state) => {
  state.tally = null;
  return [...state.tallied([[0, 1024]], range).free];
};

test("free pages of a range's parts follow every split and merge", () => {
  const state = zone();
  const tally = state.tallied([[0, 1024]], range);
  // A generator of its own, so that the test is the same each time.
  let seed = 15;
  const draw = (below) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % below; };
  const held = [];
  for (let step = 0; step < 200; step++) {
    const whole = [...state.list(8, movable).entries()].map(({ frame }) => frame);
    if (whole.length && (held.length === 0 || draw(2))) {
      const frame = whole[draw(whole.length)];
      state.split(frame, 8, frame, draw(8), movable);
      held.push([frame, [...state.lists].reduce((order, list) => ([...list.entries()].some((entry) => entry.frame > frame && entry.frame < frame + 256) ? Math.min(order, list.order) : order), 8)]);
    } else if (held.length) {
      const [frame, order] = held.splice(draw(held.length), 1)[0];
      state.merge(frame, order, frame, 8, movable, false);
    }
    const counted = [...tally.free];
    assert.deepEqual(counted, afresh(state), `seed 15, step ${step}`);
    state.tally = tally;
  }
});

test("only the parts that an event touched are named as changed", () => {
  const state = zone();
  const tally = state.tallied([[0, 1024]], range);
  tally.changed.clear();
  state.split(256, 8, 256, 0, movable);
  assert.deepEqual([...tally.changed].sort(), [2, 3]);
});

test("the parts that differ between two moments are found", () => {
  const [one, other] = [zone(), zone()];
  other.split(512, 8, 512, 7, movable);
  other.retype(0, 1, 0);
  assert.deepEqual(other.tallied([[0, 1024]], range).differing(one.tallied([[0, 1024]], range)), [0, 1, 4]);
});

test("holes are no memory", () => {
  const tally = zone().tallied([[0, 512], [640, 1024]], range);
  assert.deepEqual([...tally.managed], [128, 128, 128, 128, 0, 128, 128, 128]);
});

test("a part's types are counted, the most frequent first", () => {
  const state = zone();
  const tally = state.tallied([[0, 1024]], { first: 0, end: 1024, unit: 1024 });
  state.retype(0, 1, 2);
  state.retype(256, 3, 0);
  assert.deepEqual(tally.typesOf(0), [[0, 3], [2, 1]]);
  state.retype(256, 3, movable);
  assert.deepEqual(tally.typesOf(0), [[movable, 3], [2, 1]]);
});

test("what is in a range is told, also in the middle of a larger block", () => {
  const state = zone();
  state.split(0, 8, 0, 4, movable);
  state.cpuList(0, 1).push(8);
  const history = { state: { zones: [state], orderOf: () => 0 }, usedWithin: () => [{ frame: 0, order: 3, from: 7 }] };
  assert.deepEqual(standingBlocks(history, 0, 0, 32).map(({ frame, order, kind }) => [frame, order, kind]),
    [[0, 3, "used"], [8, 0, "percpu"], [16, 4, "free"]]);
  assert.deepEqual(standingBlocks({ ...history, usedWithin: () => [] }, 0, 160, 16), [{ frame: 128, order: 7, type: movable, kind: "free" }]);
  assert.deepEqual(standingBlocks({ ...history, usedWithin: () => [] }, 0, 768, 16), [{ frame: 768, order: 8, type: movable, kind: "free" }]);
});
