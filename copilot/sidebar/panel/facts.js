// The evidence: one card a sentence, with the facts that rest on it as lines of small menus. Comes in: the state. Goes out:
// nodes.

import { cards } from "./cards.js";
import { h } from "./dom.js";
import { FIELDS, SIDES, typeOf } from "./extraction.js";
import { marked } from "./hidden.js";
import { badge, button, few, menu, section } from "./parts.js";
import { place, quote } from "./quotes.js";
import * as phrases from "./phrases.js";
import { hasFailed } from "./state.js";
import { listed, parts, t, values } from "./words.js";

const MOST_CARDS = 20;
const MOST_PLACES = 5;

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
    work.facts.length ? null : nothing(state),
    drawn(state, preferences, "leading", leading),
    leading.length && beside.length ? folded(state, preferences, beside) : drawn(state, preferences, "beside", beside),
    leftOut(state),
    button("openAdd", t("face.disagree_add"), { kind: "small quiet", "data-key": "add-fact" }),
  );
}

// What an empty list means; "no escalation" and a failed reading say it in their own first line.
function nothing(state) {
  const isSaid = hasFailed(state.current) || state.current.route === "no_escalation";
  return isSaid ? null : h("p", { class: "quiet" }, t("evidence.none"));
}

const isLeading = (fact) => fact.leads || fact.counted || fact.removed || fact.corrected || fact.added || fact.dropped;

function drawn(state, preferences, name, facts) {
  const [list, more] = few(state, name, MOST_CARDS, cards(facts), (one) => card(state, preferences, one));
  return [h("ul", { class: "facts", "data-key": name }, list), more];
}

function folded(state, preferences, beside) {
  return h(
    "details",
    { class: "beside", "data-key": "beside" },
    h("summary", {}, t("evidence.beside", { n: beside.length })),
    drawn(state, preferences, "beside", beside),
  );
}

function card(state, preferences, { id, ids, facts }) {
  const { key } = facts[0];
  const areBeside = facts.every(isBeside);
  const counts = facts.some((fact) => fact.counted && !fact.removed);
  return h(
    "li",
    { class: `card-of-one ${counts ? "counts" : ""}`.trim(), "data-key": `s:${id}` },
    h("ul", { class: "quotes" }, quote(state, preferences, id, key)),
    places(state, preferences, ids.slice(1), key),
    h("ul", { class: "lines" }, facts.map((fact) => line(state, preferences, fact, { ids, about: areBeside ? null : weight(fact) }))),
    areBeside ? reasoned(t("evidence.counts_not"), ...new Set(facts.map(reason))) : null,
  );
}

function line(state, preferences, fact, { ids, about }) {
  const words = phrases.fact(state.work, fact);
  const kind = fact.removed ? "removed" : fact.counted ? "counts" : "not";
  const action = fact.removed ? "restore" : "remove";
  const label = t(`evidence.${action}_of`, { fact: words });
  const control = fact.removed ? t("evidence.restore") : "×";
  const others = fact.removed ? [] : fact.evidence.filter((one) => !ids.includes(one));
  return h(
    "li",
    { class: `fact ${kind}`, "data-key": fact.key },
    h(
      "div",
      { class: "fact-head" },
      h("h3", { class: "sr" }, t(`kind.${fact.type}`)),
      h("p", { class: "statement" }, fact.removed ? words : statement(state.work, fact, words)),
      tags(fact),
      button(action, control, { arg: fact.key, kind: "small quiet", label, title: label, "data-key": "remove" }),
    ),
    about,
    places(state, preferences, others, fact.key),
  );
}

// Further sentences by their place alone, each of which opens its message.
function places(state, preferences, ids, key) {
  if (!ids.length) return null;
  const [list, more] = few(state, `places:${key}`, MOST_PLACES, ids, (one) => place(state, preferences, one, key));
  return [h("ul", { class: "quotes more", "aria-label": t("evidence.quotes") }, list), more];
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

// Why a fact is of no account, and what an agent's own correction came to; of what counts as it was read, the card's edge tells.
function weight(fact) {
  if (fact.removed) return said(t("evidence.removed"));
  if (fact.dropped) return reasoned(t("evidence.counts_not"), t(`drop.${fact.dropped}`));
  if (!fact.reason) return said(t("evidence.pending"));
  if (fact.counted && !fact.added && !fact.corrected) return null;
  return reasoned(t(fact.counted ? "evidence.counts" : "evidence.counts_not"), reason(fact));
}

// As it was read, and of no account: said once for a card that holds nothing else.
const isBeside = (fact) => fact.reason && !isLeading(fact);
const reason = (fact) => t(`reason.${fact.reason.code}`);

const reasoned = (state, ...reasons) =>
  h("details", { class: "weight", "data-key": "weight" }, h("summary", {}, state), reasons.map((words) => h("p", {}, words)));

const said = (words) => h("p", { class: "weight" }, words);

function leftOut(state) {
  const own = new Set(state.work.facts.map((fact) => fact.dropped).filter(Boolean));
  const dropped = state.current.dropped.filter((one) => !(own.size && own.has(one.reason.code)));
  if (!dropped.length) return null;
  const line = (one) => h("li", {}, leftOutWords(one));
  const [list, more] = few(state, "left-out", MOST_CARDS, dropped, line);
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

export function people(work) {
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
