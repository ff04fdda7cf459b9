/** One case, opened: the decisions, the ticket with what is cited in it, and gold and read facts side by side. */
import { make, wordsOf } from "./dom.js";

const pair = (term, ...told) => [make("dt", {}, term), make("dd", {}, ...told)];

const decision = (one) => [
  make("span", { class: "route" }, one.route),
  ...one.labels.flatMap((label) => [" ", make("span", { class: "label" }, label)]),
  " ",
  make("small", {}, one.rule),
];

const decisions = (line, card) => {
  const again = line.samples > 1 ? make("small", {}, ` (${line.wrong} of ${line.samples} samples wrong)`) : null;
  const disputed = card.disputed.length ? ` (second reader: ${card.disputed.join(", ")})` : "";
  const lists = { Why: card.why, Fault: card.fault, Tags: card.tags.join(", "), Cautions: card.cautions.join(", ") + disputed };
  return make(
    "dl",
    { class: "decisions" },
    ...pair("Should be", ...decision(card.should)),
    ...pair("Was", ...decision(card.was), again),
    ...Object.entries(lists).flatMap(([term, told]) => (told ? pair(term, make("bdi", {}, told)) : [])),
  );
};

// The number has a direction of its own, or it would decide that of the message it stands at the head of.
const piece = (one) =>
  one.cited ? make("mark", { class: one.cited }, make("sup", { dir: "ltr" }, one.id), one.text) : document.createTextNode(one.text);

const ticket = (card) =>
  make(
    "section",
    { class: "ticket", "aria-label": "Ticket" },
    make(
      "p",
      { class: "legend" },
      "cited by ",
      make("span", { class: "gold" }, "the label"),
      ", ",
      make("span", { class: "read" }, "the reader"),
      ", ",
      make("span", { class: "both" }, "both"),
    ),
    make("p", { class: "origin" }, `${card.origin}; eligible for mediation: ${card.mediation}`),
    card.subject ? make("h4", { dir: "auto" }, card.subject) : null,
    ...card.messages.flatMap((message) => [
      make("p", { class: "by" }, make("bdi", {}, message.by)),
      make("blockquote", { dir: "auto" }, ...message.pieces.map(piece)),
    ]),
  );

const table = (name, rows) =>
  make(
    "table",
    { class: "stack" },
    make("thead", {}, make("tr", {}, ...[name, "As labelled", "As read", "Difference"].map((one) => make("th", { scope: "col" }, one)))),
    make("tbody", {}, ...rows),
  );

const row = (name, gold, read, differs, isOff) =>
  make(
    "tr",
    { class: isOff ? "off" : null },
    make("th", { scope: "row" }, make("bdi", {}, name)),
    make("td", { "data-of": "as labelled" }, make("bdi", {}, gold || "–")),
    make("td", { "data-of": "as read" }, make("bdi", {}, read || "–")),
    make("td", { class: "differs" }, differs),
  );

const facts = (card) => {
  const none = make("tr", {}, make("td", { colspan: "4" }, "No fact was labelled, and none was read."));
  const told = card.facts.map((one) => row(one.list, one.gold, one.read, one.differs || "same", !one.is_right));
  return make(
    "section",
    { class: "facts", "aria-label": "Facts" },
    table("Party", card.parties.map(([id, gold, read]) => row(id, gold, read, gold === read ? "same" : "", false))),
    table("Fact", told.length ? told : [none]),
  );
};

/** What stands in place of a case that cannot or should not be shown. */
const instead = (line, card, isVeiled, unveiled) => {
  if (!line) return [make("p", {}, "This run has no case of that name.")];
  if (isVeiled) {
    const why = "Held out: whoever makes a reader better does not look at such tickets one by one, or the figures on them come to flatter it. ";
    return [make("p", {}, why, make("a", { href: unveiled }, "Show held-out tickets’ text"))];
  }
  if (line.status === "unscored") return [make("p", {}, `Not scored: ${wordsOf(line.ended)}. It is neither right nor wrong.`)];
  return [make("p", {}, "This page has no room for the text of this case; results.jsonl and cases.jsonl, beside it, have it.")];
};

/** Draw a case. `card` is null where the page does not hold it; `unveiled` is the address that shows held-out text. */
export const drawCard = (place, { id, line, card, isVeiled, unveiled }) => {
  const badge = line ? make("span", { class: "badge" }, line.badge) : null;
  const title = make("h3", { tabindex: "-1", id: "card-title" }, make("code", {}, id), " ", badge);
  const shown = line && card && !isVeiled;
  const inside = shown
    ? [decisions(line, card), make("div", { class: "sides" }, ticket(card), facts(card))]
    : instead(line, card, isVeiled, unveiled);
  place.replaceChildren(title, ...inside);
};
