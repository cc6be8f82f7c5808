const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** A number with its thousands apart: 1 234 567. */
export const counted = (number) => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");

/** Bytes in the largest unit that keeps three digits: 1.5 GiB. */
export function bytes(amount) {
  let unit = 0;
  // What would be rounded to 1024 of a unit is 1 of the next.
  while (Math.abs(amount) >= 1023.5 && !(Number.isInteger(amount) && Math.abs(amount) < 1024) && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const digits = amount >= 100 || Number.isInteger(amount) ? 0 : amount >= 10 ? 1 : 2;
  return `${amount.toFixed(digits)} ${units[unit]}`;
}

/** Pages as memory. */
export const memory = (pages, pageSize) => bytes(pages * pageSize);

/** One of something or many of it. */
export const plural = (number, word) => `${counted(number)} ${word}${number === 1 ? "" : "s"}`;

/** `node 0` or `nodes 0-3`: what a list of numbers is of. */
export const listed = (word, numbers) => `${word}${/[-,]/.test(numbers) ? "s" : ""} ${numbers}`;

/** A page frame number. */
export const frameName = (frame) => `0x${frame.toString(16)}`;
