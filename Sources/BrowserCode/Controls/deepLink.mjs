/** Which of a page's histories an address is of, from 1. */
export const runOf = (hash) => Number(/^#run=(\d{1,3})/.exec(hash)?.[1] ?? 1);

/** Milliseconds between a step and the address's change: browsers refuse to change it hundreds of times in a row. */
const delay = 100;

/** `#event=1234`, or `#event=1234.5` for the fifth part of it: what can be written in a mail. */
export class DeepLink {
  constructor(page) {
    this.page = page;
    this.run = runOf(window.location.hash);
    window.addEventListener("hashchange", () => this.follow());
  }

  follow() {
    // Another history is another page.
    if (runOf(window.location.hash) !== this.run && window.location.hash.startsWith("#run=")) window.location.reload();
    const match = /^#(?:run=\d{1,3}&)?event=(\d{1,12})(?:\.(\d{1,9}))?$/.exec(window.location.hash);
    if (!match) return false;
    if (window.location.hash === this.written) return true;
    clearTimeout(this.timer);
    this.page.goToNumber(Number(match[1]), match[2] === undefined ? Infinity : Number(match[2]));
    return true;
  }

  show() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(), delay);
  }

  write() {
    const { history } = this.page;
    const number = history.index < 0 ? history.data.leftOut : history.number(history.index);
    const run = this.run > 1 ? `run=${this.run}&` : "";
    this.written = `#${run}event=${number}${history.parts === Infinity ? "" : `.${history.parts}`}`;
    // A page opened from a file may not have its address changed by every browser.
    try {
      window.history.replaceState(null, "", this.written);
    } catch {
      this.written = window.location.hash;
    }
  }
}
