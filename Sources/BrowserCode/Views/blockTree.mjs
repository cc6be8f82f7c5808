import { alignedDown, pagesOf } from "../State/arithmetic.mjs";
import { standingBlocks } from "../State/standingBlocks.mjs";
import { counted, frameName, memory, plural } from "../Words/amounts.mjs";
import { types } from "../Words/names.mjs";
import { widthOf } from "./drawing.mjs";
import { drawn, found, setText } from "./elements.mjs";
import { blockWords } from "./tileDrawing.mjs";

const treeRow = 26;
const orderNameWidth = 76;
/** Pixels beyond which a wider tree shows nothing more. */
const mostTreeWidth = 1344;
/** A box that is narrower has no edge: it would hide what it is around. */
const tiny = 4;

/**
 * One block of the largest order as the tree that buddies make: a row for each order, free blocks in their rows.
 *
 * Boxes that look alike are one path: a tree of a thousand pages is a few dozen elements, whatever is in it.
 */
export class BlockTreeView {
  constructor(page) {
    this.page = page;
    this.place = found("tree");
    this.blocks = [];
    /** The smallest order that was ever drawn: rows come as they are needed, and stay, so that a step moves nothing. */
    this.bottom = Infinity;
    this.place.addEventListener("mousemove", (event) => this.say(event));
    this.place.addEventListener("mouseleave", () => setText(found("tree-at"), ""));
  }

  show() {
    const { history } = this.page;
    const { data } = history;
    this.pages = pagesOf(data.maxOrder);
    this.first = alignedDown(this.page.block, this.pages);
    this.top = data.maxOrder;
    this.blocks = standingBlocks(history, this.page.zone, this.first, this.pages);
    setText(found("tree-at"), "");
    if (this.blocks.length === 0) return this.showNothing(data);
    this.bottom = this.blocks.reduce((least, block) => Math.min(least, block.order), this.bottom);
    this.width = Math.min(widthOf(this.place), mostTreeWidth) - orderNameWidth;
    const key = this.key(data);
    if (this.shown === key) return undefined;
    this.shown = key;
    this.parents = this.parentsOf(this.blocks);
    const title = `Tree of the block at ${frameName(this.first)}, ${memory(this.pages, data.pageSize)}`;
    const free = this.blocks.filter((block) => block.kind === "free");
    const touched = this.blocks.filter((block) => this.isTouched(block));
    this.place.replaceChildren(drawn("svg", { viewBox: `0 0 ${this.width + orderNameWidth} ${this.rows * treeRow}`, width: this.width + orderNameWidth, role: "img", "aria-label": title, class: "tree" },
      drawn("title", {}, title),
      drawn("desc", {}, `${free.length} free blocks: ${free.slice(0, 40).map((block) => `order ${block.order} at ${frameName(block.frame)}`).join(", ")}`),
      this.rowNames(data), this.outlines(), touched.map((block) => drawn("path", { class: `${this.look(block)} touched`, d: this.outline(block) })), this.letters()));
    setText(found("tree-words"), `${title}: ${this.amounts(free.length)}.`);
    return undefined;
  }

  /** How many blocks of which kind there are, and how they are drawn. */
  amounts(free) {
    const count = (kind) => this.blocks.filter((block) => block.kind === kind).length;
    const [used, perCPU] = [count("used"), count("percpu")];
    return [
      plural(free, "free block"), used && `${counted(used)} in use (dashed; dark where narrow), as far as the history tells`,
      perCPU && `${counted(perCPU)} on CPUs' lists (p; violet where narrow)`,
    ].filter(Boolean).join("; ");
  }

  get rows() {
    return this.top - this.bottom + 1;
  }

  showNothing(data) {
    this.shown = null;
    this.parents = [];
    this.place.replaceChildren();
    setText(found("tree-words"), `Of the ${memory(this.pages, data.pageSize)} at ${frameName(this.first)} nothing is free: in use since before the history begins, or no memory.`);
  }

  /** What the picture is made of: the same again means the same picture. */
  key(data) {
    return `${this.first}/${data.maxOrder}/${this.bottom}/${this.width}:${this.blocks.map((block) =>
      `${block.frame},${block.order},${block.kind},${block.type},${this.isTouched(block)}`).join(";")}`;
  }

  isTouched(block) {
    return this.page.touched.some(({ frame, order }) => frame === block.frame && order === block.order);
  }

  /** The larger blocks that were split into what is there. */
  parentsOf(blocks) {
    const seen = new Map();
    for (const block of blocks) {
      for (let order = block.order + 1; order <= this.top; order++) {
        const frame = this.first + alignedDown(block.frame - this.first, pagesOf(order));
        // Then the ones above are there as well.
        const name = frame * 64 + order;
        if (seen.has(name)) break;
        seen.set(name, { frame, order, kind: "parent" });
      }
    }
    return [...seen.values()];
  }

  rowNames(data) {
    return Array.from({ length: this.rows }, (_, row) => drawn("text", {
      x: this.width + 6, y: row * treeRow + 17, class: "row-name",
    }, `${this.top - row}: ${memory(pagesOf(this.top - row), data.pageSize)}`));
  }

  x(frame) {
    return (frame - this.first) / this.pages * this.width;
  }

  look(block) {
    return `block ${block.kind}${block.kind === "free" ? ` type${block.type}` : ""}`;
  }

  /** By how they look, all boxes of one look as one path. */
  outlines() {
    const paths = new Map();
    for (const block of [...this.parents, ...this.blocks]) {
      const isTiny = this.x(this.first + pagesOf(block.order)) < tiny;
      const look = `${this.look(block)}${isTiny ? " tiny" : ""}`;
      if (!paths.has(look)) paths.set(look, []);
      paths.get(look).push(isTiny ? this.stroke(block) : this.outline(block));
    }
    return [...paths].map(([look, parts]) => drawn("path", { class: look, d: parts.join("") }));
  }

  outline(block) {
    const y = (this.top - block.order) * treeRow + 2;
    const width = Math.max(this.x(this.first + pagesOf(block.order)) - 1, 1);
    return `M${this.x(block.frame) + 0.5} ${y}h${width}v${treeRow - 4}h${-width}z`;
  }

  stroke(block) {
    const y = (this.top - block.order) * treeRow + 2;
    const width = this.x(this.first + pagesOf(block.order));
    return `M${this.x(block.frame)} ${y}h${width}v${treeRow - 4}h${-width}z`;
  }

  letters() {
    return this.blocks.map((block) => {
      const size = this.x(this.first + pagesOf(block.order));
      const letter = { free: types[block.type]?.letter, used: "in use", percpu: "p" }[block.kind];
      if (size <= letter.length * 8 + 4) return null;
      return drawn("text", { x: this.x(block.frame) + size / 2, y: (this.top - block.order) * treeRow + 17, "text-anchor": "middle" }, letter);
    });
  }

  /** What is under the pointer. */
  say(event) {
    const svg = this.place.firstElementChild;
    if (!svg) return;
    const box = svg.getBoundingClientRect();
    const scale = (this.width + orderNameWidth) / box.width;
    const frame = this.first + Math.floor((event.clientX - box.left) * scale / this.width * this.pages);
    const order = this.top - Math.floor((event.clientY - box.top) * scale / treeRow);
    const under = [...this.blocks, ...this.parents].find((block) =>
      block.order === order && frame >= block.frame && frame < block.frame + pagesOf(order));
    setText(found("tree-at"), under ? blockWords(under, this.page.history.data, this.page.history) : "");
  }
}
