// Makes a piece of the page like a freshly built one, in place. Comes in: a parent and the nodes it should have. What stays
// keeps its focus, its selection, its typed text and whether it is folded out; children with a data-key are the same child
// wherever they stand, and one with the same data-sign as well is left as it is.

import { built } from "./dom.js";
import { isHeld } from "./menus.js";

const KEPT = { DETAILS: ["open"], DIALOG: ["open"] };

export function morph(parent, wanted) {
  const byKey = new Map();
  for (const child of parent.childNodes) if (keyOf(child)) byKey.set(keyOf(child), child);
  const stays = new Set(wanted.map(keyOf).filter(Boolean));
  for (const [key, child] of byKey) if (!stays.has(key)) child.remove();
  let cursor = parent.firstChild;
  for (const node of wanted.map(asNode)) {
    const match = found(node, cursor, byKey);
    if (!match) {
      parent.insertBefore(node, cursor);
      settle(node);
      continue;
    }
    if (match === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(match, cursor);
    patch(match, node);
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}

const asNode = (child) => (child instanceof Node ? child : document.createTextNode(String(child)));
const keyOf = (node) => (node instanceof Element ? node.dataset?.key : undefined);

function found(node, cursor, byKey) {
  const key = keyOf(node);
  if (key) return byKey.get(key)?.nodeName === node.nodeName ? byKey.get(key) : null;
  return cursor && cursor.nodeName === node.nodeName && !keyOf(cursor) ? cursor : null;
}

function patch(old, node) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== node.nodeValue) old.nodeValue = node.nodeValue;
    return;
  }
  if (node.dataset.sign !== undefined && old.dataset.sign === node.dataset.sign) return;
  built(node);
  const changed = patchAttributes(old, node);
  if (old.nodeName !== "TEXTAREA") morph(old, [...node.childNodes]);
  if (changed.has("data-value") || old.nodeName === "SELECT") setValue(old);
  if (changed.has("checked")) old.checked = node.hasAttribute("checked");
}

function patchAttributes(old, node) {
  const kept = KEPT[old.nodeName] ?? [];
  const changed = new Set();
  for (const { name } of [...old.attributes]) {
    if (!node.hasAttribute(name) && !kept.includes(name)) {
      old.removeAttribute(name);
      changed.add(name);
    }
  }
  for (const { name, value } of node.attributes) {
    if (old.getAttribute(name) !== value && !kept.includes(name)) {
      old.setAttribute(name, value);
      changed.add(name);
    }
  }
  return changed;
}

// Menus and text fields take their value from data-value, once their options are there.
function settle(node) {
  if (!(node instanceof Element)) return;
  for (const child of [node, ...node.querySelectorAll("[data-sign]")]) built(child);
  for (const field of [node, ...node.querySelectorAll("[data-value]")]) if (field.dataset?.value !== undefined) setValue(field);
}

function setValue(field) {
  if (field.dataset.value !== undefined && !isHeld(field) && field.value !== field.dataset.value) field.value = field.dataset.value;
}
