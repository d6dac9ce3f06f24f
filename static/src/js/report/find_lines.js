// Find as you type in a report: every line is on the page, so nothing is fetched. Without this
// file the same form asks the server, which hides the same lines.

// Browsers refuse an address that changes with every letter (Safari: 100 times in 30 seconds).
const PAUSE_IN_TYPING = 300; // milliseconds

export function findLines(form) {
  if (!form) return;
  const lines = [...document.querySelectorAll(".line")];
  const sections = [...document.querySelectorAll(".section")];
  const count = document.querySelector("#count b");
  const clear = document.querySelector("#clear");
  const noneFound = document.querySelector("#none-found");

  const fits = (line, wanted) =>
    ["section", "owner", "rating", "assessment"].every((name) => !wanted[name] || line.dataset[name] === wanted[name]) &&
    wanted.words.toLowerCase().split(/\s+/).every((word) => line.dataset.words.includes(word));

  const address = (wanted) => {
    const chosen = Object.entries(wanted).filter(([, value]) => value.trim());
    const query = new URLSearchParams(chosen).toString();
    return location.pathname + (query ? `?${query}` : "") + location.hash;
  };

  let keepAddress;
  const update = () => {
    const wanted = Object.fromEntries(new FormData(form));
    for (const line of lines) line.hidden = !fits(line, wanted);
    for (const section of sections) section.hidden = !section.querySelector(".line:not([hidden])");
    const shown = lines.filter((line) => !line.hidden).length;
    count.textContent = shown;
    clear.hidden = shown === lines.length;
    noneFound.hidden = shown > 0;
    clearTimeout(keepAddress);
    keepAddress = setTimeout(() => history.replaceState(null, "", address(wanted)), PAUSE_IN_TYPING);
  };

  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    update();
  });
}
