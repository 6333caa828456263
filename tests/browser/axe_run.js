// Runs the rules of axe-core whose violations have one of these impacts: those of structure over the whole
// document, those of colours (all that differ between light and dark) over one of each kind of element. Judging
// colours is nine tenths of the work, and the rows of a list are alike.
async ({ impacts, coloursOnly }) => {
  const FEW = 20; // repeated elements, for which a second run would not be worth its preparation
  const COLOURS = ["color-contrast", "link-in-text-block"];
  // All that a rule of colours looks at. Two elements that agree in it, within and without, are judged alike.
  const STYLES = [
    "display", "visibility", "position", "float", "color", "backgroundColor", "backgroundImage", "opacity",
    "fontSize", "fontWeight", "textDecorationLine", "textShadow", "mixBlendMode", "filter", "clipPath", "fill",
    "borderBottomStyle", "borderBottomColor",
  ];
  const numbers = new Map();
  const repeated = [];

  const kindOf = (element) => {
    const style = getComputedStyle(element);
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const seen = new Set();
    const kinds = [...element.children].map((child) => {
      const kind = kindOf(child);
      if (seen.has(kind)) repeated.push(child);
      seen.add(kind);
      return kind;
    });
    const key = JSON.stringify([element.tagName, element.role, hasText, STYLES.map((name) => style[name]), kinds]);
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key);
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
  const known = axe._audit.rules
    .filter(({ enabled, impact, tags }) => enabled && impacts.includes(impact) && !tags.includes("experimental"))
    .map(({ id }) => id);
  if (!coloursOnly && repeated.length < FEW) return run(document, known);
  const found = await run({ include: [document.documentElement], exclude: repeated }, COLOURS);
  if (coloursOnly) return found;
  return [...found, ...(await run(document, known.filter((id) => !COLOURS.includes(id))))];
};
