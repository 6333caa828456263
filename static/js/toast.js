// Short notices. The words come from the server: in the page, or in an HX-Trigger header as {"toast": "…"}.
const SHOWN = 6000; // milliseconds

export function toast(text, kind = "") {
  const place = document.querySelector("[data-toasts]");
  if (!place || !text) return;
  const note = document.createElement("p");
  note.className = `toast ${kind}`;
  note.textContent = text;
  place.append(note);
  setTimeout(() => note.remove(), SHOWN);
}

export function listenForToasts() {
  document.body.addEventListener("toast", (event) => toast(event.detail.value));
  document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast")?.remove());
}
