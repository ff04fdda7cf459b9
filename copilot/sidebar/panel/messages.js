// The messages themselves: readable before anything was suggested, and afterwards cut into sentences to choose a new fact from.

import { choices } from "./facts.js";
import { h, onceBuilt } from "./dom.js";
import { FIELDS, SIDES, TYPES } from "./extraction.js";
import { IN_A_BLOCK, customerText } from "./hidden.js";
import { badge, button, menu } from "./parts.js";
import { masked, quoted, writer } from "./quotes.js";
import * as phrases from "./phrases.js";
import { cited, hasFailed, isCovered, saidOf, sentence, sentencesOf, shownId, shownMessage } from "./state.js";
import { number, t, time } from "./words.js";

export function messages(state, preferences) {
  const { ticket } = state;
  const key = state.readAlong || state.phase !== "ready" ? "messages" : "messages-after";
  const isOpen = state.phase !== "ready" || state.readAlong || hasFailed(state.current);
  const isSeen = isOpen || state.messagesOpen || state.open === "add" || state.picked.length > 0;
  return h(
    "details",
    { class: "messages", "data-key": key, open: isOpen },
    h(
      "summary",
      {},
      h("h2", { id: "messages-title", tabindex: "-1" }, t("messages.title")),
      " ",
      h("span", { class: "quiet" }, number(ticket.messages.length)),
    ),
    isSeen ? content(state, preferences) : null,
  );
}

// What is folded away is not drawn: a long ticket has thousands of sentences.
function content(state, preferences) {
  const { ticket } = state;
  return [
    ticket.subject ? h(
      "p",
      { class: "subject" },
      h("span", { class: "quiet" }, t("messages.subject"), ": "),
      customerText(ticket.subject),
    ) : null,
    state.phase === "ready" ? h("p", { class: "quiet" }, t("messages.hint")) : null,
    h("ol", { class: "plain" }, ticket.messages.map((one) => message(state, preferences, one))),
    ticket.messages.some((one) => isLater(state, one)) ? button("reread", t("face.stale_reread"), { kind: "small", "data-key": "later" }) : null,
    state.picked.length && state.open !== "add" ? picked(state) : null,
    state.open === "add" ? addForm(state, preferences) : null,
  ];
}

function message(state, preferences, one) {
  const said = sentencesOf(state, one.id);
  const about = h(
    "p",
    { class: "byline" },
    writer(state.ticket, one),
    one.sent_at ? ` · ${time(one.sent_at)}` : "",
    " · ",
    h("bdi", { class: "id" }, shownMessage(state, one.id)),
    isLater(state, one) ? [" ", badge(t("messages.later"))] : null,
  );
  const whole = one.text.trim() ? h(
    "p",
    { class: "whole-text", dir: "auto" },
    customerText(one.text, "span", IN_A_BLOCK),
  ) : h("p", { class: "quiet" }, t("messages.empty"));
  const sentences = h("ul", { class: "plain" }, said.map((each) => pick(state, preferences, each)));
  return h("li", { class: "message", "data-key": one.id, id: `message-${one.id}` }, about, said.length ? sentences : whole);
}

// It came after the ticket was read.
const isLater = (state, one) => state.phase === "ready" && one.text.trim() !== "" && !sentencesOf(state, one.id).length;

// One sentence. It is built anew only where something about it has changed: a ticket may have thousands.
function pick(state, preferences, said) {
  const { unread, unsure, uncited, own } = saidOf(state.current.provenance);
  const tags = [
    ["cited", "", cited(state).has(said.id)],
    ["uncited", "warn", uncited.has(said.id)],
    ["unread", "warn", unread.has(said.id)],
    ["unsure", "warn", unsure.has(said.id)],
  ].filter(([, , holds]) => holds);
  const isChosen = state.picked.includes(said.id);
  const face = isCovered(state, preferences, said.id) ? "covered" : own.has(said.id) ? "own" : "open";
  const sign = [state.suggestion.id, face, isChosen, ...tags.map(([name]) => name)].join(" ");
  const draw = { covered: () => coveredPick(state, said), own: () => ownNote(said), open: () => openPick(state, said, tags, isChosen) };
  return onceBuilt("li", { class: "pick", "data-key": said.id, "data-sign": sign }, draw[face]);
}

