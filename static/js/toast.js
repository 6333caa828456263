// Short notices. The words come from the server: in the page, or in an HX-Trigger header as
// {"toast": {"words": "…", "level": "success", "undo": {"address": "…", "fields": {…}} or null}}. The level is a class.
const SHOWN = 6000; // milliseconds
const SHOWN_LONGER = 12000; // what can be undone, and what went wrong

// Whatever lies beneath an open dialog can neither be read nor used.
const shownIn = () => document.querySelector("dialog[open] [data-toasts]") ?? document.querySelector("[data-toasts]");

// With `retry` the notice stays until it is used, dismissed, or something came through again.
export function toast(words, level = "", undo = null, retry = null) {
  const place = shownIn();
  const drawn = document.querySelector("template[data-toast]");
  if (!place || !drawn || !words) return;
  for (const same of place.querySelectorAll(".toast.error")) {
    if (same.querySelector("[data-words]").textContent === words) same.remove();
  }
  const note = drawn.content.firstElementChild.cloneNode(true);
  if (level) note.classList.add(level);
  if (level === "error") note.setAttribute("role", "alert");
  note.querySelector("[data-words]").textContent = words;
  const form = note.querySelector("[data-undo]");
  if (undo) fill(form, undo);
  else form.remove();
  const button = note.querySelector("[data-retry]");
  if (retry) button.addEventListener("click", () => (note.remove(), retry()));
  else button.remove();
  place.append(note);
  if (undo) window.htmx?.process(note);
  if (!retry) leave(note);
}

export function dismissRetries() {
  for (const button of document.querySelectorAll("[data-toasts] [data-retry]")) button.closest(".toast").remove();
}

function fill(form, undo) {
  form.action = undo.address;
  form.setAttribute("hx-post", undo.address);
  for (const [name, value] of Object.entries(undo.fields ?? {})) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
}

// A notice stays while it is read: under the pointer or with the focus in it.
function leave(note) {
  const shown = note.matches(".error, :has([data-undo])") ? SHOWN_LONGER : SHOWN;
  const go = () => (note.matches(":hover, :focus-within") ? setTimeout(go, 2000) : note.remove());
  setTimeout(go, shown);
}

export function listenForToasts() {
  const told = ({ detail }) => toast(detail.words, detail.level, detail.undo);
  document.body.addEventListener("toast", told);
  for (const note of document.querySelectorAll("[data-toasts] > .toast")) leave(note);
  document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast")?.remove());
  document.body.addEventListener("htmx:beforeRequest", ({ target }) => {
    if (target.matches("[data-undo]")) target.closest(".toast").hidden = true;
  });
  document.body.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    if (!target.matches("[data-undo]")) return;
    const answered = detail.xhr.status >= 200 && detail.xhr.status < 500;
    if (answered) target.closest(".toast").remove();
    else target.closest(".toast").hidden = false; // it may be tried again
  });
}
