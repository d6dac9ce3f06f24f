// What was typed and not saved yet, kept in this browser under the person and the edition. Survives a closed window, a
// lost connection and an ended session; gone once the server has it. A browser without storage just does without.

const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key)) || {};
  } catch {
    return {};
  }
};

const write = (key, drafts) => {
  try {
    if (Object.keys(drafts).length) localStorage.setItem(key, JSON.stringify(drafts));
    else localStorage.removeItem(key);
  } catch {
    // Full or forbidden: the entry is still in its field.
  }
};

export function draftsOf(form) {
  const key = `return:${form.dataset.person}:${form.dataset.edition}`;
  return {
    all: () => read(key),
    keep: (line, values) => write(key, { ...read(key), [line]: { values, at: Date.now() } }),
    drop: (line) => {
      const { [line]: dropped, ...rest } = read(key);
      write(key, rest);
    },
  };
}
