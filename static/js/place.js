// Going back to a list finds it as it was left: as many rows, the same row chosen, scrolled to the same place.
// What is remembered is numbers only, with the entry of the browser's history; the rows come from the server anew.
const MOST = 10; // pages of rows that are loaded again
const rows = () => document.querySelectorAll("[data-rows] > :is(tr, li):not(.more-row)");

function remember() {
  const chosen = [...rows()].findIndex((row) => row.hasAttribute("aria-current"));
  history.replaceState({ ...history.state, place: { rows: rows().length, top: scrollY, chosen } }, "");
}

function restore({ top, chosen }) {
  const row = rows()[chosen];
  row?.setAttribute("aria-current", "true");
  row?.querySelector("a[href]")?.focus({ preventScroll: true });
  scrollTo({ top, behavior: "instant" });
}

function fill(place, left) {
  const more = document.querySelector("[data-rows] [data-more]");
  if (rows().length >= place.rows || !more || !left) return restore(place);
  document.body.addEventListener("htmx:afterSettle", () => fill(place, left - 1), { once: true });
  more.click();
}

export function keepPlace() {
  if (!document.querySelector("[data-rows]")) return;
  addEventListener("pagehide", remember);
  const [entry] = performance.getEntriesByType("navigation");
  const place = history.state?.place;
  // htmx takes the links over at DOMContentLoaded, before this listener runs.
  if (place && entry?.type === "back_forward") addEventListener("DOMContentLoaded", () => fill(place, MOST));
}
