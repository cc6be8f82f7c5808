import { alignedDown, pagesOf } from "../State/arithmetic.mjs";
import { frameName, memory } from "../Words/amounts.mjs";
import { typeName, types } from "../Words/names.mjs";
import { drawn, found } from "./elements.mjs";

const treeRow = 26;
const treeWidth = 1000;

const isWithinRun = (entry, frame, size) => frame >= entry.frame && frame < entry.frame + entry.count * size;

/** One block of the largest order as the tree that buddies make: a row for each order, free blocks in their rows. */
export class BlockTreeView {
  constructor(page) {
    this.page = page;
    this.place = found("tree");
  }

  show() {
    const { data, state } = this.page.history;
    const pages = pagesOf(data.maxOrder);
    const first = alignedDown(this.page.block, pages);
    const blocks = this.blocks(state, first, pages);
    if (blocks.length === 0) {
      this.place.replaceChildren();
      found("tree-words").textContent = `Of the ${memory(pages, data.pageSize)} at ${frameName(first)} nothing is free: in use since before the history begins, or no memory.`;
      return;
    }
    const height = (data.maxOrder + 1) * treeRow;
    const parents = this.parents(blocks, first, pages, data.maxOrder);
    const title = `Tree of the block at ${frameName(first)}, ${memory(pages, data.pageSize)}`;
    const free = blocks.filter((block) => block.kind === "free");
    this.place.replaceChildren(drawn("svg", { viewBox: `0 0 ${treeWidth + 70} ${height}`, role: "img", "aria-label": title, class: "tree" },
      drawn("title", {}, title),
      drawn("desc", {}, `${free.length} free blocks: ${free.slice(0, 40).map((block) => `order ${block.order} at ${frameName(block.frame)}`).join(", ")}`),
      this.rowNames(data), parents.map((block) => this.box(block, first, pages, "parent")).filter(Boolean),
      blocks.map((block) => this.box(block, first, pages, block.kind === "free" ? `free type${block.type}` : block.kind))));
    found("tree-words").textContent = `${title}: ${free.length} free, ${blocks.length - free.length} in use or on CPUs' lists as far as the history tells.`;
  }

  /** What stands in the block: free, in use as far as the history saw it handed out, or on a CPU's list. */
  blocks(state, first, pages) {
    const zone = state.zones[this.page.zone];
    const blocks = [];
    const isWithin = (frame) => frame >= first && frame < first + pages;
    for (const list of zone.lists) {
      for (const entry of list.entries()) {
        const size = pagesOf(list.order);
        // Of a run, the one block of the largest order that is asked for.
        const frame = entry.count > 1 && isWithinRun(entry, first, size) ? first : entry.frame;
        if (isWithin(frame)) blocks.push({ frame, order: list.order, type: list.type, kind: "free" });
      }
    }
    for (const { frame, order, from } of this.page.history.usedWithin(first, first + pages)) {
      blocks.push({ frame, order, event: from, kind: "used" });
    }
    for (const lists of zone.cpus.values()) {
      lists.forEach((frames, index) => frames?.forEach((frame) => {
        if (isWithin(frame)) blocks.push({ frame, order: state.orderOf(index), kind: "percpu" });
      }));
    }
    return blocks;
  }

  /** The larger blocks that were split into what is there. */
  parents(blocks, first, pages, top) {
    const seen = new Map();
    for (const block of blocks) {
      for (let order = block.order + 1; order <= top; order++) {
        const frame = first + alignedDown(block.frame - first, pagesOf(order));
        seen.set(`${order}/${frame}`, { frame, order });
      }
    }
    return [...seen.values()];
  }

  rowNames(data) {
    return Array.from({ length: data.maxOrder + 1 }, (_, order) => drawn("text", {
      x: treeWidth + 6, y: (data.maxOrder - order) * treeRow + 17, class: "row-name",
    }, `${order}: ${memory(pagesOf(order), data.pageSize)}`));
  }

  box(block, first, pages, kind) {
    const { data } = this.page.history;
    const x = (block.frame - first) / pages * treeWidth;
    const size = pagesOf(block.order) / pages * treeWidth;
    const y = (data.maxOrder - block.order) * treeRow;
    // An edge would hide what it is around.
    const isTiny = size < 4;
    if (isTiny && kind === "parent") return null;
    const isTouched = kind !== "parent" && this.page.touched.some((entry) => entry.frame === block.frame && entry.order === block.order);
    const words = this.words(block, kind);
    const letter = kind.startsWith("free") ? types[block.type].letter : kind === "used" ? "in use" : kind === "percpu" ? "CPU" : "";
    return drawn("g", { class: `block ${kind}${isTouched ? " touched" : ""}${isTiny ? " tiny" : ""}` }, drawn("title", {}, words),
      drawn("rect", { x: x + 0.5, y: y + 2, width: Math.max(size - 1, 1), height: treeRow - 4, rx: Math.min(3, size / 4) }),
      letter && size > letter.length * 8 + 4 ? drawn("text", { x: x + size / 2, y: y + 17, "text-anchor": "middle" }, letter) : null);
  }

  words(block, kind) {
    const place = `${memory(pagesOf(block.order), this.page.history.data.pageSize)} at ${frameName(block.frame)}`;
    if (kind === "parent") return `${place}: split`;
    if (block.kind === "free") return `${place}: free, ${typeName(block.type)} list of order ${block.order}`;
    if (block.kind === "used") return `${place}: in use since event ${this.page.history.number(block.event)}`;
    return `${place}: on a CPU's list`;
  }
}
