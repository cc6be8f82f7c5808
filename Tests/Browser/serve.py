"""Serves a machine, uses it as a visitor would in a real browser, and as one who means harm would.

usage: serve.py CHROMIUM NUMAZONES [FOLDER-FOR-PICTURES]
"""

import concurrent.futures
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

from devtools import Browser

LOG = "Tests/KernelLogTests/Fixtures/Log/k612-oom-cpuset.log"


def check(condition, words):
    if not condition:
        raise AssertionError(words)


class Visitor:
    """Somebody who asks without a browser."""

    def __init__(self, address):
        self.port = urlsplit(address).port
        self.path = urlsplit(address).path

    def get(self, path):
        return f"GET {self.path}{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode()

    def raw(self, sent):
        """What comes back for bytes that need not be HTTP."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(sent)
            answer = b""
            while part := connection.recv(1 << 16):
                answer += part
            return answer

    def ask(self, method, path, body=None, headers=None, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            try:
                connection.request(method, (self.path if token is None else token) + path, body, headers or {})
            except (BrokenPipeError, ConnectionResetError):
                # Refused before all of it was read.
                return 413, b""
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def strangers(visitor):
    """Whoever lacks the token, or comes from another page or name, gets nothing."""
    check(visitor.ask("GET", "", token="/wrong/")[0] == 403, "a wrong token is let in")
    check(visitor.ask("GET", "", token="/")[0] == 403, "no token is let in")
    check(visitor.ask("GET", "", headers={"Host": "evil.example"})[0] == 403, "another host's name is let in")
    check(visitor.ask("POST", "api/undo", "{}", {"Origin": "http://evil.example"})[0] == 403, "another page is let in")
    check(visitor.ask("POST", "api/undo", "{}", {"Origin": "null"})[0] == 403, "a page without origin is let in")


def misuse(visitor):
    """What is wrong is said, and the program continues."""
    for body in ("[]", "{", '{"mask": 5.5}', '{"mask": "GFP_KERNEL", "order": 64}',
                 '{"mask": "GFP_KERNEL", "count": 100000}', '{"mask": "GFP_KERNEL", "more": 1}', b"\xff\xfe\x00"):
        status, answer = visitor.ask("POST", "api/requests", body)
        check(status == 400 and json.loads(answer)["problem"], f"{body!r} is answered with {status}")
    check(visitor.ask("POST", "api/requests", '{"mask": "GFP_NOTHING"}')[0] == 422, "an unknown mask is known")
    check(visitor.ask("POST", "api/undo", "{}")[0] == 409, "there is something to undo")
    check(visitor.ask("GET", "api/undo")[0] == 405, "a wrong method is let through")
    check(visitor.ask("GET", "api/none")[0] == 404, "an unknown address is known")
    check(visitor.ask("POST", "api/explanations", "x" * (5 << 20))[0] == 413, "a large body is taken")
    check(visitor.ask("GET", "", headers={"X-Long": "x" * 20000})[0] == 431, "a long header is taken")
    check(visitor.raw(b"POST " + visitor.path.encode() + b"api/undo HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                      b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % visitor.port).startswith(b"HTTP/1.1 411"),
          "a body without a length is taken")
    check(visitor.raw(b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400"), "nonsense is taken for a request")
    # More than there are places for: those that send half a line, and those that do not read their answer.
    half_open = [socket.create_connection(("127.0.0.1", visitor.port)) for _ in range(150)]
    for connection in half_open:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: 127")
    slow = [socket.create_connection(("127.0.0.1", visitor.port)) for _ in range(20)]
    for connection in slow:
        connection.sendall(visitor.get(""))
    half_open += slow
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: visitor.ask("GET", "api/openapi.json")[0], range(1000)))
    check(all(status == 200 for status in answers), "some of 1000 requests are not answered")
    for connection in half_open:
        connection.close()


def document(visitor):
    """Every address is in the document and every one of the document is there; what is answered is named in it."""
    status, text = visitor.ask("GET", "api/openapi.json")
    check(status == 200, "there is no document")
    paths = json.loads(text)["paths"]
    check(len(paths) == 17, f"{len(paths)} addresses are described")
    for path, methods in paths.items():
        for method in ("GET", "POST"):
            status, answer = visitor.ask(method, path[1:], "{}" if method == "POST" else None)
            described = methods.get(method.lower())
            check((status == 405) == (described is None), f"{method} {path} is answered with {status}")
            if described:
                check(str(status) in described["responses"], f"{method} {path}: {status} is not described")
                if status == 200 and "done" in str(described["responses"]["200"]):
                    check(json.loads(answer) == {"done": True}, f"{method} {path} is answered with {answer}")


def resident(process):
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def fill(browser, form, **fields):
    """Fills a form of the page and sends it; the page is reloaded."""
    browser.loaded = False
    browser.evaluate(f"""(() => {{ const form = document.querySelector('form[data-ask="{form}"]');
        for (const [name, value] of Object.entries({json.dumps(fields)})) form.elements[name].value = value;
        form.requestSubmit(); }})()""")
    while not browser.loaded:
        browser.read()


def press(browser, selector):
    browser.loaded = False
    browser.evaluate(f"document.querySelector({json.dumps(selector)}).click()")
    while not browser.loaded:
        browser.read()


def slide(browser, value):
    """Moves the slider and lets it go; the page is reloaded."""
    browser.loaded = False
    browser.evaluate(f"""(() => {{ const slider = document.querySelector('#live input[type="range"]');
        slider.value = "{value}";
        for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind, {{ bubbles: true }})); }})()""")
    while not browser.loaded:
        browser.read()


def save(visitor, program):
    """What is saved is the page without controls, the machine, and a scenario that plays to the same machine."""
    status, page = visitor.ask("GET", "api/page")
    check(status == 200 and b"history-data-1" in page and b'id="live"' not in page, "the page is not saved")
    state = json.loads(visitor.ask("GET", "api/snapshot")[1])
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/scenario.json", "wb") as file:
            file.write(visitor.ask("GET", "api/scenario")[1])
        with open(f"{folder}/page.html", "wb") as file:
            file.write(page)
        done = subprocess.run([program, "run", f"{folder}/scenario.json", "--out", f"{folder}/end.json"],
                              stdout=subprocess.PIPE, text=True)
        check(done.returncode == 0, f"the scenario does not play: {done.stdout}")
        with open(f"{folder}/end.json") as file:
            check(json.load(file) == state, "the scenario plays to another machine")


def options(program, browser):
    """--open opens the address, --host serves what runs here, with its headroom, --listen another address."""
    with tempfile.TemporaryDirectory() as folder:
        opener = f"{folder}/xdg-open"
        with open(opener, "w") as file:
            file.write(f"#!/bin/sh\nprintf %s \"$1\" > {folder}/opened.part && mv {folder}/opened.part {folder}/opened\n")
        os.chmod(opener, 0o755)
        process = subprocess.Popen([program, "serve", "--host", "--open"], stdout=subprocess.PIPE, text=True,
                                   env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
        try:
            address = process.stdout.readline().strip()
            for _ in range(200):
                if os.path.exists(f"{folder}/opened"):
                    break
                time.sleep(0.05)
            with open(f"{folder}/opened") as file:
                check(file.read() == address, "--open opens another address")
            browser.open(address)
            press(browser, '#live [data-ask="reading"] button')
            browser.evaluate("document.getElementById('live-headroom').click()")
            said = browser.evaluate("""new Promise((done) => { const look = () => { const box = document.getElementById("live-answer");
                box.hidden ? setTimeout(look, 50) : done(box.textContent); }; look(); })""")
            check("GFP_KERNEL" in said or "takes too long" in said, f"no headroom is told: {said[:200]}")
            check(browser.evaluate("numazones.history.problem") is None, "the running machine cannot be shown")
            # Kept up to date: ticked, the page reloads by itself, and says how much would be served.
            browser.loaded = False
            browser.evaluate("document.getElementById('live-again').click()")
            while not browser.loaded:
                browser.read()
            check(browser.evaluate("document.getElementById('live-again').checked"), "the page does not continue reading")
            browser.complaints.clear()
        finally:
            process.terminate()
            process.wait(timeout=20)
    process = subprocess.Popen([program, "serve", "Config/laptop.json", "--listen", "127.0.0.2"], stdout=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().strip()
        check(urlsplit(address).hostname == "127.0.0.2", f"--listen serves at {address}")
        browser.open(address)
        check(browser.evaluate("numazones.history.count") == 0, "another address of this host shows nothing")
    finally:
        process.terminate()
        process.wait(timeout=20)


def use(browser, address, pictures):
    browser.open(address)
    marks = "numazones.history.state.zones.map((zone) => zone.marks[0]).join()"
    count = "numazones.history.count"
    check(browser.evaluate(count) == 0, "a fresh machine has a history")
    fill(browser, "requests", mask="GFP_KERNEL", order=3, count=1000)
    check(browser.evaluate(count) == 1000, "a thousand requests are not a thousand events")
    check(browser.evaluate("numazones.verify()") == -1, "a state differs from the machine's")
    fill(browser, "frees", count=10)
    check(browser.evaluate(count) == 1010, "blocks are not given back")
    before = browser.evaluate(marks)
    slide(browser, 262144)
    check(browser.evaluate(marks) != before, "the marks do not move")
    check(browser.evaluate("numazones.verify()") == -1, "a state differs from the machine's")
    fill(browser, "undo")
    check(browser.evaluate(marks) == before, "undo does not move the marks back")
    fill(browser, "undo")
    check(browser.evaluate(count) == 1000, "undo does not take the frees back")
    fill(browser, "requests", mask="GFP_KERNEL", policy="--membind 0", cpu=1)
    check(browser.evaluate("numazones.verify()") == -1, "a state differs from the machine's")
    browser.evaluate("document.querySelector('#live [data-ask=rival]').form.elements.value.value = '500'")
    press(browser, "#live [data-ask=rival]")
    check(browser.evaluate("!!document.getElementById('variant')"), "there is no second machine")
    fill(browser, "choice", name="textbook-buddy.json")
    check(browser.evaluate(count) == 0, "another machine is not a fresh one")
    if pictures:
        browser.resize(1280, 900)
        fill(browser, "requests", mask="GFP_KERNEL", order=4)
        browser.picture(f"{pictures}/wide.png")
        browser.resize(390, 844)
        browser.prefer("dark")
        browser.picture(f"{pictures}/narrow.png")
    browser.resize(390, 844)
    check(not browser.unreadable(), f"at 390 pixels: {browser.unreadable()}")
    browser.resize(1280, 900)
    with open(LOG) as log:
        text = log.read()
    browser.evaluate(f"""(() => {{ const form = document.getElementById("live-log");
        form.elements.log.value = {json.dumps(text)}; form.requestSubmit(); }})()""")
    said = browser.evaluate("""new Promise((done) => { const look = () => { const box = document.getElementById("live-answer");
        box.hidden ? setTimeout(look, 50) : done(box.textContent); }; look(); })""")
    check("cpuset" in said, f"the log is not explained: {said[:200]}")
    # What is wrong is said below what was sent.
    browser.evaluate("""(() => { const form = document.querySelector('form[data-ask="requests"]');
        form.elements.mask.value = "GFP_NOTHING"; form.requestSubmit(); })()""")
    said = browser.evaluate("""new Promise((done) => { const look = () => { const box = document.getElementById("live-answer");
        box.classList.contains("bad") ? done(box.previousElementSibling.dataset.ask + ": " + box.textContent) : setTimeout(look, 50); }; look(); })""")
    # A log whose names are markup, pasted: it is explained as text, without controls that turn the direction.
    bad = text.replace("inset", "in</script><img src=x onerror=window.bad=1>]]>\u202e\"'")
    browser.evaluate(f"""(() => {{ document.getElementById("live-answer").hidden = true;
        const form = document.getElementById("live-log"); form.elements.log.value = {json.dumps(bad)}; form.requestSubmit(); }})()""")
    answer = browser.evaluate("""new Promise((done) => { const look = () => { const box = document.getElementById("live-answer");
        box.hidden ? setTimeout(look, 50) : done(box.textContent); }; look(); })""")
    check(browser.evaluate("window.bad === undefined && !document.querySelector('#live-answer img')"), "markup of a pasted log acts")
    check("cpuset" in answer and "\u202e" not in answer, f"a log of hostile names is answered with {answer[:200]}")
    check(said.startswith("requests: ") and "GFP_NOTHING" in said, f"a wrong mask is answered with {said[:200]}")
    browser.complaints = [words for words in browser.complaints if "422" not in words]
    check(not browser.complaints, f"the console says {browser.complaints}")


def hostile(program, browser):
    """A machine whose name is markup is served as text."""
    with tempfile.TemporaryDirectory() as folder:
        with open("Config/laptop.json") as file:
            machine = json.loads("".join(line for line in file if not line.strip().startswith("//")))
        machine["name"] = "</script><script>window.bad = 1</script>]]>\"'\u202e"
        path = f"{folder}/</title><b>.json"
        os.makedirs(os.path.dirname(path))
        with open(path, "w") as file:
            json.dump(machine, file)
        process = subprocess.Popen([program, "serve", path], stdout=subprocess.PIPE, text=True)
        try:
            browser.open(process.stdout.readline().strip())
            check(browser.evaluate("window.bad === undefined && !document.querySelector('b.json, h1 b')"), "markup acts")
        finally:
            process.terminate()
            process.wait(timeout=20)


def stranger_page(browser, address):
    """A page of another origin gets nothing."""
    browser.go("data:text/html,<title>x</title>")
    said = browser.evaluate(f"""fetch({json.dumps(address)} + "api/state").then((answer) => answer.text(), () => "nothing")""")
    check(said == "nothing", f"another page reads {said[:100]}")
    browser.complaints.clear()


def main(chromium, program, pictures=None):
    process = subprocess.Popen([program, "serve", "Config/laptop.json"], stdout=subprocess.PIPE, text=True)
    browser = None
    try:
        address = process.stdout.readline().strip()
        visitor = Visitor(address)
        strangers(visitor)
        # A small machine first, whose headroom is found at once.
        check(visitor.ask("POST", "api/choice", '{"name": "textbook-buddy.json"}')[0] == 200, "no machine is chosen")
        document(visitor)
        check(visitor.ask("POST", "api/choice", '{"name": "laptop.json"}')[0] == 200, "no machine is chosen")
        misuse(visitor)
        browser = Browser(chromium)
        use(browser, address, pictures)
        stranger_page(browser, address)
        for body in ('{"mask": "GFP_KERNEL", "count": 40}', '{"mask": "GFP_ATOMIC", "order": 2, "count": 9, "policy": "--membind 0"}'):
            check(visitor.ask("POST", "api/requests", body)[0] == 200, "a request is not made")
        check(visitor.ask("POST", "api/frees", '{"count": 12}')[0] == 200, "blocks are not given back")
        save(visitor, program)
        hostile(program, browser)
        options(program, browser)
        check(visitor.ask("GET", "api/state")[0] == 200, "the program has stopped answering")
        check(resident(process) < 1 << 20, f"{resident(process)} KiB of memory")
        print("1 passed, 0 failed")
        return 0
    except AssertionError as problem:
        print(f"serve: FAILED: {problem}\n0 passed, 1 failed")
        return 1
    finally:
        if browser:
            browser.close()
        process.terminate()
        process.wait(timeout=20)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
