const svgSpace = "http://www.w3.org/2000/svg";

/** An element with attributes and children. Strings become text, never markup. */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** The same in SVG. */
export function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS(svgSpace, name), attributes, children);
}

function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An element of the page's own markup. */
export const found = (id) => document.getElementById(id);

/** Gives an element other words, if they are others: an unchanged page is not laid out again. */
export function setText(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

/** Sets an attribute, if it has another value. */
export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}
