// “12 lines: 7 done, 2 to answer, 3 open” on top of a return, kept up to date while lines are saved.
import { linesOf, nameOf } from "./fields.js";

const link = (line) => {
  const made = document.createElement("a");
  made.className = "govuk-link";
  made.href = `#${line.id}`;
  made.textContent = nameOf(line);
  return made;
};

// Lines that readers will ask about and that have no commentary: what is asked of them is the latest that the server said.
function showMissing(place, lines) {
  if (!place) return;
  const asked = ["no-commentary", "unusual"].map((code) => `.asked:not(.asked-settled) [name$="-reason-${code}"]`).join();
  const found = lines.filter((line) => line.dataset.state !== "done" && line.querySelector(asked));
  place.hidden = !found.length;
  place.querySelector("[data-count]").textContent = found.length;
  place.querySelector("[data-names]").replaceChildren(...found.flatMap((line) => [" ", link(line)]));
}

export function showProgress(states) {
  const place = document.querySelector("[data-progress]");
  if (!place) return;
  for (const [key, state] of Object.entries(states)) {
    document.getElementById(`line-${key}`)?.setAttribute("data-state", state);
  }
  const lines = linesOf(document.querySelector("#return")).filter((line) => line.dataset.state);
  for (const kind of place.querySelectorAll("[data-of]")) {
    const found = lines.filter((line) => line.dataset.state === kind.dataset.of);
    const first = kind.querySelector("a");
    kind.querySelector("[data-count]").textContent = found.length;
    first.hidden = !found.length;
    kind.querySelector("[data-none]").hidden = Boolean(found.length);
    if (found.length) first.href = `#${found[0].id}`;
    kind.querySelector("[data-names]")?.replaceChildren(...found.flatMap((line) => [" ", link(line)]));
  }
  showMissing(place.querySelector("[data-missing]"), lines);
}
