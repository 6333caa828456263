// Whether somebody is writing there, so that no key of the page fires.
export function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  const silent = ["button", "checkbox", "radio", "submit", "reset"].includes(target.type);
  return target.isContentEditable || (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && !silent);
}
