// The two suggestions that name no team, in a line or two; what was looked for and what is not known, for whoever wants it. Comes
// in: the state. Goes out: nodes. Neither is ever drawn or worded as an all-clear.

import { h } from "./dom.js";
import { TYPES } from "./extraction.js";
import { eligibility, hasFailed } from "./state.js";
import { listed, t } from "./words.js";

export function sub(state) {
  const { current } = state;
  const noticed = current.provenance.disagreement.length;
  if (current.route === "no_escalation") return [
    noticed ? h("p", { "data-key": "noticed" }, h("strong", {}, t("face.disagree", { n: noticed }))) : null,
    h("p", { "data-key": "lead" }, t("outside.lead")),
  ];
  if (hasFailed(current)) return h("p", { "data-key": "lead" }, t("judge.failed"));
  const why = current.review_reasons;
  if (!why.length) return h("p", { "data-key": "lead" }, t("judge.lead"));
  return h("ul", { class: why.length > 1 ? "dots" : "plain", "data-key": "reasons", "aria-label": t("judge.why") }, why.map(({ code }) => h("li", {}, t(`why.${code}`))));
}

export function lookedFor(current) {
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

export function unknowns(state) {
  const { unread, degraded } = state.current.provenance;
  const lines = [
    unread.length ? t("outside.unread", { n: unread.length }) : "",
    eligibility(state) === null ? t("outside.mediation") : "",
    degraded ? t("outside.degraded") : "",
    t("outside.untold"),
  ];
  return [h("h3", { class: "eyebrow" }, t("outside.unknown")), h("ul", { class: "dots" }, lines.filter(Boolean).map((words) => h("li", {}, words)))];
}
