// A box with data-check-all="row" checks all boxes named "row" of its form that are shown. In that form data-checked
// shows how many are checked, and a button with data-for-checked rests while there are none.
const masters = (form) => [...form.elements].filter((one) => one.dataset.checkAll);
const boxes = (master) => [...master.form.elements].filter((box) => box.name === master.dataset.checkAll);

function show(form) {
  for (const master of masters(form)) {
    const all = boxes(master);
    const checked = all.filter((box) => box.checked).length;
    master.checked = all.length > 0 && checked === all.length;
    master.indeterminate = checked > 0 && checked < all.length;
    for (const place of form.querySelectorAll("[data-checked]")) place.textContent = checked || "";
    for (const button of form.querySelectorAll("[data-for-checked]")) button.disabled = !checked;
  }
}

const showAll = () => new Set([...document.querySelectorAll("[data-check-all]")].map((one) => one.form)).forEach((form) => form && show(form));

export function listenForCheckAll() {
  document.addEventListener("change", ({ target }) => {
    if (target.dataset?.checkAll) for (const box of boxes(target)) box.checked = target.checked;
    if (target.form) show(target.form);
  });
  document.body.addEventListener("htmx:afterSettle", showAll);
  addEventListener("pageshow", showAll); // the browser keeps what was checked when one comes back
}
