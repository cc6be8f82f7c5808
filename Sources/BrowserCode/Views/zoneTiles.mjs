import { alignedDown, pagesOf } from "../State/arithmetic.mjs";
import { counted, frameName, memory } from "../Words/amounts.mjs";
import { typeName, types, zoneLabel } from "../Words/names.mjs";
import { colour, element, fitted, found } from "./elements.mjs";

const side = 20;
const mostRows = 16;

/** A range of a zone as a mosaic: each tile is so many pages, filled as far as they are free, with its type's letter. */
export class ZoneTilesView {
  constructor(page) {
    this.page = page;
    this.canvas = found("tiles");
    this.readout = found("tile-words");
    this.ranges = [];
    this.at = 0;
    this.canvas.addEventListener("click", (event) => this.click(event));
    this.canvas.addEventListener("mousemove", (event) => this.say(this.tileAt(event)));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    found("tiles-out").addEventListener("click", () => this.leave());
  }

  /** The range that is drawn, whole blocks of the largest order. */
  get range() {
    const zone = this.page.history.state.zones[this.page.zone];
    const size = pagesOf(zone.maxOrder);
    return this.ranges.at(-1) ?? { first: alignedDown(zone.start, size), end: alignedDown(zone.end + size - 1, size) };
  }

  reset() {
    this.ranges = [];
    this.at = 0;
  }

  show() {
    const { data, state } = this.page.history;
    const width = Math.max(this.canvas.clientWidth, 200);
    this.columns = Math.max(Math.floor(width / side), 1);
    const { first, end } = this.range;
    const pages = end - first;
    let unit = 1;
    while (Math.ceil(pages / unit) > this.columns * mostRows) unit *= 2;
    this.unit = Math.max(unit, Math.min(zonePageblock(state, this.page.zone), pages));
    if (pages <= pagesOf(data.maxOrder)) this.unit = Math.max(unit, 1);
    this.count = Math.ceil(pages / this.unit);
    this.at = Math.min(this.at, this.count - 1);
    this.free = this.freeByTile(state.zones[this.page.zone], first, end);
    this.draw();
    found("tiles-out").disabled = this.ranges.length === 0;
    found("tiles-range").textContent = `${zoneLabel(data, this.page.zone)}, page frames ${frameName(first)} to ${frameName(end - 1)}: ` +
      `each tile ${memory(this.unit, data.pageSize)}`;
    this.say(this.at);
  }

  freeByTile(zone, first, end) {
    const free = new Float64Array(this.count);
    for (const list of zone.lists) {
      for (const entry of list.entries()) {
        const last = Math.min(entry.frame + entry.count * pagesOf(list.order), end);
        let page = Math.max(entry.frame, first);
        while (page < last) {
          const tile = Math.floor((page - first) / this.unit);
          const next = Math.min(first + (tile + 1) * this.unit, last);
          free[tile] += next - page;
          page = next;
        }
      }
    }
    return free;
  }

  draw() {
    const rows = Math.ceil(this.count / this.columns);
    const { context } = fitted(this.canvas, rows * side + 2);
    const zone = this.page.history.state.zones[this.page.zone];
    const colours = types.map((_, type) => colour(`type${type}`));
    const [ground, ink, hole, edge] = ["used", "ink", "hole", "accent"].map(colour);
    const { first } = this.range;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let tile = 0; tile < this.count; tile++) {
      const x = (tile % this.columns) * side;
      const y = Math.floor(tile / this.columns) * side;
      const frame = first + tile * this.unit;
      const isHole = frame + this.unit <= zone.start || frame >= zone.end;
      context.fillStyle = isHole ? hole : ground;
      context.fillRect(x, y, side - 2, side - 2);
      if (isHole) continue;
      const share = this.free[tile] / this.unit;
      const type = zone.typeOf(frame);
      context.fillStyle = colours[type];
      context.fillRect(x, y + (side - 2) * (1 - share), side - 2, (side - 2) * share);
      context.fillStyle = ink;
      context.fillText(types[type].letter, x + side / 2 - 1, y + side / 2);
    }
    context.strokeStyle = edge;
    context.lineWidth = 2;
    for (const block of this.page.touched) this.mark(context, block);
    if (document.activeElement === this.canvas) {
      context.setLineDash([3, 2]);
      context.strokeRect((this.at % this.columns) * side - 1, Math.floor(this.at / this.columns) * side - 1, side, side);
      context.setLineDash([]);
    }
  }

  /** An edge around the first tile of a block that the shown event touched. */
  mark(context, block) {
    const tile = Math.floor((block.frame - this.range.first) / this.unit);
    if (block.zone !== this.page.zone || tile < 0 || tile >= this.count) return;
    context.strokeRect((tile % this.columns) * side, Math.floor(tile / this.columns) * side, side - 2, side - 2);
  }

  tileAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / side);
    const tile = Math.floor((event.clientY - box.top) / side) * this.columns + column;
    return column < this.columns && tile < this.count ? tile : this.at;
  }

  say(tile) {
    const { data, state } = this.page.history;
    const zone = state.zones[this.page.zone];
    const frame = this.range.first + tile * this.unit;
    this.readout.textContent = `${frameName(frame)}: ${typeName(zone.typeOf(frame))}, ${counted(this.free[tile])} of ` +
      `${counted(this.unit)} pages free (${memory(this.free[tile], data.pageSize)})`;
  }

  click(event) {
    this.at = this.tileAt(event);
    this.enter();
  }

  /** Looks closer at the tile chosen: down to one block of the largest order, whose tree is then drawn. */
  enter() {
    const size = Math.max(pagesOf(this.page.history.data.maxOrder), this.unit);
    const first = alignedDown(this.range.first + this.at * this.unit, size);
    this.page.chooseBlock(first);
    const { first: low, end } = this.range;
    if (end - low > size) {
      this.ranges.push({ first, end: first + size });
      this.at = 0;
    }
    this.show();
  }

  leave() {
    this.ranges.pop();
    this.show();
  }

  key(event) {
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns };
    if (event.key in moves) this.at = Math.min(Math.max(this.at + moves[event.key], 0), this.count - 1);
    else if (event.key === "Enter") this.enter();
    else if (event.key === "Escape" || event.key === "Backspace") this.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.draw();
    this.say(this.at);
  }
}

const zonePageblock = (state, zone) => state.zones[zone].pageblockPages;
