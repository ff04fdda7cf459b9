// What an agent does with a suggestion: accept, change, dismiss. Comes in: the desk and what was chosen. Goes out: for a team, note and
// group to the host at once; for all, a report to the service, which follows by itself. All of it belongs to the suggestion it was
// begun on, whatever ticket is open by then. It never submits a ticket.

import * as drafts from "./drafts.js";
import { finish, group, hand } from "./placing.js";
import { ESCALATIONS, isEscalation, isHeld } from "./state.js";
import { values } from "./words.js";

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
  const work = isEscalation(state) ? { note, route: current.route, queue: current.queue, labels: current.labels } : null;
  const act = begin(desk, { action: "accepted", note }, current.route, work);
  const copied = work ? copy(note) : false;
  const used = work ? await hand(desk.host, ticket.id, work) : null;
  finish(act, { used, copied: await copied });
}

// The team that the agent chose gets its group, and the note that was offered for it, as the agent left it.
export async function change(desk, { route, labels, reason, comment, offer }) {
  const note = offer?.text?.trim() ? offer.text : null;
  const work = ESCALATIONS.includes(route) ? { note, route, queue: offer?.queue ?? null, labels } : null;
  const body = { action: "changed", changed_to: { route, labels }, reason, comment: comment || null, note: note ?? desk.state.note };
  const { ticket } = desk.state;
  const act = begin(desk, body, route, work);
  const used = work && (await (note ? hand : group)(desk.host, ticket.id, work));
  finish(act, { used });
}

export function dismiss(desk, { reason, comment }) {
  finish(begin(desk, { action: "dismissed", reason, comment: comment || null }, desk.state.current.route, null), {});
}

// The report is in the browser's keeping before anything else is done.
function begin(desk, body, route, work) {
  const { suggestion, current, ticket } = desk.state;
  const whole = current.decision_id ? { ...body, decision_id: current.decision_id } : body;
  const how = { used: null, copied: false, recorded: "sending", problem: null };
  const done = { action: body.action, route, work, at: new Date().toISOString(), ...how };
  desk.set({ sending: true, open: null, undone: null, reread: null });
  drafts.save("outcome", suggestion.id, done);
  const report = desk.record.outbox.send({ suggestion: suggestion.id, ticket: ticket.id ?? "", body: whole });
  return { desk, ticket, suggestion: suggestion.id, isFleeting: Boolean(report.isFleeting) };
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
