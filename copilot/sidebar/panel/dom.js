// Builds elements. Comes in: a tag, attributes, children. Goes out: an element whose text was set as text. It reads no markup, so
// nothing that a customer wrote can become an element, an attribute's name or a handler.

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...nodes(children));
  return element;
}

// One of thousands of children. What is in it is built only where no child of this key and data-sign stands yet: the sign
// holds all that it follows from.
const unbuilt = new WeakMap();

export function onceBuilt(tag, attributes, build) {
  const node = h(tag, attributes);
  unbuilt.set(node, build);
  return node;
}

export function built(node) {
  node.append(...nodes([unbuilt.get(node)?.()]));
  return node;
}

export function nodes(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== "");
}

// One path on a 16 × 16 field, drawn in the colour of the text around it and silent to a screen reader.
export function icon(path, name = "") {
  const svg = document.createElementNS(SVG, "svg");
  const given = { viewBox: "0 0 16 16", "aria-hidden": "true", class: `icon ${name}`.trim() };
  for (const [key, value] of Object.entries(given)) svg.setAttribute(key, value);
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

export const ICONS = {
  alert: "M8 2.5 14 13H2L8 2.5Zm0 4v3.2M8 11.4v.2",
  check: "M2.8 8.6 6.4 12.2 13.2 4",
  clock: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2ZM8 5v3.2l2 1.3",
  eye: "M1.8 8S4 4 8 4s6.2 4 6.2 4S12 12 8 12 1.8 8 1.8 8ZM8 6.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2Z",
  ring: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2ZM5.2 8h5.6",
  person: "M8 2.4a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2ZM2.8 13.6c.4-2.8 2.4-4.2 5.2-4.2s4.8 1.4 5.2 4.2",
  arrow: "M3 8h9.4M9 4.6 12.4 8 9 11.4",
  team: "M2.4 3h11.2v8H8.8L5.6 13.4V11H2.4Z",
  cut: "M2 8h3M7 8h2M11 8h3M4 4.5 8 12M12 4.5 8 12",
  plug: "M3 13 13 3M5.4 5.8 2.8 8.4a2.8 2.8 0 0 0 4 4l2.6-2.6M7.4 5.2 9.2 3.4a2.8 2.8 0 0 1 4 4l-1.8 1.8",
};
