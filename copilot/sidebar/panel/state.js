// What the panel knows, and what follows from it for the screen. Plain values in, plain values out; it decides nothing about a
// ticket.

export const ESCALATIONS = ["account_security", "mediation_disputes", "content_enforcement"];
const DISTURBING = ["violence", "disclose"];

export const START = {
  phase: "waiting", // waiting, no_host, no_text, loading, failed, ready
  ticket: null,
  seconds: 0, // since the reading began
  wait: null, // {kind, seconds}: a request is tried again
  problem: null,
  suggestion: null, // as it was first made
  current: null, // the same after the last correction
  work: null, // the agent's working copy of the facts
  mediation: undefined, // undefined: not answered here
  history: [],
  deciding: false,
  decisionProblem: null,
  note: "",
  noteOf: "", // the service's note that `note` began as
  earlierNote: null,
  stale: false,
  keptStale: false,
  open: null, // change, dismiss or add: the form that is open
  openQuote: null, // "fact key:sentence id"
  shownQuotes: [],
  noteShown: false,
  draft: null, // what is filled into the open form
  picked: [],
  readAlong: false, // the agent began to read the messages before the suggestion came
  all: [], // lists that are shown in full
  sending: false,
  done: null, // {action, route, recorded, why, used, copied}
  formError: null,
};

export const isEdited = (state) => state.note !== state.noteOf;
export const hasCorrections = (state) => state.history.length > 0;
export const isEscalation = (state) => ESCALATIONS.includes(state.current?.route);
export const isHeld = (state) => state.stale || state.deciding || Boolean(state.decisionProblem) || state.sending;

export const hasFailed = ({ provenance, facts, route }) =>
  route === "agent_review" &&
  facts.threats.length + facts.demands.length + facts.damage_claims.length + facts.disputes.length === 0 &&
  ((!provenance.degraded && !["ok", "repaired"].includes(provenance.outcome)) || provenance.extractor === "none");

export function disturbing(state) {
  const facts = state.work?.facts ?? [];
  return new Set(facts.filter((fact) => DISTURBING.includes(fact.harm)).flatMap((fact) => fact.evidence));
}

export const isCovered = (
  state,
  preferences,
  id,
) => preferences.blur && !state.shownQuotes.includes(id) && disturbing(state).has(id);

export function isNoteCovered(state, preferences) {
  return preferences.blur && !state.noteShown && [...disturbing(state)].some((id) => isCovered(state, preferences, id));
}

export const sentence = (state, id) => state.suggestion?.sentences.find((one) => one.id === id);
export const message = (state, id) => state.ticket?.messages.find((one, at) => (one.id ?? `m${at + 1}`) === id);
export const messageId = (one, at) => one.id ?? `m${at + 1}`;

// Whose message it is, in the ticket's own terms: a participant, null for nobody known.
export function author(ticket, one) {
  const id = one?.author ?? ticket.reporter ?? null;
  const person = (ticket.participants ?? []).find((each) => each.id === id);
  return {
    role: person?.role ?? "unknown",
    name: person?.name ?? null,
    isKnown: id !== null,
    isReporter: id !== null && id === ticket.reporter,
  };
}

export function cited({ work }) {
  const standing = (work?.facts ?? []).filter((fact) => !fact.struck);
  return new Set(standing.flatMap((fact) => fact.evidence));
}
