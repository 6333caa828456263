// One key per place: "/" searches, "g" then a letter goes where the link with that data-go points.
const PAUSE = 1200; // milliseconds in which the second letter has to come

function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
}

export function listenForKeys() {
  let went = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "/") {
      event.preventDefault();
      document.querySelector("[data-search]")?.focus();
    } else if (event.key === "g") {
      went = event.timeStamp;
    } else if (went && event.timeStamp - went < PAUSE) {
      went = 0;
      document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
    }
  });
}
