// The panel as a web component. Comes in: a host (see docs/sidebar.md). Goes out: a drawing of the desk's state, and events
// handed to `actions.js`. Views are functions of the state; `morph` brings the page to what they say.

import { CHANGES, CLICKS, INPUTS, SUBMITS } from "./actions.js";
import { Api } from "./api.js";
import { bar } from "./bar.js";
import { before } from "./before.js";
import { corrections } from "./corrections.js";
import { toAnswer, verdict, why } from "./decision.js";
import { Desk } from "./desk.js";
import { h } from "./dom.js";
import { evidence } from "./facts.js";
import { Folding, keepingFocus } from "./focus.js";
import { loading, notices } from "./faces.js";
import { foot, head, hint, skip } from "./foot.js";
import { watchHeight } from "./height.js";
import { listenToMenus } from "./menus.js";
import { messages } from "./messages.js";
import { morph } from "./morph.js";
import { noteEditor } from "./note.js";
import { preferences } from "./preferences.js";
import { Session } from "./session.js";
import { TYPED_IN, shortcut } from "./shortcuts.js";
import { START } from "./state.js";
import { trouble } from "./trouble.js";
import { useLocale } from "./words.js";

export class TriageCopilot extends HTMLElement {
  #panel;
  #live;
  #drawing = false;
  #folding;

