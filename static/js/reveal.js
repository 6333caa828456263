// A revealed value goes back behind its mask after the seconds that it says, and whenever the page is left: what
// stands in its place comes from the template beside it, so it needs no server and no connection.
let watch;

function mask(shown) {
  const hidden = shown.querySelector("template");
  if (!hidden) return;
  const place = shown.parentElement;
  shown.replaceWith(hidden.content.cloneNode(true));
  window.htmx?.process(place);
}

// Timers sleep with the computer, so it is the hour that counts.
function maskWhatIsOver() {
  const shown = [...document.querySelectorAll("[data-masked-at]")];
  for (const one of shown) if (Date.now() >= Number(one.dataset.maskedAt)) mask(one);
  if (!shown.length) watch = clearInterval(watch);
}

function noteWhatIsNew() {
  for (const shown of document.querySelectorAll("[data-revealed]:not([data-masked-at])")) {
    shown.dataset.maskedAt = String(Date.now() + 1000 * Number(shown.dataset.revealed));
    watch ??= setInterval(maskWhatIsOver, 1000);
  }
}

export function maskRevealedValues() {
  noteWhatIsNew();
  for (const swapped of ["htmx:afterSwap", "htmx:afterSettle"]) document.body.addEventListener(swapped, noteWhatIsNew);
  document.addEventListener("visibilitychange", maskWhatIsOver);
  document.addEventListener("click", ({ target }) => {
    const shown = target.closest?.("[data-mask]")?.closest("[data-revealed]");
    if (shown) mask(shown);
  });
  addEventListener("pagehide", () => document.querySelectorAll("[data-revealed]").forEach(mask));
}
