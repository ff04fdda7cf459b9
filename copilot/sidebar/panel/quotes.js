// A quoted sentence, and the message around it. Comes in: a sentence id. Goes out: a button that opens the whole message with the
// sentence marked; what speaks of violence or private matters is covered until somebody asks for it.

import { h, icon, ICONS } from "./dom.js";
import { IN_A_BLOCK, customerText } from "./hidden.js";
import { button } from "./parts.js";
import { author, isCovered, message, sentence, sentencesOf, shownId } from "./state.js";
import { t, time } from "./words.js";

const LONGEST_MASK = 40;
const MARKS = /^["“”„«»‟"「『]|["“”„«»‟"」』][.!?…,]*$/u;

export const quote = (state, preferences, id, key) => cited(state, preferences, { id, key, kind: "quote", draw: shownQuote });

// One more sentence that a fact rests on: its place, which opens it.
export const place = (state, preferences, id, key) => cited(state, preferences, { id, key, draw: shownPlace });

function cited(state, preferences, { id, key, kind, draw }) {
  const said = sentence(state, id);
  if (!said) return null;
  const where = `${key}:${id}`;
  const open = state.openQuote === where;
  const covered = isCovered(state, preferences, id);
  return h(
    "li",
    { class: kind, "data-key": `q:${id}` },
    covered && (open || kind === "quote") ? cover(state, said) : draw(state, said, where, open),
    open && !covered ? whole(state, preferences, said, where) : null,
  );
}

function shownPlace(state, said, where, open) {
  const shown = shownId(state, said.id);
  const label = `${t("evidence.open_quote")}: ${shown}`;
  return button("openQuote", shown, { arg: where, kind: "small quiet id", label, "aria-expanded": String(open), "data-key": "text" });
}

function shownQuote(state, said, where, open) {
  const about = {
    type: "button",
    class: "quote-text",
    "data-key": "text",
    "data-do": "openQuote",
    "data-arg": where,
    "aria-expanded": String(open),
    title: t("evidence.open_quote"),
  };
  const words = h("span", { class: "words", dir: "auto" }, quoted(said, IN_A_BLOCK));
  return h("button", about, words, byline(state, said));
}

function cover(state, said) {
  return h(
    "div",
    { class: "covered", "data-key": "cover" },
    masked(said),
    h(
      "span",
      { class: "row" },
      h("span", {}, icon(ICONS.eye), t("quote.hidden")),
      button("showQuote", t("quote.show"), { arg: said.id, kind: "small", label: `${t("quote.show")} ${shownId(state, said.id)}` }),
    ),
  );
}

// Stands for a sentence that is hidden: its words are not on the page, so that nobody finds, selects or copies them.
export const masked = ({ text }) => h("span", { class: "masked", "aria-hidden": "true" }, "░".repeat(Math.min(text.trim().length, LONGEST_MASK)));

// A sentence in quotation marks, unless it has its own at an end.
export function quoted(said, attributes) {
  const text = said.text.trim();
  return customerText(text, MARKS.test(text) ? "span" : "q", attributes);
}

export function byline(state, said) {
  const one = message(state, said.message);
  return h(
    "span",
    { class: "byline", title: one?.sent_at ? time(one.sent_at) : null },
    writer(state.ticket, one),
    " · ",
    h("bdi", { class: "id" }, shownId(state, said.id)),
  );
}

export function writer(ticket, one) {
  const who = author(ticket, one);
  if (who.role !== "unknown") return t(`role.${who.role}`);
  if (!who.isReporter && one?.author) return t("role.unknown");
  return t(ticket.origin === "agent_observation" ? "quote.no_author" : "quote.reporter");
}

function whole(state, preferences, said, where) {
  const pieces = sentencesOf(state, said.message).map((one) => {
    if (isCovered(state, preferences, one.id)) return [masked(one), " "];
    const words = customerText(one.text, "span", IN_A_BLOCK);
    return one.id === said.id ? h("mark", {}, words) : words;
  });
  return h(
    "div",
    { class: "whole", "data-key": "whole", role: "group", "aria-label": t("evidence.in_message") },
    h("div", { class: "whole-text", dir: "auto", tabindex: "0" }, pieces),
    button("openQuote", t("evidence.close"), { arg: where, kind: "small", key: "Esc" }),
  );
}
