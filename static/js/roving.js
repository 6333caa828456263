// In a row of links that belong together (tabs, views) the arrow keys lead from one to the next.
export function listenForRoving() {
  document.addEventListener("keydown", (event) => {
    const row = event.target.closest?.("[data-roving]");
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: "first", End: "last" }[event.key];
    if (!row || step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...row.querySelectorAll("a, button")];
    const at = links.indexOf(event.target);
    if (at < 0) return;
    event.preventDefault();
    const next = step === "first" ? 0 : step === "last" ? links.length - 1 : (at + step + links.length) % links.length;
    links[next].focus();
  });
}
