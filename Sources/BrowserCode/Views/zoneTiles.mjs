import { alignedDown, pagesOf } from "../State/arithmetic.mjs";
import { standingBlocks } from "../State/standingBlocks.mjs";
import { frameName, memory } from "../Words/amounts.mjs";
import { zoneLabel } from "../Words/names.mjs";
import { colour, drawingKey, fitted, layer, widthOf } from "./drawing.mjs";
import { found, setText } from "./elements.mjs";
import { AmountTiles, PageTiles } from "./tileDrawing.mjs";

const usualSide = 20;
const mostRows = 16;
const mostPageTiles = 1024;

/**
 * A range of a zone as a mosaic, from the whole zone down to the pages of one pageblock.
 *
 * What stands still is a layer of its own: a step paints the tiles that its event changed, and no others.
 */
export class ZoneTilesView {
  constructor(page) {
    this.page = page;
    this.canvas = found("tiles");
    this.readout = found("tile-words");
    this.ranges = [];
    this.at = 0;
    this.tiles = null;
    this.canvas.addEventListener("click", (event) => this.click(event));
    this.canvas.addEventListener("mousemove", (event) => this.say(this.tileAt(event)));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    for (const moment of ["focus", "blur"]) this.canvas.addEventListener(moment, () => this.draw());
    found("tiles-out").addEventListener("click", () => this.leave());
  }

  get zone() {
    return this.page.history.state.zones[this.page.zone];
  }

  /** The range that is drawn: the zone in whole blocks of the largest order, or a part of it. */
  get range() {
    const size = pagesOf(this.zone.maxOrder);
    return this.ranges.at(-1) ?? { first: alignedDown(this.zone.start, size), end: alignedDown(this.zone.end + size - 1, size) };
  }

  get isOnePageblock() {
    return this.range.end - this.range.first <= this.zone.pageblockPages;
  }

  reset() {
    this.ranges = [];
    this.at = 0;
  }

  show() {
    const { data } = this.page.history;
    const { first, end } = this.range;
    this.unit = this.unitOf(end - first);
    this.tiles = this.tilesOf(first, end);
    this.columns = Math.max(Math.floor(widthOf(this.canvas) / this.tiles.side), 1);
    this.count = Math.ceil((end - first) / this.unit);
    this.at = Math.min(this.at, this.count - 1);
    this.draw();
    if (found("tiles-out").disabled !== (this.ranges.length === 0)) found("tiles-out").disabled = this.ranges.length === 0;
    setText(found("tiles-range"), `${zoneLabel(data, this.page.zone)}, page frames ${frameName(first)} to ${frameName(end - 1)}: ` +
      (this.unit === 1 ? `one pageblock, each tile a page of ${memory(1, data.pageSize)}` : `each tile ${memory(this.unit, data.pageSize)}`));
    this.say(this.at);
  }

  /** Pages of a tile. */
  unitOf(pages) {
    let unit = 1;
    if (this.isOnePageblock) {
      while (pages / unit > mostPageTiles) unit *= 2;
      return unit;
    }
    const most = Math.max(Math.floor(widthOf(this.canvas) / usualSide), 1) * mostRows;
    while (Math.ceil(pages / unit) > most) unit *= 2;
    return Math.max(unit, this.zone.pageblockPages);
  }

  tilesOf(first, end) {
    const { history, zone: index } = this.page;
    const { segments } = history.data.zones[index];
    if (this.unit === 1) {
      const isMemory = (frame) => segments.some(([low, high]) => frame >= low && frame < high);
      return new PageTiles(first, end - first, standingBlocks(history, index, first, end - first), isMemory);
    }
    const tally = this.zone.tallied(segments, { first, end, unit: this.unit });
    if (!this.tiles?.isOf(tally, this.page.zone)) return new AmountTiles(tally, this.page.zone);
    this.tiles.follow(tally);
    return this.tiles;
  }

  draw() {
    if (!this.tiles) return;
    const rows = Math.ceil(this.count / this.columns);
    const { context, width, height } = fitted(this.canvas, rows * this.tiles.side + 2);
    this.paintStill(drawingKey(width));
    context.clearRect(0, 0, width, height);
    context.drawImage(this.still.canvas, 0, 0, width, height);
    context.strokeStyle = colour("accent");
    context.lineWidth = 2;
    for (const tile of this.touchedTiles()) this.edge(context, tile, 0);
    if (document.activeElement !== this.canvas) return;
    context.setLineDash([3, 2]);
    this.edge(context, this.at, 1);
    context.setLineDash([]);
  }

  /** All tiles, or those that look different than before. */
  paintStill(key) {
    const isOther = this.still?.tiles !== this.tiles || this.still.key !== key;
    const changed = isOther ? Array.from({ length: this.count }, (_, tile) => tile) : this.tiles.takeChanged();
    if (isOther) {
      this.tiles.takeChanged();
      this.still = { ...layer(this.canvas), tiles: this.tiles, key };
    }
    const { context } = this.still;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `${Math.max(this.tiles.side - 8, 11)}px system-ui, sans-serif`;
    for (const tile of changed) {
      const [x, y] = this.corner(tile);
      context.clearRect(x, y, this.tiles.side, this.tiles.side);
    }
    for (const tile of changed) this.tiles.paint(context, tile, ...this.corner(tile));
  }

  corner(tile) {
    const { side } = this.tiles;
    return [(tile % this.columns) * side, Math.floor(tile / this.columns) * side];
  }

  edge(context, tile, out) {
    const [x, y] = this.corner(tile);
    const size = this.tiles.side - 2 + 2 * out;
    context.strokeRect(x - out, y - out, size, size);
  }

  /** The first tiles of blocks that the shown event touched. */
  touchedTiles() {
    const tiles = this.page.touched.filter((block) => block.zone === this.page.zone)
      .map((block) => Math.floor((block.frame - this.range.first) / this.unit));
    return new Set(tiles.filter((tile) => tile >= 0 && tile < this.count));
  }

  tileAt(event) {
    const { side } = this.tiles;
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / side);
    const tile = Math.floor((event.clientY - box.top) / side) * this.columns + column;
    return column < this.columns && tile < this.count ? tile : this.at;
  }

  say(tile) {
    setText(this.readout, this.tiles.words(tile, this.page.history.data, this.page.history));
  }

  click(event) {
    this.at = this.tileAt(event);
    this.enter();
  }

  /** Looks closer at the tile chosen: down to the pages of one pageblock, whose tree is then drawn. */
  enter() {
    const chosen = this.range.first + this.at * this.unit;
    const size = Math.max(this.zone.pageblockPages, this.unit);
    const first = alignedDown(chosen, size);
    if (!this.isOnePageblock) {
      this.ranges.push({ first, end: first + size });
      this.at = 0;
    }
    this.page.chooseBlock(chosen);
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
