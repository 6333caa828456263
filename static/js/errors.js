// A request of htmx that failed says so; silence would look like success.
import { toast } from "./toast.js";

export function listenForErrors() {
  const words = document.querySelector("[data-toasts]")?.dataset ?? {};
  document.body.addEventListener("htmx:responseError", () => toast(words.failed, "error"));
  document.body.addEventListener("htmx:sendError", () => toast(words.offline, "error"));
  document.body.addEventListener("htmx:timeout", () => toast(words.offline, "error"));
}
