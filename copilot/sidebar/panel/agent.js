// What an agent does with a suggestion: accept, change, dismiss. Comes in: the desk and what was chosen. Goes out: feedback to the
// service and, for an accepted escalation, the note to the host and the clipboard. It never submits a ticket.

import { ESCALATIONS, isEscalation, isHeld } from "./state.js";
import { t } from "./words.js";

export const REASONS = [
  "wrong_team", "wrong_label", "missed_fact", "invented_fact", "wrong_person", "wrong_kind", "not_enough_information",
  "duplicate_ticket", "already_handled", "note_unsuitable", "too_slow", "test_ticket", "other",
];

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
  const { route, queue, labels } = state.current;
  const note = state.note;
  const goesOut = isEscalation(state);
  desk.set({ sending: true, open: null });
  const copied = goesOut ? copy(note) : false;
  const sent = await desk.report({ action: "accepted", note });
  const used = goesOut ? await hand(desk.host, { note, route, queue, labels }) : null;
  finish(desk, { action: "accepted", route, used, copied: await copied, ...sent });
}

export async function change(desk, { route, labels, reason, comment }) {
  const { queue } = desk.state.current;
  desk.set({ sending: true });
  const sent = await desk.report({ action: "changed", changed_to: { route, labels }, reason, comment: comment || null, note: desk.state.note });
  finish(desk, { action: "changed", route, queue, used: null, copied: false, ...sent });
}

export async function dismiss(desk, { reason, comment }) {
  desk.set({ sending: true });
  const sent = await desk.report({ action: "dismissed", reason, comment: comment || null });
  finish(desk, { action: "dismissed", route: desk.state.current.route, used: null, copied: false, ...sent });
}

async function hand(host, note) {
  try {
    const answer = await host.useNote(note);
    return { done: answer?.done ?? [], refused: answer?.refused ?? null };
  } catch {
    return { done: [], refused: "host_error" };
  }
}

function finish(desk, done) {
  desk.set({ sending: false, open: null, done });
  desk.say([t(`feedback.${done.action}`, { route: t(`route.${done.route}`) }), done.used?.refused ? t(`refused.${done.used.refused}`) : ""].join(". "));
}

// What is missing in a form, as a path into the strings; null if nothing is.
export function fault({ reason, comment }) {
  if (!reason) return "feedback.reason_needed";
  return reason === "other" && !comment ? "feedback.comment_needed" : null;
}

export const LABELS_OF = (route) => (route === "content_enforcement" ? ["coercion_and_retaliation", "feedback_building", "retaliation"] : []);
export const ROUTES = [...ESCALATIONS, "agent_review", "no_escalation"];
