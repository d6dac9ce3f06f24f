// What was typed and not saved yet, kept in this browser under the person and the edition. Survives a closed window, a
// lost connection and a session that ran out; gone once the server has it, when its author signs out, and when anybody
// else uses this browser. It is kept encrypted with a key that comes with the person's own page and is kept nowhere
// else: after a session has run out, whoever sits here next can't read it. A browser that can't, just does without.

const NAME = "return:";
const IV_BYTES = 12;
let isOver = false;

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const textOf = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

// Remove everybody's drafts, or everybody else's.
export const forgetDrafts = (but) => {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(NAME) && !(but && key.startsWith(`${NAME}${but}:`))) localStorage.removeItem(key);
    }
  } catch {
    // Forbidden, so nothing is kept either.
  }
};

// From now on this page keeps nothing either: somebody has signed out.
export const endDrafts = () => {
  isOver = true;
  forgetDrafts();
};

export function draftsOf(form) {
  const place = `${NAME}${form.dataset.person}:${form.dataset.edition}`;
  // A promise even where the browser has no encryption, which it has on https only.
  const key = Promise.resolve().then(() =>
    crypto.subtle.importKey("raw", bytesOf(form.dataset.drafts), "AES-GCM", false, ["encrypt", "decrypt"]),
  );

  const read = async () => {
    const kept = localStorage.getItem(place);
    if (!kept) return {};
    try {
      // As an earlier version kept them.
      if (kept.startsWith("{")) return JSON.parse(kept);
      const bytes = bytesOf(kept);
      const how = { name: "AES-GCM", iv: bytes.slice(0, IV_BYTES) };
      const plain = await crypto.subtle.decrypt(how, await key, bytes.slice(IV_BYTES));
      return JSON.parse(new TextDecoder().decode(plain));
    } catch {
      // Not by this key, or not by this version.
      return {};
    }
  };

  const write = async (drafts) => {
    if (!Object.keys(drafts).length) {
      localStorage.removeItem(place);
      return;
    }
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const plain = new TextEncoder().encode(JSON.stringify(drafts));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key, plain);
    if (!isOver) localStorage.setItem(place, textOf([...iv, ...new Uint8Array(sealed)]));
  };

  // One after the other, in all windows with this return. Full or forbidden: the entry is still in its field.
  const inTurn = (run) => Promise.resolve().then(() => navigator.locks.request(place, run)).catch(() => ({}));

  return {
    all: () =>
      inTurn(async () => {
        const drafts = await read();
        await write(drafts);
        return drafts;
      }),
    keep: (line, values) => inTurn(async () => write({ ...(await read()), [line]: { values, at: Date.now() } })),
    drop: (line) =>
      inTurn(async () => {
        const { [line]: dropped, ...rest } = await read();
        await write(rest);
      }),
  };
}
