import { isSecond } from "./Controls/deepLink.mjs";
import { HistoryPage } from "./page.mjs";
import { History } from "./State/history.mjs";
import { counted } from "./Words/amounts.mjs";
import { found } from "./Views/elements.mjs";

/** Compares all events, done again, with the machine's own sums; says what came of it. */
function verify(history) {
  const differs = history.verify();
  found("verified").textContent = differs < 0
    ? `All ${counted(history.count)} events, done again here, come to the machine's own state.`
    : `Event ${counted(history.number(differs))}, done again here, comes to another state than the machine's: please report it.`;
  return differs;
}

/** The second of two histories, if there are two and the address says so. */
const data = (isSecond(window.location.hash) && found("history-data-2")) || found("history-data");
const history = new History(JSON.parse(data.textContent));
const page = new HistoryPage(history);
if (history.problem) found("verified").textContent = `Cannot go on from ${history.problem}`;
found("verify").addEventListener("click", () => verify(history));
found("variant")?.addEventListener("change", (event) => {
  window.location.hash = event.target.value === "2" ? "#run=2" : "";
  window.location.reload();
});
if (found("variant")) found("variant").value = isSecond(window.location.hash) ? "2" : "1";
// For whoever drives the page: tests, and a developer's console.
window.numazones = { history, page, verify: () => verify(history) };
