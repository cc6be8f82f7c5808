import { pagesOf } from "../State/arithmetic.mjs";
import { counted, frameName, memory } from "../Words/amounts.mjs";
import { typeName, types, zoneLabel } from "../Words/names.mjs";
import { element, found, setAttribute, setText } from "./elements.mjs";
import { PerCPUTable } from "./perCPUTable.mjs";

const mostShown = 12;

/**
 * One zone's free lists: a row for each order, a column for each type, and the first blocks of the list chosen.
 *
 * The table is built once for a zone; a step writes the counts that are others.
 */
export class FreeListsView {
  constructor(page) {
    this.page = page;
    this.chosen = null;
    this.columns = null;
    this.caption = element("caption");
    this.table = element("table", { class: "figures" });
    this.list = element("div", { "aria-live": "polite" });
    this.perCPU = new PerCPUTable(page);
    found("free-lists").replaceChildren(element("div", {}, this.table, this.list), this.perCPU.place);
  }

  show() {
    const { data, state } = this.page.history;
    const zone = state.zones[this.page.zone];
    const shown = types.map((_, type) => type).filter((type) => type < 3 || this.hasEver(zone, type));
    const columns = [this.page.zone, ...shown].join();
    if (columns !== this.columns) this.build(zone, shown);
    this.columns = columns;
    setText(this.caption, `${zoneLabel(data, this.page.zone)}: ${counted(zone.free)} pages (${memory(zone.free, data.pageSize)}) on the free lists`);
    for (const row of this.rows) this.showRow(row, zone);
    this.showBlocks(zone);
    this.perCPU.show(zone);
  }

  /** A column that has come stays: a table that loses and gains columns cannot be read while it plays. */
  hasEver(zone, type) {
    const isThere = zone.lists.some((list) => list.type === type && list.blocks > 0);
    return isThere || (this.columns?.split(",")[0] === String(this.page.zone) && this.columns.split(",").slice(1).includes(String(type)));
  }

  build(zone, shown) {
    const { data } = this.page.history;
    this.rows = [];
    for (let order = zone.maxOrder; order >= 0; order--) {
      const cells = shown.map((type) => this.cell(order, type));
      const total = element("td");
      const line = element("tr", {}, element("th", { scope: "row" }, `${order} `, element("span", { class: "quiet" }, memory(pagesOf(order), data.pageSize))),
        cells.map((cell) => cell.place), total);
      this.rows.push({ order, cells, total, line });
    }
    const head = element("tr", {}, element("th", { scope: "col" }, "order"), shown.map((type) => element("th", { scope: "col" },
      element("span", { class: "type-name" }, `${typeName(type)} `), element("abbr", { class: `letter type${type}`, title: typeName(type) }, types[type].letter))), element("th", { scope: "col" }, "blocks"));
    this.table.replaceChildren(this.caption, element("thead", {}, head), element("tbody", {}, this.rows.map(({ line }) => line)));
  }

  cell(order, type) {
    const button = element("button", {
      type: "button", class: "plain", title: `Show the ${typeName(type)} list of order ${order}`, onclick: () => this.choose(order, type),
    });
    return { order, type, button, place: element("td", {}, button) };
  }

  choose(order, type) {
    const isChosen = this.chosen?.order === order && this.chosen.type === type;
    this.chosen = isChosen ? null : { order, type };
    this.show();
  }

  showRow({ order, cells, total }, zone) {
    for (const { type, button, place } of cells) {
      const { blocks } = zone.list(order, type);
      setText(button, counted(blocks));
      if (button.disabled !== (blocks === 0)) button.disabled = blocks === 0;
      setAttribute(button, "aria-pressed", this.chosen?.order === order && this.chosen.type === type);
      place.classList.toggle("touched", this.page.touched.some((entry) =>
        entry.order === order && entry.type === type && entry.zone === this.page.zone));
    }
    setText(total, counted(zone.counts[order]));
  }

  showBlocks(zone) {
    if (!this.chosen) {
      if (this.shown !== "") this.list.replaceChildren(element("p", { class: "quiet" }, "Choose a count to see the blocks of its list, the next to be taken first."));
      this.shown = "";
      return;
    }
    const { order, type } = this.chosen;
    const list = zone.list(order, type);
    const items = [];
    for (const entry of list.entries()) {
      if (items.length >= mostShown) break;
      items.push(`${frameName(entry.frame)}${entry.count > 1 ? ` and ${counted(entry.count - 1)} more after it` : ""}`);
    }
    const title = `${typeName(type)}, order ${order}, head first${list.blocks > mostShown ? `, the first ${mostShown}` : ""}:`;
    const shown = [title, ...items].join("\n");
    if (shown === this.shown) return;
    this.shown = shown;
    this.list.replaceChildren(element("p", {}, title), items.length ? element("ol", { class: "frames" }, items.map((item) => element("li", {}, item)))
      : element("p", { class: "quiet" }, "The list is empty."));
  }
}
