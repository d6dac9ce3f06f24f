// On a phone each line is a card that shows the latest figure, its change, signal and trend, and the rest on demand; the
// filters are folded. Without this file cards show everything. On wide screens nothing of it applies.
const NARROW = "(max-width: 62em)";

export function compactLines(lines, filters) {
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
  // Where only some lines are shown, there is nothing to filter.
  if (!filters) return;
  const narrow = matchMedia(NARROW);
  const fold = () => {
    // What is filtered stays in sight.
    filters.open = !narrow.matches || !filters.querySelector("#clear").hidden;
  };
  narrow.addEventListener("change", fold);
  fold();
}
