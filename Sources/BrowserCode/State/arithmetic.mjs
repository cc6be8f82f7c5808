// Page frame numbers go beyond 2^32: no bit operations on them.

/** The pages of a block of an order. */
export const pagesOf = (order) => 2 ** order;

/** The first page frame of the block's buddy: the other half of the block twice as large. */
export function buddyOf(frame, order) {
  const size = pagesOf(order);
  return Math.floor(frame / size) % 2 === 0 ? frame + size : frame - size;
}

/** Rounded down to a multiple. */
export const alignedDown = (frame, size) => Math.floor(frame / size) * size;

/** One step of FNV-1a over 32-bit numbers, as `StateDigest` does it. */
export const folded = (sum, number) => Math.imul(sum ^ (number % 4294967296), 16777619) >>> 0;

/** Where a digest begins. */
export const digestStart = 2166136261;
