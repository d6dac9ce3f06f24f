// Down the column: Enter and the arrow keys go from figure to figure; a column from a spreadsheet fills the fields from
// the chosen one on.
import { isEntered, linesOf, nameOf, numbersOf } from "./fields.js";

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
    const columns = linesOf(form).map(numbersOf).filter((numbers) => numbers.length);
    const at = columns.findIndex((numbers) => numbers.includes(event.target));
    const next = columns[at + step];
    if (next) next[event.key === "Enter" ? 0 : Math.min(place, next.length - 1)].focus();
  });
}

// The cells of what a spreadsheet copies, row by row.
const rowsOf = (text) =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/\n$/, "")
    .split("\n")
    .map((row) => row.split("\t").map((cell) => cell.trim()));

// With references in the first column each row goes to its own line, else one after another to the lines that are entered.
const placed = (rows, lines, start) => {
  const byName = new Map(lines.map((line) => [nameOf(line), line]));
  if (rows.every(([first, ...rest]) => rest.length && byName.has(first))) {
    return rows.map(([first, ...rest]) => [byName.get(first), rest]);
  }
  const column = lines.slice(lines.indexOf(start)).filter((line) => numbersOf(line).length);
  return rows.slice(0, column.length).map((row, place) => [column[place], row]);
};

// 4/31, or two cells beside each other, are numerator and denominator.
const cellsFor = (numbers, row) => {
  const cells = row.filter((cell) => cell !== "");
  return numbers.length === 2 && cells.length === 1 ? cells[0].split(/\s*(?:\/| of )\s*/, 2) : cells;
};

export function pasteColumns(form, { changed, tell }) {
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") || "";
    if (!event.target.matches(".entry-numbers input") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const before = new Map();
    const filled = new Set();
    const incomplete = new Set();
    for (const [line, row] of placed(rowsOf(text), linesOf(form), event.target.closest("[data-line]"))) {
      const numbers = numbersOf(line);
      const cells = cellsFor(numbers, row);
      if (!isEntered(line) || !cells.length || !numbers.length) continue;
      numbers.forEach((field, place) => {
        if (cells[place] === undefined) return;
        before.set(field, field.value);
        field.value = cells[place];
      });
      filled.add(line);
      // A word in place of a figure, as tbc, says all there is to say.
      if (cells.length < numbers.length && /\d/.test(cells[0])) incomplete.add(line);
    }
    for (const line of filled) changed(line);
    const names = [...filled].map(nameOf);
    const missing = incomplete.size ? ` Still to enter: the second number of ${[...incomplete].map(nameOf).join(", ")}.` : "";
    tell(names.length ? `Pasted into ${names.length} lines: ${names.join(", ")}.${missing}` : "Nothing was pasted.", () => {
      for (const [field, value] of before) field.value = value;
      for (const line of filled) changed(line);
    });
  });
}
