// A revealed value goes back behind its mask after the seconds that it says, and whenever the page is left: what
// stands in its place comes from the template beside it, so it needs no server and no connection.
function mask(shown) {
  const hidden = shown.querySelector("template");
  if (!hidden) return;
  const place = shown.parentElement;
  shown.replaceWith(hidden.content.cloneNode(true));
  window.htmx?.process(place);
}

// Timers sleep with the computer, so the hour counts.
function maskWhatIsOver() {
  for (const shown of document.querySelectorAll("[data-masked-at]")) {
    if (Date.now() >= Number(shown.dataset.maskedAt)) mask(shown);
  }
}

function start(within) {
  for (const shown of within.querySelectorAll?.("[data-revealed]:not([data-masked-at])") ?? []) {
    const milliseconds = 1000 * Number(shown.dataset.revealed);
    shown.dataset.maskedAt = String(Date.now() + milliseconds);
    setTimeout(maskWhatIsOver, milliseconds);
  }
}

export function maskRevealedValues() {
  start(document);
  document.body.addEventListener("htmx:afterSettle", ({ target }) => start(target));
  document.addEventListener("visibilitychange", maskWhatIsOver);
  document.addEventListener("click", ({ target }) => {
    const shown = target.closest?.("[data-mask]")?.closest("[data-revealed]");
    if (shown) mask(shown);
  });
  addEventListener("pagehide", () => document.querySelectorAll("[data-revealed]").forEach(mask));
}
