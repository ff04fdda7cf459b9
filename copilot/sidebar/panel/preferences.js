// How an agent likes the panel: single keys on or off, disturbing quotes hidden or not, compact or not; and whether they have seen
// the hint for newcomers. What an agent chose is kept in the browser, else for this page only; for the rest, the team's default
// holds, which comes with the page.

const NAME = "triage-copilot:preferences";
let chosen = {};

const hides = () => document.querySelector('meta[name="copilot-hide-quotes"]')?.content !== "0";
const usual = () => ({ keys: true, blur: hides(), compact: false, hinted: false });

export function preferences() {
  try {
    chosen = JSON.parse(window.localStorage.getItem(NAME)) ?? {};
  } catch {
    chosen = { hinted: true, ...chosen }; // what cannot be remembered would be said on every ticket
  }
  return { ...usual(), ...chosen };
}

function keep(name, value) {
  chosen = { ...chosen, [name]: value };
  try {
    window.localStorage.setItem(NAME, JSON.stringify(chosen));
  } catch {
    // The choice holds until the page is left.
  }
}

export function prefer(panel, name, value) {
  panel.preferences = { ...panel.preferences, [name]: value };
  keep(name, value);
}

// Whoever has closed the hint, looked at the keys or decided needs it no more.
export function learn(panel) {
  if (panel.preferences.hinted) return;
  prefer(panel, "hinted", true);
  panel.desk.set({});
}
