// A request of htmx that failed says so; silence would look like success. What was to be shown is offered again, and
// until it comes what stands in its place is marked as old. A form that came back with errors is read from its
// summary.
import { dismissRetries, toast } from "./toast.js";

// A search is posted, so that no address holds what was asked, but it reads all the same.
const reads = ({ elt, requestConfig }) => requestConfig?.verb === "get" || elt.matches("form[role=search]");

function again({ elt, target, pathInfo, requestConfig, etc }) {
  if (elt.isConnected && target.isConnected) {
    const verb = requestConfig.verb.toUpperCase();
    window.htmx.ajax(verb, pathInfo.requestPath, { source: elt, target, swap: etc?.swapOverride }).catch(() => {});
  }
}

function failed(words, detail) {
  const { target } = detail;
  if (!target || !reads(detail)) return toast(words, "error");
  target.dataset.stale = "";
  return toast(words, "error", null, () => again(detail));
}

export function listenForErrors() {
  if (!location.hash) document.querySelector("[data-focus-first]")?.focus();
  const words = document.querySelector("[data-toasts]")?.dataset ?? {};
  document.body.addEventListener("htmx:responseError", () => toast(words.failed, "error"));
  document.body.addEventListener("htmx:sendError", ({ detail }) => failed(words.offline, detail));
  document.body.addEventListener("htmx:timeout", ({ detail }) => failed(words.offline, detail));
  document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful) return;
    detail.target?.removeAttribute("data-stale");
    dismissRetries();
  });
  document.body.addEventListener("htmx:afterSettle", ({ target }) => {
    target.querySelector?.("[data-focus-first]")?.focus();
  });
}
