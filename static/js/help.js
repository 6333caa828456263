// "?" tells the keys of this page, gathered from the attributes that also make them work.
import { openDialog } from "./dialog.js";

function line(keys, words) {
  const row = document.createElement("div");
  const term = document.createElement("dt");
  term.append(...keys.map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
  row.append(term, Object.assign(document.createElement("dd"), { textContent: words }));
  row.dataset.gathered = "";
  return row;
}

const words = (one) => (one.dataset.keyLabel || one.getAttribute("aria-label") || one.firstChild?.textContent || "").trim();
const shown = (key) => (key.length === 1 ? key.toUpperCase() : key);

export function help() {
  const dialog = document.querySelector("#keys");
  if (!dialog) return;
  for (const old of dialog.querySelectorAll("[data-gathered]")) old.remove();
  for (const given of dialog.querySelectorAll("[data-needs]")) {
    given.hidden = !document.querySelector(given.dataset.needs);
  }
  const seen = new Set();
  for (const one of document.querySelectorAll("[data-key]")) {
    if (seen.has(one.dataset.key) || one.closest("dialog, template")) continue;
    seen.add(one.dataset.key);
    dialog.querySelector("[data-list=page]").append(line([shown(one.dataset.key)], words(one)));
  }
  for (const one of document.querySelectorAll("[data-go]")) {
    dialog.querySelector("[data-list=go]").append(line(["G", shown(one.dataset.go)], words(one)));
  }
  for (const part of dialog.querySelectorAll("section")) {
    part.hidden = !part.querySelector("dl > div:not([hidden])");
  }
  openDialog(dialog);
}

export function listenForHelp() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) help();
  });
}
