// What a new reading changed. Comes in: the state before it, the state after it, and what became of corrections. Goes out: one line of
// words, and the corrections that could not be carried over, in words.

import { FIELDS, SIDES } from "./extraction.js";
import { listed, t } from "./words.js";

export function retold(before, after, { count, lost }) {
  const [was, is] = [before.current, after.current];
  const [facts, newer] = [said(before.suggestion), said(after.suggestion)];
  const changes = [
    was.route === is.route ? "" : t("reread.team", { from: t(`route.${was.route}`), to: t(`route.${is.route}`) }),
    labels(was) === labels(is) ? "" : t("reread.labels", { from: labels(was), to: labels(is) }),
    counted("more", less(newer, facts)),
    counted("fewer", less(facts, newer)),
  ];
  const words = t("reread.line", { what: changes.filter(Boolean).join(t("reread.and")) || t("reread.nothing") });
  return { words: [words, count ? t("reread.carried", { n: count }) : ""].filter(Boolean).join(" "), lost };
}

const labels = (shown) => listed(shown.labels.map((label) => t(`label.${label}`))) || t("changed.nothing");
const counted = (name, n) => (n ? t(`reread.${name}`, { n }) : "");

// Each fact by what it says, and the words that it rests on; whom a reading calls p1 may be p2 in the next.
function said({ facts, sentences }) {
  const text = new Map(sentences.map((one) => [one.id, one.text]));
  return facts.map((fact) => {
    const fields = FIELDS[fact.type].filter((name) => !SIDES[fact.type].includes(name)).map((name) => fact[name]);
    return { says: [fact.type, ...fields].join(), words: fact.evidence.map((id) => text.get(id)) };
  });
}

// How many of the first are not among the second, each counted once. A fact may have got another sentence to rest on.
function less(list, others) {
  const left = [...others];
  return list.filter((one) => {
    const at = left.findIndex((other) => other.says === one.says && other.words.some((words) => one.words.includes(words)));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  }).length;
}
