// j and k walk through the rows of the page's list, Enter or o opens one, p or the space bar shows it beside.
import { peek, peeking } from "./peek.js";

const ROWS = "[data-rows] > :is(tr, li):not(.more-row)";
const AFTER = 150; // milliseconds a row is rested on before the panel follows
let waiting = 0;

const here = () => document.querySelector(`${ROWS}[aria-current]`);
const opener = (row) => row.querySelector("[data-open]") ?? row.querySelector("a[href]");

export function choose(row) {
  for (const other of document.querySelectorAll(`${ROWS}[aria-current]`)) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
}

function walk(step) {
  const rows = [...document.querySelectorAll(ROWS)];
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement.closest?.(ROWS) ?? here());
  const row = rows[at < 0 ? 0 : at + step];
  if (!row) {
    if (step > 0) document.querySelector("[data-rows] [data-more]")?.click();
    return true;
  }
  choose(row);
  opener(row)?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  clearTimeout(waiting);
  if (peeking()) waiting = setTimeout(() => peek(row), AFTER);
  return true;
}

// Whether the key was one of the list's.
export function rowKey({ key, target }) {
  if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
  const row = target.closest?.(ROWS) ?? here();
  const on = target === document.body || target.closest?.(ROWS);
  if (!row || !on) return false;
  if (key === "o" || (key === "Enter" && target === document.body)) {
    opener(row)?.click();
    return true;
  }
  return (key === "p" || (key === " " && !target.matches?.("button, summary, input"))) && peek(row);
}
