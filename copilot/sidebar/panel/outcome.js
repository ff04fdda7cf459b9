// What became of the agent's decision: by whom and when, what stands in the ticket, what failed and how to mend it, and Undo. Comes in: the
// state. Goes out: nodes.

import { h } from "./dom.js";
import { marked } from "./hidden.js";
import { button } from "./parts.js";
import { ESCALATIONS } from "./state.js";
import { whyNot } from "./trouble.js";
import { listed, parts, t, time } from "./words.js";

export function outcome(state) {
  const { done, sending } = state;
  const isLate = done.recorded === "waiting";
  const mending = mend(done);
  return h(
    "div",
    { class: `outcome ${done.action}`, "data-key": "outcome" },
    h("h2", { id: "outcome-title", tabindex: "-1" }, t(`feedback.${done.action}`, { route: t(`route.${done.route}`) })),
    h("p", { class: "quiet", "data-key": "who" }, who(state)),
    done.used ? used(done) : h("p", {}, t("feedback.placed_none")),
    h("p", { class: isLate || done.recorded === "no" ? "fault" : "quiet", dir: "auto" }, recorded(done)),
    h(
      "div",
      { class: "row" },
      mending,
      done.used?.refused && done.work?.note ? button("copyNote", t("refused.copy"), { kind: "small" }) : null,
      isLate ? button("sendReports", t("face.unsent_send"), { kind: "small" }) : null,
      button("undo", t("changed.undo"), { key: "U", kind: "small", held: sending, "data-key": "undo" }),
      button("decideAnew", t("feedback.again"), { kind: "small quiet", held: sending }),
    ),
  );
}

// The service tells who it was; until then it was whoever sits here.
function who({ done, decided }) {
  if (!decided || decided.id !== done.feedback) return t("feedback.by_you", { when: time(done.at) });
  return parts("feedback.by", { agent: h("bdi", {}, marked(decided.agent)), when: time(decided.created_at) });
}

// One button for the part that did not go in.
function mend({ used: placed, work }) {
  if (!placed || !work) return null;
  if (work.note && !placed.done.includes("note")) return button("insertNow", t("refused.insert_now"), { kind: "small primary" });
  const lacksGroup = ESCALATIONS.includes(work.route) && !placed.done.includes("group");
  return lacksGroup ? button("groupNow", t("refused.group_now"), { kind: "small primary" }) : null;
}

function recorded(done) {
  if (done.recorded === "waiting") return waits(done);
  if (done.recorded === "no") return t("feedback.not_recorded", { why: whyNot(done.problem) });
  return t(done.recorded === "yes" ? "feedback.recorded" : "feedback.sending");
}

function waits({ problem, isFleeting }) {
  const why = problem?.kind === "unauthorised" ? t("face.unauthorised") : "";
  return [why, t(isFleeting ? "feedback.unkept" : "feedback.unrecorded")].filter(Boolean).join(" ");
}

function used({ used: { done, refused }, work, copied, route }) {
  const placed = listed(done.map((what) => t(`feedback.done.${what}`)));
  const isIn = done.includes("note");
  const isRefused = refused && !(isIn && refused === "no_group");
  return [
    isRefused && work?.note && !isIn ? h("p", { class: "fault", "data-key": "not-in" }, t("feedback.not_inserted")) : null,
    isRefused ? h("p", { class: "fault", role: "alert" }, t(`refused.${refused}`)) : null,
    placed ? h("p", {}, t("feedback.placed", { what: placed })) : refused ? null : h("p", {}, t("feedback.placed_none")),
    copied ? h("p", { class: "quiet" }, t("feedback.clipboard")) : null,
    isRefused || done.includes("group") ? null : h("p", {}, t("feedback.to_whom", { route: t(`route.${route}`) })),
  ];
}

// After an undo: what was taken back, and what is left for the agent to see to.
export function undone({ undone: taken }) {
  if (!taken) return null;
  const back = listed(taken.done.map((what) => t(`feedback.done.${what}`)));
  const lines = [
    t("undo.done"),
    back ? t("undo.back", { what: back }) : "",
    taken.left.includes("note") ? t(`undo.${taken.refused ?? "host_error"}`) : "",
    taken.left.includes("group") ? t("undo.group_stays") : "",
    { waiting: t("feedback.unrecorded"), no: t("feedback.not_recorded", { why: whyNot(taken.problem) }) }[taken.recorded],
  ];
  return h("p", { class: taken.left.length ? "fault" : "decided", "data-key": "undone" }, lines.filter(Boolean).join(" "));
}
