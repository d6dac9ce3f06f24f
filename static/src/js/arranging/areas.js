// The overview: sentences that go into the summary, areas of focus that are dragged into order, and indicators that are
// found by typing. Without this file there are the sentences to read, buttons for the order, and all boxes or options.

import { carry, take } from "./dragging.js";

const TRAVELS = "application/x-area";

export function insertSentences(buttons) {
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = document.getElementById(button.dataset.into);
      text.value = [text.value.trimEnd(), button.dataset.sentence].filter(Boolean).join("\n\n");
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  }
}

export function dragAreas(list) {
  if (!list) return;
  const areas = [...list.querySelectorAll("[data-area]")];
  if (areas.length < 2) return;
  document.querySelectorAll(".with-scripts").forEach((one) => (one.hidden = false));
  carry(areas, TRAVELS, (area) => area.dataset.area);
  take(list, TRAVELS, "[data-area]", (key, under) => {
    // The form of the area's own buttons, which goes the plain way.
    const form = list.querySelector(`[data-area="${CSS.escape(key)}"] .area-order`);
    const add = (name, value) => form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    add("do", `place ${key}`);
    add("before", under?.dataset.area ?? "");
    form.submit();
  });
}

export function findByTyping(boxes) {
  if (!boxes) return;
  const isSelect = boxes.matches("select");
  const items = [...boxes.querySelectorAll(isSelect ? "option" : ".govuk-checkboxes__item")];
  const isTaken = (item) => (isSelect ? item.selected : item.querySelector("input").checked);
  const field = document.createElement("div");
  field.className = "govuk-form-group find-in-boxes";
  field.innerHTML = `<label class="govuk-label" for="find-in-boxes">Find an indicator by typing</label>
    <input class="govuk-input" id="find-in-boxes" type="search" autocomplete="off"><p class="small" role="status"></p>`;
  (isSelect ? boxes.closest(".govuk-form-group") : boxes).before(field);
  const input = field.querySelector("input");
  const told = field.querySelector("p");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const find = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const item of items) {
      const fits = words.every((word) => plain(item.textContent).includes(word));
      found += fits;
      // What is ticked is never out of sight.
      item.hidden = !fits && !isTaken(item);
    }
    // Not every browser hides options, and one that is put in again may be chosen by that.
    if (isSelect) {
      const chosen = boxes.value;
      boxes.replaceChildren(...items.filter((item) => !item.hidden));
      boxes.value = chosen;
    }
    const taken = isSelect ? "chosen" : "ticked";
    told.textContent = words.length ? `${found} of ${items.length} have these words; what is ${taken} stays in sight.` : "";
  };
  input.addEventListener("input", find);
  input.addEventListener("keydown", (event) => {
    // Enter takes the only one that is left, and does not send the form.
    if (event.key !== "Enter") return;
    event.preventDefault();
    const left = items.filter((item) => !item.hidden && !isTaken(item));
    if (left.length !== 1) return;
    if (isSelect) left[0].selected = true;
    else left[0].querySelector("input").click();
    input.value = "";
    find();
  });
}
