// The rule builder: its buttons and selects take a step on the server, which answers with the form as it is then.
// Without script the same buttons send the form. Keys act on the line that has the focus.
import { isTyping } from "./is_typing.js";

const TYPING = 120; // milliseconds
const LINE = "[data-line]";
const GROUP = ".rule-group";
let waiting = 0;
let pending = false; // a step is on its way
let early = "";

const builder = (one) => one?.closest?.("[data-builder]");
const lines = (place) => [...place.querySelectorAll(LINE)];
const current = (place) => place.querySelector(`${LINE}[aria-current]`) ?? lines(place)[0];

function send(source, target, options) {
  const place = builder(source);
  window.htmx.ajax("POST", place.dataset.builder, { source, target, swap: "outerHTML", ...options }).catch(() => {}); // errors.js tells
}

// What is typed while a step is on its way is meant for the input that the step opens.
function step(source) {
  pending = true;
  send(source, "#rules");
}

function onSettle({ target }) {
  if (target.matches(".rule-found")) markFirst(target);
  if (target.id === "rule-preview") keepInAddress(target);
  if (target.id !== "rules") return;
  const input = document.activeElement;
  if (early && isTyping(input)) {
    input.value += early;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  settle();
}

// Whoever comes back to the page (Back in the browser) finds the rule as it was.
function keepInAddress(preview) {
  const rule = preview.querySelector("[data-rule]")?.dataset.rule;
  const empty = !lines(builder(preview)).length;
  if (!rule && !empty) return; // no condition is complete yet
  const address = new URL(location.href);
  if (rule) address.searchParams.set("rule", rule);
  else address.searchParams.delete("rule");
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

function settle() {
  pending = false;
  early = "";
}

function keepEarly(event) {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  if (!pending || key.length !== 1 || ctrlKey || metaKey || altKey || (isTyping(target) && !builder(target))) return;
  early += key;
  event.preventDefault();
  event.stopPropagation();
}

function search(input) {
  clearTimeout(waiting);
  const found = `#${CSS.escape(input.dataset.search)}`;
  waiting = setTimeout(() => input.isConnected && send(input, found, { select: found }), TYPING);
}

// What is searched for is no part of the rule: its preview stays as it is.
function onInput(event) {
  if (!event.target.dataset?.search || !builder(event.target)) return;
  event.stopPropagation();
  search(event.target);
}

// Presses the button that does it to the current line; what is added goes into the group around it.
function command(place, name) {
  const line = current(place);
  if (name === "next" || name === "previous") {
    const all = lines(place);
    all[Math.min(Math.max(all.indexOf(line) + (name === "next" ? 1 : -1), 0), all.length - 1)]?.focus();
    return;
  }
  const [verb, more = ""] = name.split(" ");
  const at = (verb === "add" ? line.closest(GROUP) : line).id.replaceAll("-", ".");
  [...place.querySelectorAll("button[name=do]")].find((one) => one.value === `${verb}:${at}${more}`)?.click();
}

function onClick(event) {
  const button = event.target.closest("button");
  const place = builder(button);
  if (!place || !window.htmx) return;
  if (button.dataset.command) command(place, button.dataset.command);
  if (button.name !== "do") return;
  event.preventDefault();
  if (!pending) step(button); // the form that the button belongs to is being replaced
}

const optionsOf = (input) => [...(input.closest("[data-picker]")?.querySelectorAll("[role=option]") ?? [])];

function choose(options, chosen, input) {
  for (const one of options) one.setAttribute("aria-selected", String(one === chosen));
  input.setAttribute("aria-activedescendant", chosen?.id ?? "");
  chosen?.scrollIntoView({ block: "nearest" });
}

function markFirst(found) {
  const input = found.closest("[data-picker]")?.querySelector("input");
  if (input?.value) choose(optionsOf(input), optionsOf(input)[0], input);
}

function onKey(event) {
  if (event.isComposing || !builder(event.target)) return; // Enter in the middle of pinyin takes the word
  const input = event.target.closest("[data-picker] input");
  if (event.key === "Escape" && !input && isTyping(event.target)) event.target.closest(LINE)?.focus();
  if (!input) return;
  const options = optionsOf(input);
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (way && options.length) choose(options, options[(at + way + options.length) % options.length], input);
  else if (event.key === "Enter") options[input.value ? Math.max(at, 0) : at]?.click();
  else if (event.key === "Escape") closePicker(input);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// A new condition without a field goes, one that has a field keeps it.
function closePicker(input) {
  const line = input.closest(LINE);
  const has = line.querySelector(":scope > input[name$='.is']").value;
  const verb = has ? "pick" : "remove";
  [...line.querySelectorAll("button[name=do]")].find((one) => one.value.startsWith(`${verb}:`))?.click();
}

document.addEventListener("click", onClick);
document.body.addEventListener("htmx:afterSettle", onSettle);
document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.target?.id === "rules" && !detail.successful) settle();
});
document.addEventListener("keydown", keepEarly, true);
document.addEventListener("keydown", onKey, true);
document.addEventListener("input", onInput, true);
document.addEventListener("change", ({ target }) => target.matches?.("[data-restep]") && builder(target) && step(target));
document.addEventListener("focusin", ({ target }) => {
  const line = target.closest?.(LINE);
  if (!line || !builder(line)) return;
  for (const one of lines(builder(line))) one.toggleAttribute("aria-current", one === line);
  line.setAttribute("aria-current", "true");
});
