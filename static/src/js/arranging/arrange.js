// Arranging a scorecard: the same buttons, without leaving the page, and lines that can be dragged. Without this file
// every button sends the form and the page comes back.

import { carry, take } from "./dragging.js";

const TRAVELS = "application/x-line";

export function arrangeScorecard(form) {
  if (!form) return;
  const page = document.querySelector("#arranging-page");
  const told = document.querySelector("#arranged-told");
  let isBusy = false;

  const send = async (form, fields, after) => {
    if (isBusy) return;
    isBusy = true;
    const body = new FormData(form);
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    let answer;
    try {
      const response = await fetch(form.action, { method: "POST", body });
      answer = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      told.textContent = "Not saved: the server can’t be reached.";
    }
    isBusy = false;
    const fresh = answer?.querySelector("#arranging-page");
    if (!fresh) {
      // Signed out meanwhile, or no answer: the plain way says so.
      if (answer) location.reload();
      return;
    }
    const top = scrollY;
    page.replaceChildren(...fresh.childNodes);
    const words = answer.querySelector(".told");
    document.querySelector("main > .told")?.remove();
    if (words) page.before(words);
    told.textContent = (words ?? page.querySelector(".govuk-error-summary"))?.textContent.replace(/\s+/g, " ").trim() ?? "";
    scrollTo(0, top);
    const problem = page.querySelector(".govuk-error-summary");
    if (problem) {
      problem.tabIndex = -1;
      problem.focus();
    } else after?.();
    listen();
  };

  const focus = (found) => found?.focus({ preventScroll: false });

  const listen = () => {
    const form = page.querySelector("#arrange");
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (button?.name !== "do") return;
      event.preventDefault();
      const pressed = `button[name="do"][value="${CSS.escape(button.value)}"]`;
      // What was pressed has the focus again, so that a line goes on by pressing once more.
      send(form, { do: button.value }, () => focus(page.querySelector(pressed) ?? page.querySelector("h1 + *")));
    });
    carry(form.querySelectorAll(".arranged-line"), TRAVELS, (line) => line.dataset.line);
    for (const section of form.querySelectorAll(".arranged-section")) {
      const place = (line, under) =>
        send(form, { do: `place ${line}`, to: section.dataset.section, before: under?.dataset.line ?? "" }, () => {
          focus(page.querySelector(`#line-${line}`));
        });
      take(section, TRAVELS, ".arranged-line", place, section.querySelector(".arranged-lines"));
    }
  };
  listen();
}
