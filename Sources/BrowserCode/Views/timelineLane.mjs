import { counted, memory } from "../Words/amounts.mjs";
import { levels, notices, zoneLabel } from "../Words/names.mjs";
import { colour, drawingKey, fitted, layer } from "./drawing.mjs";
import { element, setAttribute } from "./elements.mjs";

const height = 148;
const signWidth = 10;
const frame = { left: 76, top: 34, bottom: 30 };
/** What stands beside the marks needs that much room: with their amounts, or without where there is little. */
const besideMarks = { wide: 112, narrow: 44, from: 560 };
const markRow = 13;

/** One zone's lane of the timeline. */
export class TimelineLane {
  constructor(timeline, zone) {
    this.timeline = timeline;
    this.zone = zone;
    const { history } = timeline.page;
    this.canvas = element("canvas", { role: "img", tabindex: 0, class: "lane" });
    this.figure = element("figure", { class: "lane" }, this.canvas);
    this.most = 1;
    for (let index = -1; index < history.count; index++) this.most = Math.max(this.most, history.freeAfter(index, zone));
    for (const { most } of history.stretches.all) this.most = Math.max(this.most, most[zone]);
    this.signs = this.signsOf(history);
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.drag(event));
    this.canvas.addEventListener("pointerup", (event) => this.release(event));
    this.canvas.addEventListener("dblclick", () => timeline.look(timeline.first, timeline.last));
    this.canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  /** What the lane marks, in order of time. */
  signsOf(history) {
    const signs = history.stretches.all.filter(({ notice }) => notice).map(({ last, notice }) => ({ number: last, notice }));
    for (let index = 0; index < history.count; index++) {
      if (!history.notices[index]) continue;
      const zones = history.zonesOf(index);
      if (zones.length === 0 || zones.includes(this.zone)) signs.push({ number: history.number(index), notice: history.notices[index] });
    }
    return signs;
  }

  /** Where the curve ends, and its marks are named. */
  get right() {
    return this.width - (this.width < besideMarks.from ? besideMarks.narrow : besideMarks.wide);
  }

  x(number) {
    const [first, last] = this.timeline.view;
    return frame.left + (number - first) / (last - first) * (this.right - frame.left);
  }

  number(x) {
    const [first, last] = this.timeline.view;
    return first + (x - frame.left) / (this.right - frame.left) * (last - first);
  }

  y(pages) {
    const inner = height - frame.top - frame.bottom;
    return height - frame.bottom - Math.min(pages / this.scale.most, 1) * inner;
  }

  draw() {
    const { history } = this.timeline.page;
    const { context, width } = fitted(this.canvas, height);
    this.width = width;
    this.scale = this.timeline.scale(this.zone);
    setAttribute(this.canvas, "aria-label", this.timeline.words(this.zone));
    context.clearRect(0, 0, width, height);
    context.drawImage(this.still(history, width), 0, 0, width, height);
    this.drawNow(context, history);
  }

  /** All but the moment shown, drawn once for each range, scale and colour scheme: stepping then costs no drawing. */
  still(history, width) {
    const key = [...this.timeline.view, this.scale.most, this.scale.words, drawingKey(width)].join();
    if (this.key === key) return this.layer;
    this.key = key;
    const { canvas, context } = layer(this.canvas);
    this.layer = canvas;
    this.drawFrame(context, history.data);
    context.save();
    context.beginPath();
    context.rect(frame.left, 0, this.right - frame.left, height);
    context.clip();
    this.drawAwake(context, history);
    this.drawFree(context, history);
    this.drawMarks(context, history);
    context.restore();
    this.nameMarks(context, history);
    this.drawSigns(context);
    return canvas;
  }

  drawFrame(context, data) {
    context.fillStyle = colour("ink");
    context.textAlign = "left";
    context.fillText(`${zoneLabel(data, this.zone)}: free memory, ${this.scale.words}`, 4, 12, this.width - 8);
    context.strokeStyle = colour("line");
    context.textAlign = "right";
    for (const share of [0, 0.5, 1]) {
      const y = this.y(this.scale.most * share);
      context.beginPath();
      context.moveTo(frame.left, y);
      context.lineTo(this.right, y);
      context.stroke();
      context.fillText(memory(this.scale.most * share, data.pageSize), frame.left - 6, y + 4);
    }
    context.textAlign = "center";
    const [first, last] = this.timeline.view;
    const numbers = [0, 0.5, 1].map((share) => Math.max(Math.round(first + (last - first) * share), 1));
    for (const number of new Set(numbers)) {
      const words = `event ${counted(number)}`;
      const half = context.measureText(words).width / 2;
      const x = this.x(Math.min(Math.max(number, first), last));
      context.fillText(words, Math.min(Math.max(x, half), this.width - half), height - 4);
    }
  }

  /** By pixel column, the least and the most that was free there. */
  drawFree(context, history) {
    const leftOut = history.data.leftOut;
    context.fillStyle = colour("free");
    context.strokeStyle = colour("free-line");
    context.beginPath();
    let isFirst = true;
    const put = (number, pages) => {
      const [x, y] = [this.x(number), this.y(pages)];
      if (isFirst) context.moveTo(x, y);
      else context.lineTo(x, y);
      isFirst = false;
    };
    const [first, last] = this.timeline.view;
    for (const stretch of history.stretches.all) {
      if (stretch.last < first - 1 || stretch.first > last) continue;
      put(stretch.last, stretch.most[this.zone]);
      put(stretch.last, stretch.least[this.zone]);
    }
    const from = Math.max(Math.floor(first) - leftOut - 1, -1);
    const to = Math.min(Math.ceil(last) - leftOut, history.count - 1);
    const step = Math.max(Math.floor((to - from) / Math.max(this.width, 1)), 1);
    for (let index = from; index <= to; index += step) {
      let [least, most] = [Infinity, 0];
      for (let inner = index; inner < Math.min(index + step, to + 1); inner++) {
        const free = history.freeAfter(inner, this.zone);
        least = Math.min(least, free);
        most = Math.max(most, free);
      }
      if (step > 1) put(index + leftOut + 1, most);
      put(index + leftOut + 1, least);
    }
    context.stroke();
    context.lineTo(this.x(Math.min(to + leftOut + 1, last)), this.y(0));
    context.lineTo(this.x(Math.max(first, history.stretches.start)), this.y(0));
    context.globalAlpha = 0.25;
    context.fill();
    context.globalAlpha = 1;
  }

