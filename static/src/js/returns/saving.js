// Works lines out while somebody types and saves them when they leave a line: at most two requests for a line that is
// typed in one go. Saves are queued for each line; what could not be sent is tried again.
import { differ, numbersOf, showErrors, valuesOf } from "./fields.js";
import { showProgress } from "./progress.js";

const PAUSE_IN_TYPING = 700; // milliseconds until a figure is worked out
const IDLE = 15_000; // until a line is saved though nobody left it
const TRY_AGAIN = 10_000;
const BEFORE_SIGNING_OUT = 5_000; // that signing out waits for what is still being saved

export function savesLines(form, drafts, { tell, saved = () => {} }) {
  const states = new WeakMap();
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const unsaved = new Set();

  // What came back with an error or beside somebody else's version is saved nowhere.
  const begin = (line) => {
    const saved = line.hasAttribute("data-unsaved") ? {} : valuesOf(line);
    states.set(line, { saved, isSending: false, waiting: null, timers: {} });
    if (line.hasAttribute("data-unsaved")) keep(line);
  };

  const stateOf = (line) => states.get(line);

  const say = (line, text, isUnsaved = false) => {
    const place = line.querySelector("[data-saved]");
    place.textContent = text;
    place.classList.toggle("is-unsaved", isUnsaved);
  };

  const put = (parts) => {
    for (const [key, html] of Object.entries(parts)) {
      const line = document.getElementById(`line-${key}`);
      if (!line) continue;
      for (const [name, text] of Object.entries(html)) {
        const place = line.querySelector(`[data-part=${name}]`);
        // Somebody who is just writing a reason is not interrupted.
        if (place && !place.contains(document.activeElement)) place.innerHTML = text;
      }
    }
  };

  const settle = (line, sent, answer) => {
    const state = stateOf(line);
    for (const name of ["saw_value", "saw_text"]) {
      const field = line.querySelector(`[name$="-${name}"]`);
      if (field && answer[name] !== undefined) field.value = answer[name];
    }
    saved(line, state.saved, sent);
    state.saved = sent;
    if (differ(valuesOf(line), sent)) return;
    unsaved.delete(line);
    drafts.drop(line.dataset.line);
    say(line, `Saved at ${answer.saved_at}`);
  };

  // The whole line anew: beside somebody else's version, or once it was chosen which of the two stays.
  const replace = (line, html, savedAt) => {
    const hadFocus = line.contains(document.activeElement);
    stop(line);
    const place = document.createElement("div");
    place.innerHTML = html;
    const fresh = place.firstElementChild;
    // On a phone it may be the one line that is shown.
    fresh.classList.toggle("is-first", line.classList.contains("is-first"));
    line.replaceWith(fresh);
    unsaved.delete(line);
    drafts.drop(line.dataset.line);
    begin(fresh);
    const isUnsaved = unsaved.has(fresh);
    say(fresh, isUnsaved ? "Not saved: choose a version" : `Saved at ${savedAt}`, isUnsaved);
    if (isUnsaved || hadFocus) fresh.querySelector("input[type=radio], .entry-numbers input, textarea")?.focus();
  };

  const take = (line, sent, answer, action) => {
    if (answer.lines) put(answer.lines);
    if (answer.states) showProgress(answer.states);
    // Somebody who has both versions before them and has not chosen yet is left in peace.
    const isAsked = answer.errors && line.querySelector(".clash");
    if ((answer.conflict || answer.settled) && !isAsked) {
      replace(line, answer.conflict || answer.settled, answer.saved_at);
      return;
    }
    // What stands beside a text that is no figure is not what it was before either.
    const refused = numbersOf(line).some((field) => answer.errors?.[field.name.replace(/^line-\d+-/, "")]);
    const shown = refused && line.querySelector(".entry-result dd");
    if (shown) shown.textContent = "not a figure yet";
    stateOf(line).judged = { errors: answer.errors || {}, sent };
    showErrors(line, answer.errors || {}, sent);
    if (action !== "save") return;
    if (answer.errors) say(line, "Not saved: see the message above", true);
    else settle(line, sent, answer);
  };

  const answered = {
    200: take,
    401: (line, sent, answer) => {
      const again = `${answer.sign_in}?next=${encodeURIComponent(location.pathname + location.search)}`;
      tell("You have been signed out. What you typed is kept in this browser, and you can put it back once you have signed in.", {
        "Sign in again": again,
      });
    },
    403: () =>
      tell("This could not be saved: the page is out of date. What you typed is kept in this browser.", {
        "Load the page again": location.href,
      }),
  };

  const post = async (line, action, keepalive) => {
    const state = stateOf(line);
    if (state.isSending) {
      if (state.waiting !== "save") state.waiting = action;
      return;
    }
    state.isSending = true;
    const sent = valuesOf(line);
    const body = new URLSearchParams({ ...sent, action });
    try {
      const response = await fetch(`${form.dataset.lines}${line.dataset.line}/`, {
        method: "POST",
        body,
        keepalive,
        headers: { "X-CSRFToken": token, Accept: "application/json" },
      });
      const isJson = (response.headers.get("Content-Type") || "").includes("json");
      const react = answered[response.status];
      if (react) react(line, sent, isJson ? await response.json() : {}, action);
      else throw new Error(`answered ${response.status}`);
    } catch {
      if (action === "save") {
        say(line, "No connection: kept in this browser, trying again soon", true);
        later(line, "again", () => save(line), TRY_AGAIN);
      }
    } finally {
      state.isSending = false;
      const next = state.waiting;
      state.waiting = null;
      if (next) post(line, next);
    }
  };

  const later = (line, name, run, pause) => {
    const { timers } = stateOf(line);
    clearTimeout(timers[name]);
    timers[name] = setTimeout(run, pause);
  };

  const stop = (line) => Object.values(stateOf(line).timers).forEach(clearTimeout);

  const save = (line, keepalive = false) => {
    if (!line.isConnected || !unsaved.has(line)) return;
    stop(line);
    post(line, "save", keepalive);
  };

  // Remember what stands in a line as not saved yet.
  const keep = (line) => {
    unsaved.add(line);
    drafts.keep(line.dataset.line, valuesOf(line));
  };

  const changed = (line, isFigure = true) => {
    const { saved } = stateOf(line);
    if (!differ(valuesOf(line), saved)) {
      unsaved.delete(line);
      drafts.drop(line.dataset.line);
      stop(line);
      say(line, "");
      showErrors(line, {});
      // What follows from the figure goes back with it.
      if (isFigure) later(line, "preview", () => post(line, "preview"), PAUSE_IN_TYPING);
      return;
    }
    keep(line);
    say(line, "Not saved yet", true);
    if (isFigure) later(line, "preview", () => post(line, "preview"), PAUSE_IN_TYPING);
    later(line, "idle", () => save(line), IDLE);
  };

  const saveAll = (keepalive) => {
    for (const line of unsaved) save(line, keepalive);
  };

  form.addEventListener("input", (event) => {
    const line = event.target.closest("[data-line]");
    // What was said of the value before is not said of this one; the two numbers of a pair are judged together.
    if (line && !event.target.matches("textarea")) {
      stateOf(line).judged = null;
      showErrors(line, {});
    }
    if (line) changed(line, !event.target.matches("textarea"));
  });
  form.addEventListener("focusout", (event) => {
    const line = event.target.closest("[data-line]");
    if (!line) return;
    const { judged } = stateOf(line);
    // Once the field is left: until the event is over it has the focus still.
    if (judged) setTimeout(() => line.isConnected && showErrors(line, judged.errors, judged.sent));
    if (!line.contains(event.relatedTarget)) save(line);
  });
  form.addEventListener("submit", () => unsaved.forEach(stop));
  window.addEventListener("online", () => saveAll(false));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saveAll(true);
  });
  form.querySelectorAll("[data-line]").forEach(begin);
  const saveNow = async () => {
    const end = Date.now() + BEFORE_SIGNING_OUT;
    saveAll(false);
    const isBusy = (line) => line.isConnected && (stateOf(line).isSending || stateOf(line).waiting);
    while (Date.now() < end && [...unsaved].some(isBusy)) await new Promise((go) => setTimeout(go, 50));
  };

  return { changed, save, saveNow, hasUnsaved: () => unsaved.size > 0 };
}
