import { runOf } from "./Controls/deepLink.mjs";
import { HistoryPage } from "./page.mjs";
import { History } from "./State/history.mjs";
import { historyData } from "./State/historyData.mjs";
import { counted, plural } from "./Words/amounts.mjs";
import { found } from "./Views/elements.mjs";

/** Compares all events, done again, with the machine's own sums; says what came of it. */
function verify(history) {
  const differs = history.verify();
  found("verified").textContent = differs < 0
    ? `${plural(history.count, "event")}, done again here: each comes to the machine's own state.`
    : `Event ${counted(history.number(differs))}, done again here, comes to another state than the machine's: please report it.`;
  return differs;
}

/** The history that the address names; the first, if it names none. */
const chosen = found(`history-data-${runOf(window.location.hash)}`) ?? found("history-data-1");
const history = new History(await historyData(chosen));
const page = new HistoryPage(history);
if (history.problem) found("verified").textContent = `Cannot continue from ${history.problem}`;
found("verify").addEventListener("click", () => verify(history));
const variant = found("variant");
if (variant) {
  variant.value = chosen.id.slice("history-data-".length);
  variant.addEventListener("change", () => {
    window.location.hash = `#run=${variant.value}`;
    window.location.reload();
  });
}
// For whoever drives the page: tests, and a developer's console.
window.numazones = { history, page, verify: () => verify(history) };
