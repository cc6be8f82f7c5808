/** The controls of a page that is served live. Each thing done is asked of the program; the page is then reloaded. */
class LiveControls {
  constructor() {
    this.answer = document.getElementById("live-answer");
    for (const form of document.querySelectorAll("form[data-ask]")) this.listen(form);
    document.getElementById("live-log").addEventListener("submit", (event) => {
      event.preventDefault();
      this.asked = event.target;
      this.explain(new FormData(event.target).get("log"));
    });
    this.listenForFiles();
    this.listenForHost();
  }

  listen(form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(form));
      if (event.submitter?.dataset.count) fields.count = event.submitter.dataset.count;
      this.asked = form;
      this.ask(event.submitter?.dataset.ask ?? form.dataset.ask, fields);
    });
    if (form.dataset.slider) {
      form.addEventListener("input", (event) => { form.querySelector("output").textContent = `${event.target.value} KiB`; });
      form.addEventListener("change", () => form.requestSubmit());
    }
  }

  listenForFiles() {
    const form = document.getElementById("live-source");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => {
      this.asked = form;
      this.begin(event.target.files[0]);
    });
    const place = document.getElementById("live");
    place.addEventListener("dragover", (event) => event.preventDefault());
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      this.asked = form;
      if (event.dataTransfer.files.length) this.begin(event.dataTransfer.files[0]);
    });
  }

  /** The running machine: read again, now and then if wished, and how much more it would serve. */
  listenForHost() {
    const box = document.getElementById("live-again");
    if (!box) return;
    box.checked = window.sessionStorage.getItem("live-again") === "yes";
    if (box.checked) this.again();
    box.addEventListener("change", () => {
      window.sessionStorage.setItem("live-again", box.checked ? "yes" : "no");
      if (box.checked) this.again();
    });
    document.getElementById("live-headroom").addEventListener("click", () => this.tellHeadroom());
    if (box.checked) this.tellHeadroom();
  }

  again() {
    setTimeout(() => {
      if (document.getElementById("live-again").checked) this.ask("reading", {});
    }, 5000);
  }

  async tellHeadroom() {
    const answer = await this.fetch("api/headroom", {});
    if (answer) this.say(answer.text);
  }

  async begin(file) {
    if (file && await this.post("api/machine", file, "application/octet-stream")) this.reload();
  }

  async ask(path, fields) {
    const body = {};
    for (const [name, value] of Object.entries(fields)) {
      if (value !== "") body[name] = ["order", "cpu", "count"].includes(name) ? Number(value) : value;
    }
    if (await this.post(`api/${path}`, JSON.stringify(body), "application/json")) this.reload();
  }

  reload() {
    // The newest event is what one wants to see.
    const run = /^#run=\d+/.exec(window.location.hash)?.[0] ?? "#run=1";
    window.history.replaceState(null, "", `${run}&event=999999999999`);
    window.location.reload();
  }

  async explain(log) {
    const answer = await this.post("api/explanations", log, "text/plain");
    if (answer) this.say(answer.text);
  }

  post(path, body, type) {
    return this.fetch(path, { method: "POST", body, headers: { "Content-Type": type } });
  }

  async fetch(path, options) {
    try {
      const response = await window.fetch(path, options);
      const answer = await response.json();
      if (response.ok) return answer;
      this.say(answer.problem, true);
    } catch {
      this.say("The program does not answer: is it still running?", true);
    }
    return null;
  }

  /** Below the form that was sent: what is said far from where one looks is not seen. */
  say(text, isProblem = false) {
    if (this.asked) (this.asked.closest("div.tools") ?? this.asked).after(this.answer);
    this.answer.classList.toggle("bad", isProblem);
    this.answer.hidden = false;
    this.answer.textContent = text;
  }
}

new LiveControls();
