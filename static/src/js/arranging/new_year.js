// Moving between the cells of a new year: Enter and the arrows go up and down a column. Saving is the form's own.

export function fillInYear(form) {
  form?.addEventListener("keydown", (event) => {
    const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const field = event.target;
    if (!by || !field.matches('.year-grid input[type="text"]')) return;
    event.preventDefault();
    const column = field.name.replace(/^[^-]+-\d+-/, "-");
    const cells = [...field.closest(".year-grid").querySelectorAll('input[type="text"]')].filter(
      ({ name, offsetParent }) => name.endsWith(column) && offsetParent,
    );
    const next = cells[cells.indexOf(field) + (event.shiftKey ? -by : by)];
    next?.focus();
    next?.select();
  });
}
