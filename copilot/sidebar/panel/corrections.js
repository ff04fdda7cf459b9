// The agent's corrections, each as it was and is, and what the service made of them. Comes in: the state. Goes out: nodes.

import { h, icon, ICONS } from "./dom.js";
import { FIELDS } from "./extraction.js";
import { button } from "./parts.js";
import * as phrases from "./phrases.js";
import { listed, t } from "./words.js";

export function corrections(state) {
  if (!state.history.length) return null;
  const own = corrected(state.history[0], state);
  const lines = state.deciding ? [] : (state.current.changed ?? []).flatMap(changedLine);
  const edited = state.note !== state.noteOf && state.current.note !== state.noteOf;
  const noteLine = edited ? h("li", {}, t("changed.note_kept")) : null;
  return h(
    "section",
    { class: "corrections", "data-key": "corrections", "aria-labelledby": "corrections-title" },
    h("h2", { id: "corrections-title" }, t("changed.title")),
    own.length ? h("ul", { class: "plain", "data-key": "own" }, own) : null,
    state.deciding ? h("p", { class: "quiet" }, t("evidence.saving")) : null,
    lines.length ? h("ul", { class: "plain", "data-key": "then" }, lines, noteLine) : null,
    lines.length || state.deciding ? null : h("p", { class: "quiet" }, t("changed.none")),
    h(
      "div",
      { class: "row" },
      button("startOver", t("changed.reset"), { kind: "small quiet", "data-key": "over" }),
    ),
  );
}

function corrected({ work: first, mediation: answered }, { work, mediation: answer }) {
  const before = new Map(first.facts.map((fact) => [fact.key, fact]));
  const facts = work.facts.flatMap((fact) => correctedFact(before.get(fact.key), fact, first, work));
  const roles = work.parties.flatMap((party) => {
    const was = first.parties.find((one) => one.id === party.id);
    return was && was.role !== party.role ? [fromTo(party.id, t("field.role"), t(`role_option.${was.role}`), t(`role_option.${party.role}`))] : [];
  });
  const reporters = [first, work].map(({ parties }) => parties.find((party) => party.is_reporter)?.id ?? "");
  const reports = reporters[0] === reporters[1] ? [] : [fromTo("reporter", t("field.reporter"), ...reporters.map((id) => (id ? phrases.party(work, id) : t("evidence.nobody_reports"))))];
  const records = answered === answer ? [] : [fromTo("records", t("ask.mediation_customer"), ...[answered, answer].map(inWords))];
  return [...facts, ...roles, ...reports, ...records];
}

const inWords = (answer) => t(`decision.${answer === true ? "yes" : answer === false ? "no" : "unknown"}`);

function correctedFact(before, fact, first, work) {
  const whole = (key, words) => [h("li", { "data-key": key }, `${words}: `, phrases.fact(work, fact))];
  if (!before) return whole(`new:${fact.key}`, t("evidence.added"));
  if (fact.removed) return whole(`gone:${fact.key}`, t("evidence.removed"));
  return FIELDS[fact.type].filter((name) => before[name] !== fact[name]).map((name) =>
    fromTo(`${fact.key}:${name}`, t(`field.${name}`), phrases.value(first, fact.type, name, before[name]), phrases.value(work, fact.type, name, fact[name])));
}

function fromTo(key, words, from, to) {
  const before = h("del", {}, h("span", { class: "sr" }, t("changed.before"), " "), from);
  const after = h("ins", {}, h("span", { class: "sr" }, t("changed.after"), " "), to);
  return h("li", { "data-key": key }, `${words}: `, before, " ", icon(ICONS.arrow, "flip"), " ", after);
}

const SHOWN = {
  route: (value) => t(`route.${value}`),
  queue: (value) => value ?? t("changed.nothing"),
  labels: (value) => listed(value.map((label) => t(`label.${label}`))) || t("changed.nothing"),
  rule: (value) => value.split("_")[0],
  report_received: (value) => t(value ? "changed.received" : "changed.not_received"),
};

function changedLine({ field, from, to }) {
  if (field === "cautions") return cautionLines(from ?? [], to ?? []);
  if (field === "note") return [h("li", { "data-key": field }, t("changed.note"))];
  if (field === "ask_next") return [h("li", { "data-key": field }, t("changed.ask_next"))];
  const words = SHOWN[field];
  return words ? [fromTo(field, t(`changed.${field}`), words(from), words(to))] : [];
}

function cautionLines(from, to) {
  const line = (key, one) => h("li", { "data-key": `${key}:${one}` }, t(`changed.${key}`, { words: t(`caution.${one}`) }));
  return [
    ...from.filter((one) => !to.includes(one)).map((one) => line("gone", one)),
    ...to.filter((one) => !from.includes(one)).map((one) => line("new", one)),
  ];
}
