import assert from "node:assert/strict";
import { test } from "node:test";
import { buddyOf } from "../../Sources/BrowserCode/State/arithmetic.mjs";
import { ZoneState } from "../../Sources/BrowserCode/State/zoneState.mjs";

const movable = 1;

/** 1 MiB of pages from page frame 0 on, one free block of order 8, or what is given. */
const zone = (lists = [[8, movable, [0, 1]]], end = 256) =>
  new ZoneState({ start: 0, end, marks: [0, 0, 0, 0, 0], lists, pageblocks: [], percpu: [] }, 8, 8);

test("a split puts the upper half of each step at the head of its list", () => {
  const state = zone();
  state.split(0, 8, 0, 4, movable);
  assert.deepEqual(state.counts, [0, 0, 0, 0, 1, 1, 1, 1, 0]);
  assert.deepEqual(state.list(7, movable).ends, [128, 128]);
  assert.equal(state.free, 240);
});

test("a split that keeps a part within gives the lower halves back too", () => {
  const state = zone();
  state.split(0, 8, 192, 6, movable);
  assert.deepEqual(state.list(7, movable).ends, [0, 0]);
  assert.deepEqual(state.list(6, movable).ends, [128, 128]);
});

test("a merge undoes a split", () => {
  const state = zone();
  state.split(0, 8, 0, 0, movable);
  state.merge(0, 0, 0, 8, movable, false);
  assert.deepEqual(state.counts, [0, 0, 0, 0, 0, 0, 0, 0, 1]);
  assert.equal(state.free, 256);
});

test("a block is not merged with a neighbour that is not a buddy", () => {
  const state = zone([[4, movable, [32, 1]]]);
  assert.throws(() => state.merge(16, 4, 16, 5, movable, false), /is not free/);
});

test("a block in the middle of a run is taken out, and the run continues around it", () => {
  const state = zone([[8, movable, [0, 16]]], 4096);
  state.take(5 * 256, 8);
  assert.deepEqual([...state.list(8, movable).entries()].map(({ frame, count }) => [frame, count]), [[0, 5], [6 * 256, 10]]);
  assert.equal(state.counts[8], 15);
});

test("what is saved begins again as the same state", () => {
  const state = zone();
  state.split(0, 8, 0, 3, movable);
  state.move(64, 6, 0);
  state.retype(0, 1, 0);
  state.cpuList(0, 9).push(0);
  const again = new ZoneState({ ...state.saved() }, 8, 8);
  const orderOf = (list) => Math.floor(list / 3);
  assert.equal(again.folded(1, orderOf), state.folded(1, orderOf));
  assert.equal(again.typeOf(100), 0);
});

test("buddies of page frames beyond 2^32 are found", () => {
  assert.equal(buddyOf(2 ** 34 + 8, 3), 2 ** 34);
  assert.equal(buddyOf(2 ** 34, 3), 2 ** 34 + 8);
});
