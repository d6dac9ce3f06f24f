// Dragging from place to place in a list. Who can't drag has buttons for the same.

// Each of the items travels as `travels`, with what `named` says it is.
export function carry(items, travels, named) {
  for (const item of items) {
    item.draggable = true;
    item.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData(travels, named(item));
      event.dataTransfer.effectAllowed = "move";
      item.classList.add("dragged");
    });
    item.addEventListener("dragend", () => item.classList.remove("dragged"));
  }
}

// The list takes what travels as `travels`: `drop` is told what it is, and the item under it, if any. Where there is none,
// `end` is marked as the place.
export function take(list, travels, item, drop, end = null) {
  const under = (event) => event.target.closest(item);
  const unmark = () => list.querySelectorAll(".dropped").forEach((one) => one.classList.remove("dropped"));
  list.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes(travels)) return;
    event.preventDefault();
    unmark();
    (under(event) ?? end)?.classList.add("dropped");
  });
  list.addEventListener("dragleave", unmark);
  list.addEventListener("drop", (event) => {
    const carried = event.dataTransfer.getData(travels);
    if (!carried) return;
    event.preventDefault();
    drop(carried, under(event));
  });
}
