// What this browser still holds for lines that can no longer be changed: shown for copying, as the server shows what
// was posted for them (components/unsaved.html).
import { isEntered, linesOf, nameOf } from "./fields.js";

const LABELS = {
  figure: "Figure",
  numerator: "How many",
  denominator: "Out of how many",
  blank: "No figure, because it is",
  note: "Note",
  text: "Commentary",
};

const made = (tag, text = "", ...children) => {
  const element = document.createElement(tag);
  element.textContent = text;
  element.append(...children);
  return element;
};

const typedIn = (values) =>
  Object.entries(values)
    .map(([name, text]) => [LABELS[name.replace(/^line-\d+-/, "")], text.trim()])
    .filter(([label, text]) => label && text)
    .map(([label, text]) => made("div", "", made("dt", label), made("dd", text)));

export function showClosed(form, drafts, all) {
  const closed = linesOf(form).filter((line) => !isEntered(line));
  const kept = closed.filter((line) => all[line.dataset.line]);
  if (!kept.length) return;
  const box = made(
    "div",
    "",
    made("p", "These lines can no longer be changed. What you typed is kept in this browser only: copy what you need, and ask your performance officer."),
    ...kept.map((line) => {
      const block = made("section", "", made("h2", nameOf(line)), made("dl", "", ...typedIn(all[line.dataset.line].values)));
      block.className = "unsaved";
      return block;
    }),
  );
  box.className = "band notice";
  const discard = made("button", "Discard it");
  discard.type = "button";
  discard.className = "govuk-button govuk-button--secondary";
  discard.addEventListener("click", () => {
    for (const line of kept) drafts.drop(line.dataset.line);
    box.remove();
  });
  box.append(discard);
  form.querySelector("#unsent").before(box);
}
