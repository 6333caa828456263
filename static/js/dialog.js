// Dialogs come from the server: a link with hx-target="#dialog" fills the one <dialog> of the page, which then
// opens. Without script the same link is a page. Esc, the backdrop and the browser's back button shut it.
const place = () => document.querySelector("#dialog");
const open = () => document.querySelector("dialog[open]");
let leaving = false;

export function openDialog(dialog) {
  if (dialog.open) return;
  dialog.showModal();
  history.pushState({ ...history.state, dialog: true }, "");
}

function shut(dialog) {
  if (dialog === place()) dialog.replaceChildren();
  if (!history.state?.dialog) return;
  leaving = true;
  history.back();
}

// Our own entry of the history is nobody else's: htmx would fetch the page anew.
function onPopstate(event) {
  if (!leaving && !open()) return;
  event.stopImmediatePropagation();
  leaving = false;
  open()?.close();
}

function onClick(event) {
  const dialog = open();
  if (!dialog) return;
  if (event.target === dialog) dialog.close(); // the backdrop
  const link = event.target.closest("a[href]");
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  if (link && plain && dialog.contains(link) && !link.matches("[hx-get], [target]")) {
    event.preventDefault();
    location.replace(link.href); // takes the place of the dialog's entry, so that back needs one step
  }
}

export function listenForDialogs() {
  document.body.addEventListener("htmx:afterSwap", ({ target }) => target === place() && openDialog(target));
  document.body.addEventListener("dialog:close", () => place()?.close());
  document.addEventListener("close", ({ target }) => target.matches("dialog") && shut(target), true);
  document.addEventListener("click", onClick);
  addEventListener("popstate", onPopstate, true);
}
