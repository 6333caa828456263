// The review desk: keys, the finding beside its mark, usual reasons, and a question before a decision without a reason.
// Everything works without it.
import { isTyping } from "./is_typing.js";

document.documentElement.classList.add("js");
const findings = () => [...document.querySelectorAll("[data-finding]")];
const items = () => [...document.querySelectorAll("[data-items] > li:has([data-open])")];
const opinion = document.querySelector("#opinion");
let current = -1;

function light(number) {
  for (const one of document.querySelectorAll("[data-mark], [data-finding]")) {
    one.classList.toggle("lit", number !== "" && (one.dataset.mark ?? one.dataset.finding) === number);
  }
}

function walk(step) {
  const list = findings().length ? findings() : items();
  if (!list.length) return;
  current = Math.min(Math.max(current + step, 0), list.length - 1);
  const one = list[current];
  if (one.dataset.finding) {
    light(one.dataset.finding);
    document.querySelector(`[data-mark="${one.dataset.finding}"]`)?.scrollIntoView({ block: "nearest" });
    one.focus({ preventScroll: true });
  } else {
    for (const other of list) other.toggleAttribute("aria-current", other === one);
    one.querySelector("[data-open]").focus({ preventScroll: true });
  }
  one.scrollIntoView({ block: "nearest" });
}

function onCurrent(selector) {
  const all = findings();
  const from = all[current] ?? all.find((one) => one.querySelector(selector));
  const target = from?.querySelector(selector);
  target?.click();
  if (target?.matches("summary")) from.querySelector("textarea")?.focus();
}

const DEEDS = {
  j: () => walk(1),
  k: () => walk(-1),
  y: () => onCurrent("[data-accept]"),
  e: () => onCurrent("[data-except]"),
  n: () => document.querySelector("#next")?.requestSubmit(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isTyping(event.target)) event.target.blur();
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
  if (button) button.click();
  else if (DEEDS[event.key]) DEEDS[event.key]();
  else return;
  event.preventDefault();
});

// To return or reject wants a reason: where there is none yet, it is asked for first.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-reasoned]");
  if (button && opinion && opinion.value.trim().length < 4) {
    event.preventDefault();
    opinion.closest("form").classList.add("asked");
    opinion.scrollIntoView({ block: "center" });
    opinion.focus();
  }
  const usual = event.target.closest?.("[data-usual]");
  if (usual) {
    opinion.value = [opinion.value.trim(), usual.textContent.trim()].filter(Boolean).join(" ");
    opinion.focus();
  }
});

for (const name of ["pointerover", "focusin"]) {
  document.addEventListener(name, (event) => {
    const one = event.target.closest?.("[data-mark], [data-finding]");
    if (one?.dataset.finding) current = findings().indexOf(one);
    if (one) light(one.dataset.mark ?? one.dataset.finding);
  });
}
