// A search box with data-narrows="id" leaves, of the elements with data-words beneath that one, those whose words begin
// with what is typed, and of the groups (data-narrowed) those that have one left.
const key = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

function narrow(box) {
  const place = document.getElementById(box.dataset.narrows);
  const typed = key(box.value);
  const fits = (one) => !typed || one.dataset.words.split("\n").some((words) => words.includes(typed));
  let left = 0;
  for (const one of place.querySelectorAll("[data-words]")) left += !(one.hidden = !fits(one));
  for (const group of place.querySelectorAll("[data-narrowed]")) group.hidden = !group.querySelector("[data-words]:not([hidden])");
  for (const words of place.querySelectorAll("[data-narrowed-to-none]")) words.hidden = left > 0;
}

export function listenForNarrowing() {
  for (const kind of ["input", "search"]) {
    document.addEventListener(kind, ({ target }) => target.dataset?.narrows && narrow(target), true);
  }
  // It belongs to no form's values, and Enter in it sends none.
  document.addEventListener("change", (event) => event.target.dataset?.narrows && event.stopPropagation(), true);
  document.addEventListener("keydown", (event) => event.key === "Enter" && event.target.dataset?.narrows && event.preventDefault());
}
