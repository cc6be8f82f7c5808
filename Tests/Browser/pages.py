"""Opens pages that the program writes in a real browser, and goes through every event of each.

usage: pages.py CHROMIUM NUMAZONES
"""

import json
import os
import random
import shutil
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
    "kcompactd": ["run", "Config/scenarios/kcompactd.json5"],
    "comparison": ["compare", "--scenario", "Config/scenarios/gfp-atomic.json5", "--set", "vm.min_free_kbytes=65536"],
    "machine": ["show", "Config/cxl-tiered.json"],
    "forecast": ["explain", "--host", "GFP_ATOMIC", "--order", "3"],
    "log": ["explain", "Tests/KernelLogTests/Fixtures/Log/k612-oom-cpuset.log"],
    "highmem": ["alloc", "Config/i386-highmem.json", "GFP_KERNEL", "--order", "4", "--count", "50"],
    "reserves": ["explain", "Tests/KernelLogTests/Fixtures/Log/k61-atomic0-storm.log"],
    "alloc": ["alloc", "Config/laptop.json", "GFP_HIGHUSER_MOVABLE", "--order", "3", "--count", "500"],
}

# Those on which filters, keys and sizes are tried as well.
THOROUGHLY = ("classroom", "alloc")

# That there is nothing to scroll sideways at 390 pixels is looked at on each.

# At most that many events are stepped through one by one; the digest of all is compared in any case.
MOST_STEPS = 400

