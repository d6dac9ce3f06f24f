// On a phone each line is a card that shows the latest figure, its change, signal and trend, and the rest on demand; what
// can be folded is. Without this file cards show everything, and all is open. On wide screens nothing of it applies.
const NARROW = "(max-width: 62em)";

export function compactLines(lines, folds) {
  if (!lines.length) return;
  for (const line of lines) {
    const row = line.rows[0];
    const reference = line.querySelector(".reference").textContent;
    const cell = row.insertCell();
    cell.className = "more";
    cell.setAttribute("role", "cell");
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", line.id);
    button.innerHTML = '<span>More</span><span class="govuk-visually-hidden"></span>';
    button.lastChild.textContent = ` about ${reference}`;
    button.addEventListener("click", () => {
      const isOpen = line.classList.toggle("open");
      button.setAttribute("aria-expanded", isOpen);
      button.firstChild.textContent = isOpen ? "Less" : "More";
    });
    cell.append(button);
    line.classList.add("compact");
  }
  const narrow = matchMedia(NARROW);
  const fold = () => {
    // What is filtered, and what the address leads to, stays in sight.
    for (const one of folds) one.open = !narrow.matches || one.matches(":target, :has(#clear:not([hidden]))");
  };
  narrow.addEventListener("change", fold);
  window.addEventListener("hashchange", () => document.querySelector(".fold:target")?.setAttribute("open", ""));
  fold();
}
