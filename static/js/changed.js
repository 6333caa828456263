// A field with data-base is marked while it holds another value than that.
const number = (text) => (text.trim() === "" ? 0 : Number(text));

export function markChanges() {
  document.addEventListener("input", ({ target }) => {
    if (target.dataset?.base === undefined) return;
    const differs = number(target.value) !== number(target.dataset.base);
    target.closest(".field")?.toggleAttribute("data-changed", differs);
  });
}
