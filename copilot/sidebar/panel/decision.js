// The suggestion. Comes in: the state. Goes out: the verdict in one line for the top; what only an answer can settle; and folded
// away, why, what to ask and what would change it. "Your judgement" and "no escalation" are worded elsewhere.

import { h, icon, ICONS } from "./dom.js";
import { people } from "./facts.js";
import { ownChoice } from "./first_choice.js";
import { lookedFor, sub, unknowns } from "./open_ends.js";
import { few, source } from "./parts.js";
import * as phrases from "./phrases.js";
import { replyDraft } from "./reply.js";
import { eligibility, hasFailed, isEscalation } from "./state.js";
import { listed, t } from "./words.js";

const SIGNS = { agent_review: ICONS.person, no_escalation: ICONS.ring };

export function verdict(state) {
  const { current } = state;
  const labels = listed(current.labels.map((label) => t(`label.${label}`)));
  const isTaken = state.done?.action === "accepted"; // told by a sign, so that nothing moves
  const urgent = current.cautions.filter((one) => URGENT.includes(one));
  return h(
    "section",
    { class: `verdict ${current.route} ${isTaken ? "taken" : ""}`.trim(), "data-key": "verdict", "aria-labelledby": "decision-title" },
    h(
      "h2",
      { id: "decision-title", class: "team", tabindex: "-1" },
      icon(isTaken ? ICONS.check : (SIGNS[current.route] ?? ICONS.team)),
      h("strong", {}, t(`route.${current.route}`)),
      labels ? h("span", { class: "labels" }, " · ", labels) : null,
    ),
    urgent.length ? h("ul", { class: "plain cautions" }, urgent.map(caution)) : null,
    isEscalation(state) ? null : sub(state),
    ownChoice(state),
  );
}

// What an answer or a look can change at once.
export function toAnswer(state) {
  const asked = mediation(state);
  const noted = cautions(state, asked !== null);
  const parts = [noted, asked, replyDraft(state)].filter(Boolean);
  return parts.length ? h("section", { class: "to-answer", "data-key": "to-answer", "aria-label": t("decision.cautions") }, parts) : null;
}

export function why(state) {
  const { current } = state;
  return h(
    "details",
    { class: "why", "data-key": "why" },
    h("summary", {}, t("decision.more")),
    h(
      "div",
      { class: "why-body" },
      h("dl", { class: "pairs" }, pair(t("decision.why"), because(current)), isEscalation(state) ? pair(t("decision.queue"), queue(current)) : null),
      isEscalation(state) ? h("p", { class: "quiet" }, t(current.report_received ? "decision.report" : "decision.no_report")) : null,
      isEscalation(state) || hasFailed(current) ? null : lookedFor(current),
      current.route === "no_escalation" ? unknowns(state) : null,
      questions(state),
      hasFailed(current) ? null : changes(state),
      people(state.work),
    ),
  );
}

const pair = (name, value) => [h("dt", {}, name), h("dd", {}, value)];

function queue(current) {
  return current.queue ? h("bdi", { class: "mono", dir: "ltr" }, current.queue) : t("decision.no_queue");
}

const because = (current) => [t(`rule.${current.rule}`), " ", source(current)];

function cautions(state, isAsked) {
  const told = [...URGENT, ...isShownElsewhere(state), "claims_unverified", ...(isAsked ? ["check_mediation"] : [])];
  const list = state.current.cautions.filter((one) => !told.includes(one));
  return list.length ? h("ul", { class: "plain cautions", "data-key": "cautions" }, list.map(caution)) : null;
}

const caution = (one) =>
  h("li", { class: URGENT.includes(one) ? "urgent" : "" }, icon(ICONS.alert), h("span", {}, t(`caution.${one}`)));

const MOST_CHANGES = 12;
const URGENT = ["safety_risk", "threat_to_staff"];

// What a face at the top or the card says already is not said twice.
function isShownElsewhere({ current, ticket }) {
  const { disagreement, degraded, unread } = current.provenance;
  const shown = {
    no_report_received: ticket.origin === "agent_observation",
    second_reader_disagrees: disagreement.length > 0,
    degraded_extractor: degraded || hasFailed(current),
    truncated_ticket: (unread.length > 0 || ticket.is_partial === true) && !current.provenance.left_out,
  };
  return Object.keys(shown).filter((name) => shown[name]);
}

// What is asked of the marketplace's records, and so can be answered here.
const isAboutMediation = ({ code }) => code === "mediation";

// Where the answer changes something, or was given here.
function mediation(state) {
  const isAsked = state.current.ask_next.some(isAboutMediation) || state.current.would_change.some(({ code }) => code.startsWith("mediation"));
  if (!isAsked && state.mediation === undefined) return null;
  return h("div", { class: "ask", "data-key": "mediation" }, h("p", {}, t("decision.mediation")), answers(state));
}

function questions({ current }) {
  const list = current.ask_next.filter((one) => !isAboutMediation(one)).map((one) => h("li", {}, phrases.question(one, current)));
  if (!list.length) return null;
  return h("div", { "data-key": "ask" }, h("h3", { class: "eyebrow" }, t("decision.ask")), h("ul", { class: "dots" }, list));
}

// What is known stands pressed; pressed again, it is not known.
function answers(state) {
  const each = [["yes", true], ["no", false]].map(([name, value]) => {
    const isChosen = eligibility(state) === value;
    return h(
      "button",
      {
        type: "button",
        class: "answer",
        "data-do": "mediation",
        "data-arg": name,
        "aria-pressed": String(isChosen),
        "data-key": name,
      },
      t(`decision.${name}`),
    );
  });
  return h("div", { class: "answers", role: "group", "aria-label": t("ask.mediation_customer"), "data-key": "answers" }, each);
}

function changes(state) {
  const { current } = state;
  const [list, more] = few(state, "changes", MOST_CHANGES, current.would_change, (one) => {
    const then = listed([t(`route.${one.then.route}`), ...one.then.labels.map((label) => t(`label.${label}`))]);
    return h("li", {}, phrases.condition(one, current), " ", icon(ICONS.arrow, "flip"), " ", h("b", {}, then));
  });
  return h(
    "div",
    { class: "would-change", "data-key": "would-change" },
    h("h3", { class: "eyebrow" }, t("decision.change")),
    list.length ? h("ul", { class: "plain" }, list) : h("p", { class: "quiet" }, t("decision.change_none")),
    more,
  );
}
