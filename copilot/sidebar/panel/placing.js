// Note and group in the ticket's open form: put in, mended where one of them failed, and taken back. Comes in: the host, the ticket and
// what to put in. Goes out: `{done, refused, before}` as the host says it, with what stood there before our first note on the ticket.

import * as drafts from "./drafts.js";
import { t } from "./words.js";

const NOTHING = { done: [], refused: "host_error", before: null };

// A host that cannot do a thing has no function for it.
async function asked(host, name, work) {
  const answer = host[name] ? await Promise.resolve(host[name](work)).catch(() => null) : { refused: "cannot" };
  return { ...NOTHING, refused: answer === null ? "host_error" : null, ...answer };
}

// The note to the host, with the ticket that it is for and our note that stands there already.
export async function hand(host, ticket, work) {
  const earlier = drafts.load("placed", ticket);
  drafts.save("placed", ticket, { ...earlier, note: work.note });
  const used = await asked(host, "useNote", { ticket, ...work, ...(earlier?.note ? { replaces: earlier.note } : {}) });
  return placed(ticket, earlier, used, work.note);
}

// The group alone.
export async function group(host, ticket, { route, queue }) {
  const earlier = drafts.load("placed", ticket);
  return placed(ticket, earlier, await asked(host, "setGroup", { ticket, route, queue }), null);
}

function placed(ticket, earlier, used, note) {
  const isNoted = note !== null && used.done.includes("note");
  const before = earlier?.before ?? used.before ?? null;
  drafts.save("placed", ticket, isNoted || before ? { note: isNoted ? note : (earlier?.note ?? null), before } : earlier);
  return { ...used, before };
}

export function finish({ desk, ticket, suggestion, isFleeting = false }, how) {
  const done = { ...drafts.load("outcome", suggestion), ...how, isFleeting };
  drafts.save("outcome", suggestion, done);
  const refused = done.used?.refused;
  if (desk.state.suggestion?.id === suggestion) {
    desk.set({ sending: false, done });
    const outcome = t(`feedback.${done.action}`, { route: t(`route.${done.route}`) });
    desk.say([outcome, refused ? t(`refused.${refused}`) : ""].join(". "));
  } else if (refused) {
    const words = t("refused.elsewhere", { ticket: ticket.id ?? "", why: t(`refused.${refused}`) });
    desk.set({ missed: [...desk.state.missed, words] });
    desk.say(words);
    desk.host.notify?.("alert", words);
  }
}

// What failed when it was decided, once more; the decision is recorded already.
export async function again(desk, put) {
  const { done, ticket, suggestion, sending, isFleeting } = desk.state;
  if (!done?.work || sending) return;
  desk.set({ sending: true });
  const used = await put(desk.host, ticket.id, done.work);
  const parts = [...new Set([...(done.used?.done ?? []), ...used.done])];
  finish({ desk, ticket, suggestion: suggestion.id, isFleeting }, { used: { ...used, done: parts } });
}

// Note and group back out of the form, and the decision out of the record. Another ticket's form is nobody's to touch.
export async function undo(desk) {
  const { done, ticket, suggestion, sending } = desk.state;
  if (!done || sending) return;
  desk.set({ sending: true });
  const wanted = (done.used?.done ?? []).filter((part) => part !== "mode");
  const back = wanted.length ? await takeBack(desk.host, ticket.id, done, wanted) : { done: [], refused: null };
  const isHere = desk.state.suggestion?.id === suggestion.id;
  if (back.refused === "other_ticket") {
    if (isHere) desk.set({ sending: false, done: { ...done, used: { ...done.used, refused: "other_ticket" } } });
    return;
  }
  const isKnown = desk.record.takeBack(suggestion.id, ticket.id ?? "");
  if (!isHere) return;
  const left = wanted.filter((part) => !back.done.includes(part));
  const undone = { done: back.done, left, refused: back.refused, recorded: isKnown ? "sending" : "yes" };
  desk.set({ sending: false, done: null, decided: null, undone });
  desk.say(t("undo.done"));
}

async function takeBack(host, ticket, { work, used }, wanted) {
  const note = wanted.includes("note") ? work.note : null;
  const back = await asked(host, "takeBack", { ticket, note, before: used.before ?? null });
  if (back.done.includes("note") || back.refused === "note_gone") drafts.forget("placed", ticket);
  return back;
}
