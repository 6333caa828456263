// Keys of a page: "g" and a letter goes where the link with that data-go points, and every [data-key] is pressed by
// its key. No key fires while something is typed, nor with a modifier; in an open dialog only the dialog's own do.
import { help } from "./help.js";
import { isTyping } from "./is_typing.js";
import { palette } from "./palette.js";
import { closePeek } from "./peek.js";
import { rowKey } from "./rows.js";

const PAUSE = 1200; // milliseconds in which the second letter has to come

function holder(key) {
  const dialog = document.querySelector("dialog[open]");
  const found = [...(dialog ?? document).querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter(
    (one) => !one.disabled && one.checkVisibility() && (!one.closest("[data-rows]") || one.closest("[aria-current]")),
  );
  return found.find((one) => one.closest("#peek, [aria-current]")) ?? found[0];
}

function press(key) {
  const one = holder(key);
  if (!one) return false;
  if (one.matches("input:not([type=submit]), select, textarea")) one.focus();
  else one.click();
  return true;
}

function go(key) {
  const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  link?.click();
  return Boolean(link);
}

export function listenForKeys() {
  let went = 0;
  document.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      palette();
      return;
    }
    if (key === "ArrowDown" && event.target.matches?.("input[data-key]") && rowKey({ key: "j", target: event.target })) {
      event.preventDefault(); // from the search down to what it found
      return;
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const alone = !document.querySelector("dialog[open]");
    const second = went && event.timeStamp - went < PAUSE;
    went = 0;
    if (second && alone && go(key)) event.preventDefault();
    else if (key === "g" && alone) went = event.timeStamp;
    else if (key === "?" && alone) help();
    else if (key === "Escape") closePeek();
    else if (press(key) || (alone && rowKey(event))) event.preventDefault();
  });
}
