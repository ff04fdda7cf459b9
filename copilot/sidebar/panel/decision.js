// The suggestion: where to, under which label, by which rule, with what to note, to ask, and what would change it. Comes in: the
// state. Goes out: nodes. "Your judgement" and "no escalation" are built elsewhere: they are no weaker kinds of the same thing.

import { h, icon, ICONS } from "./dom.js";
import { noteEditor } from "./note.js";
import { judgement, outside } from "./open_ends.js";
import { badge, button, few, section, source } from "./parts.js";
import * as phrases from "./phrases.js";
import { hasFailed, isEscalation } from "./state.js";
import { listed, t } from "./words.js";

export function decision(state, preferences) {
  const { current } = state;
  const head = isEscalation(state) ? team(current) : current.route === "agent_review" ? judgement(state) : outside(state);
  return section(
    "decision",
    t("decision.title"),
    head,
    cautions(state),
    questions(state),
    noteEditor(state, preferences),
    hasFailed(state.current) ? null : changes(state),
  );
}

function team(current) {
  const labels = current.labels.length ? current.labels.map((label) => badge(t(`label.${label}`), "label")) : null;
  return h(
    "div",
    { class: `card ${current.route}`, "data-key": current.route },
    h("p", { class: "team" }, icon(ICONS.team), h("strong", {}, t(`route.${current.route}`))),
    labels ? h("p", { class: "row labels" }, h("span", { class: "sr" }, t("decision.label"), ": "), labels) : null,
    h("dl", { class: "pairs" }, pair(t("decision.queue"), queue(current)), pair(t("decision.why"), because(current))),
    h("p", { class: "quiet" }, t(current.report_received ? "decision.report" : "decision.no_report")),
  );
}

const pair = (name, value) => [h("dt", {}, name), h("dd", {}, value)];

function queue(current) {
  return current.queue ? h("bdi", { class: "mono", dir: "ltr" }, current.queue) : t("decision.no_queue");
}

const because = (current) => [t(`rule.${current.rule}`), " ", source(current)];

function cautions(state) {
  const { current } = state;
  const told = isShownElsewhere(state);
  const shown = current.cautions.filter((one) => !told.includes(one));
  const list = [...shown.filter((one) => URGENT.includes(one)), ...shown.filter((one) => !URGENT.includes(one))];
  if (!list.length) return null;
  return h(
    "div",
    { class: "cautions", "data-key": "cautions" },
    h("h3", { class: "eyebrow" }, t("decision.cautions")),
    h("ul", { class: "plain" }, list.map(caution)),
  );
}

const caution = (one) =>
  h("li", { class: URGENT.includes(one) ? "urgent" : "" }, icon(ICONS.alert), h("span", {}, t(`caution.${one}`)));

const MOST_CHANGES = 12;
const URGENT = ["safety_risk", "threat_to_staff"];

// What a face at the top or the card says already is not said twice.
function isShownElsewhere({ current, ticket }) {
  const { disagreement, degraded, unread } = current.provenance;
  const shown = {
    second_reader_disagrees: disagreement.length > 0,
    degraded_extractor: degraded || hasFailed(current),
    truncated_ticket: (unread.length > 0 || ticket.is_partial === true) && !current.provenance.left_out,
    no_report_received: isEscalation({ current }) && !current.report_received,
  };
  return Object.keys(shown).filter((name) => shown[name]);
}

// What is asked of the marketplace's records, and so can be answered here.
const isAboutMediation = ({ code }) => code === "mediation";

function questions(state) {
  const { current, mediation } = state;
  const asksMediation = current.ask_next.some(isAboutMediation);
  const answered = mediation !== undefined && !asksMediation;
  if (!current.ask_next.length && !answered) return null;
  const list = current.ask_next.map((one) => {
    const words = phrases.question(one, current);
    return h("li", { "data-key": isAboutMediation(one) ? "mediation" : words }, words, isAboutMediation(one) ? answers(mediation) : null);
  });
  const done = answered ? h("li", { "data-key": "mediation" }, t("ask.mediation_customer"), answers(mediation)) : null;
  return h(
    "div",
    { class: "ask", "data-key": "ask" },
    h("h3", { class: "eyebrow" }, t("decision.ask")),
    h("ul", { class: "plain" }, done, list),
  );
}

