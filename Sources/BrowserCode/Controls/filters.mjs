import { kind, threads } from "../State/forms.mjs";
import { frameName } from "../Words/amounts.mjs";
import { eventTitle, outcomeWord, zoneOfEvent } from "../Words/eventWords.mjs";
import { notices, threadWords, zoneLabel } from "../Words/names.mjs";
import { element, found } from "../Views/elements.mjs";

/** Which events are listed: by order, zone, outcome, and words of the mask or step. */
export class Filters {
  constructor(page, list) {
    this.page = page;
    this.list = list;
    const { data } = page.history;
    found("filter-order").append(...Array.from({ length: data.maxOrder + 1 }, (_, order) => element("option", { value: order }, `order ${order}`)));
    found("filter-zone").append(...data.zones.map((_, zone) => element("option", { value: zone }, zoneLabel(data, zone))));
    found("filter-outcome").append(...Object.entries(notices).map(([key, { words }]) => element("option", { value: key }, words)));
    found("filter-outcome").append(...Object.entries(threadWords).map(([key, words]) => element("option", { value: key }, words)));
    for (const id of ["filter-order", "filter-zone", "filter-outcome"]) found(id).addEventListener("change", () => this.apply());
    found("filter-words").addEventListener("input", () => this.apply());
    found("filters").addEventListener("reset", () => setTimeout(() => this.apply()));
    found("filters").addEventListener("submit", (event) => event.preventDefault());
    this.apply();
  }

  apply() {
    const [order, zone, outcome] = ["filter-order", "filter-zone", "filter-outcome"].map((id) => found(id).value);
    const words = found("filter-words").value.trim().toLowerCase();
    const { history } = this.page;
    const isAny = !order && !zone && !outcome && !words;
    const shown = isAny ? Array.from({ length: history.count }, (_, index) => index) : this.matching(history, order, zone, outcome, words);
    this.list.list(shown);
  }

  hasOutcome(event, index, outcome) {
    if (threads[outcome]) return event.parts.some(threads[outcome]);
    return outcomeWord(event) === outcome || this.page.history.notices[index] === outcome;
  }

  /** In which words are looked for. By its page frame a block's request is found as well as what gave it back. */
  text(history, event) {
    const frame = event.kind === kind.request && event.frame >= 0 ? frameName(event.frame) : "";
    return `${eventTitle(history, event).what} ${history.data.steps[event.step] ?? ""} ${frame}`.toLowerCase();
  }

  matching(history, order, zone, outcome, words) {
    const shown = [];
    for (let index = 0; index < history.count; index++) {
      const event = history.event(index);
      if (order !== "" && event.order !== Number(order)) continue;
      if (zone !== "" && zoneOfEvent(history, event) !== Number(zone)) continue;
      if (outcome !== "" && !this.hasOutcome(event, index, outcome)) continue;
      if (words && !this.text(history, event).includes(words)) continue;
      shown.push(index);
    }
    return shown;
  }
}
