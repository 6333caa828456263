// Runs the rules of axe-core whose violations have one of these impacts: those of structure over the whole
// document, those of colours (all that differ between light and dark) over one of each kind of element that is
// not among those judged. Judging colours is nine tenths of the work, and the rows of a list and the frames of
// two pages are alike.
async ({ impacts, coloursOnly, judged }) => {
  const COLOURS = ["color-contrast", "link-in-text-block"];
  // All that a rule of colours looks at. Two elements that agree in it, within and without, are judged alike.
  const STYLES = [
    "display", "visibility", "position", "float", "color", "backgroundColor", "backgroundImage", "opacity",
    "fontSize", "fontWeight", "textDecorationLine", "textShadow", "mixBlendMode", "filter", "clipPath", "fill",
    "borderBottomStyle", "borderBottomColor",
  ];
  const known = new Set(judged);
  const fresh = new Set(); // kinds in their places that are judged here
  const left = []; // elements that need not be judged
  const kinds = new Map();

  // Two numbers of 32 bits in one text: no two kinds of a run of tests meet in it.
  const digest = (text) => {
    let one = 0xdeadbeef, two = 0x41c6ce57;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, 2654435761);
      two = Math.imul(two ^ code, 1597334677);
    }
    return (one >>> 0).toString(36) + (two >>> 0).toString(36);
  };

  const kindOf = (element) => {
    const style = getComputedStyle(element);
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const own = JSON.stringify([element.tagName, element.role, hasText, STYLES.map((name) => style[name])]);
    const within = [...element.children].map((child) => kindOf(child).whole);
    const kind = { own, whole: digest(own + within.join()) };
    kinds.set(element, kind);
    return kind;
  };

  // `around` stands for all that the element lies in.
  const choose = (element, around) => {
    const { own, whole } = kinds.get(element);
    const place = digest(`${around} ${whole}`);
    if (known.has(place) || fresh.has(place)) return left.push(element);
    fresh.add(place);
    const inside = digest(around + own);
    return [...element.children].forEach((child) => choose(child, inside));
  };

  const run = async (context, rules) => {
    const options = { resultTypes: ["violations"], runOnly: { type: "rule", values: rules } };
    const { violations } = await axe.run(context, options);
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      nodes: nodes.map(({ target, failureSummary }) => [target.join(" "), failureSummary]),
    }));
  };

  kindOf(document.documentElement);
  choose(document.documentElement, "");
  const found = fresh.size ? await run({ include: [document.documentElement], exclude: left }, COLOURS) : [];
  if (!coloursOnly) {
    const structure = axe._audit.rules
      .filter(({ enabled, impact, tags }) => enabled && impacts.includes(impact) && !tags.includes("experimental"))
      .map(({ id }) => id)
      .filter((id) => !COLOURS.includes(id));
    found.push(...(await run(document, structure)));
  }
  return { found, judged: [...fresh] };
};
