// What a finger or a narrow screen cannot use: targets under 40 pixels, text one sign wide, a cut without a hint,
// what sticks out of its card. What is folded is unfolded first.
() => {
  const MIN = 39.5, FEWEST_SIGNS = 4;
  const shown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const name = (one) => {
    const { width, height } = one.getBoundingClientRect();
    const words = (one.innerText || one.getAttribute("aria-label") || one.name || "").trim().slice(0, 24);
    return `${one.tagName.toLowerCase()}.${[...one.classList].join(".")} “${words}” ${Math.round(width)}×${Math.round(height)}`;
  };
  // A link within running text is as high as its line.
  const inText = (one) => {
    if (one.tagName !== "A" || getComputedStyle(one).display !== "inline") return false;
    let block = one.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    return block.innerText.trim().length > one.innerText.trim().length;
  };
  const targets = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  const clipped = (one) => one.closest(".hidden, thead") && one.closest(".hidden, thead").getBoundingClientRect().width <= 1;
  const found = [];
  document.querySelectorAll("main details").forEach((one) => { one.open = true; });
  for (const one of document.querySelectorAll(targets)) {
    const own = one.getBoundingClientRect();
    if (!shown(one) || own.width <= 1 || one.matches(".skip") || inText(one)) continue;
    const label = one.matches("[type=checkbox], [type=radio]") && (one.labels?.[0] ?? one.closest("label"));
    const { width, height } = (label || one).getBoundingClientRect();
    if (height < MIN || width < MIN) found.push(`small target: ${name(one)}`);
  }
  const texts = document.createTreeWalker(document.querySelector("main") ?? document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode, holder = node.parentElement;
    if (node.data.trim().length < 3 || !shown(holder) || clipped(holder) || holder.closest("svg, script, template")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter(({ width }) => width > 1);
    const widest = Math.max(0, ...lines.map(({ width }) => width));
    const height = new Set(lines.map(({ top }) => Math.round(top))).size;
    if (height > 2 && widest < FEWEST_SIGNS * parseFloat(getComputedStyle(holder).fontSize)) found.push(`narrow text: ${name(holder)}`);
  }
  for (const one of document.querySelectorAll("main *")) {
    const style = getComputedStyle(one);
    if (one.scrollWidth <= one.clientWidth + 1 || !/auto|scroll/.test(style.overflowX) || !shown(one)) continue;
    if (!one.matches("textarea, select, input") && !style.backgroundImage.includes("gradient")) found.push(`cut without a hint: ${name(one)}`);
  }
  for (const one of document.querySelectorAll("main :is(.card, dialog) :is(a, button, summary, input:not([type=hidden]), select, textarea)")) {
    const card = one.closest(".card, dialog"), scrolls = one.closest(".scroll, [class*=scroll]");
    if (!shown(one) || clipped(one) || (scrolls && card.contains(scrolls))) continue;
    if (one.getBoundingClientRect().right > card.getBoundingClientRect().right + 1) found.push(`sticks out of its card: ${name(one)}`);
  }
  return found;
}
