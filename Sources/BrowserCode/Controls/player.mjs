import { found, setText } from "../Views/elements.mjs";
import { counted } from "../Words/amounts.mjs";

const pause = 700;

/** Stepping and playing, with buttons and keys. */
export class Player {
  constructor(page) {
    this.page = page;
    this.timer = null;
    const actions = { "go-first": "first", "go-back": "back", "part-back": "partBack", "go-play": "toggle", "part-on": "partOn", "go-on": "on", "go-last": "last" };
    for (const [id, action] of Object.entries(actions)) found(id).addEventListener("click", () => this[action]());
    found("event-number").addEventListener("change", (event) => this.page.goToNumber(Number(event.target.value)));
    // Whoever finds it too slow wants it faster now, not the next time.
    found("speed").addEventListener("change", () => { if (this.timer) { this.stop(); this.toggle(); } });
    document.addEventListener("keydown", (event) => this.key(event));
  }

  first() { this.page.goTo(-1); }
  last() { this.page.goTo(this.page.history.count - 1); }
  on() { this.page.goTo(this.page.history.index + 1); }

  back() { this.page.goTo(this.page.history.index - 1); }

  partOn() {
    const next = this.page.history.nextChange();
    if (next) this.page.goTo(...next);
    return Boolean(next);
  }

  partBack() {
    const previous = this.page.history.previousChange();
    if (previous) this.page.goTo(...previous);
  }

  toggle() {
    if (this.timer) return this.stop();
    found("go-play").textContent = "Pause";
    found("go-play").setAttribute("aria-pressed", "true");
    this.timer = setInterval(() => this.tick(), pause / Number(found("speed").value));
    return undefined;
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    found("go-play").textContent = "Play";
    found("go-play").setAttribute("aria-pressed", "false");
  }

  tick() {
    const { history } = this.page;
    if (found("by-parts").checked) {
      if (!this.partOn()) this.stop();
    } else if (history.index + 1 < history.count) {
      this.on();
    } else {
      this.stop();
    }
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const actions = { ArrowLeft: "back", ArrowRight: "on", ",": "partBack", ".": "partOn", Home: "first", End: "last", p: "toggle" };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    this[action]();
  }

  show() {
    const { history } = this.page;
    found("event-number").value = history.index < 0 ? history.data.leftOut : history.number(history.index);
    const within = history.parts === Infinity || history.index < 0 ? "" : `, change ${history.parts} of ${history.event(history.index).parts.length}`;
    setText(found("event-place"), `of ${counted(history.data.leftOut + history.count)}${within}`);
    this.enable(["go-first", "go-back", "part-back"], history.index >= 0);
    this.enable(["go-last", "go-on", "part-on"], history.index + 1 < history.count || history.parts !== Infinity);
  }

  enable(ids, isEnabled) {
    for (const id of ids) if (found(id).disabled === isEnabled) found(id).disabled = !isEnabled;
  }
}
