// List and detail side by side: a link with data-peek shows its page's part in the panel #peek instead.
// On a narrow screen, and without script, it is the ordinary link it is.
const wide = matchMedia("(width >= 62rem)");
const panel = () => document.querySelector("#peek");

export function peek(row) {
  const link = row?.matches("[data-peek]") ? row : row?.querySelector("[data-peek]");
  if (!link) return false;
  if (!panel() || !wide.matches || !window.htmx) {
    link.click();
    return true;
  }
  for (const other of document.querySelectorAll("[aria-selected=true]")) other.removeAttribute("aria-selected");
  link.closest("[data-row], tr, li")?.setAttribute("aria-selected", "true");
  panel().hidden = false;
  panel().closest("[data-split]")?.classList.add("split");
  window.htmx.ajax("GET", link.dataset.peek || link.href, { target: "#peek", swap: "innerHTML" });
  return true;
}

export function closePeek() {
  if (!panel() || panel().hidden) return false;
  panel().hidden = true;
  panel().replaceChildren();
  panel().closest("[data-split]")?.classList.remove("split");
  return true;
}

export function listenForPeek() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-peek]")) closePeek();
    const link = event.target.closest("a[data-peek]");
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (link && plain && panel() && wide.matches && event.isTrusted) {
      event.preventDefault();
      peek(link);
    }
  });
}
