// How an agent likes the panel: single keys on or off, disturbing quotes hidden or not. Kept in the browser, else for this page
// only.

const NAME = "triage-copilot:preferences";
const USUAL = { keys: true, blur: true };

export function preferences() {
  try {
    return { ...USUAL, ...JSON.parse(window.localStorage.getItem(NAME)) };
  } catch {
    return { ...USUAL };
  }
}

export function keep(given) {
  try {
    window.localStorage.setItem(NAME, JSON.stringify(given));
  } catch {
    // The browser gives no storage here; the choice holds until the page is left.
  }
}
