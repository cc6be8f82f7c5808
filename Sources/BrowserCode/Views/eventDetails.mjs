import { isChange, kind, part } from "../State/forms.mjs";
import { eventSentence } from "../Words/eventWords.mjs";
import { counted, plural } from "../Words/amounts.mjs";
import { partSentence } from "../Words/partWords.mjs";
import { levels, zoneLabel } from "../Words/names.mjs";
import { changeDrawing } from "./changeDrawing.mjs";
import { widthOf } from "./drawing.mjs";
import { element, found } from "./elements.mjs";

const mostParts = 400;

/** The event shown: what was asked, what came of it, and everything that happened, each change a place to stop at. */
export class EventDetailsView {
  constructor(page) {
    this.page = page;
    this.place = found("details");
  }

  show() {
    const { history } = this.page;
    if (history.index < 0) {
      this.place.replaceChildren(element("p", {}, "The machine before the first event. Step on to see what happens."));
      return;
    }
    const event = history.event(history.index);
    const step = history.data.steps[event.step];
    const done = Math.min(history.parts, event.parts.length);
    const listed = this.listed(event.parts);
    const items = listed.map((index) => this.item(event.parts[index], index, done, event.parts.length));
    const rest = event.parts.length - listed.length;
    this.place.replaceChildren(...[
      element("h3", {}, `Event ${counted(history.number(history.index))}`),
      step ? element("p", { class: "quiet" }, `Step: ${step}`) : "",
      element("p", { class: "sentence" }, eventSentence(history, event)),
      this.otherEnd(event),
      this.drawing(event, done),
      element("ol", { class: "parts" }, items),
      history.crossings(history.index).map(({ zone, level, isBelow }) => element("p", {},
        `${zoneLabel(history.data, zone)} is ${isBelow ? "at or below" : "above"} its ${levels[level]} mark now.`)),
      rest > 0 ? element("p", { class: "quiet" }, `${plural(rest, "change")} of the lists more ${rest === 1 ? "is" : "are"} not listed; stepping goes through them.`) : "",
    ].flat());
    // Within the list alone: the page stays where its reader has it.
    const now = this.place.querySelector("[aria-current]");
    if (now) now.parentElement.scrollTop = now.offsetTop - now.parentElement.offsetTop - 40;
  }

  /** Which parts are listed, by index: what is no change of the lists is also where there are too many of those. */
  listed(parts) {
    const all = parts.map((_, index) => index);
    return parts.length <= mostParts ? all : all.filter((index) => index < mostParts || !isChange(parts[index])).slice(0, 2 * mostParts);
  }

  /** When the block that a request got is given back, or when the one that is given back was handed out. */
  otherEnd(event) {
    const { history } = this.page;
    if (event.frame < 0) return "";
    const allocation = history.allocations.byEvent.get(history.index);
    const isFree = event.kind === kind.free;
    if (!allocation) return isFree ? element("p", { class: "quiet" }, "It was handed out before the history begins.") : "";
    const other = isFree ? allocation.from : allocation.to;
    if (other === Infinity) return element("p", { class: "quiet" }, "It is not given back in this history.");
    return element("p", { class: "quiet" }, isFree ? "It was handed out by " : "It is given back by ", element("button", {
      type: "button", class: "plain", id: "other-end", onclick: () => this.page.goTo(other),
    }, `event ${counted(history.number(other))}`), `, ${plural(Math.abs(other - history.index), "event")} ${isFree ? "before" : "later"}.`);
  }

  /** Of the change at which the page is, else of the largest one in the event. */
  drawing(event, done) {
    const size = (raw) => Math.abs(raw[2] - raw[4]);
    const changes = event.parts.filter((raw) => raw[0] === part.taken || raw[0] === part.merged);
    const isWithin = done < event.parts.length;
    const chosen = isWithin ? event.parts[done - 1] : changes.reduce((best, raw) => (best && size(best) >= size(raw) ? best : raw), null);
    return (chosen && changeDrawing(this.page.history.data, chosen, widthOf(this.place))) || "";
  }

  item(raw, index, done, count) {
    const text = partSentence(this.page.history.data, raw);
    const isNow = done < count && index === done - 1;
    const look = raw[0] === part.walk ? "walk" : isChange(raw) ? "change" : "fact";
    const attributes = { class: `${look}${index >= done ? " ahead" : ""}`, "aria-current": isNow ? "step" : null, value: index + 1 };
    if (!isChange(raw)) return element("li", attributes, text);
    return element("li", attributes, element("button", {
      type: "button", class: "plain", title: "Show the machine at this moment",
      onclick: () => this.page.goTo(this.page.history.index, index + 1),
    }, text));
  }
}
