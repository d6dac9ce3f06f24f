// Down the column: Enter and the arrow keys go from figure to figure; cells from a spreadsheet are shown before they are
// saved.
import { bringUp, linesOf, numbersOf } from "./fields.js";

const STEPS = { Enter: 1, ArrowDown: 1, ArrowUp: -1 };

export function moveDownTheColumn(form) {
  form.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || !event.target.matches(".entry-numbers input") || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const own = numbersOf(event.target.closest("[data-line]"));
    const place = own.indexOf(event.target);
    if (event.key === "Enter" && place + 1 < own.length) {
      own[place + 1].focus();
      return;
    }
    const isFolded = (line) => line.closest(".folded:not([open])");
    const columns = linesOf(form).filter((line) => !isFolded(line)).map(numbersOf).filter((numbers) => numbers.length);
    const at = columns.findIndex((numbers) => numbers.includes(event.target));
    const next = columns[at + step];
    if (!next) return;
    bringUp(next[0].closest("[data-line]"));
    next[event.key === "Enter" ? 0 : Math.min(place, next.length - 1)].focus();
  });
}

// Several cells at once are read by the server, which shows which row is for which line before anything is saved.
export function readPaste(form, { tell, saveNow }) {
  form.addEventListener("paste", async (event) => {
    const text = event.clipboardData?.getData("text/plain") || "";
    if (!event.target.matches(".entry-numbers input") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    tell("Reading what you pasted.");
    await saveNow();
    const sent = document.createElement("form");
    sent.method = "post";
    sent.action = form.dataset.paste;
    const fields = {
      csrfmiddlewaretoken: form.querySelector("[name=csrfmiddlewaretoken]").value,
      start: event.target.closest("[data-line]").dataset.line,
      action: "show",
      text,
    };
    for (const [name, value] of Object.entries(fields)) {
      const field = document.createElement("textarea");
      Object.assign(field, { name, value });
      sent.append(field);
    }
    sent.hidden = true;
    document.body.append(sent);
    sent.submit();
  });
}
