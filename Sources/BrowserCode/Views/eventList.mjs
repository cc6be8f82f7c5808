import { eventTitle, outcomeWord, zoneOfEvent } from "../Words/eventWords.mjs";
import { counted, plural } from "../Words/amounts.mjs";
import { notices, zoneLabel } from "../Words/names.mjs";
import { element, found, setAttribute } from "./elements.mjs";

const listRow = 28;

/**
 * The list of events. Only the rows in sight are in the document, so that a hundred thousand cost no more than ten; a row
 * that stays in sight stays as it is.
 */
export class EventListView {
  constructor(page) {
    this.page = page;
    this.box = found("events");
    this.rows = element("div", { class: "rows" });
    this.box.append(this.rows);
    this.shown = Array.from({ length: page.history.count }, (_, index) => index);
    /** By place: the rows in the document. */
    this.drawn = new Map();
    /** As the browser has them: asking it at each step would have it lay out the page. */
    this.top = 0;
    this.height = 300;
    new ResizeObserver(() => {
      this.height = this.box.clientHeight || 300;
      this.draw();
    }).observe(this.box);
    this.box.addEventListener("scroll", () => {
      this.top = this.box.scrollTop;
      this.draw();
    });
    this.box.addEventListener("keydown", (event) => this.key(event));
  }

  /** Lists only some events. */
  list(indices) {
    this.shown = indices;
    found("events-count").textContent = indices.length === this.page.history.count
      ? plural(indices.length, "event")
      : `${counted(indices.length)} of ${counted(this.page.history.count)} events`;
    this.drawn.clear();
    this.rows.replaceChildren();
    this.rows.style.height = `${this.shown.length * listRow}px`;
    this.scroll(0);
    this.show();
  }

  show() {
    const place = this.placeOf(this.page.history.index);
    const top = place * listRow;
    // With the rows around it, so that the next steps need no scrolling.
    const isInSight = top >= this.top && top + listRow <= this.top + this.height;
    if (place >= 0 && !isInSight) this.scroll(Math.max(Math.round(top - this.height / 2), 0));
    this.draw();
  }

  scroll(top) {
    this.box.scrollTop = top;
    this.top = this.box.scrollTop;
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
    const first = Math.max(Math.floor(this.top / listRow) - 4, 0);
    const end = Math.min(first + Math.ceil(this.height / listRow) + 8, this.shown.length);
    for (const [place, row] of this.drawn) {
      if (place >= first && place < end) continue;
      row.remove();
      this.drawn.delete(place);
    }
    for (let place = first; place < end; place++) {
      if (!this.drawn.has(place)) this.insert(place);
    }
    const { index } = this.page.history;
    const selected = this.placeOf(index);
    for (const [place, row] of this.drawn) setAttribute(row, "aria-selected", place === selected);
    if (selected >= 0) setAttribute(this.box, "aria-activedescendant", `event-${this.page.history.number(index)}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /** In order, for who reads the rows one after the other. */
  insert(place) {
    const row = this.row(this.shown[place], place);
    this.drawn.set(place, row);
    const before = this.drawn.get(place - 1);
    if (before) before.after(row);
    else this.rows.prepend(row);
  }

  row(index, place) {
    const { history } = this.page;
    const event = history.event(index);
    const outcome = outcomeWord(event);
    const notice = notices[history.notices[index]];
    const zone = zoneOfEvent(history, event);
    const { what, order } = eventTitle(history, event);
    const row = element("div", {
      role: "option", id: `event-${history.number(index)}`, class: `row ${outcome}`, "aria-selected": "false",
      "aria-posinset": place + 1, "aria-setsize": this.shown.length, onclick: () => this.page.goTo(index),
    }, element("span", { class: "number" }, counted(history.number(index))), element("span", { class: "title", title: what }, what),
      element("span", { class: "order" }, order === null ? "" : `order ${order}`),
      element("span", { class: "quiet" }, zone < 0 ? "" : zoneLabel(history.data, zone)),
      element("span", { class: "outcome" }, outcome), notice ? element("abbr", { class: "sign", role: "img", title: notice.words, "aria-label": notice.words }, notice.sign) : element("span"));
    row.style.top = `${place * listRow}px`;
    return row;
  }

  key(event) {
    const page = Math.max(Math.floor(this.height / listRow) - 1, 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (!(event.key in moves) || this.shown.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const current = this.placeOf(this.page.history.index);
    const next = Math.min(Math.max((current < 0 ? 0 : current) + moves[event.key], 0), this.shown.length - 1);
    this.page.goTo(this.shown[next]);
  }
}