function answers(mediation) {
  const each = [["yes", true], ["no", false], ["unknown", null]].map(([name, value]) => {
    const isChosen = mediation === value || (value === null && mediation === undefined);
    return h(
      "button",
      {
        type: "button",
        class: "answer",
        "data-do": "mediation",
        "data-arg": name,
        "aria-pressed": String(isChosen),
        "data-key": name,
      },
      t(`decision.${name}`),
    );
  });
  return h("div", { class: "answers", role: "group", "aria-label": t("ask.mediation_customer"), "data-key": "answers" }, each);
}

function changes(state) {
  const { current } = state;
  const [list, more] = few(state, "changes", MOST_CHANGES, current.would_change, (one) => {
    const then = listed([t(`route.${one.then.route}`), ...one.then.labels.map((label) => t(`label.${label}`))]);
    return h("li", {}, phrases.condition(one, current), " ", icon(ICONS.arrow, "flip"), " ", h("b", {}, then));
  });
  return h(
    "div",
    { class: "would-change", "data-key": "would-change" },
    h("h3", { class: "eyebrow" }, t("decision.change")),
    list.length ? h("ul", { class: "plain" }, list) : h("p", { class: "quiet" }, t("decision.change_none")),
    more,
  );
}

// What the agent's corrections changed, from before to now.
export function corrections(state) {
  if (!state.history.length) return null;
  const lines = state.deciding ? [] : (state.current.changed ?? []).flatMap(changedLine);
  const edited = state.note !== state.noteOf && state.current.note !== state.noteOf;
  const noteLine = edited ? h("li", {}, t("changed.note_kept")) : null;
  return h(
    "section",
    { class: "corrections", "data-key": "corrections", "aria-labelledby": "corrections-title" },
    h("h2", { id: "corrections-title" }, t("changed.title")),
    state.deciding ? h("p", { class: "quiet" }, t("evidence.saving")) : null,
    lines.length ? h("ul", { class: "plain" }, lines, noteLine) : null,
    lines.length || state.deciding ? null : h("p", { class: "quiet" }, t("changed.none")),
    h(
      "div",
      { class: "row" },
      button("undo", t("changed.undo"), { key: "U", kind: "small", "data-key": "undo" }),
      button("startOver", t("changed.reset"), { kind: "small quiet", "data-key": "over" }),
    ),
  );
}

const SHOWN = {
  route: (value) => t(`route.${value}`),
  queue: (value) => value ?? t("changed.nothing"),
  labels: (value) => listed(value.map((label) => t(`label.${label}`))) || t("changed.nothing"),
  rule: (value) => value.split("_")[0],
  report_received: (value) => t(value ? "changed.received" : "changed.not_received"),
};

function changedLine({ field, from, to }) {
  if (field === "cautions") return cautionLines(from ?? [], to ?? []);
  if (field === "note") return [h("li", { "data-key": field }, t("changed.note"))];
  if (field === "ask_next") return [h("li", { "data-key": field }, t("changed.ask_next"))];
  const words = SHOWN[field];
  if (!words) return [];
  const before = h("del", {}, h("span", { class: "sr" }, t("changed.before"), " "), words(from));
  const after = h("ins", {}, h("span", { class: "sr" }, t("changed.after"), " "), words(to));
  return [h("li", { "data-key": field }, `${t(`changed.${field}`)}: `, before, " ", icon(ICONS.arrow, "flip"), " ", after)];
}

function cautionLines(from, to) {
  const line = (key, one) => h("li", { "data-key": `${key}:${one}` }, t(`changed.${key}`, { words: t(`caution.${one}`) }));
  return [
    ...from.filter((one) => !to.includes(one)).map((one) => line("gone", one)),
    ...to.filter((one) => !from.includes(one)).map((one) => line("new", one)),
  ];
}
