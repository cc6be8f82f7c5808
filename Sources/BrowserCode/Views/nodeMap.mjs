import { counted, listed, memory } from "../Words/amounts.mjs";
import { zoneLabel } from "../Words/names.mjs";
import { element, found, setAttribute, setText } from "./elements.mjs";

const mostNodes = 64;

/** The machine from above: nodes, their CPUs and distances, and each zone with how much of it is free. */
export class NodeMapView {
  constructor(page) {
    this.page = page;
    this.place = found("nodes");
    this.meters = [];
    this.build();
  }

  build() {
    const { data } = this.page.history;
    const cards = data.nodes.slice(0, mostNodes).map((node, position) => element("section", { class: "node" },
      element("h3", {}, `Node ${node.id}`, element("span", { class: "awake", hidden: true }, "kswapd awake"),
        element("span", { class: "awake compacting", hidden: true }, "kcompactd awake")),
      element("p", { class: "quiet" }, `${node.pages > 0 ? memory(node.pages, data.pageSize) : "no memory"}; ${node.cpus ? listed("CPU", node.cpus) : "no CPUs"}`),
      data.zones.map((zone, index) => zone.node === position ? this.zoneButton(index) : null)));
    const rest = data.nodes.length - mostNodes;
    this.signs = cards.map((card) => [...card.querySelectorAll(".awake")]);
    this.place.replaceChildren(...cards, ...(rest > 0 ? [element("p", {}, `${rest} more nodes are not drawn.`)] : []), this.distances());
  }

  zoneButton(index) {
    const { data } = this.page.history;
    const fill = element("span", { class: "fill" });
    const words = element("span", { class: "words" });
    const button = element("button", { type: "button", class: "zone", "aria-pressed": false, onclick: () => this.page.chooseZone(index) },
      element("span", {}, data.zones[index].name), element("span", { class: "bar", "aria-hidden": true }, fill), words);
    this.meters[index] = { button, fill, words };
    return button;
  }

  distances() {
    const { nodes } = this.page.history.data;
    if (nodes.length < 2 || nodes.length > 16) return element("span");
    return element("details", {}, element("summary", {}, "Distances"), element("div", { class: "wide" }, element("table", { class: "figures" },
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "from \\ to"), nodes.map((node) => element("th", { scope: "col" }, String(node.id))))),
      element("tbody", {}, nodes.map((node) => element("tr", {}, element("th", { scope: "row" }, String(node.id)),
        node.distances.map((distance) => element("td", {}, distance < 0 ? "–" : String(distance)))))))));
  }

  show() {
    const { data, state } = this.page.history;
    state.zones.forEach((zone, index) => {
      const meter = this.meters[index];
      if (!meter) return;
      const managed = data.zones[index].managed;
      const share = managed > 0 ? zone.free / managed : 0;
      const below = ["min", "low", "high"].find((_, level) => zone.free <= zone.marks[level] + zone.marks[4]);
      const width = `${(Math.min(share, 1) * 100).toFixed(1)}%`;
      if (meter.fill.style.width !== width) meter.fill.style.width = width;
      setText(meter.words, `${memory(zone.free, data.pageSize)} free of ${memory(managed, data.pageSize)}${below ? `, below ${below}` : ""}`);
      setAttribute(meter.button, "aria-pressed", index === this.page.zone);
      setAttribute(meter.button, "title", `${zoneLabel(data, index)}: ${counted(zone.free)} of ${counted(managed)} pages free`);
    });
    this.signs.forEach((signs, node) => [state.awake[node], state.compacting[node]].forEach((isAwake, place) => {
      if (signs[place].hidden === Boolean(isAwake)) signs[place].hidden = !isAwake;
    }));
  }
}
