import { isChange, part } from "../State/forms.mjs";
import { eventSentence } from "../Words/eventWords.mjs";
import { counted } from "../Words/amounts.mjs";
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
    const items = event.parts.slice(0, mostParts).map((raw, index) => this.item(raw, index, done, event.parts.length));
    const rest = event.parts.length - mostParts;
    this.place.replaceChildren(...[
      element("h3", {}, `Event ${counted(history.number(history.index))}`),
      step ? element("p", { class: "quiet" }, `Step: ${step}`) : "",
      element("p", { class: "sentence" }, eventSentence(history, event)),
      this.drawing(event, done),
      element("ol", { class: "parts" }, items),
      history.crossings(history.index).map(({ zone, level, isBelow }) => element("p", {},
        `${zoneLabel(history.data, zone)} is ${isBelow ? "at or below" : "above"} its ${levels[level]} mark now.`)),
      rest > 0 ? element("p", { class: "quiet" }, `${counted(rest)} more are not listed; stepping goes through them.`) : "",
    ].flat());
    // Within the list alone: the page stays where its reader has it.
    const now = this.place.querySelector("[aria-current]");
    if (now) now.parentElement.scrollTop = now.offsetTop - now.parentElement.offsetTop - 40;
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
    const kind = raw[0] === part.walk ? "walk" : isChange(raw) ? "change" : "fact";
    const attributes = { class: `${kind}${index >= done ? " ahead" : ""}`, "aria-current": isNow ? "step" : null };
    if (!isChange(raw)) return element("li", attributes, text);
    return element("li", attributes, element("button", {
      type: "button", class: "plain", title: "Show the machine at this moment",
      onclick: () => this.page.goTo(this.page.history.index, index + 1),
    }, text));
  }
}
