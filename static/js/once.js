// A form that changes something is sent once: a second click on its button means the first.
const PAUSE = 1500; // milliseconds
const sent = new WeakMap();

function onSubmit(event) {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post" || form.matches("[role=search]")) return;
  const again = event.timeStamp - (sent.get(form) ?? -PAUSE) < PAUSE;
  if (again || form.matches(".htmx-request")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else sent.set(form, event.timeStamp);
}

export function sendOnce() {
  document.addEventListener("submit", onSubmit, true);
  // What failed or was refused may be tried again at once.
  document.body.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    if (!detail.successful || detail.xhr.status >= 400) sent.delete(target);
  });
}
