import { pagesOf } from "../State/arithmetic.mjs";
import { typeName, types } from "../Words/names.mjs";
import { counted, frameName, memory, plural } from "../Words/amounts.mjs";
import { colour } from "./drawing.mjs";

/** How tiles look that stand for whole pageblocks or parts of them: filled as far as their pages are free. */
export class AmountTiles {
  constructor(tally, zone) {
    this.tally = tally;
    this.zone = zone;
    this.side = 20;
  }

  /** Whether a tally is of the same range, in the same parts. */
  isOf(tally, zone) {
    return zone === this.zone && ["first", "end", "unit"].every((key) => tally[key] === this.tally[key]);
  }

  /** Continues with the tally of another moment, of which only what differs is painted. */
  follow(tally) {
    if (tally === this.tally) return;
    tally.changed = new Set([...this.tally.changed, ...tally.differing(this.tally)]);
    this.tally = tally;
  }

  /** The tiles that look different than when this was last asked. */
  takeChanged() {
    const changed = [...this.tally.changed];
    this.tally.changed.clear();
    return changed;
  }

  paint(context, tile, x, y) {
    const { tally, side } = this;
    const size = side - 2;
    const managed = tally.managed[tile];
    context.fillStyle = colour(managed > 0 ? "used" : "hole");
    context.fillRect(x, y, size, size);
    if (managed === 0) return;
    const share = Math.min(tally.free[tile] / managed, 1);
    const [[type], second] = tally.typesOf(tile);
    context.fillStyle = colour(`type${type}`);
    context.fillRect(x, y + size * (1 - share), size, size * share);
    if (second) this.paintCorner(context, x + size, y, second[0]);
    context.fillStyle = colour("ink");
    context.fillText(types[type].letter, x + side / 2 - 1, y + side / 2);
  }

  /** Pageblocks of another type are there too. */
  paintCorner(context, right, y, type) {
    context.fillStyle = colour(`type${type}`);
    context.strokeStyle = colour("ink");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(right - 7, y);
    context.lineTo(right, y);
    context.lineTo(right, y + 7);
    context.closePath();
    context.fill();
    context.stroke();
  }

  words(tile, data) {
    const { tally } = this;
    const frame = frameName(tally.first + tile * tally.unit);
    if (tally.managed[tile] === 0) return `${frame}: no memory of this zone`;
    const found = tally.typesOf(tile);
    const all = found.reduce((sum, [, count]) => sum + count, 0);
    const kinds = found.length === 1 ? typeName(found[0][0])
      : `of ${plural(all, "pageblock")} ${found.map(([type, count]) => `${counted(count)} ${typeName(type)}`).join(", ")}`;
    return `${frame}: ${kinds}; ${counted(tally.free[tile])} of ${counted(tally.managed[tile])} pages free (${memory(tally.free[tile], data.pageSize)})`;
  }
}

/** How tiles look that stand for one page each: the blocks that the pages are in. */
export class PageTiles {
  /** @param blocks as `standingBlocks` has them @param count the pages from the first one on */
  constructor(first, count, blocks, isMemory) {
    Object.assign(this, { first, count, isMemory, side: 16 });
    this.blockOf = new Array(count).fill(null);
    for (const block of blocks) {
      const from = Math.max(block.frame - first, 0);
      this.blockOf.fill(block, from, Math.min(block.frame - first + pagesOf(block.order), count));
    }
  }

  isOf() {
    return false;
  }

  /** All of them: which blocks there are is asked afresh for each moment. */
  takeChanged() {
    return [...this.blockOf.keys()];
  }

  paint(context, tile, x, y) {
    const block = this.blockOf[tile];
    const size = this.side - 2;
    // Pages of one block hang together.
    const width = block && block === this.blockOf[tile + 1] ? this.side : size;
    const ground = block?.kind === "free" ? `type${block.type}` : block?.kind === "percpu" ? "awake" : "used";
    context.fillStyle = colour(this.isMemory(this.first + tile) ? ground : "hole");
    context.fillRect(x, y, width, size);
    if (!block || (this.blockOf[tile - 1] === block && tile > 0)) return;
    const letter = block.kind === "free" ? types[block.type].letter : block.kind === "used" ? "•" : "p";
    context.fillStyle = colour(block.kind === "percpu" ? "ground" : "ink");
    context.fillText(letter, x + size / 2, y + size / 2 + 0.5);
  }

  words(tile, data, history) {
    const frame = this.first + tile;
    const block = this.blockOf[tile];
    if (!this.isMemory(frame)) return `${frameName(frame)}: no memory of this zone`;
    if (!block) return `${frameName(frame)}: in use since before the history begins`;
    return `${frameName(frame)}: ${blockWords(block, data, history)}`;
  }
}

/** Where a block is, in words. */
export function blockWords(block, data, history) {
  const place = `${memory(pagesOf(block.order), data.pageSize)} at ${frameName(block.frame)}`;
  switch (block.kind) {
    case "free": return `${place}: free, ${typeName(block.type)} list of order ${block.order}`;
    case "used": return `${place}: in use since event ${history.number(block.event)}`;
    case "percpu": return `${place}: on the list of CPU ${data.cpus[block.cpu] ?? block.cpu}`;
    default: return `${place}: split`;
  }
}
