import { eventTitle, outcomeWord, zoneOfEvent } from "../Words/eventWords.mjs";
import { counted, plural } from "../Words/amounts.mjs";
import { notices, zoneLabel } from "../Words/names.mjs";
import { element, found } from "./elements.mjs";

const listRow = 28;

/** The list of events. Only the rows in sight are in the document, so that a hundred thousand cost no more than ten. */
export class EventListView {
  constructor(page) {
    this.page = page;
    this.box = found("events");
    this.rows = element("div", { class: "rows" });
    this.box.append(this.rows);
    this.shown = Array.from({ length: page.history.count }, (_, index) => index);
    this.box.addEventListener("scroll", () => this.draw());
    this.box.addEventListener("keydown", (event) => this.key(event));
  }

  /** Lists only some events. */
  list(indices) {
    this.shown = indices;
    found("events-count").textContent = indices.length === this.page.history.count
      ? plural(indices.length, "event")
      : `${counted(indices.length)} of ${counted(this.page.history.count)} events`;
    this.box.scrollTop = 0;
    this.show();
  }

  show() {
    const place = this.placeOf(this.page.history.index);
    if (place >= 0) {
      const top = place * listRow;
      if (top < this.box.scrollTop) this.box.scrollTop = top;
      else if (top + listRow > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top + listRow - this.box.clientHeight;
    }
    this.draw();
  }

  /** The place of an event among those shown; -1: it is not. */
  placeOf(index) {
    let [low, high] = [0, this.shown.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.shown[middle] === index) return middle;
      if (this.shown[middle] < index) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  draw() {
    const first = Math.max(Math.floor(this.box.scrollTop / listRow) - 4, 0);
    const count = Math.ceil((this.box.clientHeight || 300) / listRow) + 8;
    this.rows.style.height = `${this.shown.length * listRow}px`;
    const rows = this.shown.slice(first, first + count).map((index, offset) => this.row(index, first + offset));
    this.rows.replaceChildren(...rows);
    const { index } = this.page.history;
    if (this.placeOf(index) >= 0) this.box.setAttribute("aria-activedescendant", `event-${this.page.history.number(index)}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  row(index, place) {
    const { history } = this.page;
    const event = history.event(index);
    const outcome = outcomeWord(event);
    const notice = notices[history.notices[index]];
    const zone = zoneOfEvent(history, event);
    const row = element("div", {
      role: "option", id: `event-${history.number(index)}`, class: `row ${outcome}`, "aria-selected": index === history.index,
      "aria-posinset": place + 1, "aria-setsize": this.shown.length, onclick: () => this.page.goTo(index),
    }, element("span", { class: "number" }, counted(history.number(index))), element("span", { class: "title" }, eventTitle(history, event)),
      element("span", { class: "quiet" }, zone < 0 ? "" : zoneLabel(history.data, zone)),
      element("span", { class: "outcome" }, outcome), element("abbr", { class: "sign", title: notice?.words ?? "" }, notice?.sign ?? ""));
    row.style.top = `${place * listRow}px`;
    return row;
  }

  key(event) {
    const page = Math.max(Math.floor(this.box.clientHeight / listRow) - 1, 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (!(event.key in moves) || this.shown.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const current = this.placeOf(this.page.history.index);
    const next = Math.min(Math.max((current < 0 ? 0 : current) + moves[event.key], 0), this.shown.length - 1);
    this.page.goTo(this.shown[next]);
  }
}
