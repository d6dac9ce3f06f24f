// Undo, in the bar: what was saved last is put back into its fields and saved again; before that, what was saved before
// it. Once nothing of this page is left to undo, what the server offers is.
import { bringUp, differ, fill, nameOf, numbersOf, typedOf } from "./fields.js";

const MOST = 50;
const NOTHING = "nothing";

const figureIn = (line, values) =>
  numbersOf(line)
    .map((field) => (values[field.name] ?? "").trim())
    .filter(Boolean)
    .join(" of ") || NOTHING;

const told = (line, before, after) => {
  const [old, fresh] = [before, after].map((values) => figureIn(line, values));
  const text = Object.keys(after).find((name) => name.endsWith("-text"));
  const isText = (before[text] ?? "").trim() !== (after[text] ?? "").trim();
  const what = old !== fresh ? `${fresh} instead of ${old}` : isText ? "its commentary" : "what is beside its figure";
  return `Saved: ${nameOf(line)}: ${what}. `;
};

export function undoesSaves(form) {
  const bar = form.querySelector(".bar-told");
  const ofServer = bar.querySelector("#undo-last");
  const place = document.createElement("p");
  const steps = [];
  let saving = null;
  let undoing = null;

  const show = () => {
    const last = steps.at(-1);
    place.hidden = !last;
    if (ofServer) ofServer.hidden = Boolean(last);
    if (!last) return;
    place.replaceChildren(last.words, button);
  };

  const undo = () => {
    const { key, before } = steps.pop();
    const line = document.getElementById(`line-${key}`);
    undoing = key;
    bringUp(line);
    fill(line, typedOf(before));
    saving.changed(line);
    saving.save(line);
    show();
    (numbersOf(line)[0] ?? line.querySelector("textarea"))?.focus();
  };

  const button = document.createElement("button");
  button.type = "button";
  button.className = "linklike";
  button.textContent = "Undo";
  button.addEventListener("click", undo);
  place.hidden = true;
  bar.append(place);

  return {
    begin: (saves) => {
      saving = saves;
    },
    // A line was saved with what stood in its fields (`after`), in place of what had been saved before.
    saved: (line, before, after) => {
      const key = line.dataset.line;
      if (undoing === key) {
        undoing = null;
        return;
      }
      // What came back beside an error or somebody else's version has nothing saved before it.
      if (!Object.keys(before).length || !differ(before, after)) return;
      steps.push({ key, before, words: told(line, before, after) });
      if (steps.length > MOST) steps.shift();
      show();
    },
  };
}
