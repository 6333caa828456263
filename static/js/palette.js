// The palette: Ctrl+K opens it, the arrows choose among what the server found, Enter goes there.
export function palette() {
  const dialog = document.querySelector("dialog[open]");
  if (dialog?.querySelector("[data-palette]")) return dialog.close();
  if (!dialog) document.querySelector("[data-open-palette]")?.click();
}

const field = () => document.querySelector("#palette-q"); // before it stands the form's token
const hits = () => [...document.querySelectorAll("[data-palette] [role=option]")];
const chosen = () => hits().find((hit) => hit.getAttribute("aria-selected") === "true");

function choose(hit) {
  for (const other of hits()) other.setAttribute("aria-selected", String(other === hit));
  field()?.setAttribute("aria-activedescendant", hit?.id ?? "");
  hit?.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  const input = event.target.closest?.("[data-palette] input");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!input || event.isComposing) return; // Enter in the middle of pinyin takes the word, not the hit
  const all = hits();
  if (step && all.length) {
    event.preventDefault();
    choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
  } else if (event.key === "Enter" && chosen() && !input.closest("form").matches(".htmx-request")) {
    event.preventDefault();
    chosen().click();
  }
}

// Between the swap and its settling the field takes letters, but nobody listens yet.
function askForWhatWasTypedEarly() {
  if (field().value !== field().defaultValue) window.htmx.trigger(field().form, "early");
}

export function listenForPalette() {
  document.addEventListener("keydown", onKey);
  document.body.addEventListener("htmx:afterSettle", ({ target }) => {
    if (!target.matches("#dialog, #palette-hits") || !target.closest("dialog")?.querySelector("[data-palette]")) return;
    choose(hits()[0]);
    if (target.id === "dialog") askForWhatWasTypedEarly();
  });
}
