// Single keys. Comes in: a key event. Goes out: the name of what to do, or null. No key does anything while somebody types, with
// a modifier held, or where the agent turned single keys off; Escape only closes.

export const KEYS = [
  ["A", "accept"], ["C", "change"], ["D", "dismiss"], ["E", "evidence"], ["S", "suggestion"], ["N", "note"], ["M", "messages"],
  ["U", "undo"], ["R", "reread"], ["?", "help"], ["Esc", "escape"],
];
const BY_LETTER = new Map(KEYS.filter(([key]) => key.length === 1).map(([key, name]) => [key.toLowerCase(), name]));
export const TYPED_IN = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export function shortcut(event, { keys }) {
  if (event.isComposing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.key === "Escape") return "escape";
  const [target] = event.composedPath();
  if (!keys || (target instanceof Element && target.matches(TYPED_IN))) return null;
  return BY_LETTER.get(event.key.toLowerCase()) ?? BY_LETTER.get(byPlace(event)) ?? null;
}

// On a keyboard without Latin letters, the key in the same place.
function byPlace({ key, code }) {
  return /^[a-z]$/i.test(key) || !code.startsWith("Key") ? "" : code.slice(3).toLowerCase();
}
