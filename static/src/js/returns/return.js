// A return: lines save themselves, and what this browser still holds from an earlier time is offered back. Without this
// file the same form is sent as a whole.
import { showClosed } from "./closed.js";
import { moveDownTheColumn, readPaste } from "./column.js";
import { draftsOf } from "./drafts.js";
import { bringUp, differ, fill, isEntered, linesOf, nameOf, valuesOf } from "./fields.js";
import { savesLines } from "./saving.js";
import { undoesSaves } from "./undo.js";
import { fillInWholes } from "./whole.js";

const button = (text, run) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "govuk-button govuk-button--secondary";
  made.textContent = text;
  made.addEventListener("click", run);
  return made;
};

const link = (text, address) => {
  const made = document.createElement("a");
  made.className = "govuk-link";
  made.textContent = text;
  made.href = address;
  return made;
};

// A message at the foot of the page.
const teller = (place) => (text, links = {}) => {
  place.textContent = `${text} `;
  for (const [words, address] of Object.entries(links)) place.append(link(words, address));
};

const offerBack = (form, drafts, all, saving) => {
  const lines = new Map(linesOf(form).map((line) => [line.dataset.line, line]));
  const found = [];
  for (const [key, draft] of Object.entries(all)) {
    const line = lines.get(key);
    if (line?.hasAttribute("data-unsaved")) continue;
    if (line && isEntered(line) && differ(draft.values, valuesOf(line))) found.push([line, draft]);
    else if (line && isEntered(line)) drafts.drop(key);
  }
  const place = form.querySelector("#unsent");
  if (!found.length) return;
  const when = new Date(Math.max(...found.map(([, draft]) => draft.at)));
  const words = document.createElement("p");
  words.textContent =
    `This browser has entries that were not saved, from ${when.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "Europe/London" })}: ` +
    `${found.map(([line]) => nameOf(line)).join(", ")}.`;
  const done = (run) => () => {
    found.forEach(([line, draft]) => run(line, draft));
    place.hidden = true;
    // The line, not its field: what is wrong with a field is told once it has been left.
    const [[first]] = found;
    first.tabIndex = -1;
    bringUp(first);
    first.focus();
  };
  place.replaceChildren(
    words,
    button("Put them back", done((line, { values }) => {
      fill(line, values);
      saving.changed(line);
      saving.save(line);
    })),
    button("Discard them", done((line) => drafts.drop(line.dataset.line))),
  );
  place.setAttribute("role", "alert");
  place.hidden = false;
};

// A sentence about the figures goes to the end of what was written.
const insertSentences = (form) => {
  form.addEventListener("click", (event) => {
    const sentence = event.target.closest("[data-insert]")?.dataset.insert;
    if (!sentence) return;
    const text = event.target.closest("[data-line]").querySelector('textarea[name$="-text"]');
    text.value = [text.value.trimEnd(), sentence].filter(Boolean).join(" ");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });
};

// Whoever signs out in the middle of a line has it saved first.
const saveBeforeSigningOut = (saving) => {
  document.querySelector("form[action$='/sign-out/']")?.addEventListener("submit", async (event) => {
    if (!saving.hasUnsaved()) return;
    event.preventDefault();
    await saving.saveNow();
    event.target.submit();
  });
};

// The bar covers nothing that has the focus: the page is scrolled by its height, which changes with what it tells.
const keepClearOfBar = (bar) => {
  if (!bar) return;
  const tellHeight = () => document.documentElement.style.setProperty("--return-bar", `${bar.offsetHeight}px`);
  new ResizeObserver(tellHeight).observe(bar);
  tellHeight();
  // Of a tall field browsers are content with the part that they write in.
  const uncover = (field) => {
    const over = field.getBoundingClientRect().bottom + 8 - bar.getBoundingClientRect().top;
    if (over > 0 && !bar.contains(field) && field.offsetHeight < innerHeight / 2) scrollBy(0, over);
  };
  bar.closest("form").addEventListener("focusin", ({ target }) => {
    uncover(target);
    requestAnimationFrame(() => uncover(target));
  });
};

// Below a row that somebody opens they write, unless they are in another field by then; a line that a link leads to is
// not left folded.
const openRows = (form) => {
  form.addEventListener("click", (event) => {
    const summary = event.target.closest(".row-below > summary");
    if (!summary || summary.parentElement.open) return;
    requestAnimationFrame(() => {
      const isElsewhere = ![summary, document.body].includes(document.activeElement);
      if (!isElsewhere) summary.parentElement.querySelector("textarea")?.focus();
    });
  });
  const reveal = () => {
    const line = location.hash && document.getElementById(location.hash.slice(1));
    const folded = line && form.contains(line) && line.closest(".folded");
    if (folded) {
      folded.open = true;
      line.scrollIntoView();
    }
  };
  window.addEventListener("hashchange", reveal);
  reveal();
};

export async function enterReturn(form) {
  if (!form) return;
  const drafts = draftsOf(form);
  const kept = drafts.all();
  if (!form.querySelector("[name=action]")) {
    showClosed(form, drafts, await kept);
    return;
  }
  const tell = teller(document.querySelector("#save-status"));
  const undo = undoesSaves(form);
  const saving = savesLines(form, drafts, { tell, saved: undo.saved });
  undo.begin(saving);
  tell("Each line is saved when you leave it.");
  moveDownTheColumn(form);
  keepClearOfBar(form.querySelector(".return-bar"));
  openRows(form);
  insertSentences(form);
  fillInWholes(form);
  readPaste(form, { tell, saveNow: saving.saveNow });
  saveBeforeSigningOut(saving);
  const all = await kept;
  showClosed(form, drafts, all);
  offerBack(form, drafts, all, saving);
}
