// How an agent likes the panel: single keys on or off, disturbing quotes hidden or not. What an agent chose is kept in the browser,
// else for this page only; for the rest, the team's default holds, which comes with the page.

const NAME = "triage-copilot:preferences";
let chosen = {};

const usual = () => ({ keys: true, blur: document.querySelector('meta[name="copilot-hide-quotes"]')?.content !== "0" });

export function preferences() {
  try {
    chosen = JSON.parse(window.localStorage.getItem(NAME)) ?? {};
  } catch {
    // The browser gives no storage here.
  }
  return { ...usual(), ...chosen };
}

export function keep(name, value) {
  chosen = { ...chosen, [name]: value };
  try {
    window.localStorage.setItem(NAME, JSON.stringify(chosen));
  } catch {
    // The choice holds until the page is left.
  }
}
