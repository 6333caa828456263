// A request of htmx that failed says so; silence would look like success. A form that came back with errors is
// read from its summary.
import { toast } from "./toast.js";

export function listenForErrors() {
  if (!location.hash) document.querySelector("[data-focus-first]")?.focus();
  const words = document.querySelector("[data-toasts]")?.dataset ?? {};
  document.body.addEventListener("htmx:responseError", () => toast(words.failed, "error"));
  document.body.addEventListener("htmx:sendError", () => toast(words.offline, "error"));
  document.body.addEventListener("htmx:timeout", () => toast(words.offline, "error"));
  document.body.addEventListener("htmx:afterSettle", ({ target }) => {
    target.querySelector?.("[data-focus-first]")?.focus();
  });
}
