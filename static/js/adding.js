// Links that add to what the page asks (data-adds names their own parameter): where htmx has changed the address, they add
// to the new one.
function followAddress() {
  for (const link of document.querySelectorAll("a[data-adds]")) {
    const own = new URL(link.href);
    const name = link.dataset.adds;
    const asked = new URLSearchParams(location.search);
    asked.set(name, own.searchParams.get(name));
    own.search = asked;
    link.href = own;
  }
}

export function followAddresses() {
  document.addEventListener("htmx:pushedIntoHistory", followAddress);
}