  /** Which marks there are: kernels before 5.18 have no promo mark of their own, which is as high as the high one then. */
  levels(history) {
    const hasPromo = history.marks[this.zone].some(({ marks }) => marks[3] !== marks[2]);
    return hasPromo ? [0, 1, 2, 3] : [0, 1, 2];
  }

  drawMarks(context, history) {
    context.setLineDash([5, 3]);
    const spans = history.marks[this.zone];
    for (const level of this.levels(history)) {
      context.strokeStyle = context.fillStyle = colour(`mark${level}`);
      context.beginPath();
      let isOn = false;
      spans.forEach(({ index, marks }, place) => {
        const pages = marks[level] + marks[4];
        const [from, to] = [index, spans[place + 1]?.index ?? history.count].map((moment) => this.x(history.number(moment)));
        // Drawn at the axis's end, a mark beyond it would look as if it were there.
        const isBeyond = pages > this.scale.most;
        if (!isBeyond) context[isOn ? "lineTo" : "moveTo"](from, this.y(pages));
        if (!isBeyond) context.lineTo(to, this.y(pages));
        isOn = !isBeyond;
      });
      context.stroke();
    }
    context.setLineDash([]);
  }

  /** Beside the last of each, above one another where they are at one height. */
  nameMarks(context, history) {
    const { marks } = history.marks[this.zone].at(-1);
    context.textAlign = "left";
    let room = Infinity;
    for (const level of this.levels(history)) {
      const pages = marks[level] + marks[4];
      const y = Math.min(this.y(pages) + 4, room);
      room = y - markRow;
      const amount = this.width < besideMarks.from ? "" : ` ${memory(pages, history.data.pageSize)}`;
      context.fillStyle = colour(`mark${level}`);
      context.fillText(`${levels[level]}${amount}`, this.right + 6, y);
    }
  }

  drawAwake(context, history) {
    const node = history.data.zones[this.zone].node;
    this.drawBand(context, history, history.awakeSpans[node], "awake", height - frame.bottom + 1, 6);
    this.drawBand(context, history, history.compactingSpans[node], "compacting", height - frame.bottom + 8, 4);
  }

  drawBand(context, history, spans, name, y, thickness) {
    context.fillStyle = colour(name);
    for (const [from, to] of spans) {
      const x = Math.max(this.x(history.number(from)), frame.left);
      const end = Math.min(Math.max(this.x(history.number(to)), x + 2), this.right);
      if (end > x) context.fillRect(x, y, end - x, thickness);
    }
  }

  /** Where several would be on one another, the gravest. */
  drawSigns(context) {
    const [first, last] = this.timeline.view;
    const ranks = Object.keys(notices);
    const places = new Map();
    for (const { number, notice } of this.signs) {
      if (number < first || number > last) continue;
      const x = this.x(number);
      const place = Math.floor(x / signWidth);
      const before = places.get(place);
      if (!before || ranks.indexOf(notice) > ranks.indexOf(before.notice)) places.set(place, { x, notice });
    }
    context.textAlign = "center";
    context.fillStyle = colour("ink");
    for (const [place, { notice }] of places) context.fillText(notices[notice].sign, (place + 0.5) * signWidth, frame.top - 6);
  }

  drawNow(context, history) {
    const x = this.x(history.number(history.index));
    if (x < frame.left - 1 || x > this.right + 1) return;
    context.strokeStyle = colour("accent");
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x, frame.top);
    context.lineTo(x, height - frame.bottom + 8);
    context.stroke();
    context.lineWidth = 1;
  }

  press(event) {
    this.from = event.offsetX;
    this.canvas.setPointerCapture(event.pointerId);
  }

  /** What is drawn over is what will be looked at closer. */
  drag(event) {
    if (this.from === undefined || Math.abs(event.offsetX - this.from) < 4) return;
    this.draw();
    const context = this.canvas.getContext("2d");
    context.fillStyle = colour("accent");
    context.globalAlpha = 0.2;
    context.fillRect(Math.min(this.from, event.offsetX), frame.top, Math.abs(event.offsetX - this.from), height - frame.top - frame.bottom);
    context.globalAlpha = 1;
  }

  release(event) {
    if (this.from === undefined) return;
    const [low, high] = [Math.min(this.from, event.offsetX), Math.max(this.from, event.offsetX)];
    this.from = undefined;
    const { page } = this.timeline;
    if (high - low < 4) page.goTo(Math.round(this.number(low)) - page.history.data.leftOut - 1);
    else this.timeline.look(this.number(low), this.number(high));
  }

  /** With Ctrl or Shift: a wheel alone scrolls the page. */
  wheel(event) {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    const [first, last] = this.timeline.view;
    const centre = this.number(event.offsetX);
    const factor = (event.deltaY || event.deltaX) > 0 ? 1.25 : 0.8;
    this.timeline.look(centre - (centre - first) * factor, centre + (last - centre) * factor);
  }
}
