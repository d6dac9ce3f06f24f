// Whose page this is. When somebody signs out or another signs in, this browser's other windows go too, and nobody's
// drafts are left. Pages on which one signs in again after a session has run out say nothing (templates/base.html).
import { endDrafts, forgetDrafts } from "../returns/drafts.js";

const NOBODY = "nobody";

export function tellWhoseItIs(person) {
  if (!person) return;
  forgetDrafts(person === NOBODY ? "" : person);
  // Without it, windows that are left open show what they showed until somebody touches them.
  const windows = "BroadcastChannel" in window ? new BroadcastChannel("person") : null;
  windows?.postMessage(person);
  if (person === NOBODY) return;
  windows?.addEventListener("message", ({ data }) => {
    if (data === person) return;
    endDrafts();
    location.reload();
  });
  // A page that the browser had put aside as it was: Back after a save, or after signing out, shows what is stored.
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });
}

// The administration's pages, which don't say whose they are.
export function leaveWhenOthersDo() {
  if (!("BroadcastChannel" in window)) return;
  new BroadcastChannel("person").addEventListener("message", ({ data }) => {
    if (data === NOBODY) location.reload();
  });
}
