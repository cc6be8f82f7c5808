"""A headless Chromium, driven by the DevTools protocol over a pipe: nothing listens, nothing else is needed."""

import base64
import json
import os
import shutil
import subprocess
import tempfile


# A page whose history is compressed is loaded before it is unpacked; one that is no page has nothing to wait for.
READY = """new Promise((done) => {
  const look = () => (window.numazones || !document.getElementById("history-data-1") ? done(true) : setTimeout(look, 5));
  look();
})"""

UNREADABLE = """(() => {
  const found = new Set();
  const edge = document.documentElement.clientWidth;
  const isScrolled = (node) => node.closest(".wide, #live-answer, #events, .skip");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const words = node.textContent.trim();
    const holder = node.parentElement;
    if (!words || holder.closest("script, style, title, desc, noscript, option, datalist, .skip")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    const style = getComputedStyle(holder);
    const size = parseFloat(style.fontSize) * (holder.ownerSVGElement ? holder.getScreenCTM().a : 1);
    if (size < 10.9) found.add(`${size.toFixed(1)} pixels: ${words.slice(0, 40)}`);
    if (box.right > edge + 1 && !isScrolled(holder)) found.add(`cut off: ${words.slice(0, 40)}`);
    if (words.length > 6 && box.width < 3 * size && box.height > 5 * size) found.add(`a column of letters: ${words.slice(0, 40)}`);
  }
  for (const control of document.querySelectorAll("button, input, select")) {
    if (control.getBoundingClientRect().right > edge + 1 && !isScrolled(control)) found.add(`beyond the edge: ${control.outerHTML.slice(0, 60)}`);
  }
  for (const name of document.querySelectorAll("button.zone > span:first-child")) {
    if (name.getBoundingClientRect().height > 2 * parseFloat(getComputedStyle(name).fontSize)) found.add(`broken in two: ${name.textContent}`);
  }
  // A picture that is blown up to its place has words larger than the page's own.
  for (const text of document.querySelectorAll("svg.picture text")) {
    const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
    if (size > 17) found.add(`${size.toFixed(0)} pixels: ${text.textContent.slice(0, 40)}`);
  }
  for (const picture of document.querySelectorAll("svg")) {
    const whole = picture.getBoundingClientRect();
    const boxes = [...picture.querySelectorAll("text")].slice(0, 200).map((text) => [text.textContent, text.getBoundingClientRect()]);
    for (const [words, box] of boxes) {
      if (box.left < whole.left - 1 || box.right > whole.right + 1 || box.bottom > whole.bottom + 1) found.add(`outside its picture: ${words.slice(0, 40)}`);
    }
    boxes.forEach(([one, a], place) => boxes.slice(place + 1).forEach(([other, b]) => {
      const [across, down] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
      if (across > 1 && down > 3) found.add(`over one another: ${one.slice(0, 20)} and ${other.slice(0, 20)}`);
    }));
  }
  return [...found].slice(0, 8);
})()"""


class Browser:
    """One browser with one page."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="numazones-browser-")
        to_browser, self.into = os.pipe()
        self.out, from_browser = os.pipe()

        def take_pipes():
            # Through numbers that are neither end: 3 and 4 may be among them.
            high_in, high_out = os.dup2(to_browser, 60), os.dup2(from_browser, 61)
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", "--no-first-run", "--disable-background-networking", f"--user-data-dir={self.profile}", "about:blank"],
            preexec_fn=take_pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.rest = b""
        self.number = 0
        self.complaints = []
        self.loaded = False
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self.session = None
        self.session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Performance"):
            self.call(f"{domain}.enable")

    def call(self, method, parameters=None):
        """Sends a command and waits for its answer; what happens meanwhile is noted."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters or {}}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.into, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def read(self):
        while b"\0" not in self.rest:
            part = os.read(self.out, 1 << 20)
            if not part:
                raise RuntimeError("the browser is gone")
            self.rest += part
        text, self.rest = self.rest.split(b"\0", 1)
        message = json.loads(text)
        self.note(message.get("method"), message.get("params", {}))
        return message

    def note(self, method, parameters):
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
            self.complaints.append(str(parameters["args"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.complaints.append(parameters["entry"]["text"] + " " + parameters["entry"].get("url", ""))

    def open(self, address):
        # From elsewhere: another fragment of the same page would load nothing.
        self.go("about:blank")
        self.go(address)

    def go(self, address):
        self.loaded = False
        self.call("Page.navigate", {"url": address})
        while not self.loaded:
            self.read()
        self.evaluate(READY)

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", {
            "expression": expression, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise AssertionError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def metric(self, name):
        """One of the browser's own counts, as LayoutCount."""
        return next(entry["value"] for entry in self.call("Performance.getMetrics")["metrics"] if entry["name"] == name)

    def unreadable(self):
        """What a reader would stumble over at the present size: letters below 11 pixels, words over one another, what is cut
        off at the right edge, and words that are broken into columns of letters."""
        return self.evaluate(UNREADABLE)

    def press(self, key, code=None, text=None):
        for kind in ("keyDown", "keyUp"):
            event = {"type": kind, "key": key, "code": code or key}
            if text and kind == "keyDown":
                event["text"] = text
            if key == "Tab":
                event["windowsVirtualKeyCode"] = 9
            if key == "Enter":
                event["windowsVirtualKeyCode"] = 13
                if kind == "keyDown":
                    event["text"] = "\r"
            self.call("Input.dispatchKeyEvent", event)

    def resize(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        # What is drawn to a width is drawn again when the page has been laid out anew, in one of the next frames.
        self.evaluate("""new Promise((done) => {
            const wait = (frames) => requestAnimationFrame(() =>
                innerWidth !== %d ? wait(frames) : frames > 0 ? wait(frames - 1) : done(0));
            wait(3);
        })""" % width)

    def prefer(self, scheme, media=""):
        self.call("Emulation.setEmulatedMedia", {"media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def picture(self, path):
        data = self.call("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True})["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        try:
            session, self.session = self.session, None
            del session
            self.call("Browser.close")
        except (RuntimeError, OSError):
            pass
        self.process.wait(timeout=20)
        shutil.rmtree(self.profile, ignore_errors=True)
