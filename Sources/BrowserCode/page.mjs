import { DeepLink } from "./Controls/deepLink.mjs";
import { Filters } from "./Controls/filters.mjs";
import { Player } from "./Controls/player.mjs";
import { part } from "./State/forms.mjs";
import { BlockTreeView } from "./Views/blockTree.mjs";
import { forgetMeasures, whenSizeChanges } from "./Views/drawing.mjs";
import { EventDetailsView } from "./Views/eventDetails.mjs";
import { EventListView } from "./Views/eventList.mjs";
import { FreeListsView } from "./Views/freeLists.mjs";
import { NodeMapView } from "./Views/nodeMap.mjs";
import { TimelineView } from "./Views/timeline.mjs";
import { ZoneTilesView } from "./Views/zoneTiles.mjs";

/** The page: one history, one moment of it, and everything that shows that moment. */
export class HistoryPage {
  constructor(history) {
    this.history = history;
    this.zone = this.busiestZone();
    this.block = history.data.zones[this.zone].start;
    /** Blocks that the event shown touched: page frame, order, type where one is known, zone. */
    this.touched = [];
    this.tiles = new ZoneTilesView(this);
    this.list = new EventListView(this);
    this.link = new DeepLink(this);
    this.views = [
      new Player(this), new TimelineView(this), new NodeMapView(this), this.tiles, new BlockTreeView(this), new FreeListsView(this),
      new EventDetailsView(this), this.list, this.link,
    ];
    this.filters = new Filters(this, this.list);
    whenSizeChanges(() => this.show());
    window.addEventListener("beforeprint", () => this.unfold());
    window.addEventListener("afterprint", () => this.fold());
    for (const moment of ["beforeprint", "afterprint"]) window.addEventListener(moment, () => this.showAfresh());
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.showAfresh());
    if (!this.link.follow()) this.goTo(history.count > 0 ? 0 : -1);
  }

  /** The zone of which most has been taken; the largest, where nothing has. */
  busiestZone() {
    const { history } = this;
    const moved = (index) => Math.abs(history.freeAfter(history.count - 1, index) - history.freeAfter(-1, index));
    let best = 0;
    history.data.zones.forEach((zone, index) => {
      const more = moved(index) - moved(best);
      if (more > 0 || (more === 0 && zone.managed > history.data.zones[best].managed)) best = index;
    });
    return best;
  }

  goToNumber(number, parts = Infinity) {
    if (!Number.isFinite(number)) return;
    this.goTo(number - this.history.data.leftOut - 1, parts);
  }

  goTo(index, parts = Infinity) {
    this.history.goTo(index, parts);
    this.touched = this.touchedBlocks();
    const main = this.touched.at(-1);
    if (main && main.zone >= 0) {
      if (main.zone !== this.zone) this.chooseZone(main.zone, false);
      this.block = main.frame;
    }
    this.show();
  }

  touchedBlocks() {
    const { history } = this;
    if (history.index < 0) return [];
    const event = history.event(history.index);
    const done = Math.min(history.parts, event.parts.length);
    const raws = done < event.parts.length ? event.parts.slice(done - 1, done) : event.parts;
    const blocks = [];
    const add = (frame, order, type) => blocks.push({ frame, order, type, zone: history.state.zoneIndex(frame) });
    for (const raw of raws.slice(-64)) {
      if (raw[0] === part.taken) {
        for (let level = raw[2] - 1; level >= raw[4]; level--) add(raw[1] + 2 ** level, level, raw[5]);
        add(raw[3], raw[4], raw[5]);
      } else if (raw[0] === part.merged) {
        add(raw[3], raw[4], raw[5]);
      } else if (raw[0] === part.moved) {
        add(raw[1], raw[2], raw[3]);
      }
    }
    if (done >= event.parts.length && event.frame >= 0) add(event.frame, event.order);
    return blocks;
  }

  chooseZone(zone, shows = true) {
    this.zone = zone;
    this.block = this.history.data.zones[zone].start;
    this.tiles.reset();
    if (shows) this.show();
  }

  chooseBlock(frame) {
    this.block = frame;
    this.show();
  }

  /** In other colours, or on paper. */
  showAfresh() {
    forgetMeasures();
    this.show();
  }

  /** On paper nothing can be unfolded. */
  unfold() {
    this.folded = [...document.querySelectorAll("details:not([open])")];
    for (const details of this.folded) details.open = true;
  }

  fold() {
    for (const details of this.folded ?? []) details.open = false;
  }

  /**
   * Of a machine to which nothing has happened there is nothing to step through: it is shown alone. One event is no
   * course of events: it has no timeline.
   */
  showWhatThereIs() {
    const { classList } = document.body;
    const count = this.history.data.leftOut + this.history.count;
    if (classList.contains("still") === (count === 0) && classList.contains("single") === (count < 2)) return;
    classList.toggle("still", count === 0);
    classList.toggle("single", count < 2);
    forgetMeasures();
  }

  show() {
    this.showWhatThereIs();
    for (const view of this.views) view.show();
  }
}
