// The behaviour of every page. Pages work without it; with it a form's errors get the focus and a double click sends once.
import { Button, createAll, ErrorSummary, NotificationBanner, PasswordInput, SkipLink } from "govuk-frontend";

import { tellWhoseItIs } from "./accounts/person.js";
import { compactLines } from "./report/compact.js";
import { findLines } from "./report/find_lines.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, ErrorSummary, NotificationBanner, PasswordInput, SkipLink]) {
  createAll(component);
}
tellWhoseItIs(document.body.dataset.person);
findLines(document.querySelector("#filters"));
compactLines(document.querySelectorAll(".line"), document.querySelectorAll(".fold"));
// allauth's script for passkeys tells so when the browser gave none, or the person stopped it.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelector("#passkey-failed")?.removeAttribute("hidden");
});
