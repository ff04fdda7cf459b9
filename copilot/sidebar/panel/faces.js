// What the panel says about its own state: reading, slow, stale, degraded, failed, offline, refused. Comes in: the state. Goes
// out: notices for the top, or a face of its own where there is no suggestion to show.

import { h } from "./dom.js";
import { customerText } from "./hidden.js";
import { button, notice, when } from "./parts.js";
import * as speech from "./speech.js";
import { hasCorrections, hasFailed, isCovered, sentence } from "./state.js";
import { details } from "./trouble.js";
import { number, t } from "./words.js";

const SLOW_AFTER_SECONDS = 4;
const FEW = 3;

export function notices(state, preferences) {
  const found = [stale(state), waiting(state), decisionFault(state)];
  if (state.phase === "ready") found.push(reading(state), unread(state, preferences), disagreement(state, preferences));
  return found.filter(Boolean);
}

function stale(state) {
  if (state.keptStale) return notice(
    "stale-kept",
    {
      kind: "warn",
      sign: "clock",
      title: t("face.stale_kept"),
      actions: [button("reread", t("face.stale_reread"), { key: "R", kind: "small" })],
    },
  );
  if (!state.stale) return null;
  const text = [t("face.stale_what"), hasCorrections(state) ? t("face.corrections_go") : ""].join(" ");
  const actions = [
    button("reread", t("face.stale_reread"), { key: "R", kind: "small primary", "data-key": "reread" }),
    button("keepStale", t("face.stale_keep"), { kind: "small", "data-key": "keep" }),
  ];
  return notice(
    "stale",
    { kind: "warn", sign: "clock", title: t("face.stale"), text, actions: state.phase === "ready" ? actions : [] },
  );
}

// A request is being tried again: no connection, too many requests, or the service is busy.
function waiting(state) {
  const { wait } = state;
  if (!wait) return null;
  const text = wait.seconds > 0 ? when(wait) : t("face.offline_now");
  return notice(
    `wait-${wait.kind}`,
    {
      kind: "warn",
      sign: wait.kind === "offline" ? "plug" : "clock",
      title: t(`face.${wait.kind}`),
      text,
      actions: [button("retryNow", t("face.try_now"), { kind: "small" })],
    },
  );
}

function decisionFault({ decisionProblem }) {
  if (!decisionProblem) return null;
  const actions = [
    button("decideAgain", t("face.try_now"), { kind: "small primary" }),
    button("undo", t("changed.undo"), { key: "U", kind: "small" }),
  ];
  return notice(
    "decision-fault",
    {
      kind: "bad",
      sign: "alert",
      title: t("face.decision_failed"),
      text: t("face.decision_failed_what"),
      body: details(decisionProblem),
      actions,
    },
  );
}

function reading({ current }) {
  const { provenance } = current;
  const outcome = speech.outcome(provenance.outcome);
  if (hasFailed(current)) return notice(
    "failed",
    { kind: "bad", sign: "alert", title: t("face.failed"), text: t("face.failed_what", { outcome: capital(outcome) }) },
  );
  if (!provenance.degraded) return null;
  return notice(
    "degraded",
    { kind: "warn", sign: "alert", title: t("face.degraded"), text: t("face.degraded_what", { outcome }) },
  );
}

const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

function unread(state, preferences) {
  const ids = state.current.provenance.unread;
  if (!ids.length) return null;
  return notice(
    "unread",
    {
      kind: "warn",
      sign: "cut",
      title: t("face.unread", { n: ids.length }),
      text: t("face.unread_what"),
      body: sentences(state, preferences, "unread", ids),
    },
  );
}

function disagreement(state, preferences) {
  const ids = state.current.provenance.disagreement;
  if (!ids.length) return null;
  return notice(
    "disagree",
    {
      kind: "warn",
      sign: "eye",
      title: t("face.disagree", { n: ids.length }),
      text: t("face.disagree_what"),
      body: sentences(state, preferences, "disagree", ids),
    },
  );
}

function sentences(state, preferences, name, ids) {
  const all = state.all.includes(name) || ids.length <= FEW;
  const line = (id) => {
    const covered = isCovered(state, preferences, id);
    const words = covered ? t("quote.hidden") : customerText(sentence(state, id)?.text.trim() ?? id, "q");
    return h(
      "li",
      { "data-key": id },
      words,
      " ",
      h("bdi", { class: "id" }, id),
      " ",
      button("addFrom", t("face.disagree_add"), { arg: id, kind: "small quiet", label: `${t("face.disagree_add")}: ${id}` }),
    );
  };
  const more = all ? null : button("showAll", t("face.show_all", { n: ids.length }), { arg: name, kind: "small quiet" });
  return [h("ul", { class: "plain noticed" }, (all ? ids : ids.slice(0, FEW)).map(line)), more];
}

// While there is no suggestion yet: a skeleton that keeps its size, and above it how long it has taken.
export function loading(state) {
  if (state.wait) return [skeleton()];
  const slow = state.seconds >= SLOW_AFTER_SECONDS;
  const name = slow ? "face.slow" : state.phase === "loading" ? "face.loading" : "face.waiting";
  const words = t(name, { n: number(state.seconds) });
  return [
    h(
      "p",
      { class: `progress ${slow ? "slow" : ""}`, "data-key": "progress" },
      h("span", { class: "pulse", "aria-hidden": "true" }),
      words,
    ),
    skeleton(),
  ];
}

const skeleton = () =>
  h(
    "div",
    { class: "skeleton", "data-key": "skeleton", "aria-hidden": "true" },
    ["line short", "line", "line", "line short", "line", "block"].map((kind) => h("i", { class: kind })),
  );
