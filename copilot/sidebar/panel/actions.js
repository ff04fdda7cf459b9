// What each control does. Comes in: the panel and a control's arguments. Goes out: calls to the desk. The names are those that
// the views give in data-do, data-change, data-input and data-submit.

import * as agent from "./agent.js";
import * as facts from "./extraction.js";
import * as first from "./first_choice.js";
import { blank } from "./messages.js";
import { offer } from "./offer.js";
import * as placing from "./placing.js";
import { learn, prefer } from "./preferences.js";
import * as reply from "./reply.js";
import { eligibility } from "./state.js";
import { t } from "./words.js";

const ANSWERS = { yes: true, no: false };
const withOrWithout = (list, one, isIn) => [...list.filter((each) => each !== one), ...(isIn ? [one] : [])];

export const CLICKS = {
  openQuote: ({ desk }, where) => openQuote(desk, where),
  showQuote: ({ desk }, id) => desk.set({ shownQuotes: [...desk.state.shownQuotes, id] }),
  showNote: (panel) => {
    panel.desk.set({ noteShown: true });
    panel.unfold("details.note", "note");
  },
  showAll: ({ desk }, name) => desk.set({ all: [...desk.state.all, name] }),
  remove: ({ desk }, key) => desk.correct(facts.remove(desk.state.work, key, true)),
  restore: ({ desk }, key) => desk.correct(facts.remove(desk.state.work, key, false)),
  addParty: ({ desk }) => desk.correct(facts.addParty(desk.state.work)),
  mediation: ({ desk }, answer) => desk.correct(desk.state.work, ANSWERS[answer] === eligibility(desk.state) ? null : ANSWERS[answer]),
  undo: (panel) => (panel.desk.state.done ? shown(panel, placing.undo(panel.desk)) : panel.desk.undo()),
  insertNow: (panel) => shown(panel, placing.again(panel.desk, placing.hand)),
  groupNow: (panel) => shown(panel, placing.again(panel.desk, placing.group)),
  showOffer: (panel) => {
    panel.desk.set({ noteShown: true });
    panel.focus("offer");
  },
  startOver: ({ desk }) => desk.startOver(),
  decideAgain: ({ desk }) => desk.decideAgain(),
  reread: ({ desk }) => desk.rereading.now(),
  seenReading: ({ desk }) => desk.set({ reread: null }),
  keepStale: ({ desk }) => desk.rereading.keep(),
  open: ({ desk }) => desk.open(),
  retryNow: ({ api }) => api.retryNow(),
  sendReports: ({ desk }) => desk.record.outbox.drain(true),
  letGo: ({ desk }, key) => desk.record.letGo(key),
  seen: ({ desk }) => desk.set({ missed: [] }),
  accept: (panel) => shown(panel, agent.accept(panel.desk)),
  openChange: (panel) => openForm(panel, "change"),
  openDismiss: (panel) => openForm(panel, "dismiss"),
  closeForm: (panel) => panel.close(),
  decideAnew: (panel) => {
    panel.desk.record.decideAnew();
    panel.focusOn('[data-do="accept"]');
  },
  copyNote: (panel) => copyNote(panel),
  resetNote: ({ desk }) => desk.set({ note: desk.state.current.note, noteOf: desk.state.current.note }),
  takeNewNote: ({ desk }) => desk.set({ note: desk.state.current.note, noteOf: desk.state.current.note }),
  takeEarlierNote: ({ desk }) => desk.set({ note: desk.state.earlierNote, earlierNote: null }),
  openAdd: (panel) => openAdd(panel, panel.desk.state.picked),
  addFrom: (panel, id) => openAdd(panel, [id]),
  clearPicked: ({ desk }) => desk.set({ picked: [] }),
  openReply: (panel) => reply.open(panel),
  closeReply: (panel) => reply.close(panel),
  putReply: (panel) => reply.put(panel),
  copyReply: (panel) => reply.copyText(panel),
  cannotSay: (panel) => first.choose(panel, null),
  help: (panel) => {
    learn(panel);
    panel.help();
  },
  learnt: (panel) => {
    learn(panel);
    panel.focus("decision-title");
  },
  toDecision: (panel) => panel.focusOn("section.bar h2, section.bar [data-do=accept]"),
};

