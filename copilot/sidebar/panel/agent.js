// What an agent does with a suggestion: accept, change, dismiss. Comes in: the desk and what was chosen. Goes out: for an accepted
// escalation, the note to the host and the clipboard at once; for all, a report to the service, which follows by itself. All of
// it belongs to the suggestion it was begun on, whatever ticket is open by then. It never submits a ticket.

import * as drafts from "./drafts.js";
import { ESCALATIONS, isEscalation, isHeld } from "./state.js";
import { t, values } from "./words.js";

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export async function accept(desk) {
  const { state } = desk;
  if (state.phase !== "ready" || state.done || isHeld(state)) return;
  const { note, ticket, current } = state;
  const goesOut = isEscalation(state);
  const act = begin(desk, { action: "accepted", note }, current.route);
  const copied = goesOut ? copy(note) : false;
  const used = goesOut ? await hand(desk.host, ticket.id, { note, route: current.route, queue: current.queue, labels: current.labels }) : null;
  finish(act, { used, copied: await copied });
}

export function change(desk, { route, labels, reason, comment }) {
  const body = { action: "changed", changed_to: { route, labels }, reason, comment: comment || null, note: desk.state.note };
  finish(begin(desk, body, route), {});
}

export function dismiss(desk, { reason, comment }) {
  finish(begin(desk, { action: "dismissed", reason, comment: comment || null }, desk.state.current.route), {});
}

// The report is in the browser's keeping before anything else is done.
function begin(desk, body, route) {
  const { suggestion, current, ticket } = desk.state;
  const whole = current.decision_id ? { ...body, decision_id: current.decision_id } : body;
  const done = { action: body.action, route, used: null, copied: false, recorded: "sending", problem: null };
  desk.set({ sending: true, open: null });
  drafts.save("outcome", suggestion.id, done);
  const report = desk.record.outbox.send({ suggestion: suggestion.id, ticket: ticket.id ?? "", body: whole });
  return { desk, ticket, suggestion: suggestion.id, isFleeting: Boolean(report.isFleeting) };
}

// The note to the host, with the ticket that it is for and our note that stands there already.
async function hand(host, ticket, work) {
  const earlier = drafts.load("placed", ticket);
  drafts.save("placed", ticket, work.note);
  const answer = await Promise.resolve(host.useNote({ ticket, ...work, ...(earlier === null ? {} : { replaces: earlier }) })).catch(() => null);
  const used = { done: answer?.done ?? [], refused: answer === null ? "host_error" : (answer.refused ?? null) };
  if (!used.done.includes("note")) drafts.save("placed", ticket, earlier);
  return used;
}

function finish({ desk, ticket, suggestion, isFleeting }, how) {
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

// What is missing in a form, as a path into the strings; null if nothing is.
export function fault(form, { route, labels, reason, comment }, current) {
  const isSame = route === current.route && [...labels].sort().join() === [...current.labels].sort().join();
  if (form === "change" && isSame) return "change_form.same";
  if (!reason) return "feedback.reason_needed";
  return reason === "other" && !comment?.trim() ? "feedback.comment_needed" : null;
}

// Only notes to content enforcement are filed under labels.
export const LABELS_OF = (route) => (route === "content_enforcement" ? values("label") : []);
export const ROUTES = [...ESCALATIONS, "agent_review", "no_escalation"];
