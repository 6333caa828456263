// A button with data-copy puts its value on the clipboard and says "Copied" where it stands.
const SHOWN = 2000; // milliseconds

// Without a secure context browsers have no clipboard of their own to ask.
function fallBack(text) {
  const field = Object.assign(document.createElement("textarea"), { value: text });
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done ? Promise.resolve() : Promise.reject(new Error("not copied"));
}

const write = (text) => (navigator.clipboard ? navigator.clipboard.writeText(text).catch(() => fallBack(text)) : fallBack(text));

function say(button, words, failed) {
  const place = button.querySelector("output");
  place.textContent = words;
  button.classList.toggle("failed", failed);
  button.focus({ preventScroll: true }); // the other way of copying takes the focus away
  setTimeout(() => (place.textContent = ""), SHOWN);
}

export function listenForCopies() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    event.preventDefault(); // in a label or a link it copies, and nothing else
    const { copy, copied, failed } = button.dataset;
    write(copy).then(() => say(button, copied, false), () => say(button, failed, true));
  });
}