  constructor() {
    super();
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const styles = root.querySelector("link") ?? document.querySelector("link[rel=stylesheet]").cloneNode();
    this.#panel = root.querySelector(".panel") ?? h("div", { class: "panel" });
    this.#live = h("p", { class: "sr", role: "status", "aria-live": "polite" });
    root.replaceChildren(styles, this.#live, this.#panel);
    this.#folding = new Folding(this.#panel);
    this.preferences = preferences();
  }

  async connect(host, locales = []) {
    await this.#speak(locales);
    this.api = new Api(new Session(host));
    const isTyping = () => this.shadowRoot.activeElement?.matches(TYPED_IN) ?? false;
    this.desk = new Desk({ host, api: this.api, draw: () => this.#later(), say: (words) => this.#say(words), isTyping });
    this.#listen();
    watchHeight(this.#panel, host);
    await this.desk.open();
  }

  // Where no host could be had, the panel says so and waits for nothing.
  async stand(phase, locales = []) {
    await this.#speak(locales);
    morph(this.#panel, this.#view({ ...START, phase, isAlone: true }));
  }

  async #speak(locales) {
    const { lang, dir } = await useLocale(locales);
    for (const element of [document.documentElement, this.#panel, this.#live]) Object.assign(element, { lang, dir });
    this.#panel.setAttribute("aria-busy", "false");
  }

  find(selector) {
    return this.#panel.querySelector(selector);
  }

  focusOn(selector) {
    this.draw();
    const control = this.find(selector);
    // The bar is in view wherever the agent has scrolled to; the browser would scroll to where it stands in the page.
    control?.focus({ preventScroll: control.closest("section.bar") !== null });
  }

  focus(id) {
    if (id) this.focusOn(`#${CSS.escape(id)}`);
    else super.focus();
  }

  unfold(selector, id) {
    this.draw();
    Object.assign(this.find(selector) ?? {}, { open: true });
    this.focus(id);
  }

  help() {
    return this.#folding.toggle(this.find("details.keys"));
  }

  // Closes what is open, and gives the focus back to what opened it.
  close() {
    const { open, openQuote } = this.desk.state;
    if (!open && !openQuote) {
      const focused = this.shadowRoot.activeElement;
      const folded = focused?.closest("details[open]") ?? this.find("details.keys[open]");
      return folded && focused?.id !== "note" ? this.#folding.close(folded) : this.#leaveField();
    }
    this.desk.set(open ? { open: null, formError: null } : { openQuote: null });
    const back = { change: '[data-do="openChange"]', dismiss: '[data-do="openDismiss"]', add: "#messages-title" }[open];
    return this.focusOn(back ?? `[data-do="openQuote"][data-arg="${CSS.escape(openQuote ?? "")}"]`);
  }

  // So that single keys work again.
  #leaveField() {
    if (this.shadowRoot.activeElement?.id === "note") this.focus("note-title");
  }

  draw() {
    this.#drawing = false;
    const { state } = this.desk;
    this.#panel.classList.toggle("compact", this.preferences.compact);
    this.#panel.setAttribute("aria-busy", String(["waiting", "loading"].includes(state.phase)));
    keepingFocus(this.#panel, () => morph(this.#panel, this.#view(state)));
  }

  #view(state) {
    const body = {
      waiting: () => loading(state),
      loading: () => [loading(state), messages(state, this.preferences)],
      blind: () => messages(state, this.preferences),
      ready: () => [
        evidence(state, this.preferences),
        toAnswer(state),
        corrections(state),
        noteEditor(state, this.preferences),
        before(state),
        why(state),
        messages(state, this.preferences),
      ],
    }[state.phase] ?? (() => [trouble(state), state.ticket ? messages(state, this.preferences) : null]);
    const main = h("main", { "data-key": "main" }, ...[state.phase === "ready" ? verdict(state) : null, notices(state, this.preferences), body()].flat(2).filter(Boolean));
    return [skip(), head(state), hint(this.preferences), main, foot(state, this.preferences), bar(state, this.preferences)].filter(Boolean);
  }

  #later() {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => this.#drawing && this.draw());
  }

  #say(words) {
    this.#live.textContent = "";
    setTimeout(() => (this.#live.textContent = words), 50);
  }

  #listen() {
    const root = this.#panel;
    root.addEventListener("click", (event) => this.#click(event));
    listenToMenus(root, ({ dataset, value, checked }) => {
      CHANGES[dataset.change]?.(this, dataset.arg, dataset.arg2, value, checked);
    });
    root.addEventListener("toggle", ({ target }) => {
      if (target.matches("details.messages")) this.desk.set({ messagesOpen: target.open });
    }, { capture: true });
    root.addEventListener("input", ({ target }) => INPUTS[target.dataset.input]?.(this, target.value));
    root.addEventListener("submit", (event) => {
      event.preventDefault();
      SUBMITS[event.target.dataset.submit]?.(this);
    });
    const along = (event) => this.#readsAlong(event);
    for (const sign of ["pointerdown", "keydown", "wheel"]) root.addEventListener(sign, along, { passive: true });
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("visibilitychange", () => document.hidden || this.desk.record.lookAgain());
  }

  #click(event) {
    const control = event.target.closest("[data-do]");
    if (!control || control.getAttribute("aria-disabled") === "true") return;
    CLICKS[control.dataset.do]?.(this, control.dataset.arg, control.dataset.arg2);
  }

  #key(event) {
    const name = shortcut(event, this.preferences);
    const action = {
      accept: () => CLICKS.accept(this), change: () => CLICKS.openChange(this), dismiss: () => CLICKS.openDismiss(this),
      evidence: () => this.focus("evidence-title"), suggestion: () => this.focus("decision-title"), note: () => this.#toNote(),
      messages: () => this.unfold("details.messages", "messages-title"), undo: () => CLICKS.undo(this), help: () => CLICKS.help(this),
      reread: () => (this.desk.state.stale || this.desk.state.keptStale ? CLICKS.reread(this) : null), escape: () => this.close(),
    }[name];
    if (!action || (name !== "escape" && this.desk.state.open && !["help", "messages", "evidence"].includes(name))) return;
    if (name !== "escape") event.preventDefault();
    action();
  }

  #toNote() {
    this.unfold("details.note", this.find("#note") ? "note" : "note-title");
  }

  #readsAlong(event) {
    const { phase, readAlong } = this.desk.state;
    if (phase === "loading" && !readAlong && event.target.closest?.(".messages")) this.desk.set({ readAlong: true });
  }
}

customElements.define("triage-copilot", TriageCopilot);
