// What an agent typed or corrected, kept for as long as the tab lives. Comes in: a suggestion's id. Goes out: the draft, if
// there is one. Where the browser gives no storage, as in some frames, it is kept in memory only.

const PREFIX = "triage-copilot:";
const memory = new Map();

function store() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

function read(name) {
  try {
    return store()?.getItem(PREFIX + name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

function write(name, text) {
  memory.set(name, text);
  try {
    store()?.setItem(PREFIX + name, text);
  } catch {
    // Full or forbidden: memory has it.
  }
}

export function load(kind, id) {
  try {
    return JSON.parse(read(`${kind}:${id}`));
  } catch {
    return null;
  }
}

export const save = (kind, id, value) => write(`${kind}:${id}`, JSON.stringify(value));

export function forget(kind, id) {
  memory.delete(`${kind}:${id}`);
  try {
    store()?.removeItem(PREFIX + `${kind}:${id}`);
  } catch {
    // There was nothing to forget.
  }
}

// A short sign that two tickets are the same, so that no ticket text need be kept to tell.
export function sign(ticket) {
  const { id, subject, origin, reporter, participants, messages, context } = ticket;
  const text = JSON.stringify([id, subject, origin, reporter, participants, messages, context]);
  let [low, high] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 2654435761);
    high = Math.imul(high ^ code, 1597334677);
  }
  return `${text.length}-${(low >>> 0).toString(36)}${(high >>> 0).toString(36)}`;
}