STEP_THROUGH = """(() => {
  const { history, page } = window.numazones;
  const amount = (text) => Number(text.replace(/\\D/g, ""));
  const letters = ["U", "M", "E", "H", "C", "I"];
  // What a reader sees: free blocks by order and type, pages on CPUs' lists, and marks, as the page says them.
  const shown = () => {
    const [table, perCPU] = document.querySelectorAll("#free-lists table");
    const types = [...table.tHead.rows[0].querySelectorAll("abbr")].map((sign) => letters.indexOf(sign.textContent));
    const rows = [...table.tBodies[0].rows].reverse();
    const counts = rows.map((row) => types.map((type, place) => [type, amount(row.cells[place + 1].textContent)]));
    const cpus = {};
    for (const row of perCPU ? perCPU.tBodies[0].rows : []) {
      const cpu = amount(row.cells[0].textContent);
      cpus[cpu] = (cpus[cpu] ?? 0) + amount(row.cells[3].textContent) * 2 ** amount(row.cells[1].textContent);
    }
    return { counts, totals: rows.map((row) => amount(row.cells[row.cells.length - 1].textContent)), cpus };
  };
  const marksShown = (zone) => {
    const lane = [...document.querySelectorAll("canvas.lane")].find((canvas) => canvas.getAttribute("aria-label").startsWith(zone + ":"));
    return lane && [...lane.getAttribute("aria-label").matchAll(/(?:min|low|high|boost) ([\\d\u202f]+)/g)].map((match) => amount(match[1]));
  };
  const same = (what, seen, wanted, place) => {
    if (JSON.stringify(seen) !== JSON.stringify(wanted)) throw new Error(`${place}: ${what}: shows ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`);
  };
  const check = (index, way) => {
    page.goTo(index);
    const place = `event ${index} ${way}`;
    // The machine's own sum, over counts, ends of lists by type, pages on CPUs' lists and marks.
    same("the sum of the state", history.state.digest, history.event(index).digest, place);
    const zone = history.state.zones[page.zone];
    const seen = shown();
    same("blocks", seen.totals, zone.counts, place);
    for (const [order, row] of seen.counts.entries()) {
      for (const [type, blocks] of row) same(`order ${order} type ${type}`, blocks, zone.list(order, type).blocks, place);
    }
    const cpus = {};
    for (const cpu of zone.cpus.keys()) {
      const pages = zone.cpuPages(cpu, history.state.orderOf);
      if (pages > 0) cpus[history.data.cpus[cpu]] = pages;
    }
    same("CPUs' lists", seen.cpus, cpus, place);
    const { node, name } = history.data.zones[page.zone];
    const marks = marksShown(`node ${history.data.nodes[node].id} ${name}`);
    if (marks) same("marks", marks, [...zone.marks.slice(0, 3), zone.marks[4]], place);
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

# Each list of every zone, block by block in its order, marks, and the pages on each CPU's lists.
WHOLE_STATE = """(index) => {
  const { history } = window.numazones;
  history.goTo(index);
  return history.state.zones.map((zone) => {
    const lists = {};
    for (const list of zone.lists) {
      const frames = [];
      for (const entry of list.entries()) for (let block = 0; block < entry.count; block++) frames.push(entry.frame + block * 2 ** list.order);
      if (frames.length) lists[`${list.order}/${list.type}`] = frames;
    }
    const cpus = {};
    for (const [cpu, lists] of zone.cpus) lists.forEach((frames, place) => {
      if (frames?.length) cpus[`${history.data.cpus[cpu]}/${place}`] = frames;
    });
    return { lists, cpus, marks: zone.marks.slice(0, 3) };
  });
}"""

TYPES = ["Unmovable", "Movable", "Reclaimable", "HighAtomic", "CMA", "Isolate"]


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
    for width, height in ((390, 844), (1600, 900), (1280, 900)):
        browser.resize(width, height)
        # A picture is drawn anew when its place has another width.
        browser.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        beyond = browser.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
        check(beyond <= 0, f"at {width} pixels there are {beyond} more to scroll to")
        check(not browser.unreadable(), f"at {width} pixels: {browser.unreadable()}")
    on_paper(browser)
    check(count > 0 or name == "machine", "no events")
    return f"{count} events, {changes} changes stepped through, opened in {opened:.2f} s"


# What a sheet of paper would lack or have too much of: controls, what is scrolled on the screen, what is folded, dark ground.
ON_PAPER = """(() => {
  const found = [];
  const isShown = (node) => node.getBoundingClientRect().width > 0 && getComputedStyle(node).visibility !== "hidden";
  for (const node of document.querySelectorAll("button, input, textarea, form")) {
    // Those that are words or figures besides.
    if (isShown(node) && !node.matches(".plain, .zone, .figures button")) found.push(`a control: ${node.outerHTML.slice(0, 60)}`);
  }
  for (const node of document.querySelectorAll("body *")) {
    const { overflowX, overflowY } = getComputedStyle(node);
    const cuts = (overflow) => overflow !== "visible" && overflow !== "clip";
    if (node.closest("svg, select") || node.matches(".skip") || !isShown(node)) continue;
    if (cuts(overflowX) && node.scrollWidth > node.clientWidth + 1 && !node.matches(".row span")) found.push(`cut at the right: ${node.id || node.className}`);
    if (cuts(overflowY) && node.scrollHeight > node.clientHeight + 1 && node.id !== "events" && !node.matches(".row span")) found.push(`cut below: ${node.id || node.className}`);
  }
  for (const node of document.querySelectorAll("details:not([open])")) found.push(`folded: ${node.textContent.slice(0, 40)}`);
  if (getComputedStyle(document.body).backgroundColor !== "rgb(255, 255, 255)") found.push(`ground ${getComputedStyle(document.body).backgroundColor}`);
  return found.slice(0, 8);
})()"""


def on_paper(browser):
    """A page in print is light, whole, and without anything to press; afterwards it is as it was."""
    folded = "document.querySelectorAll('details:not([open])').length"
    before = browser.evaluate(folded)
    browser.prefer("dark", media="print")
    browser.resize(794, 1123)
    browser.evaluate("window.dispatchEvent(new Event('beforeprint')); 0")
    lacks = browser.evaluate(ON_PAPER)
    check(not lacks, f"on paper: {lacks}")
    browser.evaluate("window.dispatchEvent(new Event('afterprint')); 0")
    browser.prefer("light")
    browser.resize(1280, 900)
    check(browser.evaluate(folded) == before, "what was folded before printing is not afterwards")


def thread_wakes(browser, address):
    """kcompactd is seen at work: a filter finds when it woke, a band is drawn, and within the event its node says so."""
    browser.open(address)
    browser.evaluate("""(() => { const box = document.getElementById("filter-outcome"); box.value = "kcompactd";
        box.dispatchEvent(new Event("change")); })()""")
    found = browser.evaluate("numazones.page.list.shown")
    check(len(found) == 1, f"kcompactd woke in {found}")
    check(browser.evaluate("numazones.history.compactingSpans") == [[[found[0], found[0]]]], "the band is elsewhere")
    check("kcompactd awake" in browser.evaluate("document.getElementById('lanes').textContent"), "the band is not explained")
    said = browser.evaluate(f"""(() => {{ const {{ page, history }} = numazones;
        const parts = history.event({found[0]}).parts;
        const [wakes, sleeps] = [20, 21].map((kind) => parts.findIndex((raw) => raw[0] === kind));
        const seen = [wakes, wakes + 1, sleeps, sleeps + 1].map((part) => {{
          page.goTo({found[0]}, part);
          return !document.querySelector(".node .compacting").hidden;
        }});
        return [seen, document.getElementById("details").textContent]; }})()""")
    check(said[0] == [False, True, True, False], f"its node says that kcompactd is at work before, after, before and after: {said[0]}")
    check("kcompactd of node 0 wakes up" in said[1] and "kcompactd of node 0 goes to sleep" in said[1], "what it did is not told")


def write(program, command, path):
    subprocess.run([program, *command, "--html", path], check=True, stdout=subprocess.DEVNULL)


def saved_state(path):
    """A state that the program saved, in the form of WHOLE_STATE."""
    with open(path) as file:
        zones = json.load(file)["zones"]
    state = []
    for zone in zones:
        lists = {}
        for entry in zone["lists"]:
            frames = []
            for run in entry["runs"]:
                first, count = run if isinstance(run, list) else (run, 1)
                frames += [first + block * 2 ** entry["order"] for block in range(count)]
            if frames:
                lists[f"{entry['order']}/{TYPES.index(entry['type'])}"] = frames
        cpus = {f"{cpu['cpu']}/{entry['index']}": entry["frames"]
                for cpu in zone["exact"]["perCPU"] for entry in cpu["lists"] if entry["frames"]}
        state.append({"lists": lists, "cpus": cpus, "marks": [zone["watermarks"][mark] for mark in ("min", "low", "high")]})
    return state


def every_state(browser, program, folder, seed=15):
    """A scenario that saves the machine after each of its requests and frees: the page has just these states."""
    draw = random.Random(seed)
    steps, held = [], 0
    for place in range(60):
        if held and draw.random() < 0.4:
            steps.append({"free": "blocks", "last": 1})
            held -= 1
        elif draw.random() < 0.1:
            steps.append({"set": {"vm.min_free_kbytes": draw.choice([1024, 2048, 4096])}})
        else:
            mask = draw.choice(["GFP_KERNEL", "GFP_ATOMIC", "GFP_HIGHUSER_MOVABLE"])
            steps.append({"alloc": mask, "order": draw.randrange(6), "cpu": draw.randrange(2), "name": "blocks"})
            held += 1
        steps.append({"save": f"state-{place}.json"})
    path = os.path.join(folder, "saving.json")
    with open(path, "w") as file:
        json.dump({"topology": {"nodes": [{"cpus": "0-1", "memory": "64MiB"}]}, "steps": steps}, file)
    page = os.path.join(folder, "saving.html")
    subprocess.run([os.path.abspath(program), "run", path, "--html", page], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    browser.open(f"file://{page}")
    check(browser.evaluate("numazones.history.count") == 60, f"seed {seed}: not an event for each step")
    for index in list(range(60)) + list(reversed(range(60))):
        shown = browser.evaluate(f"({WHOLE_STATE})({index})")
        wanted = saved_state(os.path.join(folder, f"state-{index}.json"))
        check(shown == wanted, f"seed {seed}, event {index}: the page has {shown}, the machine {wanted}")
    return "60 states, block by block as the machine saved them, forward and back"


# What 120 steps around the middle have the browser do: for each step the elements that are made or given other words and
# attributes, and what is drawn on canvases. Counted, as a clock would measure the machine that runs the test.
STEP_WORK = """(() => {
  const { page, history } = window.numazones;
  let drawn = 0;
  const context = CanvasRenderingContext2D.prototype;
  for (const name of ["fillRect", "fillText", "stroke", "fill", "drawImage", "strokeRect"]) {
    const own = context[name];
    context[name] = function (...values) { drawn += 1; return own.apply(this, values); };
  }
  const watcher = new MutationObserver(() => {});
  watcher.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  const middle = history.count >> 1;
  page.goTo(middle);
  const steps = [];
  for (let step = 1; step <= 120; step++) {
    watcher.takeRecords();
    drawn = 0;
    const start = performance.now();
    page.goTo(middle + (step <= 60 ? step : 120 - step));
    const took = performance.now() - start;
    const made = new Set();
    for (const record of watcher.takeRecords()) {
      made.add(record.target);
      for (const node of record.addedNodes) if (node.isConnected) { made.add(node); node.querySelectorAll?.("*").forEach((inner) => made.add(inner)); }
    }
    steps.push({ nodes: made.size, drawn, took });
  }
  watcher.disconnect();
  const sorted = (key) => steps.map((step) => step[key]).sort((a, b) => a - b);
  return { nodes: sorted("nodes"), drawn: sorted("drawn"), took: sorted("took") };
})()"""


def many_events(browser, program, folder):
    """100,000 events open and are stepped through with little work for each step; of more, stretches are left."""
    path = os.path.join(folder, "many.json")
    step = {"mix": [{"gfp": "GFP_KERNEL", "order": 1, "weight": 3}, {"gfp": "GFP_HIGHUSER_MOVABLE", "weight": 5},
                    {"free": True, "weight": 7}], "count": 130000}
    with open(path, "w") as file:
        json.dump({"topology": {"nodes": [{"cpus": "0-3", "memory": "2GiB"}]}, "limit": 1000000, "steps": [step]}, file)
    page = os.path.join(folder, "many.html")
    write(program, ["run", path], page)
    start = time.monotonic()
    browser.open(f"file://{page}")
    opened = time.monotonic() - start
    count, left_out, stretches, body = browser.evaluate("""[numazones.history.count, numazones.history.data.leftOut,
        numazones.history.stretches.all.length, document.querySelector("header").textContent]""")
    check(count >= 100000 and left_out > 0 and stretches > 10, f"{count} events, {left_out} left out, {stretches} stretches")
    check(f"the first {left_out} events left out" in body, f"the page does not say what was left out: {body[:300]}")
    elements = browser.evaluate("document.querySelectorAll('*').length")
    layouts = browser.metric("LayoutCount")
    work = browser.evaluate(STEP_WORK)
    layouts = (browser.metric("LayoutCount") - layouts) / 120
    nodes, drawn, took = work["nodes"], work["drawn"], work["took"]
    check(elements < 2000, f"the page begins with {elements} elements")
    check(nodes[60] <= 150 and nodes[-1] <= 500, f"a step makes or changes {nodes[60]} elements, the worst of 120 {nodes[-1]}")
    check(drawn[60] <= 40 and drawn[-1] <= 3000, f"a step draws {drawn[60]} times, the worst of 120 {drawn[-1]}")
    check(layouts <= 1, f"a step lays the page out {layouts:.2f} times before it is shown")
    return (f"{count} events of {count + left_out} and {stretches} stretches, {os.path.getsize(page) >> 20} MiB, {elements} elements, opened in {opened:.2f} s; "
            f"a step changes {nodes[60]} elements (at most {nodes[-1]}), draws {drawn[60]} times (at most {drawn[-1]}), {layouts:.2f} layouts, "
            f"{took[60]:.1f} ms (at most {took[-1]:.0f} ms)")


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
    # Both ends of an allocation are found by its page frame, and lead to one another.
    other = browser.evaluate("""(() => { const { page, history } = numazones;
        const index = history.notices.findIndex((_, index) => history.allocations.byEvent.get(index)?.to < Infinity);
        if (index < 0) return null;
        page.goTo(index);
        const { to, frame } = history.allocations.byEvent.get(index);
        document.getElementById("other-end").click();
        const there = history.index;
        document.getElementById("other-end").click();
        const box = document.getElementById("filter-words");
        document.getElementById("filters").reset();
        box.value = `0x${frame.toString(16)}`;
        box.dispatchEvent(new Event("input"));
        const listed = page.list.shown;
        box.value = "";
        box.dispatchEvent(new Event("input"));
        return [there === to, history.index === index, listed.includes(index) && listed.includes(to)]; })()""")
    check(other is None or all(other), f"an allocation's ends do not lead to one another: {other}")
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
    signs = browser.evaluate("""(() => { numazones.page.filters.apply(); return [...document.querySelectorAll("#events .sign")]
        .every((sign) => sign.getAttribute("aria-label")?.length > 3); })()""")
    check(signs, "a letter in the list has no words for who hears it")
    nameless = browser.evaluate("""[...document.querySelectorAll("button, input, select, canvas, svg")].filter((node) =>
        !(node.textContent.trim() || node.getAttribute("aria-label") || node.labels?.length)).length""")
    check(nameless == 0, f"{nameless} controls have no name")


def made_trace(count, seed=16):
    """A trace as ftrace writes it, of requests and frees drawn at random."""
    draw = random.Random(seed)
    lines, held = ["# tracer: nop"], []
    for place in range(count):
        stamp = f"task-{100 + draw.randrange(3)} [{draw.randrange(2):03}] ..... {1 + place / 1e5:.6f}:"
        if held and draw.random() < 0.4:
            frame, order = held.pop(draw.randrange(len(held)))
            lines.append(f" {stamp} mm_page_free: page=0x{frame:x} pfn=0x{frame:x} order={order}")
        else:
            order = draw.choice([0, 0, 0, 1, 2, 3])
            frame = 0x100000 + place * 8
            held.append((frame, order))
            mask, kind = draw.choice([("GFP_KERNEL", 0), ("GFP_HIGHUSER_MOVABLE", 1)])
            lines.append(f" {stamp} mm_page_alloc: page=0x{frame:x} pfn=0x{frame:x} order={order} migratetype={kind} gfp_flags={mask}")
    return "\n".join(lines) + "\n"


def hostile(browser, program, folder):
    """Names in logs and scenarios that are markup are shown as text, on the page and in pictures."""
    name = "</script><script>window.bad = 1</script>]]>\"'\u202e<img src=x onerror=window.bad=1>"
    log = os.path.join(folder, "hostile.log")
    with open("Tests/KernelLogTests/Fixtures/Log/k612-oom-cpuset.log") as file:
        text = file.read()
    with open(log, "w") as file:
        file.write(text.replace("inset", "in</script><script>window.bad=1//]]>\u202e\"'"))
    scenario = os.path.join(folder, "hostile.json")
    with open(scenario, "w") as file:
        json.dump({"name": name, "about": name, "topology": {"name": name, "nodes": [{"cpus": "0", "memory": "64MiB"}]},
                   "steps": [{"about": name, "alloc": "GFP_KERNEL", "name": name}]}, file)
    for command in (["explain", log], ["run", scenario]):
        path = os.path.join(folder, "hostile.html")
        write(program, [*command, "--svg", path + ".svg"], path)
        for address in (path, path + ".svg"):
            browser.open(f"file://{address}")
            check(browser.evaluate("window.bad === undefined && !document.querySelector('img')"), f"markup acts in {command}")
            # \u202e turns the direction of what follows.
            check("\u202e" not in browser.evaluate("document.documentElement.textContent"), f"a control is left in {command}")
    return "nothing acts, in two pages and two pictures"


def sweep(browser, program, folder):
    """The page of a sweep: nothing is cut off or too small to read, dark or light, wide or narrow, and on paper."""
    plan = os.path.join(folder, "plan.json")
    with open(plan, "w") as file:
        json.dump({"name": "sweep </script><img src=x onerror=window.bad=1>", "axes": {
            "source": [os.path.abspath("Config/laptop.json"), os.path.abspath("Config/memoryless-node.json")], "kernel": ["6.1", "6.12"],
            "scenario": [os.path.abspath("Config/plans/mixed-requests.json5")], "seed": "1-2"}, "measures": ["served", "refused", "free"]}, file)
    results = os.path.join(folder, "results")
    subprocess.run([program, "sweep", plan, "--out", results], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    browser.open(f"file://{results}/index.html")
    plots = browser.evaluate("document.querySelectorAll('svg').length")
    check(plots > 1, f"{plots} plots")
    check(browser.evaluate("window.bad === undefined && !document.querySelector('img')"), "markup acts")
    for scheme, width in (("light", 390), ("dark", 1600), ("light", 1280)):
        browser.prefer(scheme)
        browser.resize(width, 900)
        check(browser.evaluate("document.scrollingElement.scrollWidth") <= width, f"at {width} pixels there is more to scroll to")
        check(not browser.unreadable(), f"at {width} pixels: {browser.unreadable()}")
        ground = browser.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]")
        check((ground > 128) == (scheme == "light"), f"the {scheme} scheme is not followed")
    on_paper(browser)
    return f"{plots} plots"


def try_page(name, act):
    """Whether it went well; says what came of it."""
    try:
        print(f"{name}: {act()}", flush=True)
        return True
    except (AssertionError, subprocess.CalledProcessError) as problem:
        print(f"{name}: FAILED: {problem}", flush=True)
        return False


def main(chromium, program):
    folder = tempfile.mkdtemp(prefix="numazones-pages-")
    browser = Browser(chromium)

    def page(name, command):
        path = os.path.join(folder, f"{name}.html")
        write(program, command, path)
        words = go_through(browser, f"file://{path}", name)
        if name == "kcompactd":
            thread_wakes(browser, f"file://{path}")
        if name in THOROUGHLY:
            use(browser, f"file://{path}")
        return words

    def quiet(act):
        words = act()
        complaints, browser.complaints = browser.complaints, []
        check(not complaints, f"the console says {complaints}")
        return words

    trace = os.path.join(folder, "trace.txt")
    with open(trace, "w") as file:
        file.write(made_trace(3000))
    acts = {name: lambda name=name, command=command: page(name, command) for name, command in PAGES.items()}
    acts["replay"] = lambda: page("replay", ["replay", trace, "--on", "Config/two-socket.json"])
    acts["hostile"] = lambda: hostile(browser, program, folder)
    acts["every state"] = lambda: every_state(browser, program, folder)
    acts["sweep"] = lambda: sweep(browser, program, folder)
    acts["many events"] = lambda: many_events(browser, program, folder)
    try:
        browser.resize(1280, 900)
        passed = sum(try_page(name, lambda act=act: quiet(act)) for name, act in acts.items())
    finally:
        browser.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {len(acts) - passed} failed")
    return 0 if passed == len(acts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
