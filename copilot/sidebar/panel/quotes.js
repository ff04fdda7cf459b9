// A quoted sentence, and the message around it. Comes in: a sentence id. Goes out: a button that opens the whole message with the
// sentence marked; what speaks of violence or private matters is covered until somebody asks for it.

import { h, icon, ICONS } from "./dom.js";
import { IN_A_BLOCK, customerText } from "./hidden.js";
import { button } from "./parts.js";
import { author, isCovered, message, sentence } from "./state.js";
import { t, time } from "./words.js";

export function quote(state, preferences, id, place) {
  const said = sentence(state, id);
  if (!said) return h("li", { "data-key": `q:${id}` }, id);
  const where = `${place}:${id}`;
  const open = state.openQuote === where;
  const covered = isCovered(state, preferences, id);
  return h(
    "li",
    { class: "quote", "data-key": `q:${id}` },
    covered ? cover(said, id) : shownQuote(state, said, where, open),
    open && !covered ? whole(state, preferences, said, where) : null,
  );
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
  const words = h("span", { class: "words", dir: "auto" }, customerText(said.text.trim(), "q", IN_A_BLOCK));
  return h("button", about, words, byline(state, said));
}

function cover(said, id) {
  return h(
    "div",
    { class: "covered", "data-key": "cover" },
    h("span", { class: "blurred", "aria-hidden": "true", dir: "auto" }, said.text.trim()),
    h(
      "span",
      { class: "row" },
      h("span", {}, icon(ICONS.eye), t("quote.hidden")),
      button("showQuote", t("quote.show"), { arg: id, kind: "small", label: `${t("quote.show")} ${id}` }),
    ),
  );
}

export function byline(state, said) {
  const one = message(state, said.message);
  return h(
    "span",
    { class: "byline" },
    writer(state.ticket, one),
    one?.sent_at ? ` · ${time(one.sent_at)}` : "",
    " · ",
    h("bdi", { class: "id" }, said.id),
  );
}

export function writer(ticket, one) {
  const who = author(ticket, one);
  if (who.role !== "unknown") return t(`role.${who.role}`);
  if (!who.isReporter && one?.author) return t("role.unknown");
  return t(ticket.origin === "agent_observation" ? "quote.no_author" : "quote.reporter");
}

function whole(state, preferences, said, where) {
  const sentences = state.suggestion.sentences.filter((one) => one.message === said.message);
  const pieces = sentences.map((one) => {
    if (isCovered(state, preferences, one.id)) return h("span", { class: "blurred", "aria-hidden": "true" }, one.text);
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
