// A denominator that is another line's figure follows while that is typed, as long as nobody typed another one.
export function fillInWholes(form) {
  form.addEventListener("input", (event) => {
    const line = event.target.closest("[data-line]");
    if (!line || !event.target.matches('input[name$="-figure"]')) return;
    for (const field of form.querySelectorAll(`input[data-whole="${line.dataset.line}"]`)) {
      if (field.value && field.value !== (field.dataset.filled ?? field.defaultValue)) continue;
      field.value = event.target.value;
      field.dataset.filled = field.value;
      const filled = field.closest("[data-line]").querySelector('[name$="-filled"]');
      if (filled) filled.value = field.value;
    }
  });
}