export const CHANGES = {
  field: ({ desk }, key, name, value) => {
    if (desk.state.work.facts.find((fact) => fact.key === key)?.[name] === value) return null;
    const { work, swapped } = facts.setField(desk.state.work, key, name, value);
    if (swapped) desk.say(t("evidence.swapped"));
    return desk.correct(work);
  },
  role: ({ desk }, id, _, value) => desk.correct(facts.setRole(desk.state.work, id, value)),
  reporter: ({ desk }, _, __, value) => desk.correct(facts.setReporter(desk.state.work, value)),
  pick: ({ desk }, id, _, __, checked) => desk.set({ picked: withOrWithout(desk.state.picked, id, checked) }),
  draft: ({ desk }, name, _, value) => {
    desk.set({ formError: null, draft: drafted(desk.state, name, value) });
    if (name === "route" && desk.state.open === "change") offer(desk);
  },
  draftLabel: ({ desk }, label, _, __, checked) => {
    const { draft } = desk.state;
    desk.set({ draft: { ...draft, labels: withOrWithout(draft.labels, label, checked) } });
    offer(desk);
  },
  firstChoice: ({ desk }, route) => desk.first.pick(route),
  prefer: (panel, name, _, __, checked) => {
    prefer(panel, name, checked);
    panel.desk.say(t(`said.${name}_${checked ? "on" : "off"}`));
    panel.desk.set({ shownQuotes: [], noteShown: false });
  },
};

export const INPUTS = {
  note: ({ desk }, value) => desk.type({ note: value }),
  offer: ({ desk }, value) => desk.type({ draft: { ...desk.state.draft, offer: { ...desk.state.draft.offer, text: value } } }),
  comment: ({ desk }, value) => desk.type({ draft: { ...desk.state.draft, comment: value } }),
};

export const SUBMITS = {
  add: (panel) => add(panel),
  change: (panel) => send(panel, "change"),
  dismiss: (panel) => send(panel, "dismiss"),
  firstChoice: (panel) => first.submit(panel),
};

// To what became of it, unless another ticket is open by then.
async function shown(panel, act) {
  const { suggestion } = panel.desk.state;
  learn(panel);
  await act;
  if (panel.desk.state.suggestion?.id !== suggestion?.id) return;
  if (panel.desk.state.done) panel.focus("outcome-title");
  else panel.focusOn('[data-do="openChange"]');
}

function openQuote(desk, where) {
  const isOpen = desk.state.openQuote === where;
  desk.set({ openQuote: isOpen ? null : where });
  const id = where.slice(where.indexOf(":") + 1);
  const message = desk.state.suggestion.sentences.find((one) => one.id === id)?.message;
  if (!isOpen && message) Promise.resolve(desk.host.reveal?.(message)).catch(() => false);
}

function openForm(panel, name) {
  const { state } = panel.desk;
  if (state.phase !== "ready" || state.sending || state.done) return;
  const { route, labels } = state.current;
  const comment = state.draft?.comment ?? "";
  panel.desk.set({ open: name, formError: null, draft: { route, labels: [...labels], reason: name === "change" ? "wrong_team" : "", comment } });
  panel.focus("form-title");
}

function openAdd(panel, picked) {
  const { work, ticket } = panel.desk.state;
  panel.desk.set({ open: "add", formError: null, picked, draft: blank(facts.withTwoSides(work, ticket), "threat") });
  panel.unfold("details.messages", "add-title");
}

// Another kind of fact has other fields; another team may have no labels.
function drafted({ draft }, name, value) {
  if (name === "type") return blank(draft.parties, value, draft);
  const fitting = draft.labels?.filter((label) => agent.LABELS_OF(value).includes(label));
  if (name === "route") return { ...draft, route: value, labels: fitting };
  return { ...draft, [name]: value };
}

function add(panel) {
  const { desk } = panel;
  const { parties, ...draft } = desk.state.draft;
  const { picked, work } = desk.state;
  const sides = facts.SIDES[draft.type].map((side) => draft[side]);
  if (!picked.length) return desk.set({ formError: "add.choose" });
  if (sides.length && sides[0] === sides[1]) return desk.set({ formError: "add.same" });
  desk.set({ open: null, picked: [] });
  panel.focus("evidence-title");
  const people = sides.length ? parties : work.parties;
  return desk.correct(facts.addFact({ ...work, parties: people }, { ...draft, evidence: [...picked] }));
}

const AT_FAULT = { "change_form.same": "change-route", "feedback.comment_needed": "comment" };

function send(panel, form) {
  const { desk } = panel;
  const formError = agent.fault(form, desk.state.draft, desk.state.current);
  if (formError) {
    desk.set({ formError });
    panel.focus(AT_FAULT[formError] ?? "reason");
    return;
  }
  shown(panel, agent[form](desk, desk.state.draft));
}

async function copyNote(panel) {
  const copied = await agent.copy(panel.desk.state.done?.work?.note ?? panel.desk.state.note);
  panel.desk.say(t(copied ? "note.copied" : "note.not_copied"));
  if (copied) return;
  panel.desk.set({ noteShown: true });
  panel.unfold("details.note", "note");
  panel.find("#note")?.select();
}
