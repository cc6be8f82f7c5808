/** The controls of a page that is served live. Each thing done is asked of the program; the page then comes anew. */
class LiveControls {
  constructor() {
    this.answer = document.getElementById("live-answer");
    for (const form of document.querySelectorAll("form[data-ask]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.ask(form.dataset.ask, Object.fromEntries(new FormData(form)));
      });
    }
    document.getElementById("live-log").addEventListener("submit", (event) => {
      event.preventDefault();
      this.explain(new FormData(event.target).get("log"));
    });
  }

  async ask(path, fields) {
    const body = {};
    for (const [name, value] of Object.entries(fields)) {
      if (value !== "") body[name] = ["order", "cpu", "count"].includes(name) ? Number(value) : value;
    }
    const answer = await this.post(`api/${path}`, JSON.stringify(body), "application/json");
    if (!answer) return;
    // The newest event is what one wants to see.
    window.location.hash = "#event=999999999999";
    window.location.reload();
  }

  async explain(log) {
    const answer = await this.post("api/explanations", log, "text/plain");
    if (answer) this.say(answer.text);
  }

  async post(path, body, type) {
    try {
      const response = await fetch(path, { method: "POST", body, headers: { "Content-Type": type } });
      const answer = await response.json();
      if (response.ok) return answer;
      this.say(answer.problem);
    } catch {
      this.say("The program does not answer: is it still running?");
    }
    return null;
  }

  say(text) {
    this.answer.hidden = false;
    this.answer.textContent = text;
  }
}

new LiveControls();
