// What the panel says about its own state: reading, slow, degraded, failed, refused. Comes in: the state. Goes
// out: notices for the top, or a face of its own where there is no suggestion to show.

import { h } from "./dom.js";
import { button, few, notice } from "./parts.js";
import { quoted } from "./quotes.js";
import * as phrases from "./phrases.js";
import { hasFailed, isCovered, sentence, shownId } from "./state.js";
import { whyNot } from "./trouble.js";
import { number, t } from "./words.js";

const SLOW_AFTER_SECONDS = 4;
const FEW = 3;

export function notices(state, preferences) {
  const found = [missed(state), unsent(state)];
  if (state.phase === "ready") found.push(reading(state), partial(state), unread(state, preferences), disagreement(state, preferences));
  return found.filter(Boolean);
}

// A note that found another ticket open when it came to be put in.
function missed({ missed: notes }) {
  if (!notes.length) return null;
  const body = h("ul", { class: "plain" }, notes.map((words) => h("li", { dir: "auto" }, words)));
  const actions = [button("seen", t("face.seen"), { kind: "small" })];
  return notice("missed", { kind: "bad", sign: "alert", title: t("face.missed"), body, actions, role: "alert" });
}

// Reports on other tickets that the service has not taken.
function unsent({ unsent: reports }) {
  if (!reports.length) return null;
  const lines = reports.map(({ key, ticket, state, problem }) => {
    const words = state === "no" ? t("feedback.not_recorded", { why: whyNot(problem) }) : t("face.unsent_waits");
    const letGo = state === "no" ? button("letGo", t("face.let_go"), { arg: key, kind: "small quiet" }) : null;
    return h("li", { "data-key": key }, h("bdi", { dir: "auto" }, ticket), ": ", words, " ", letGo);
  });
  const actions = [button("sendReports", t("face.unsent_send"), { kind: "small" })];
  const body = h("ul", { class: "plain" }, lines);
  return notice("unsent", { kind: "warn", sign: "plug", title: t("face.unsent", { n: reports.length }), body, actions });
}

function partial({ ticket }) {
  if (!ticket.is_partial) return null;
  const actions = [button("reread", t("face.stale_reread"), { kind: "small" })];
  return notice("partial", { kind: "warn", sign: "cut", title: t("face.partial"), text: t("face.partial_what"), actions });
}

function reading({ current }) {
  const { provenance } = current;
  const outcome = phrases.outcome(provenance.outcome);
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
  const line = (id) => {
    const covered = isCovered(state, preferences, id);
    const said = sentence(state, id);
    if (!said) return null;
    const words = covered ? t("quote.hidden") : quoted(said);
    const place = shownId(state, id);
    return h(
      "li",
      { "data-key": id },
      words,
      " ",
      h("bdi", { class: "id" }, place),
      " ",
      button("addFrom", t("face.disagree_add"), { arg: id, kind: "small quiet", label: `${t("face.disagree_add")}: ${place}` }),
    );
  };
  const [list, more] = few(state, name, FEW, ids, line);
  return [h("ul", { class: "plain noticed" }, list), more];
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
