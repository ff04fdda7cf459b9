// The agent's own part: accept, change, dismiss, and the two forms behind them. Comes in: the state. Goes
// out: nodes.

import { LABELS_OF, ROUTES } from "./agent.js";
import { h } from "./dom.js";
import { question } from "./first_choice.js";
import { labelled } from "./messages.js";
import { marked } from "./hidden.js";
import { button, menu } from "./parts.js";
import { offered } from "./offer.js";
import { outcome, undone } from "./outcome.js";
import { standing } from "./standing.js";
import { isEscalation, isHeld } from "./state.js";
import { parts, t, time, values } from "./words.js";

export function bar(state, preferences) {
  const usual = state.done ? outcome : ({ change: changeForm, dismiss: dismissForm }[state.open] ?? actions);
  const view = state.phase === "blind" ? question : usual;
  return h("section", { class: "bar", "data-key": "bar", "aria-label": t("act.title") }, standing(state), view(state, preferences));
}

function actions(state) {
  const { route } = state.current ?? {};
  const ready = state.phase === "ready";
  const words = route === "agent_review" ? "act.accept_judge" : route === "no_escalation" ? "act.accept_outside" : "act.accept";
  const held = !ready || isHeld(state);
  const kind = !ready || (isEscalation(state) && !state.decided?.is_of_this_text) ? "primary" : "";
  return h(
    "div",
    { class: "actions", "data-key": "actions" },
    ready && state.decided ? lastDecision(state.decided) : null,
    ready ? undone(state) : null,
    h(
      "div",
      { class: "row" },
      button(
        "accept",
        state.sending ? t("act.working") : t(words),
        { key: "A", kind, held, "aria-describedby": "act-hint", "data-key": "accept" },
      ),
      button("openChange", t("act.change"), { key: "C", held: !ready || state.sending, "data-key": "change" }),
      button("openDismiss", t("act.dismiss"), { key: "D", held: !ready || state.sending, "data-key": "dismiss" }),
      state.history.length && !state.decisionProblem ? button("undo", t("changed.undo"), { key: "U", kind: "small", "data-key": "undo" }) : null,
    ),
    h("p", { id: "act-hint", class: ready && (!isHeld(state) || state.stale) ? "sr" : "quiet" }, hint(state, ready)),
  );
}

// The ticket's last decision, by whom and when; it may have been about a text that has changed since.
function lastDecision({ action, route, agent, created_at: at, is_of_this_text: isOfThis }) {
  const fill = { route: t(`route.${route}`), agent: h("bdi", {}, marked(agent)), when: time(at) };
  const before = isOfThis ? null : [t("decided.before"), " "];
  return h("p", { class: "decided", "data-key": "decided" }, before, parts(`decided.${action}`, fill));
}

function hint(state, ready) {
  if (!ready) return t("act.nothing_sent");
  if (state.stale) return t("act.held");
  if (state.deciding || state.decisionProblem) return t("act.held_pending");
  return t(isEscalation(state) ? "act.accept_hint" : "act.accept_hint_none");
}

function changeForm(state, preferences) {
  const { draft } = state;
  const routes = ROUTES.map((route) => [route, t(`route.${route}`)]);
  const boxes = LABELS_OF(draft.route).map((label) => {
    const box = {
      type: "checkbox",
      id: `label-${label}`,
      "data-change": "draftLabel",
      "data-arg": label,
      checked: draft.labels.includes(label),
    };
    return h(
      "div",
      { class: "check", "data-key": label },
      h("input", box),
      h("label", { for: `label-${label}` }, t(`label.${label}`)),
    );
  });
  return form(state, "change", [
    labelled(
      "change-route",
      t("change_form.team"),
      menu("draft", { value: draft.route, options: routes, arg: "route", id: "change-route", "data-key": "route" }),
    ),
    boxes.length ? h("fieldset", { "data-key": "labels" }, h("legend", {}, t("change_form.labels")), boxes) : null,
    offered(state, preferences),
  ]);
}

const dismissForm = (state) => form(state, "dismiss", []);

function form(state, name, fields) {
  const { draft } = state;
  const reasons = [
    ["", t("feedback.choose")],
    ...values("feedback_reason").map((reason) => [reason, t(`feedback_reason.${reason}`)]),
  ];
  const comment = {
    id: "comment",
    rows: "2",
    maxlength: "2000",
    dir: "auto",
    "data-input": "comment",
    "data-value": draft.comment,
    "data-key": "comment",
  };
  const faulty = state.formError ? { "aria-describedby": "form-fault", "aria-invalid": "true" } : {};
  return h(
    "form",
    { class: "form", "data-key": `${name}-form`, "data-submit": name, "aria-labelledby": "form-title", novalidate: true },
    h("h2", { id: "form-title", tabindex: "-1" }, t(`${name}_form.title`)),
    fields,
    labelled(
      "reason",
      t("feedback.reason"),
      menu("draft", { value: draft.reason, options: reasons, arg: "reason", id: "reason", "data-key": "reason", ...faulty }),
    ),
    labelled("comment", t(draft.reason === "other" ? "feedback.comment" : "feedback.comment_optional"), h("textarea", comment)),
    state.formError ? h("p", { class: "fault", id: "form-fault", role: "alert" }, t(state.formError)) : null,
    h(
      "div",
      { class: "row" },
      h(
        "button",
        { type: "submit", class: "button primary", "aria-disabled": state.sending ? "true" : null },
        state.sending ? t("act.working") : t(`${name}_form.submit`),
      ),
      button("closeForm", t("feedback.cancel"), { kind: "quiet", key: "Esc" }),
    ),
  );
}
