/**
 * A note on its way into the composer, kept for as long as the console may take to draw the panel anew.
 *
 * Changing the composer's mode can reload the app in the middle of the work. What was to be done is kept in this tab's
 * session storage, is finished after the reload, and is removed then, or after a minute. Where the browser has no storage for
 * us, nothing is kept and nothing breaks.
 */

const KEY = "triage-copilot.pending-note";
const LIFE_MS = 60_000;

export function keep(page, work) {
  try {
    page.sessionStorage.setItem(KEY, JSON.stringify({ ...work, at: Date.now() }));
  } catch {
    // Storage is blocked in a third-party frame: the work is finished now or not at all.
  }
}

export function drop(page) {
  try {
    page.sessionStorage.removeItem(KEY);
  } catch {
    // Nothing could be kept, so there is nothing to remove.
  }
}

/** The work that was begun on this ticket less than a minute ago, or null; older work is removed. */
export function unfinished(page, ticket) {
  try {
    const work = JSON.parse(page.sessionStorage.getItem(KEY) ?? "null");
    if (work === null || work.ticket !== ticket) return null;
    if (Date.now() - work.at < LIFE_MS) return work;
    drop(page);
  } catch {
    // Unreadable is as good as absent.
  }
  return null;
}
