// Where the keyboard is. Comes in: the panel and what changes it. Goes out: focus that is never lost, and folded parts that give it
// back to where it came from.

const FOCUSABLE = "button:not([data-do=accept], [type=submit]), select, textarea, input, summary, [tabindex]";

// Draws, and where that took away or moved what had the focus, gives it back, or to what is nearest; never to a button that the
// agent would decide with by pressing Enter once more.
export function keepingFocus(panel, draw) {
  const root = panel.getRootNode();
  const around = [];
  for (let one = root.activeElement; one; one = one.parentElement) around.push(one);
  draw();
  if (!around.length || root.activeElement) return;
  for (const place of around.filter((one) => panel.contains(one))) {
    const near = place === around[0] ? place : [place, ...place.querySelectorAll(FOCUSABLE)].find(isFit);
    near?.focus({ preventScroll: true });
    if (near) return;
  }
}

const isFit = (one) => one.matches(FOCUSABLE) && one.checkVisibility();

// A part that is opened by a key and closed by the same, or by Escape; then the agent is where they were before.
export class Folding {
  #panel;
  #opened = null;
  #before = null;

  constructor(panel) {
    this.#panel = panel;
  }

  toggle(part) {
    if (part.open) return this.close(part);
    Object.assign(part, { open: true });
    this.#opened = part;
    this.#before = { focused: this.#panel.getRootNode().activeElement, top: scrollY };
    return part.querySelector("summary").focus();
  }

  close(part) {
    part.open = false;
    const { focused, top } = (part === this.#opened && this.#before) || {};
    this.#before = null;
    if (top !== undefined) scrollTo(0, top);
    if (focused?.isConnected) focused.focus({ preventScroll: true });
    else if (top === undefined) part.querySelector("summary").focus();
    else this.#panel.getRootNode().activeElement?.blur();
  }
}
