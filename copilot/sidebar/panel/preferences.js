// How an agent likes the panel: single keys on or off, disturbing quotes hidden or not, compact or not; and whether they have seen
// the hint for newcomers. Kept in the browser, else for this page only.

const NAME = "triage-copilot:preferences";
const USUAL = { keys: true, blur: true, compact: false, hinted: false };

export function preferences() {
  try {
    return { ...USUAL, ...JSON.parse(window.localStorage.getItem(NAME)) };
  } catch {
    return { ...USUAL, hinted: true }; // what cannot be remembered would be said on every ticket
  }
}

export function keep(given) {
  try {
    window.localStorage.setItem(NAME, JSON.stringify(given));
  } catch {
    // The browser gives no storage here; the choice holds until the page is left.
  }
}
