/** Whether an address is of the second of two histories. */
export const isSecond = (hash) => hash.startsWith("#run=2");

/** `#event=1234`, or `#event=1234.5` for the fifth part of it: what can be written in a mail. */
export class DeepLink {
  constructor(page) {
    this.page = page;
    window.addEventListener("hashchange", () => this.follow());
  }

  follow() {
    const match = /^#(?:run=2&)?event=(\d{1,12})(?:\.(\d{1,9}))?$/.exec(window.location.hash);
    if (!match) return false;
    if (window.location.hash === this.written) return true;
    this.page.goToNumber(Number(match[1]), match[2] === undefined ? Infinity : Number(match[2]));
    return true;
  }

  show() {
    const { history } = this.page;
    const number = history.index < 0 ? history.data.leftOut : history.number(history.index);
    const run = isSecond(window.location.hash) ? "run=2&" : "";
    this.written = `#${run}event=${number}${history.parts === Infinity ? "" : `.${history.parts}`}`;
    // A page opened from a file may not have its address changed by every browser.
    try {
      window.history.replaceState(null, "", this.written);
    } catch {
      this.written = window.location.hash;
    }
  }
}
