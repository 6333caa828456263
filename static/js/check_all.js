// A box with data-check-all="row" checks all boxes named "row" of its form that are shown.
const boxes = (master) => [...master.form.elements].filter((box) => box.name === master.dataset.checkAll);

function show(master) {
  const all = boxes(master);
  const checked = all.filter((box) => box.checked).length;
  master.checked = all.length > 0 && checked === all.length;
  master.indeterminate = checked > 0 && checked < all.length;
}

export function listenForCheckAll() {
  document.addEventListener("change", ({ target }) => {
    if (target.dataset?.checkAll) {
      for (const box of boxes(target)) box.checked = target.checked;
      return;
    }
    for (const master of target.form?.querySelectorAll("[data-check-all]") ?? []) show(master);
  });
}
