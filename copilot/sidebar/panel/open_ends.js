// The two suggestions that name no team. Comes in: the state. Goes out: a card that says what was looked for, what was found and
// what is not known. Neither is ever drawn or worded as an all-clear.

import { h, icon, ICONS } from "./dom.js";
import { TYPES } from "./extraction.js";
import { source } from "./parts.js";
import { eligibility, hasFailed } from "./state.js";
import { listed, t } from "./words.js";

export function judgement(state) {
  const { current } = state;
  const failed = hasFailed(current);
  const why = current.review_reasons;
  return h(
    "div",
    { class: "card agent_review", "data-key": "agent_review" },
    h("p", { class: "team" }, icon(ICONS.person), h("strong", {}, t("route.agent_review"))),
    h("p", {}, t(failed ? "judge.failed" : "judge.lead")),
    why.length ? [
      h("h3", { class: "eyebrow" }, t("judge.why")),
      h("ul", { class: "dots" }, why.map(({ code }) => h("li", {}, t(`why.${code}`)))),
    ] : null,
    failed ? null : lookedFor(current),
    h("p", {}, source(current)),
  );
}

export function outside(state) {
  const { current } = state;
  const noticed = current.provenance.disagreement.length;
  return h(
    "div",
    { class: "card no_escalation", "data-key": "no_escalation" },
    h("p", { class: "team" }, icon(ICONS.ring), h("strong", {}, t("route.no_escalation"))),
    noticed ? h("p", { "data-key": "noticed" }, h("strong", {}, t("face.disagree", { n: noticed }))) : null,
    h("p", {}, t("outside.lead")),
    lookedFor(current),
    h("h3", { class: "eyebrow" }, t("outside.unknown")),
    h("ul", { class: "dots" }, unknowns(state).map((words) => h("li", {}, words))),
    h("p", {}, source(current)),
  );
}

function lookedFor(current) {
  const rows = TYPES.map((type) => [h("dt", {}, t(`kinds.${type}`)), h("dd", {}, found(current.facts, type))]);
  return [h("h3", { class: "eyebrow" }, t("looked.title")), h("dl", { class: "pairs looked" }, rows)];
}

function found(all, type) {
  const facts = all.filter((fact) => fact.type === type);
  if (!facts.length) return t("looked.none");
  if (type === "dispute") return t("looked.told", { n: facts.length });
  const counted = facts.filter((fact) => fact.counted).length;
  const told = facts.length - counted;
  return listed([counted ? t("looked.counted", { n: counted }) : "", told ? t("looked.uncounted", { n: told }) : ""]);
}

function unknowns(state) {
  const { unread, degraded } = state.current.provenance;
  return [
    unread.length ? t("outside.unread", { n: unread.length }) : "",
    eligibility(state) === null ? t("outside.mediation") : "",
    degraded ? t("outside.degraded") : "",
    t("outside.untold"),
  ].filter(Boolean);
}
