// Blind first: on a share of tickets an agent says where they would send it before they see what was suggested. Comes in: the desk,
// and what shows a suggestion. Goes out: the question, the choice to the service, and then the suggestion. Until the service has
// the choice, nothing of the suggestion is in the state or on the page, and the choice is kept in the tab.

import { ROUTES } from "./agent.js";
import { asProblem } from "./api.js";
import { h } from "./dom.js";
import * as drafts from "./drafts.js";
import { button } from "./parts.js";
import { told } from "./told.js";
import { whyNot } from "./trouble.js";
import { t } from "./words.js";

export class FirstChoice {
  #desk;
  #show;
  #hidden = null;

  constructor(desk, show) {
    this.#desk = desk;
    this.#show = show;
  }

  // A suggestion that came: shown, or held back until the agent has chosen. A choice that was on its way is sent again.
  take(suggestion) {
    if (!suggestion.blind) return this.#show(suggestion);
    const { ticket } = this.#desk.state;
    const kept = drafts.load("choice", suggestion.id);
    drafts.save("ticket", ticket.id, { suggestion: suggestion.id, sign: told(ticket) });
    this.#hidden = suggestion;
    this.#desk.set({ phase: "blind", wait: null, blind: { route: kept?.route ?? null, isSending: false, problem: null } });
    this.#desk.say([t("blind.title"), t("blind.what")].join(" "));
    return kept?.key ? this.#send(kept) : null;
  }

  pick(route) {
    drafts.save("choice", this.#hidden.id, { route });
    this.#desk.set({ formError: null, blind: { ...this.#desk.state.blind, route, problem: null } });
  }

  // `route` is null from somebody who cannot say. One choice is one request, however often it has to be sent.
  choose(route) {
    if (this.#desk.state.blind.isSending) return null;
    const kept = drafts.load("choice", this.#hidden.id);
    const key = kept?.key && kept.route === route ? kept.key : crypto.randomUUID();
    return this.#send({ route, key });
  }

  async #send({ route, key }) {
    const { id } = this.#hidden;
    const mine = (action) => (this.#desk.state.phase === "blind" && this.#hidden.id === id ? action() : undefined);
    drafts.save("choice", id, { route, key });
    this.#desk.set({ formError: null, blind: { route, isSending: true, problem: null } });
    try {
      const onWait = (wait) => mine(() => this.#desk.waits(wait));
      const answer = await this.#desk.api.post(`/v1/suggestions/${encodeURIComponent(id)}/first-choice`, { route }, { key, onWait });
      drafts.forget("choice", id);
      await mine(() => this.#reveal({ ...answer, blind: false }));
    } catch (fault) {
      mine(() => this.#failed(asProblem(fault)));
    }
  }

  async #reveal(suggestion) {
    await this.#show(suggestion);
    const facts = ownWords(suggestion);
    if (facts) this.#desk.say(t("said.ready", { route: t(`route.${suggestion.route}`), facts }));
  }

  #failed(problem) {
    const { blind } = this.#desk.state;
    if (problem.kind === "gone") this.#desk.set({ phase: "failed", wait: null, problem });
    else this.#desk.set({ wait: null, blind: { ...blind, isSending: false, problem } });
  }
}

// The question, where otherwise the decision is made: in view however far the agent reads.
export function question({ blind, formError, stale }) {
  const held = blind.isSending;
  const fault = formError ? t(formError) : blind.problem ? t("blind.not_recorded", { why: whyNot(blind.problem) }) : null;
  return h(
    "form",
    { class: "choice", "data-key": "choice", "data-submit": "firstChoice", novalidate: true },
    h(
      "fieldset",
      { "aria-describedby": fault ? "choice-fault choice-what" : "choice-what" },
      h("legend", { id: "decision-title", tabindex: "-1" }, t("blind.title")),
      ROUTES.map((route) => team(route, blind)),
    ),
    h("p", { class: "quiet", id: "choice-what" }, t("blind.what")),
    fault ? h("p", { class: "fault", id: "choice-fault", role: "alert" }, fault) : null,
    h(
      "div",
      { class: "row" },
      h("button", { type: "submit", class: "button primary", "aria-disabled": held ? "true" : null }, t(held ? "act.working" : "blind.submit")),
      button("cannotSay", t("blind.cannot_say"), { held }),
      stale ? button("reread", t("face.stale_reread"), { key: "R", kind: "small" }) : null,
    ),
  );
}

function team(route, { route: chosen, isSending }) {
  const box = { type: "radio", name: "first-choice", id: `choice-${route}`, "data-change": "firstChoice", "data-arg": route };
  const state = { checked: route === chosen, disabled: isSending };
  return h("div", { class: "check", "data-key": route }, h("input", { ...box, ...state }), h("label", { for: box.id }, t(`choice.${route}`)));
}

// What the agent had chosen, beside what was suggested.
export function ownChoice({ suggestion }) {
  const words = ownWords(suggestion);
  return words ? h("p", { class: "quiet", "data-key": "own-choice" }, words) : null;
}

function ownWords({ first_choice: own, route }) {
  return own ? t(own === route ? "blind.agrees" : "blind.differs", { route: t(`choice.${own}`) }) : "";
}

// Sends what is chosen; then the keyboard is at the suggestion.
export async function choose(panel, route) {
  const { desk } = panel;
  await desk.first.choose(route);
  if (desk.state.phase === "ready") panel.focus("decision-title");
}

export function submit(panel) {
  const { desk } = panel;
  if (desk.state.blind.route) return choose(panel, desk.state.blind.route);
  desk.set({ formError: "blind.choose" });
  return panel.focus(`choice-${ROUTES[0]}`);
}
