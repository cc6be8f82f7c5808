import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, counted, plural } from "../../Sources/BrowserCode/Words/amounts.mjs";
import { partSentence } from "../../Sources/BrowserCode/Words/partWords.mjs";

const data = {
  pageSize: 4096, cpus: [0], nodes: [{ id: 0 }], zones: [{ node: 0, name: "Normal" }], texts: ["ALLOC_WMARK_LOW"],
  words: { highAtomic: "kept for others", cma: "in CMA", boost: "boost" },
};

test("amounts are said in the unit that keeps three digits", () => {
  assert.equal(bytes(4096), "4 KiB");
  assert.equal(bytes(1536 * 1024), "1.50 MiB");
  assert.equal(bytes(2 ** 40 - 4096), "1.00 TiB", "not 1024 GiB");
  assert.equal(bytes(1023 * 1024), "1023 KiB");
  assert.equal(counted(1234567).replace(/\s/gu, " "), "1 234 567");
  assert.equal(plural(1, "page"), "1 page");
});

test("a split says where its halves go", () => {
  assert.match(partSentence(data, [1, 0, 8, 0, 6, 1]), /1 MiB at 0x0 is split down to 256 KiB.*512 KiB, 256 KiB go back/);
});

test("a block that finds no buddy says which one it looked for", () => {
  assert.match(partSentence(data, [2, 16, 4, 16, 4, 1, 0]), /buddy at 0x0 is not free as a whole/);
});

test("kcompactd says for whom it wakes", () => {
  assert.equal(partSentence(data, [20, 0, 4, 0]), "kcompactd of node 0 wakes up, to make 64 KiB (order 4) free in one block.");
  assert.match(partSentence(data, [20, 0, 9, 1]), /wakes up by itself, because free memory is too fragmented: it is to make 2 MiB/);
  assert.equal(partSentence(data, [21, 0]), "kcompactd of node 0 goes to sleep.");
});

test("a walk says by which mark it goes", () => {
  assert.equal(partSentence(data, [7, 0, 0]), "A walk over the zonelist begins, by the low mark: ALLOC_WMARK_LOW");
  assert.match(partSentence({ ...data, texts: ["ALLOC_NO_WATERMARKS"] }, [7, 0, 1]), /begins again, whatever the marks say/);
});

test("a walk's arithmetic adds up", () => {
  const words = partSentence(data, [8, 0, 1, 100, 20, 500, 3, 7, 0, 100, 50, 0]).replace(/\s/gu, " ");
  assert.match(words, /500 free − 3 .* − 7 .* = 490, must exceed low mark 100 \(20 of it boost\) \+ reserve 50 = 150/);
});
