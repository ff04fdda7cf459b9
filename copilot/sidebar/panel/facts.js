// The evidence: people and facts, each fact a sentence of small menus with its quotes under it. Comes in: the state. Goes out:
// nodes.

import { h } from "./dom.js";
import { FIELDS, SIDES, typeOf } from "./extraction.js";
import { marked } from "./hidden.js";
import { badge, button, few, menu, section } from "./parts.js";
import { quote } from "./quotes.js";
import * as phrases from "./phrases.js";
import { hasFailed } from "./state.js";
import { listed, parts, t, values } from "./words.js";

const MOST_FACTS = 30;
const MOST_QUOTES = 3;

export const choices = (type, name) => {
  const group = phrases.group(type, name);
  return values(group).map((value) => [value, t(`${group}.${value}`)]);
};

export function evidence(state, preferences) {
  const { work } = state;
  const leading = work.facts.filter(isLeading);
  const beside = work.facts.filter((fact) => !leading.includes(fact));
  return section(
    "evidence",
    t("evidence.title"),
    state.ticket.origin === "agent_observation" ? h("p", { class: "quiet" }, t("origin.agent_observation")) : null,
    work.facts.length ? null : h("p", { class: "quiet" }, t(hasFailed(state.current) ? "evidence.not_looked" : "evidence.none")),
    rows(state, preferences, "leading", leading),
    leading.length && beside.length ? folded(state, preferences, beside) : rows(state, preferences, "beside", beside),
    leftOut(state),
    people(work),
  );
}

const isLeading = (fact) => fact.leads || fact.counted || fact.removed || fact.corrected || fact.added || fact.dropped;

function rows(state, preferences, name, facts) {
  const [list, more] = few(state, name, MOST_FACTS, facts, (fact) => row(state, preferences, fact));
  return [h("ul", { class: "facts", "data-key": name }, list), more];
}

function folded(state, preferences, beside) {
  return h(
    "details",
    { class: "beside", "data-key": "beside" },
    h("summary", {}, t("evidence.beside", { n: beside.length })),
    rows(state, preferences, "beside", beside),
  );
}

function row(state, preferences, fact) {
  const words = phrases.fact(state.work, fact);
  const kind = fact.removed ? "removed" : fact.counted ? "counts" : "not";
  const action = fact.removed ? "restore" : "remove";
  const label = t(`evidence.${action}_of`, { fact: words });
  const remove = button(action, t(`evidence.${action}`), { arg: fact.key, kind: "small quiet", label, "data-key": "remove" });
  const quoted = fact.removed ? [] : fact.evidence;
  const [quotes, more] = few(state, `quotes:${fact.key}`, MOST_QUOTES, quoted, (id) => quote(state, preferences, id, fact.key));
  return h(
    "li",
    { class: `fact ${kind}`, "data-key": fact.key },
    h("div", { class: "fact-head" }, h("h3", { class: "eyebrow" }, t(`kind.${fact.type}`)), tags(fact), remove),
    h("p", { class: "statement" }, fact.removed ? words : statement(state.work, fact, words)),
    h("p", { class: "weight" }, weight(state, fact)),
    quotes.length ? h("ul", { class: "quotes", "aria-label": t("evidence.quotes") }, quotes) : null,
    more,
  );
}

function tags(fact) {
  if (fact.removed) return null;
  if (fact.added) return badge(t("evidence.added"), "own");
  return fact.corrected ? badge(t("evidence.corrected"), "own") : null;
}

// The locale's own sentence, with a menu in place of each word that can be corrected.
function statement(work, fact, words) {
  const fill = Object.fromEntries(FIELDS[fact.type].map((name) => [name, fieldMenu(work, fact, name, words)]));
  return parts(`fact.${fact.type}`, fill);
}

function fieldMenu(work, fact, name, words) {
  const isSide = SIDES[fact.type].includes(name);
  const options = isSide ? work.parties.map((party) => [party.id, phrases.party(work, party.id)]) : choices(fact.type, name);
  const label = t("field_of", { field: t(`field.${name}`), fact: words });
  const kind = isSide ? "inline strong" : name === "harm" || name === "kind" ? "inline" : "inline chip";
  return menu("field", { value: fact[name], options, label, arg: fact.key, arg2: name, kind, "data-key": name });
}

function weight(state, fact) {
  if (fact.removed) return t("evidence.removed");
  if (fact.dropped) return parts(
    "evidence.because",
    { state: t("evidence.counts_not"), reason: t(`drop.${fact.dropped}`) },
  );
  if (fact.reason === undefined || fact.reason === null) return t("evidence.pending");
  const counted = h("b", {}, t(fact.counted ? "evidence.counts" : "evidence.counts_not"));
  return parts("evidence.because", { state: counted, reason: t(`reason.${fact.reason.code}`) });
}

function leftOut(state) {
  const own = new Set(state.work.facts.map((fact) => fact.dropped).filter(Boolean));
  const dropped = state.current.dropped.filter((one) => !(own.size && own.has(one.reason.code)));
  if (!dropped.length) return null;
  const line = (one) => h("li", {}, leftOutWords(one));
  const [list, more] = few(state, "left-out", MOST_FACTS, dropped, line);
  return h(
    "div",
    { class: "left-out", "data-key": "left-out" },
    h("h3", { class: "eyebrow" }, t("evidence.left_out")),
    h("ul", { class: "plain" }, list),
    more,
  );
}

const leftOutWords = (one) =>
  one.list === "parties"
    ? t("evidence.left_out_party", { reason: t(`drop.${one.reason.code}`) })
    : t("evidence.left_out_item", { kind: t(`kind.${typeOf(one.list)}`), reason: t(`drop.${one.reason.code}`) });

function people(work) {
  const everybody = work.parties.map((party) => summary(work, party)).join(" · ");
  const reporter = work.parties.find((party) => party.is_reporter)?.id ?? "";
  const options = [["", t("evidence.nobody_reports")], ...work.parties.map((party) => [party.id, phrases.party(work, party.id)])];
  return h(
    "details",
    { class: "people", "data-key": "people" },
    h("summary", {}, t("evidence.people"), ": ", h("span", { class: "quiet" }, everybody || t("evidence.nobody"))),
    h("ul", { class: "plain" }, work.parties.map((party) => person(work, party))),
    h(
      "div",
      { class: "field" },
      h("label", { for: "reporter" }, t("field.reporter")),
      menu("reporter", { value: reporter, options, id: "reporter", "data-key": "reporter" }),
    ),
    button("addParty", t("evidence.add_person"), { kind: "small", "data-key": "add" }),
  );
}

const summary = (work, party) => listed([phrases.party(work, party.id), party.is_reporter ? t("evidence.reports") : ""]);

function person(work, party) {
  const options = values("role").map((role) => [role, t(`role_option.${role}`)]);
  const label = t("field_of", { field: t("field.role"), fact: party.id });
  return h(
    "li",
    { class: "row", "data-key": party.id },
    h("bdi", { class: "id" }, party.id),
    menu("role", { value: party.role, options, label, arg: party.id, "data-key": "role" }),
    party.name ? h("span", { class: "quiet" }, parts("evidence.named", { name: h("bdi", { dir: "auto" }, marked(phrases.unquoted(party.name))) })) : null,
    party.is_reporter ? badge(t("evidence.reports")) : null,
  );
}
