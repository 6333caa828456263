// List and detail side by side: a link with data-peek shows its page's part in the panel #peek instead.
// On a narrow screen, and without script, it is the ordinary link it is.
const wide = matchMedia("(width >= 62rem)");
const panel = () => document.querySelector("#peek");
let opened = null;
let waiting = false; // for what the panel is to show; an empty panel does not open

export const peeking = () => panel()?.hidden === false;

// Show what the row (or link) points to; false where there is nothing to show.
export function peek(row) {
  const link = row?.matches("[data-peek]") ? row : row?.querySelector("[data-peek]");
  if (!link) return false;
  if (!panel() || !wide.matches || !window.htmx) {
    location.assign(link.dataset.peek || link.href);
    return true;
  }
  opened = link;
  for (const other of document.querySelectorAll("[data-rows] [aria-current]")) other.removeAttribute("aria-current");
  link.closest("[data-rows] > *")?.setAttribute("aria-current", "true");
  waiting = true;
  window.htmx.ajax("GET", link.dataset.peek || link.href, { target: "#peek", swap: "innerHTML show:none" }).catch(() => {}); // errors.js tells
  return true;
}

function show() {
  if (!waiting) {
    if (panel().hidden) panel().replaceChildren(); // shut while it was on its way
    return;
  }
  waiting = false;
  panel().hidden = false;
  panel().closest("[data-split]")?.classList.add("split");
}

export function closePeek() {
  waiting = false;
  if (!peeking()) return false;
  const within = panel().contains(document.activeElement);
  panel().hidden = true;
  panel().replaceChildren();
  panel().closest("[data-split]")?.classList.remove("split");
  if (within) opened?.focus();
  return true;
}

export function listenForPeek() {
  document.body.addEventListener("htmx:afterSwap", ({ target }) => target === panel() && show());
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-peek]")) closePeek();
    const link = event.target.closest("a[data-peek]");
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    // A key's click on the row's own link opens the page; only the pointer peeks.
    if (link && plain && event.detail > 0 && panel() && wide.matches) {
      event.preventDefault();
      peek(link);
    }
  });
}
