// What an agent does with a suggestion: accept, change, dismiss. Comes in: the desk and what was chosen. Goes out: feedback to
// the service and, for an accepted escalation, the note to the host and the clipboard. It never submits a ticket.

import { asProblem } from "./api.js";
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
  const { route, queue, labels } = state.current;
  const note = state.note;
  const goesOut = isEscalation(state);
  desk.set({ sending: true, open: null });
  const copied = goesOut ? copy(note) : false;
  const sent = await report(desk, { action: "accepted", note });
  const used = goesOut ? await hand(desk.host, { note, route, queue, labels }) : null;
  finish(desk, { action: "accepted", route, used, copied: await copied, ...sent });
}

export async function change(desk, { route, labels, reason, comment }) {
  const { queue } = desk.state.current;
  desk.set({ sending: true });
  const changed = { action: "changed", changed_to: { route, labels }, reason, comment: comment || null, note: desk.state.note };
  const sent = await report(desk, changed);
  finish(desk, { action: "changed", route, queue, used: null, copied: false, ...sent });
}

export async function dismiss(desk, { reason, comment }) {
  desk.set({ sending: true });
  const sent = await report(desk, { action: "dismissed", reason, comment: comment || null });
  finish(desk, { action: "dismissed", route: desk.state.current.route, used: null, copied: false, ...sent });
}

// Feedback goes out once, under one key, and is tried until it is taken. The answer tells how far it got by the first pause; what
// comes of it later is told on the screen, if that still shows the same suggestion.
function report(desk, body) {
  const { suggestion, current } = desk.state;
  const path = `/v1/suggestions/${encodeURIComponent(suggestion.id)}/feedback`;
  const whole = current.decision_id ? { ...body, decision_id: current.decision_id } : body;
  return new Promise((resolve) => {
    const settle = (recorded, why = "") => {
      resolve({ recorded, why });
      const { done, suggestion: shown } = desk.state;
      if (done && shown?.id === suggestion.id) desk.set({ done: { ...done, recorded, why } });
    };
    const onWait = (wait) => wait && resolve({ recorded: "waiting", why: "" });
    desk.api.post(path, whole, { onWait }).then(() => settle("yes"), (fault) => settle("no", whyNot(asProblem(fault))));
  });
}

const whyNot = ({ errors, detail, kind }) => errors.map((one) => one.detail).join("; ") || detail || t(`face.${kind}`);

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
  const refused = done.used?.refused;
  const outcome = t(`feedback.${done.action}`, { route: t(`route.${done.route}`) });
  desk.say([outcome, refused ? t(`refused.${refused}`) : ""].join(". "));
}

// What is missing in a form, as a path into the strings; null if nothing is.
export function fault({ reason, comment }) {
  if (!reason) return "feedback.reason_needed";
  return reason === "other" && !comment ? "feedback.comment_needed" : null;
}

// Only notes to content enforcement are filed under labels.
export const LABELS_OF = (route) => (route === "content_enforcement" ? values("label") : []);
export const ROUTES = [...ESCALATIONS, "agent_review", "no_escalation"];
