"""Opens pages that the program writes in a real browser, and goes through every event of each.

usage: pages.py CHROMIUM NUMAZONES
"""

import os
import subprocess
import sys
import tempfile
import time

from devtools import Browser

# What is written, and with which command. Each page is stepped through from end to end and back.
PAGES = {
    "classroom": ["run", "Config/scenarios/classroom.json5"],
    "zones": ["run", "Config/scenarios/gfp-kernel.json5"],
    "fragmentation": ["run", "Config/scenarios/order4-fragmentation.json5"],
    "comparison": ["compare", "--scenario", "Config/scenarios/gfp-atomic.json5", "--set", "vm.min_free_kbytes=65536"],
    "machine": ["show", "Config/cxl-tiered.json"],
    "forecast": ["explain", "--host", "GFP_ATOMIC", "--order", "3"],
    "log": ["explain", "Tests/KernelLogTests/Fixtures/Log/k612-oom-cpuset.log"],
    "alloc": ["alloc", "Config/laptop.json", "GFP_HIGHUSER_MOVABLE", "--order", "3", "--count", "500"],
}

# Those on which filters, keys and sizes are tried as well.
THOROUGHLY = ("classroom", "alloc")

# That there is nothing to scroll sideways at 390 pixels is looked at on each.

# At most so many events are stepped through one by one; the digest of all is compared in any case.
MOST_STEPS = 400

STEP_THROUGH = """(() => {
  const { history, page } = window.numazones;
  const shown = () => {
    const rows = [...document.querySelectorAll("#free-lists tbody")][0].rows;
    return [...rows].reverse().map((row) => Number(row.cells[row.cells.length - 1].textContent.replace(/\\D/g, "")));
  };
  const check = (index, way) => {
    page.goTo(index);
    const wanted = history.event(index).digest;
    if (history.state.digest !== wanted) throw new Error(`event ${index} ${way}: ${history.state.digest}, not ${wanted}`);
    const counts = history.state.zones[page.zone].counts;
    if (String(shown()) !== String(counts)) throw new Error(`event ${index} ${way}: shows ${shown()}, not ${counts}`);
  };
  const most = Math.min(history.count, MOST);
  for (let index = 0; index < most; index++) check(index, "forward");
  for (let index = most - 1; index >= 0; index--) check(index, "back");
  let changes = 0;
  page.goTo(-1);
  while (changes < MOST * 2) {
    const next = history.nextChange();
    if (!next) break;
    history.goTo(...next);
    changes += 1;
    if (history.parts === Infinity && history.state.digest !== history.event(history.index).digest) {
      throw new Error(`change by change, event ${history.index} comes to another state`);
    }
  }
  return [history.count, changes];
})()""".replace("MOST", str(MOST_STEPS))


def check(condition, words):
    if not condition:
        raise AssertionError(words)


def go_through(browser, address, name="page"):
    """Every event forward and back against the machine's own digests, and all digests at once."""
    start = time.monotonic()
    browser.open(address)
    opened = time.monotonic() - start
    check(browser.evaluate("window.numazones.history.problem") is None, "the history cannot be done again")
    check(browser.evaluate("window.numazones.verify()") == -1, "a state differs from the machine's")
    count, changes = browser.evaluate(STEP_THROUGH)
    browser.resize(390, 844)
    width = browser.evaluate("document.scrollingElement.scrollWidth")
    browser.resize(1280, 900)
    check(width <= 390, f"{width} pixels wide at 390")
    check(count > 0 or name == "machine", "no events")
    return f"{count} events, {changes} changes stepped through, opened in {opened:.2f} s"


def use(browser, address):
    """Filters, deep links, schemes, sizes, and the keyboard alone."""
    browser.open(address + "#event=3")
    check(browser.evaluate("numazones.history.index") == 2, "the deep link leads elsewhere")
    browser.evaluate("location.hash = '#event=2'; 0")
    check(browser.evaluate("new Promise((done) => setTimeout(() => done(numazones.history.index), 50))") == 1,
          "a changed deep link is not followed")
    browser.evaluate("""(() => { const box = document.getElementById("filter-outcome"); box.value = "served";
        box.dispatchEvent(new Event("change")); })()""")
    check(browser.evaluate("""(() => { const { page, history } = numazones;
        return page.list.shown.length > 0 && page.list.shown.every((index) => history.event(index).frame >= 0); })()"""),
          "the filter lists other events")
    browser.press("Home")
    check(browser.evaluate("numazones.history.index") == -1, "Home does not lead to the start")
    browser.press("ArrowRight")
    browser.press("ArrowRight")
    browser.press("ArrowLeft")
    check(browser.evaluate("numazones.history.index") == 0, "the arrow keys do not step")
    reach_with_tab(browser)
    for scheme, is_light in (("dark", False), ("light", True)):
        browser.prefer(scheme)
        ground = browser.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]")
        check((ground > 128) == is_light, f"the {scheme} scheme is not followed")
    browser.resize(390, 844)
    check(browser.evaluate("document.scrollingElement.scrollWidth") <= 390, "390 pixels are too narrow")
    browser.resize(1280, 900)


def reach_with_tab(browser):
    """Everything that can be used is reached with Tab, and has a name."""
    browser.evaluate("document.activeElement.blur(); 0")
    reached = set()
    for _ in range(120):
        browser.press("Tab")
        reached.add(browser.evaluate("document.activeElement.id"))
    for place in ("go-on", "part-on", "event-number", "filter-words", "events", "tiles", "verify"):
        check(place in reached, f"Tab does not lead to {place}")
    nameless = browser.evaluate("""[...document.querySelectorAll("button, input, select, canvas, svg")].filter((node) =>
        !(node.textContent.trim() || node.getAttribute("aria-label") || node.labels?.length)).length""")
    check(nameless == 0, f"{nameless} controls have no name")


def main(chromium, program):
    folder = tempfile.mkdtemp(prefix="numazones-pages-")
    failures = 0
    browser = Browser(chromium)
    try:
        browser.resize(1280, 900)
        for name, command in PAGES.items():
            path = os.path.join(folder, f"{name}.html")
            try:
                subprocess.run([program, *command, "--html", path], check=True, stdout=subprocess.DEVNULL)
                words = go_through(browser, f"file://{path}", name)
                if name in THOROUGHLY:
                    use(browser, f"file://{path}")
                check(not browser.complaints, f"the console says {browser.complaints}")
                print(f"{name}: {words}")
            except (AssertionError, subprocess.CalledProcessError) as problem:
                failures += 1
                print(f"{name}: FAILED: {problem}")
            browser.complaints.clear()
    finally:
        browser.close()
    print(f"{len(PAGES) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