const coveredPick = (state, said) => [
  masked(said),
  button("showQuote", t("quote.show"), { arg: said.id, kind: "small", label: `${t("quote.show")} ${shownId(state, said.id)}` }),
];

const ownNote = (said) =>
  h("span", { dir: "auto" }, customerText(said.text.trim(), "span", IN_A_BLOCK), " ", badge(t("messages.own_note")));

function openPick(state, said, tags, checked) {
  const box = {
    type: "checkbox",
    "data-change": "pick",
    "data-arg": said.id,
    checked,
    "aria-label": t("messages.pick", { id: shownId(state, said.id) }),
    id: `pick-${said.id}`,
  };
  const badges = tags.map(([name, kind]) => badge(t(`messages.${name}`), kind));
  return [
    h("input", box),
    h("label", { for: `pick-${said.id}`, dir: "auto" }, customerText(said.text.trim(), "span", IN_A_BLOCK), " ", badges),
  ];
}

function picked(state) {
  return h(
    "div",
    { class: "picked row", "data-key": "picked" },
    h("span", {}, t("messages.picked", { n: state.picked.length })),
    button("openAdd", t("messages.add"), { kind: "small primary" }),
    button("clearPicked", t("messages.clear"), { kind: "small quiet" }),
  );
}

function addForm(state, preferences) {
  const { draft } = state;
  const { type } = draft;
  const kinds = TYPES.map((one) => [one, t(`kind.${one}`)]);
  const fields = FIELDS[type].map((name) => {
    const isSide = SIDES[type].includes(name);
    const options = isSide ? draft.parties.map((party) => [party.id, phrases.party(draft, party.id)]) : choices(type, name);
    return labelled(
      `add-${name}`,
      t(`field.${name}`),
      menu("draft", { value: draft[name], options, arg: name, id: `add-${name}`, "data-key": name }),
    );
  });
  return h(
    "form",
    { class: "form", "data-key": "add-form", "data-submit": "add", "aria-labelledby": "add-title", novalidate: true },
    h("h3", { id: "add-title", tabindex: "-1" }, t("add.title")),
    h(
      "ul",
      { class: "quotes" },
      state.picked.map((id) => h("li", { class: "quote" }, isCovered(state, preferences, id) ? masked(sentence(state, id)) : quoted(sentence(state, id)))),
    ),
    labelled(
      "add-type",
      t("add.kind"),
      menu("draft", { value: type, options: kinds, arg: "type", id: "add-type", "data-key": "type" }),
    ),
    fields,
    state.formError ? h("p", { class: "fault", role: "alert" }, t(state.formError)) : null,
    h(
      "div",
      { class: "row" },
      h("button", { type: "submit", class: "button primary" }, t("add.submit")),
      button("closeForm", t("add.cancel"), { kind: "quiet", key: "Esc" }),
    ),
  );
}

export const labelled = (id, words, field) => h(
  "div",
  { class: "field", "data-key": `field-${id}` },
  h("label", { for: id }, words),
  field,
);

// A new fact as the form first shows it: between the first two people, nothing else assumed.
export function blank(parties, type, before = {}) {
  const first = parties.find((party) => !party.is_reporter).id;
  const second = parties.find((party) => party.id !== first).id;
  const sides = { by: first, against: second, of: second };
  const kind = type === "demand" ? "not_stated" : "other";
  const usual = { ...sides, kind, harm: "unspecified", asset: "not_stated", intent: "unclear", motive: "not_stated" };
  const fields = FIELDS[type].map((name) => [name, (name === "kind" ? null : before[name]) ?? usual[name]]);
  return { type, parties, ...Object.fromEntries(fields) };
}
