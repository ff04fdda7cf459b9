// What an agent typed, corrected or did, kept for as long as the tab lives. Comes in: a suggestion's or ticket's id and a value.
// Goes out: the value, if there is one. It is in memory at once and in the tab's storage a moment later, or when the page is
// left; where the browser gives no storage, as in some frames, it is in memory only.

const PREFIX = "triage-copilot:";
const SAVED_AFTER_MS = 400;
const memory = new Map();
const unsaved = new Set();
let timer = null;

addEventListener("pagehide", () => flush());

export function load(kind, id) {
  const name = `${kind}:${id}`;
  if (memory.has(name)) return memory.get(name);
  try {
    return JSON.parse(window.sessionStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

export const save = (kind, id, value) => put(`${kind}:${id}`, value);

export const forget = (kind, id) => load(kind, id) !== null && put(`${kind}:${id}`, null);

function put(name, value) {
  memory.set(name, value);
  unsaved.add(name);
  timer ??= setTimeout(flush, SAVED_AFTER_MS);
}

function flush() {
  clearTimeout(timer);
  timer = null;
  for (const name of unsaved) write(name, memory.get(name));
  unsaved.clear();
}

function write(name, value) {
  try {
    if (value === null) window.sessionStorage.removeItem(PREFIX + name);
    else window.sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full or forbidden: memory has it.
  }
}

// A short sign that two tickets are the same, so that no ticket text need be kept to tell.
export function sign(ticket) {
  const { id, subject, origin, reporter, participants, messages, context, is_partial: isPartial } = ticket;
  const text = JSON.stringify([id, subject, origin, reporter, participants, messages, context, isPartial]);
  let [low, high] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 2654435761);
    high = Math.imul(high ^ code, 1597334677);
  }
  return `${text.length}-${(low >>> 0).toString(36)}${(high >>> 0).toString(36)}`;
}
