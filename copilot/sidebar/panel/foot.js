// The panel's first line and its last: the ticket, a hint for newcomers, the way to the decision; keys, settings and where the
// suggestion came from. Comes in: the state and the agent's preferences. Goes out: nodes.

import { h } from "./dom.js";
import { button } from "./parts.js";
import { KEYS } from "./shortcuts.js";
import { has, number, t, time } from "./words.js";

export function head(state) {
  const { ticket } = state;
  return h(
    "header",
    { class: "bar top", "data-key": "head" },
    h("h1", { class: "sr" }, t("app")),
    ticket ? h("span", { class: "quiet ticket" }, h("bdi", { dir: "auto" }, ticket.id ?? "")) : null,
    button("help", "?", { kind: "small quiet round", label: t("keys.title"), "aria-keyshortcuts": "?" }),
  );
}

// The first stop of the Tab key, seen only there.
export const skip = () => button("toDecision", t("act.skip"), { kind: "small primary sr skip", "data-key": "skip" });

export function hint(preferences) {
  if (preferences.hinted) return null;
  const known = button("learnt", t("hint.known"), { kind: "small quiet", "data-key": "known" });
  return h("aside", { class: "hint", "data-key": "hint", "aria-label": t("hint.title") }, h("p", {}, t("hint.text")), known);
}

export function foot(state, preferences) {
  const rows = KEYS.map(([key, name]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, t(`keys.${name}`))]);
  return h(
    "footer",
    { class: "foot", "data-key": `foot-${state.phase}` },
    state.current?.cautions.includes("claims_unverified") ? h("p", { class: "quiet", "data-key": "claims" }, t("caution.claims_unverified")) : null,
    h(
      "details",
      { "data-key": "keys", class: "keys" },
      h("summary", { id: "keys" }, t("keys.title")),
      toggle("keys", preferences.keys, t("keys.single"), t("keys.single_what")),
      toggle("blur", preferences.blur, t("keys.blur")),
      toggle("compact", preferences.compact, t("keys.compact")),
      h("dl", { class: "pairs" }, rows),
      h("p", { class: "quiet" }, t("keys.typing")),
      state.phase === "ready" ? provenance(state) : null,
    ),
  );
}

function toggle(name, isOn, words, what) {
  const box = {
    type: "checkbox",
    id: `set-${name}`,
    "data-change": "prefer",
    "data-arg": name,
    checked: isOn,
    "aria-describedby": what ? `what-${name}` : null,
  };
  return h(
    "div",
    { class: "check", "data-key": name },
    h("input", box),
    h("label", { for: `set-${name}` }, words),
    what ? h("p", { class: "quiet", id: `what-${name}` }, what) : null,
  );
}

function took(reader, seconds) {
  const key = seconds < 1 ? "provenance.read_by_at_once" : "provenance.read_by";
  return t(key, { reader, seconds: number(seconds), ms: number(Math.max(1, Math.round(seconds * 1000))) });
}

function provenance({ suggestion, current }) {
  const { provenance: from } = current;
  const reader = suggestion.provenance;
  const path = `provenance.${reader.extractor}`;
  const name = has(path) ? t(path, { model: reader.model ?? "" }) : reader.extractor;
  const until = time(suggestion.text_until);
  return h(
    "p",
    { class: "quiet", "data-key": "provenance" },
    took(name, reader.seconds),
    " ",
    t("provenance.versions", { policy: from.policy_version, copilot: from.copilot_version }),
    until ? ` ${t("provenance.kept_until", { when: until })}` : "",
  );
}
