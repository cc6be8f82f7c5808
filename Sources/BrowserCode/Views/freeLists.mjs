import { pagesOf } from "../State/arithmetic.mjs";
import { typeCount } from "../State/zoneState.mjs";
import { counted, frameName, memory, plural } from "../Words/amounts.mjs";
import { typeName, types, zoneLabel } from "../Words/names.mjs";
import { element, found } from "./elements.mjs";

const mostShown = 12;

/** One zone's free lists: a row for each order, a column for each type, and the first blocks of the list chosen. */
export class FreeListsView {
  constructor(page) {
    this.page = page;
    this.place = found("free-lists");
    this.chosen = null;
  }

  show() {
    const { data, state } = this.page.history;
    const zone = state.zones[this.page.zone];
    const shown = types.map((_, type) => type).filter((type) => type < 3 || this.hasEver(zone, type));
    const head = element("tr", {}, element("th", { scope: "col" }, "order"),
      shown.map((type) => element("th", { scope: "col" }, `${typeName(type)} `, element("abbr", { class: `letter type${type}`, title: typeName(type) }, types[type].letter))),
      element("th", { scope: "col" }, "blocks"));
    const rows = [];
    for (let order = zone.maxOrder; order >= 0; order--) rows.push(this.row(zone, order, shown));
    this.place.replaceChildren(
      element("table", { class: "figures" },
        element("caption", {}, `${zoneLabel(data, this.page.zone)}: ${counted(zone.free)} pages (${memory(zone.free, data.pageSize)}) on the free lists`),
        element("thead", {}, head), element("tbody", {}, rows)),
      this.blocks(zone), this.perCPU(zone));
  }

  hasEver(zone, type) {
    return zone.lists.some((list) => list.type === type && list.blocks > 0);
  }

  row(zone, order, shown) {
    const { data } = this.page.history;
    const cells = shown.map((type) => {
      const blocks = zone.list(order, type).blocks;
      const isChosen = this.chosen && this.chosen[0] === order && this.chosen[1] === type;
      const touched = this.page.touched.some((entry) => entry.order === order && entry.type === type && entry.zone === this.page.zone);
      return element("td", { class: touched ? "touched" : "" }, blocks === 0 ? element("span", { class: "quiet" }, "0")
        : element("button", {
          type: "button", class: "plain", "aria-pressed": Boolean(isChosen),
          title: `Show the ${typeName(type)} list of order ${order}`,
          onclick: () => { this.chosen = isChosen ? null : [order, type]; this.show(); },
        }, counted(blocks)));
    });
    return element("tr", {}, element("th", { scope: "row" }, `${order} `, element("span", { class: "quiet" }, memory(pagesOf(order), data.pageSize))),
      cells, element("td", {}, counted(zone.counts[order])));
  }

  blocks(zone) {
    if (!this.chosen) return element("p", { class: "quiet" }, "Choose a count to see the blocks of its list, the next to be taken first.");
    const [order, type] = this.chosen;
    const list = zone.list(order, type);
    const items = [];
    for (const entry of list.entries()) {
      if (items.length >= mostShown) break;
      items.push(element("li", {}, frameName(entry.frame), entry.count > 1 ? ` and ${counted(entry.count - 1)} more behind one another` : ""));
    }
    return element("div", {}, element("p", {}, `${typeName(type)}, order ${order}, head first${list.blocks > mostShown ? `, the first ${mostShown}` : ""}:`),
      element("ol", { class: "frames" }, items));
  }

  perCPU(zone) {
    const { data, state } = this.page.history;
    const rows = [...zone.cpus].sort(([a], [b]) => a - b).flatMap(([cpu, lists]) => lists.flatMap((frames, index) => frames?.length ? [
      element("tr", {}, element("th", { scope: "row" }, `CPU ${data.cpus[cpu] ?? cpu}`), element("td", {}, String(state.orderOf(index))),
        element("td", {}, index < 12 ? typeName(index % 3) : index === 13 ? "Movable" : "others"), element("td", {}, counted(frames.length)),
        element("td", { class: "frames" }, frames.slice(0, 6).map(frameName).join(" ") + (frames.length > 6 ? " …" : ""))),
    ] : []));
    if (rows.length === 0) return element("p", { class: "quiet" }, "No pages on per-CPU lists of this zone.");
    return element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "per-CPU lists" }, element("table", { class: "figures" },
      element("caption", {}, `On per-CPU lists: ${plural([...zone.cpus.keys()].reduce((sum, cpu) => sum + zone.cpuPages(cpu, state.orderOf), 0), "page")}`),
      element("thead", {}, element("tr", {}, ["CPU", "order", "type", "blocks", "head first"].map((title) => element("th", { scope: "col" }, title)))),
      element("tbody", {}, rows)));
  }
}

/** Counts by order and type, for who compares. */
export const countsOf = (zone) => Array.from({ length: zone.maxOrder + 1 }, (_, order) =>
  Array.from({ length: typeCount }, (_, type) => zone.list(order, type).blocks));
