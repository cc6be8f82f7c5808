import { counted, frameName, plural } from "../Words/amounts.mjs";
import { typeName } from "../Words/names.mjs";
import { element, setText } from "./elements.mjs";

const titles = ["CPU", "order", "type", "blocks", "head first"];
const mostFrames = 6;

/** A zone's per-CPU lists, one row each. Rows stay, and are given other words where they differ. */
export class PerCPUTable {
  constructor(page) {
    this.page = page;
    this.none = element("p", { class: "quiet" }, "No pages on per-CPU lists of this zone.");
    this.caption = element("caption");
    this.rows = element("tbody");
    this.table = element("table", { class: "figures" }, this.caption,
      element("thead", {}, element("tr", {}, titles.map((title) => element("th", { scope: "col" }, title)))), this.rows);
    this.place = element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "per-CPU lists" }, this.none);
  }

  show(zone) {
    const wanted = this.wordsOf(zone);
    if (wanted.length === 0) {
      this.put(this.none);
      return;
    }
    while (this.rows.rows.length > wanted.length) this.rows.lastElementChild.remove();
    while (this.rows.rows.length < wanted.length) this.rows.append(this.row());
    wanted.forEach((words, place) => words.forEach((text, column) => setText(this.rows.rows[place].cells[column], text)));
    const { orderOf } = this.page.history.state;
    setText(this.caption, `On per-CPU lists: ${plural([...zone.cpus.keys()].reduce((sum, cpu) => sum + zone.cpuPages(cpu, orderOf), 0), "page")}`);
    this.put(this.table);
  }

  put(node) {
    if (this.place.firstElementChild !== node) this.place.replaceChildren(node);
  }

  row() {
    return element("tr", {}, element("th", { scope: "row" }), titles.slice(1, -1).map(() => element("td")), element("td", { class: "frames" }));
  }

  wordsOf(zone) {
    const { data, state } = this.page.history;
    return [...zone.cpus].sort(([a], [b]) => a - b).flatMap(([cpu, lists]) => lists.flatMap((frames, index) => (frames?.length ? [[
      `CPU ${data.cpus[cpu] ?? cpu}`, String(state.orderOf(index)), index < 12 ? typeName(index % 3) : index === 13 ? "Movable" : "others",
      counted(frames.length), frames.slice(0, mostFrames).map(frameName).join(" ") + (frames.length > mostFrames ? " …" : ""),
    ]] : [])));
  }
}
