// The administration's fields for searching a person or an indicator tell screen readers what they are for; a double
// click sends a form once; and its pages are gone when somebody signs out in another window.
import { leaveWhenOthersDo } from "./accounts/person.js";
import "./admin/admin.css";

const TWICE = 1_000; // milliseconds within which a second click is the same one

const nameOf = (select) => select.labels[0]?.textContent || select.getAttribute("aria-label");

const nameFields = () => {
  for (const box of document.querySelectorAll(".select2-selection:not([data-named])")) {
    const select = box.closest(".select2")?.previousElementSibling;
    const name = select && nameOf(select);
    if (!name) continue;
    box.dataset.named = "";
    box.removeAttribute("aria-labelledby");
    for (const part of [box, ...box.querySelectorAll("[role=textbox], [role=searchbox]")]) {
      part.setAttribute("aria-label", name.trim().replace(/:$/, ""));
    }
  }
};

// The fields are drawn at some moment after the page, and again for every row that is added.
nameFields();
new MutationObserver(nameFields).observe(document.body, { childList: true, subtree: true });

const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  if (event.timeStamp - (sent.get(event.target) ?? -TWICE) < TWICE) event.preventDefault();
  else sent.set(event.target, event.timeStamp);
});
leaveWhenOthersDo();
