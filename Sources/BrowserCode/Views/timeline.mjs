import { counted, memory, plural } from "../Words/amounts.mjs";
import { levels, notices, zoneLabel } from "../Words/names.mjs";
import { element, found, setText } from "./elements.mjs";
import { TimelineLane } from "./timelineLane.mjs";

const mostLanes = 12;

/** Free pages against the marks, a lane for each zone, over the events. Dragging zooms, a click goes to the event. */
export class TimelineView {
  constructor(page) {
    this.page = page;
    this.place = found("lanes");
    const { history } = page;
    this.first = history.stretches.start;
    this.last = Math.max(history.data.leftOut + history.count, this.first + 1);
    this.view = [this.first, this.last];
    this.isCommon = false;
    this.isNearMarks = false;
    const zones = this.zones();
    this.lanes = zones.map((zone) => new TimelineLane(this, zone));
    this.place.append(...this.lanes.map((lane) => lane.figure), this.legend(history.data.zones.length - zones.length));
    found("zoom-in").addEventListener("click", () => this.zoom(0.5));
    found("zoom-out").addEventListener("click", () => this.zoom(2));
    found("zoom-all").addEventListener("click", () => this.look(this.first, this.last));
    found("common-scale").addEventListener("change", (event) => { this.isCommon = event.target.checked; this.show(); });
    found("near-marks").addEventListener("change", (event) => { this.isNearMarks = event.target.checked; this.show(); });
  }

  /** The zones in which something happened, as many as can be looked at. */
  zones() {
    const { history } = this.page;
    const all = history.data.zones.map((_, zone) => zone);
    const moved = all.filter((zone) => {
      for (let index = 0; index < history.count; index++) {
        if (history.freeAfter(index, zone) !== history.freeAfter(-1, zone)) return true;
      }
      return history.stretches.all.some(({ least, most }) => least[zone] !== most[zone]);
    });
    return (moved.length ? moved : all).slice(0, mostLanes);
  }

  legend(rest) {
    return element("p", { class: "quiet" }, `Dashes: ${levels.slice(0, -1).join(", ")} and ${levels.at(-1)} mark with their boost. ${this.occurring()}` +
      (this.page.history.data.leftOut > 0 ? ` Before event ${counted(this.page.history.data.leftOut + 1)} each stretch of events is drawn from the least to the most that was free in it.` : "") +
      (rest > 0 ? ` ${plural(rest, "more zone")} in which nothing changed, or for which there is no room, ${rest === 1 ? "is" : "are"} left out here.` : ""));
  }

  /** What the bands and letters mean that there are. */
  occurring() {
    const { notices: seen, stretches, awakeSpans, compactingSpans } = this.page.history;
    const bands = [[awakeSpans, "kswapd awake"], [compactingSpans, "thin, below: kcompactd awake"]]
      .filter(([spans]) => spans.some((ofNode) => ofNode.length > 0)).map(([, words]) => words);
    const signs = Object.entries(notices)
      .filter(([key]) => seen.includes(key) || stretches.all.some(({ notice }) => notice === key))
      .map(([, { sign, words }]) => `${sign}: ${words}`);
    return `${bands.length ? `Bands at the foot: ${bands.join("; ")}. ` : ""}${signs.length ? `${signs.join("; ")}.` : ""}`;
  }

  /** The greatest amount on a lane's axis, and what the axis says about it. */
  scale(zone) {
    const { data, state } = this.page.history;
    if (this.isNearMarks) {
      const most = Math.max(...this.lanes.filter((lane) => this.isCommon || lane.zone === zone).map((lane) => 3 * (state.zones[lane.zone].marks[2] + state.zones[lane.zone].marks[4])), 16);
      return { most, words: `up to ${memory(most, data.pageSize)}, three times the high mark${this.isCommon ? " (one scale for all)" : ""}` };
    }
    const most = this.isCommon ? Math.max(...this.lanes.map((lane) => lane.most)) : this.lanes.find((lane) => lane.zone === zone).most;
    return { most, words: this.isCommon ? "one scale for all zones" : "each zone's own scale" };
  }

  look(first, last) {
    const least = Math.min(8, this.last - this.first);
    if (last - first < least) [first, last] = [(first + last - least) / 2, (first + last + least) / 2];
    const span = Math.min(last - first, this.last - this.first);
    first = Math.min(Math.max(first, this.first), this.last - span);
    this.view = [first, first + span];
    this.show();
  }

  zoom(factor) {
    const [first, last] = this.view;
    const number = this.page.history.number(this.page.history.index);
    const centre = number >= first && number <= last ? number : (first + last) / 2;
    this.look(centre - (centre - first) * factor, centre + (last - centre) * factor);
  }

  show() {
    const number = this.page.history.number(this.page.history.index);
    const [first, last] = this.view;
    if (number < first || number > last) {
      const span = last - first;
      this.view = [Math.min(Math.max(number - span / 2, this.first), this.last - span), 0];
      this.view[1] = this.view[0] + span;
    }
    for (const lane of this.lanes) lane.draw();
    setText(found("timeline-range"), `Events ${counted(Math.max(Math.round(this.view[0]), 1))} to ${counted(Math.round(this.view[1]))}`);
  }

  /** The same lane's figures in words, for who does not see it. */
  words(zone) {
    const { data, state } = this.page.history;
    const { free, marks } = state.zones[zone];
    return `${zoneLabel(data, zone)}: ${counted(free)} pages free, min ${counted(marks[0])}, low ${counted(marks[1])}, high ${counted(marks[2])}, boost ${counted(marks[4])}`;
  }
}
