// Find as you type in a report: every line is on the page, so nothing is fetched. Without this
// file the same form asks the server, which hides the same lines.

import { lineText, search } from "./words.js";

// Browsers refuse an address that changes with every letter (Safari: 100 times in 30 seconds).
const PAUSE_IN_TYPING = 300; // milliseconds

const CHOICES = ["section", "owner", "rating", "assessment", "signal"];
const FILTERS = [...CHOICES, "look", "words", "columns"];

// Joined by spaces, because a text's lines have none where they end.
const textOf = (line) =>
  [...line.querySelectorAll(".outcome, .commentary, .definition")]
    .flatMap((part) => [...part.childNodes])
    .map((node) => node.textContent)
    .join(" ");

export function findLines(form) {
  if (!form) return;
  const lines = [...document.querySelectorAll(".line")];
  const sections = [...document.querySelectorAll(".section")];
  const count = document.querySelector("#count b");
  const clear = document.querySelector("#clear");
  const noneFound = document.querySelector("#none-found");

  const shortForms = [...document.querySelectorAll("[data-short-form]")].map((one) => [one.dataset.shortForm, one.dataset.meaning]);
  const texts = new Map();
  const lookedThrough = (line) => {
    if (!texts.has(line)) texts.set(line, lineText(line.dataset.words, textOf(line)));
    return texts.get(line);
  };

  const fits = (line, wanted, finds) =>
    CHOICES.every((name) => !wanted[name] || line.dataset[name] === wanted[name]) &&
    (!wanted.look || line.dataset.look.split(" ").includes(wanted.look)) &&
    (!wanted.words.trim() || finds(lookedThrough(line)));

  // Lines stand in the order in which the page came; only the server puts them into another one.
  const order = form.elements.order;
  const orderOfPage = order.value;

  const queryOf = (wanted) => {
    const chosen = Object.entries({ ...wanted, order: orderOfPage }).filter(([, value]) => value.trim());
    return new URLSearchParams(chosen).toString();
  };
  const address = (wanted) => {
    const query = queryOf(wanted);
    return location.pathname + (query ? `?${query}` : "") + location.hash;
  };

  // Every column is on the page; the style sheet shows those that a month needs, or all.
  const { columns } = form.elements;
  const choices = [...document.querySelectorAll("[data-columns]")];
  const showColumns = (wanted) => {
    for (const board of document.querySelectorAll(".board")) board.classList.toggle("board-month", !columns.value);
    for (const choice of choices) {
      choice.hidden = choice.dataset.columns !== columns.value;
      const other = columns.value ? "" : "all";
      choice.querySelector("a").href = `?${queryOf({ ...wanted, columns: other })}#lines`;
    }
  };
  for (const choice of choices) {
    choice.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      columns.value = columns.value ? "" : "all";
      update();
      choices.find((one) => !one.hidden).querySelector("a").focus();
    });
  }

  let keepAddress;
  const update = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const finds = search(wanted.words, shortForms, wanted.words.trim() ? lines.map(lookedThrough) : []);
    for (const line of lines) line.hidden = !fits(line, wanted, finds);
    for (const section of sections) section.hidden = !section.querySelector(".line:not([hidden])");
    const shown = lines.filter((line) => !line.hidden).length;
    count.textContent = shown;
    clear.hidden = shown === lines.length;
    clear.href = `?${queryOf({ columns: columns.value })}#lines`;
    noneFound.hidden = shown > 0;
    showColumns(wanted);
    clearTimeout(keepAddress);
    keepAddress = setTimeout(() => history.replaceState(null, "", address(wanted)), PAUSE_IN_TYPING);
  };

  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => {
    if (order.value !== orderOfPage) return;
    event.preventDefault();
    update();
  });

  // Where plain files are served, nobody has chosen the lines that the address asks for; here they already are.
  const asked = [...new URLSearchParams(location.search)].filter(([name]) => FILTERS.includes(name));
  const unheeded = asked.filter(([name, value]) => form.elements[name] && form.elements[name].value !== value);
  for (const [name, value] of unheeded) form.elements[name].value = value;
  if (unheeded.length) update();

  // A link to a line that is hidden brings all lines back.
  const bringOut = () => {
    const line = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!line?.matches(".line[hidden]")) return;
    for (const field of form.elements) if (field !== order && field !== columns && "value" in field) field.value = "";
    update();
    line.scrollIntoView();
  };
  window.addEventListener("hashchange", bringOut);
}
