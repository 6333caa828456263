// A search that runs while somebody is typing says so: what is typed so far is not yet what is asked for.
export function tellTyping() {
  document.body.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.elt.matches("form[role=search]") && detail.triggeringEvent?.type !== "submit") detail.headers["X-Typing"] = "1";
  });
}
