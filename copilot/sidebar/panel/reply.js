// Questions to the customer, for the reply: only those whose answer would change the suggestion, in neutral words, in the customer's
// language where there are words for it. Comes in: the state. Goes out: a draft for the agent to look at, and on a click that text
// to the host, into the open reply. It is never sent, and holds no fact, no name and nothing of the note.

import { copy } from "./agent.js";
import { customerLanguage } from "./customer_language.js";
import { h } from "./dom.js";
import * as drafts from "./drafts.js";
import { button } from "./parts.js";
import { group, languages, t, tableOf } from "./words.js";

const UNCLEAR = new Set(["other", "not_stated"]);
const BESIDE = new Set(["untold"]); // asked along with others, and no reason to write by itself

// The codes of what to ask: not what the marketplace's own records or a member of staff has to answer.
export function asked({ ask_next: next, would_change: changes, facts }, table) {
  const kinds = new Map(facts.map((fact) => [fact.id, fact.kind]));
  const hangsOnDemand = changes.some(({ code, parameters }) => code === "demand_for_feedback" && UNCLEAR.has(kinds.get(parameters.fact)));
  const codes = new Set([...next.map(({ code }) => code), ...(hangsOnDemand ? ["demand"] : [])].filter((code) => code in table.ask_customer));
  return [...codes].some((code) => !BESIDE.has(code)) ? [...codes] : [];
}

export function text({ current, reply }) {
  const { ask_customer: words } = reply.table;
  const lines = asked(current, reply.table).map((code) => `- ${words[code]}`);
  return [words.hello, lines.join("\n"), words.thanks].join("\n\n");
}

// Offered where there is something to ask, and a customer who wrote in; `reply` in the state means that the draft is open.
export function replyDraft(state) {
  if (state.ticket.origin === "agent_observation" || !asked(state.current, { ask_customer: group("ask_customer") }).length) return null;
  if (!state.reply) return h("div", { class: "reply", "data-key": "reply" }, button("openReply", t("reply.open"), { kind: "small" }));
  const { table, language, isTheirs, used } = state.reply;
  return h(
    "section",
    { class: "reply", "data-key": "reply-draft", "aria-labelledby": "reply-title" },
    h("h2", { id: "reply-title", tabindex: "-1" }, t("reply.title")),
    h("p", { class: "whole-text", lang: table.lang, dir: table.dir }, text(state)),
    h("p", { class: "quiet" }, t(isTheirs ? "reply.in_theirs" : "reply.in_english", { language })),
    used?.text === text(state) ? placed(used) : null,
    h(
      "div",
      { class: "row" },
      button("putReply", t("reply.put"), { kind: "small primary", "data-key": "put" }),
      button("copyReply", t("note.copy"), { kind: "small", "data-key": "copy" }),
      button("closeReply", t("evidence.close"), { kind: "small quiet", "data-key": "close" }),
    ),
  );
}

function placed({ refused }) {
  return refused ? h("p", { class: "fault", role: "alert" }, t(`reply_refused.${refused}`)) : h("p", {}, t("reply.placed"));
}

export async function open(panel) {
  const { desk } = panel;
  const { ticket, suggestion } = desk.state;
  const tables = await Promise.all(languages().map(tableOf)).catch(() => null);
  if (tables === null) return desk.say(t("face.offline"));
  const theirs = customerLanguage(ticket, tables.map(known));
  const table = tables.find(({ lang }) => lang === (theirs ?? "en"));
  if (desk.state.suggestion?.id !== suggestion.id) return null;
  desk.set({ reply: { table, language: t(`language.${table.lang}`), isTheirs: theirs !== null, used: null } });
  return panel.focus("reply-title");
}

const known = ({ lang, ask_customer: words }) => ({ lang, letters: words.known_letters, words: words.known_words });

export function close(panel) {
  panel.desk.set({ reply: null });
  panel.focusOn('[data-do="openReply"]');
}

// It belongs to the ticket on which it was begun, whatever is open by the time the host answers.
export async function put({ desk }) {
  const { ticket, suggestion } = desk.state;
  const work = { ticket: ticket.id, text: text(desk.state), note: drafts.load("placed", ticket.id)?.note ?? null };
  const answer = await Promise.resolve(desk.host.useReply?.(work)).catch(() => null);
  const refused = answer ? (answer.refused ?? null) : "host_error";
  const words = t(refused ? `reply_refused.${refused}` : "reply.placed");
  if (desk.state.suggestion?.id === suggestion.id && desk.state.reply) desk.set({ reply: { ...desk.state.reply, used: { refused, text: work.text } } });
  else if (refused) desk.host.notify?.("alert", t("refused.elsewhere", { ticket: ticket.id ?? "", why: words }));
  desk.say(words);
}

export async function copyText({ desk }) {
  const isCopied = await copy(text(desk.state));
  desk.say(t(isCopied ? "note.copied" : "reply.not_copied"));
}
