// Facts, conditions, questions and reasons in plain words. Comes in: what the service said, in its closed vocabulary and fixed
// sentences. Goes out: text in the panel's language; a sentence that it does not know is passed on as the service wrote it.

import { marked } from "./hidden.js";
import { fixed, has, t } from "./words.js";

const VOCABULARY = { harm: "harm", asset: "asset", intent: "intent", motive: "motive" };
const CONDITION = /^(threats|demands|damage_claims|disputes)\[(\d+)\] \([^)]*\) (is struck|is for feedback|is not for feedback)$/;
const NAME = "(the (?:client|freelancer|agency)|party [^ :,]+)";
const QUESTIONS = [
  [/^Does the customer qualify for mediation or dispute assistance\?$/, "mediation_customer"],
  [`^Does ${NAME} qualify for mediation or dispute assistance\\?$`, "mediation"],
  [`^What exactly does ${NAME} want:`, "demand"],
  [`^What did ${NAME} say would happen`, "threat"],
  [`^Did ${NAME} ask for anything in return`, "return"],
  [`^What is it that ${NAME} threatens or harmed:`, "property"],
  [`^Was what ${NAME} is said to have done on purpose`, "intent"],
  [`^Was what ${NAME} is said to have done an answer`, "motive"],
  [/^Is there anything the customer was threatened with/, "untold"],
  [/^The ticket, or part of it, could not be read/, "unread"],
  [/^A fact could not be verified/, "unverified"],
  [/^Was anything said about what would happen/, "feedback"],
  [/^Is a member of staff at risk/, "staff"],
  [/^What does each side want from the other/, "sides"],
].map(([pattern, key]) => [new RegExp(pattern), key]);

// What is asked of the marketplace's records, and so can be answered here.
export const isAboutMediation = (question) => /qualify for mediation or dispute assistance\?$/.test(question);

export function party(work, id) {
  const one = work.parties.find((each) => each.id === id);
  if (!one) return id;
  const alike = work.parties.filter((each) => each.role === one.role).length > 1;
  const role = t(`role.${one.role}`);
  if (one.name) return t("named", { role, name: isolated(unquoted(one.name)) });
  return alike || one.role === "unknown" ? `${role} ${id}` : role;
}

// The same within a sentence: "the client", "client p3".
function inSentence(work, id) {
  const short = party(work, id);
  const one = work.parties.find((each) => each.id === id);
  return one && short === t(`role.${one.role}`) ? t(`who.${one.role}`) : short;
}

// A name is a customer's word: it stands by itself, so that it turns nothing around it.
const isolated = (name) => `\u2068${marked(name)}\u2069`;

// A name that was read with its quotation marks is not given others around them.
export const unquoted = (name) => name.replace(/^[\s"“”„«»‹›]+|[\s"“”„«»‹›]+$/g, "") || name;

export const group = (list, name) => (name === "kind" ? (list === "demands" ? "demand" : "dispute") : VOCABULARY[name]);

export function value(work, list, name, given) {
  return ["by", "against", "of"].includes(name) ? party(work, given) : t(`${group(list, name)}.${given}`);
}

// One line for screen readers, menus' names and lists.
export function fact(work, one) {
  const words = {};
  for (const name of ["by", "against", "of", "harm", "asset", "intent", "motive", "kind"]) {
    if (name in one) words[name] = value(work, one.list, name, one[name]);
  }
  if (words.asset) words.asset = `(${words.asset})`;
  if (words.motive) Object.assign(words, { intent: `${words.intent}${t("comma")}${words.motive}`, motive: "" });
  return t(`fact.${one.list}`, words).trim();
}

export function condition(english, shown) {
  if (english === "mediation_eligible is true") return { text: t("condition.mediation_true") };
  if (english === "mediation_eligible is false") return { text: t("condition.mediation_false") };
  const [, list, index, how] = CONDITION.exec(english) ?? [];
  const one = list && shown[list][Number(index)];
  if (!one) return { text: english, foreign: true };
  const what = value(shown, list, "harm" in one ? "harm" : "kind", one.harm ?? one.kind);
  const who = one.by ? inSentence(shown, one.by) : "";
  const kind = t(`condition.kind.${list}`);
  if (how === "is for feedback") return { text: t("condition.is_feedback", { who, what }) };
  if (how === "is not for feedback") return { text: t("condition.is_not_feedback", { who, what }) };
  return { text: t(who ? "condition.struck_by" : "condition.struck", { kind, who, what }) };
}

export function question(english, work) {
  for (const [pattern, key] of QUESTIONS) {
    const match = pattern.exec(english);
    if (match) return { text: t(`ask.${key}`, { who: match[1] ? asked(match[1], work) : "" }) };
  }
  return { text: english, foreign: true };
}

function asked(name, work) {
  const [kind, id] = name.split(" ");
  return kind === "party" ? party(work, id) : t(`who.${id}`);
}

export const reason = (english) => fixed("reason", english);
export const drop = (english) => fixed("drop", english);

// Why a person must judge, as the service's own note lists it.
export function whyToJudge(note) {
  const lines = note.split("\n");
  const start = lines.indexOf("Why:");
  if (start < 0) return [];
  const end = lines.findIndex((line, at) => at > start && !line.startsWith("- "));
  return lines.slice(start + 1, end < 0 ? undefined : end).map((line) => fixed("why", line.slice(2)));
}

export const outcome = (code) => (has(`outcome.${code}`) ? t(`outcome.${code}`) : code);
