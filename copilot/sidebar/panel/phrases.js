// Facts, conditions and questions in words. Comes in: the service's closed codes with their parameters. Goes out: text in the
// panel's language.

import { marked } from "./hidden.js";
import { has, t } from "./words.js";

const GROUPS = { harm: "harm", asset: "asset", intent: "intent", motive: "motive" };

export function party(work, id) {
  const one = work.parties.find((each) => each.id === id);
  if (!one) return id;
  const alike = work.parties.filter((each) => each.role === one.role).length > 1;
  const role = t(`role.${one.role}`);
  if (one.name) return t("named", { role, name: isolated(unquoted(one.name)) });
  return alike ? `${role} ${id}` : role;
}

// The same within a sentence: "the client", "client p3".
function inSentence(work, id) {
  const short = party(work, id);
  const one = work.parties.find((each) => each.id === id);
  return one && one.role !== "unknown" && short === t(`role.${one.role}`) ? t(`who.${one.role}`) : short;
}

// A name is a customer's word: it stands by itself, so that it turns nothing around it.
const isolated = (name) => `\u2068${marked(name)}\u2069`;

// A name that was read with its quotation marks is not given others around them.
export const unquoted = (name) => name.replace(/^[\s"“”„«»‹›]+|[\s"“”„«»‹›]+$/g, "") || name;

// The group of words for a field: a demand and a dispute have kinds of their own.
export const group = (type, name) => (name === "kind" ? type : GROUPS[name]);

export function value(work, type, name, given) {
  return ["by", "against", "of"].includes(name) ? party(work, given) : t(`${group(type, name)}.${given}`);
}

// One line for screen readers, menus' names and lists.
export function fact(work, one) {
  const words = {};
  for (const name of ["by", "against", "of", "harm", "asset", "intent", "motive", "kind"]) {
    if (name in one) words[name] = value(work, one.type, name, one[name]);
  }
  if (words.asset) words.asset = `(${words.asset})`;
  if (words.motive) Object.assign(words, { intent: `${words.intent}${t("comma")}${words.motive}`, motive: "" });
  return t(`fact.${one.type}`, words).trim();
}

// What would have to be otherwise; `shown` is the suggestion that says so.
export function condition({ code, parameters }, shown) {
  const one = shown.facts.find((fact) => fact.id === parameters.fact);
  if (!one) return t(`condition.${code}`);
  const what = value(shown, one.type, "harm" in one ? "harm" : "kind", one.harm ?? one.kind);
  const kind = t(`condition.kind.${one.type}`);
  if (!one.by) return t("condition.dispute_removed", { kind, what });
  return t(`condition.${code}`, { kind, what, who: inSentence(shown, one.by) });
}

export function question({ code, parameters }, shown) {
  const one = shown.parties.find((each) => each.id === parameters.party);
  const trades = one && ["client", "freelancer", "agency"].includes(one.role);
  const who = !parameters.party ? t("who.customer") : trades ? t(`who.${one.role}`) : party(shown, parameters.party);
  return t(`ask.${code}`, { who });
}

export const outcome = (code) => (has(`outcome.${code}`) ? t(`outcome.${code}`) : code);
