// Makes elements. Texts become text nodes, never markup: no data can become HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element. `properties` are attributes, or listeners where the name begins with "on". */
export function html(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** An SVG element. */
export function svg(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/**
 * Replace what an element holds, and keep what the reader did there: the focus, the open details, how far was
 * scrolled and what was typed. What is to be recognised carries a `data-key`. Where the focused one is gone, the
 * heading of the view gets the focus, so that the keyboard does not begin at the top of the page.
 */
export function replace(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const before = keyed(element);
  element.replaceChildren(...children.flat(Infinity).filter(Boolean));
  for (const [key, next] of keyed(element)) {
    const last = before.get(key);
    if (!last) continue;
    if (next.localName === "details") next.open = last.open;
    if (next.localName === "input") next.value = last.value;
    next.scrollTop = last.scrollTop;
    next.scrollLeft = last.scrollLeft;
  }
  if (!focused) return;
  const next = keyed(element).get(focused) ?? element.closest("main")?.querySelector("h1");
  next?.focus({ preventScroll: true });
}

function keyed(element) {
  return new Map([...element.querySelectorAll("[data-key]")].map((each) => [each.dataset.key, each]));
}
