// What the panel knows, and what follows from it for the screen. Plain values in, plain values out; it decides nothing about a
// ticket.

export const ESCALATIONS = ["account_security", "mediation_disputes", "content_enforcement"];
const DISTURBING = ["violence", "disclose"];
const LEAST_REPEATED = 12; // letters: shorter words stand in many a sentence that has nothing to do with it

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
  told: "", // a sign of what the ticket told when it was read
  stale: false, // it tells more by now
  keptStale: false, // and the agent chose to leave that unread
  rereading: false, // it is being read again, behind what is on the screen
  rereadProblem: null,
  reread: null, // {words, lost}: what that changed
  open: null, // change, dismiss or add: the form that is open
  openQuote: null, // "fact key:sentence id"
  shownQuotes: [],
  noteShown: false,
  draft: null, // what is filled into the open form
  picked: [],
  readAlong: false, // the agent began to read the messages before the suggestion came
  all: [], // lists that are shown in full
  sending: false,
  before: null, // what was before this ticket, once the service has told
  reply: null, // {table, language, isTheirs, used}: the draft of a question to the customer, once it is open
  blind: null, // {route, isSending, problem}: the agent is to choose before they see a suggestion
  done: null, // {action, route, work, at, used, copied, recorded, problem, feedback, isFleeting}
  undone: null, // {done, left, refused, recorded}: the last decision here was taken back
  decided: null, // the ticket's last decision, as the service told it
  unsent: [], // reports on other suggestions that the service has not taken
  missed: [], // notes that found another ticket open, in words
  messagesOpen: false,
  formError: null,
};

// A value worked out once for each thing that it follows from.
const remembered = (make) => {
  const known = new WeakMap();
  return (from, ...more) => {
    if (!known.has(from)) known.set(from, make(from, ...more));
    return known.get(from);
  };
};

// What is known of it here: the agent's answer, else what the ticket says.
export const eligibility = ({ mediation, ticket }) => (mediation === undefined ? (ticket.context?.mediation_eligible ?? null) : mediation);
export const isEdited = (state) => state.note !== state.noteOf;
export const hasCorrections = (state) => state.history.length > 0;
export const isEscalation = (state) => ESCALATIONS.includes(state.current?.route);
export const isHeld = (state) => state.stale || state.deciding || Boolean(state.decisionProblem) || state.sending;

export const hasFailed = ({ provenance, facts, route }) =>
  route === "agent_review" &&
  facts.length === 0 &&
  ((!provenance.degraded && !["ok", "repaired"].includes(provenance.outcome)) || provenance.extractor === "none");

const NOTHING = { facts: [] };
// What facts of violence or private matters rest on, those of a second reader too, and the same words wherever they stand again.
const disturbingIn = remembered(({ facts }, { sentences, provenance: { second } }) => {
  const told = [...facts, ...(second?.threats ?? []), ...(second?.damage_claims ?? [])].filter(({ harm }) => DISTURBING.includes(harm));
  const ids = new Set(told.flatMap(({ evidence }) => evidence));
  const words = [...new Set(sentences.filter(({ id }) => ids.has(id)).map(plain))].filter((one) => one.length >= LEAST_REPEATED);
  return new Set(sentences.filter((one) => ids.has(one.id) || words.some((each) => plain(one).includes(each))).map(({ id }) => id));
});
const plain = ({ text }) => text.replace(/[\s\p{P}]+/gu, " ").trim().toLowerCase();
export const disturbing = ({ work, suggestion }) => (work && suggestion ? disturbingIn(work, suggestion) : new Set());

export const isCovered = (
  state,
  preferences,
  id,
) => preferences.blur && !state.shownQuotes.includes(id) && disturbing(state).has(id);

export function isNoteCovered(state, preferences) {
  return preferences.blur && !state.noteShown && [...disturbing(state)].some((id) => isCovered(state, preferences, id));
}

const messageId = (one, at) => one.id ?? `m${at + 1}`;
export const numbered = (ticket) => ({ ...ticket, messages: ticket.messages.map((one, at) => ({ ...one, id: messageId(one, at) })) });

const sentencesById = remembered(({ sentences }) => new Map(sentences.map((one) => [one.id, one])));
const sentencesByMessage = remembered(({ sentences }) => Map.groupBy(sentences, (one) => one.message));
const places = remembered(({ messages }) => new Map(messages.map((one, at) => [messageId(one, at), at])));

export const sentence = (state, id) => state.suggestion && sentencesById(state.suggestion).get(id);
export const sentencesOf = (state, id) => (state.suggestion && sentencesByMessage(state.suggestion).get(id)) ?? [];
export const message = (state, id) => state.ticket?.messages[places(state.ticket).get(id)];

// A message by its place. Its own id is whatever a console gave it, and is for the console only.
export const shownMessage = (state, id) => `m${(places(state.ticket).get(id) ?? -1) + 1}`;
export function shownId(state, id) {
  const said = sentence(state, id);
  return said ? `${shownMessage(state, said.message)}${said.id.slice(said.message.length)}` : "";
}

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

// What a reading says of sentences, to be looked up for thousands of them.
export const saidOf = remembered(({ unread, unsure, disagreement, own_notes: own }) => ({
  unread: new Set(unread), unsure: new Set(unsure), uncited: new Set(disagreement), own: new Set(own),
}));

const citedIn = remembered(({ facts }) => new Set(facts.filter((fact) => !fact.removed).flatMap((fact) => fact.evidence)));
export const cited = ({ work }) => citedIn(work ?? NOTHING);
