// The draft note: the service's text, which the agent may edit. Comes in: the state. Goes out: nodes. Typed text is the agent's
// and is never overwritten; a newer draft is offered beside it. Where no team is named it is folded.

import { h } from "./dom.js";
import { badge, button, notice } from "./parts.js";
import { isEdited, isEscalation, isNoteCovered } from "./state.js";
import { t } from "./words.js";

export function noteEditor(state, preferences) {
  const edited = isEdited(state);
  const covered = isNoteCovered(state, preferences);
  return h(
    "details",
    { class: "note", "data-key": isEscalation(state) ? "note" : "own-note", open: isEscalation(state) },
    h(
      "summary",
      { id: "note-title" },
      h("h2", {}, t(isEscalation(state) ? "note.title" : "note.record")),
      " ",
      edited ? badge(t("note.edited"), "own") : null,
    ),
    covered ? cover() : field(state),
    h(
      "div",
      { class: "row" },
      button("copyNote", t("note.copy"), { kind: "small", "data-key": "copy" }),
      edited ? button("resetNote", t("note.reset"), { kind: "small quiet", "data-key": "reset" }) : null,
    ),
    newer(state, edited),
    earlier(state),
  );
}

function field(state) {
  return h("textarea", {
    id: "note",
    rows: "5",
    maxlength: "100000",
    dir: "auto",
    spellcheck: "true",
    "aria-label": t("note.label"),
    "data-input": "note",
    "data-value": state.note,
    "data-key": "field",
  });
}

function cover() {
  return h(
    "div",
    { class: "covered note-cover", "data-key": "cover" },
    h("p", {}, t("note.covered")),
    button("showNote", t("note.show"), { kind: "small" }),
  );
}

function newer(state, edited) {
  if (!edited || state.current.note === state.noteOf || state.deciding) return null;
  return notice("newer", { title: t("note.newer"), actions: [button("takeNewNote", t("note.take_new"), { kind: "small" })] });
}

function earlier(state) {
  if (state.earlierNote === null) return null;
  return notice(
    "earlier",
    { title: t("note.earlier"), actions: [button("takeEarlierNote", t("note.take_earlier"), { kind: "small" })] },
  );
}
