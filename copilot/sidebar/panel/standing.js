// How things stand, at the head of the bar, so that it is in view wherever the agent has scrolled to: something new came, what reading
// it changed, a request waits, a correction was not decided. Comes in: the state. Goes out: notices with the buttons that go on from there.

import { h } from "./dom.js";
import { button, notice, when } from "./parts.js";
import { hasCorrections } from "./state.js";
import { details, whyNot } from "./trouble.js";
import { t } from "./words.js";

export const standing = (state) => [reread(state), stale(state), waiting(state), decisionFault(state)].filter(Boolean);

// What reading again changed, until the agent does something, and which corrections could not be carried over to it.
function reread({ reread: told }) {
  if (!told) return null;
  if (!told.lost.length) return h("p", { class: "decided", "data-key": "new-reading" }, told.words);
  const body = h("ul", { class: "plain" }, told.lost.map((words) => h("li", { dir: "auto" }, words)));
  const actions = [button("seenReading", t("face.seen"), { kind: "small" })];
  return notice("new-reading", { kind: "warn", sign: "clock", title: told.words, text: t("reread.lost"), body, actions });
}

function stale(state) {
  if (state.phase !== "ready") return null;
  if (state.keptStale) return notice("stale-kept", { kind: "warn", sign: "clock", title: t("face.stale_kept"), actions: [again("small")] });
  if (!state.stale) return null;
  const keep = button("keepStale", t("face.stale_keep"), { kind: "small", "data-key": "keep" });
  if (state.rereading) return notice("stale", { kind: "warn", sign: "clock", title: t("face.rereading"), actions: [keep] });
  const text = state.rereadProblem ? whyNot(state.rereadProblem) : byItself(state);
  return notice("stale", { kind: "warn", sign: "clock", title: t("face.stale"), text, actions: [again("small primary"), keep] });
}

function byItself(state) {
  if (state.done) return t("face.stale_done");
  return t(hasCorrections(state) ? "face.corrections_stay" : "face.stale_soon");
}

const again = (kind) => button("reread", t("face.stale_reread"), { key: "R", kind, "data-key": "reread" });

// A request is being tried again: no connection, too many requests, or the service is busy.
function waiting({ wait }) {
  if (!wait) return null;
  const text = wait.seconds > 0 ? when(wait) : t("face.offline_now");
  const actions = [button("retryNow", t("face.try_now"), { kind: "small" })];
  const sign = wait.kind === "offline" ? "plug" : "clock";
  return notice(`wait-${wait.kind}`, { kind: "warn", sign, title: t(`face.${wait.kind}`), text, actions });
}

function decisionFault({ decisionProblem }) {
  if (!decisionProblem) return null;
  const actions = [
    button("decideAgain", t("face.try_now"), { kind: "small primary" }),
    button("undo", t("changed.undo"), { key: "U", kind: "small" }),
  ];
  const words = { title: t("face.decision_failed"), text: t("face.decision_failed_what") };
  return notice("decision-fault", { kind: "bad", sign: "alert", ...words, body: details(decisionProblem), actions });
}
