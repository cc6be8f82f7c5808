import SourceText

/// The parts that all history pages share; the script fills them.
enum PageFrameMarkup {
    /// All views of a moment.
    static let views: Markup = timeline + events + details + map + lists + help

    static let player: Markup = """
        <div class="player of-events" role="toolbar" aria-label="Stepping">
        <button type="button" id="go-first">Start</button>
        <button type="button" id="go-back" aria-keyshortcuts="ArrowLeft">← Event</button>
        <button type="button" id="part-back" aria-keyshortcuts=",">← Change</button>
        <button type="button" id="go-play" aria-pressed="false" aria-keyshortcuts="p">Play</button>
        <button type="button" id="part-on" aria-keyshortcuts=".">Change →</button>
        <button type="button" id="go-on" aria-keyshortcuts="ArrowRight">Event →</button>
        <button type="button" id="go-last">End</button>
        <label>Event <input type="number" id="event-number" min="0" step="1"></label>
        <span id="event-place" role="status"></span>
        <label class="of-course">Speed <select id="speed"><option value="0.5">½</option><option value="1" selected>1</option>
        <option value="4">4</option><option value="16">16</option></select></label>
        <label class="of-course"><input type="checkbox" id="by-parts"> change by change</label>
        </div>

        """

    private static let timeline: Markup = """
        <section class="whole of-course" aria-labelledby="timeline-title">
        <h2 id="timeline-title">Timeline</h2>
        <div class="tools"><span id="timeline-range"></span>
        <button type="button" id="zoom-in">Closer</button>
        <button type="button" id="zoom-out">Farther</button>
        <button type="button" id="zoom-all">All</button>
        <label><input type="checkbox" id="common-scale"> one scale for all zones</label>
        <label><input type="checkbox" id="near-marks"> near the marks</label></div>
        <div id="lanes"></div>
        </section>

        """

    private static let events: Markup = """
        <section class="of-events" aria-labelledby="events-title">
        <h2 id="events-title">History</h2>
        <form id="filters" class="of-course" aria-label="Which events are listed">
        <input type="search" id="filter-words" placeholder="mask, step or page frame"
        aria-label="words of the mask or step, or a page frame">
        <select id="filter-order" aria-label="order"><option value="">any order</option></select>
        <select id="filter-zone" aria-label="zone"><option value="">any zone</option></select>
        <select id="filter-outcome" aria-label="outcome"><option value="">any outcome</option>
        <option value="served">served</option><option value="refused">refused</option>
        <option value="done">free, drain, set</option></select>
        <button type="reset">All</button>
        </form>
        <p class="quiet" id="events-count" role="status"></p>
        <div id="events" role="listbox" tabindex="0" aria-label="Events"></div>
        </section>

        """

    private static let details: Markup = """
        <section class="of-events" aria-labelledby="details-title">
        <h2 id="details-title">What happened</h2>
        <div id="details" aria-live="polite" tabindex="-1"></div>
        </section>

        """

    private static let map: Markup = """
        <section class="whole" aria-labelledby="map-title">
        <h2 id="map-title">Map</h2>
        <div id="nodes"></div>
        <div class="tools"><span id="tiles-range"></span><button type="button" id="tiles-out">Zoom out</button></div>
        <canvas id="tiles" tabindex="0" role="img" aria-label="Pages of the zone as tiles; arrows move, Enter looks closer"
        aria-describedby="tile-words"></canvas>
        <p class="quiet" id="tile-words" role="status"></p>
        <p class="quiet">A tile is filled as far as its pages are free. Its letter and colour are its pageblock's type:
        U unmovable, M movable, E reclaimable, H kept for high-order atomic requests, C contiguous memory, I isolated; a
        corner: other types are there as well. A click or Enter looks closer, down to the pages of one pageblock: there a
        letter begins a free block, • one in use, p one on a CPU's list. A tile without a letter is no memory of the zone.</p>
        <div id="tree"></div>
        <p class="quiet" id="tree-words"></p>
        <p class="quiet" id="tree-at"></p>
        </section>

        """

    private static let lists: Markup = """
        <section class="whole" aria-labelledby="lists-title">
        <h2 id="lists-title">Free lists</h2>
        <div id="free-lists" class="wide" tabindex="0" role="region" aria-label="Free lists"></div>
        </section>

        """

    private static let help: Markup = """
        <section class="whole of-events" aria-labelledby="help-title">
        <h2 id="help-title">About this page</h2>
        <p class="for-screens">Keys: <kbd>←</kbd> <kbd>→</kbd> one event, <kbd>,</kbd> <kbd>.</kbd> one change of the lists,
        <kbd>p</kbd> play, <kbd>Home</kbd> <kbd>End</kbd>. The address names the event shown, as in
        <code>#event=12</code>. On the timeline,
        drag to look closer, click to go there; Ctrl and the wheel look closer too.</p>
        <p><button type="button" id="verify">Check against the machine</button>
        <span id="verified" role="status">The free lists shown are made from the start and the events. The machine took a
        sum of its own state after each.</span></p>
        </section>

        """
}
