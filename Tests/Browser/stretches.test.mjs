import assert from "node:assert/strict";
import { test } from "node:test";
import { Stretches } from "../../Sources/BrowserCode/State/stretches.mjs";

const data = {
  leftOut: 48,
  stretches: [
    [1, 16, [0, 0, 0, 0, 0, 0], [], [[0, 10, 20, 30, 40, 0], [1, 5, 6, 7, 8, 0]], [100, 50], [200, 50], [1]],
    [17, 32, [3, 1, 0, 0, 2, 0], [0], [[0, 10, 20, 30, 40, 9]], [80, 50], [90, 60], [0, 1]],
    [33, 48, [1, 0, 0, 0, 0, 1], [0], [], [70, 50], [90, 60], []],
  ],
};

test("a stretch is marked with the gravest of what happened in it", () => {
  assert.deepEqual(new Stretches(data).all.map(({ notice }) => notice), ["", "refusal", "kill"]);
});

test("marks hold from the stretch on in which they changed, before the first event that is kept", () => {
  const stretches = new Stretches(data);
  assert.deepEqual(stretches.marksOf(0), [
    { index: -33, marks: [10, 20, 30, 40, 0] }, { index: -17, marks: [10, 20, 30, 40, 9] },
  ]);
  assert.equal(stretches.marksOf(1).length, 1);
});

test("stretches in which kswapd was awake make one band", () => {
  assert.deepEqual(new Stretches(data).awakeSpansOf(0), [[-32, -1]]);
  assert.deepEqual(new Stretches(data).awakeSpansOf(1), []);
});

test("so do those in which kcompactd woke, each node's for itself", () => {
  assert.deepEqual(new Stretches(data).compactingSpansOf(0), [[-32, -17]]);
  assert.deepEqual(new Stretches(data).compactingSpansOf(1), [[-48, -17]]);
});

test("a page with all its events has no stretches", () => {
  const stretches = new Stretches({ leftOut: 0, stretches: [] });
  assert.equal(stretches.start, 0);
});
