// Dialogs come from the server: a link with hx-target="#dialog" fills the one <dialog> of the page, which then
// opens. Without script the same link is a page. Esc and the browser's back button shut it; focus returns.
const place = () => document.querySelector("#dialog");

export function openDialog(dialog) {
  if (dialog.open) return;
  dialog.returnTo = document.activeElement;
  dialog.showModal();
  history.pushState({ ...history.state, dialog: true }, "");
}

function shut(dialog) {
  if (history.state?.dialog) history.back();
  if (dialog.id === "dialog") dialog.replaceChildren();
  dialog.returnTo?.focus?.();
}

export function listenForDialogs() {
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target === place()) openDialog(event.target);
  });
  document.body.addEventListener("dialog:close", () => place()?.close());
  document.addEventListener("close", (event) => event.target.matches("dialog") && shut(event.target), true);
  document.addEventListener("click", (event) => {
    if (event.target.matches?.("dialog[open]")) event.target.close(); // the backdrop is the dialog itself
  });
  window.addEventListener("popstate", () => document.querySelector("dialog[open]")?.close());
}
