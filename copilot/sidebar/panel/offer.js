// The note for a team that the agent chooses in the form: asked of the service for each choice, shown to be changed, and put in with it.
// Comes in: the desk, whose form is open; the state. Goes out: the form's offer; nodes.

import { h } from "./dom.js";
import { labelled } from "./messages.js";
import { button } from "./parts.js";
import { ESCALATIONS, isNoteCovered } from "./state.js";
import { t } from "./words.js";

let asking = null;

export async function offer(desk) {
  const { draft, suggestion, current } = desk.state;
  asking?.abort();
  const { signal } = (asking = new AbortController());
  const hasNote = ESCALATIONS.includes(draft.route) && !isSame(draft, current);
  desk.set({ draft: { ...draft, offer: hasNote ? { isComing: true } : null } });
  if (!hasNote) return;
  const body = { chosen: { route: draft.route, labels: draft.labels }, decision_id: current.decision_id };
  const path = `/v1/suggestions/${encodeURIComponent(suggestion.id)}/chosen-note`;
  const answer = await desk.api.post(path, body, { signal }).catch(() => null);
  const found = answer === null ? { isMissing: true } : { queue: answer.queue, text: answer.note };
  const isAsked = desk.state.open === "change" && isSame(desk.state.draft, draft);
  if (!signal.aborted && isAsked) desk.set({ draft: { ...desk.state.draft, offer: found } });
}

const isSame = ({ route, labels }, current) => route === current.route && [...labels].sort().join() === [...current.labels].sort().join();

export function offered(state, preferences) {
  const { offer: found, route } = state.draft;
  if (!found) return null;
  if (found.isComing) return h("p", { class: "quiet", "data-key": "offer" }, t("offer.coming"));
  if (found.isMissing) return h("p", { class: "quiet", "data-key": "offer" }, t("offer.missing"));
  if (isNoteCovered(state, preferences)) return covered();
  const field = { id: "offer", rows: "5", maxlength: "100000", dir: "auto", "data-key": "offer-text" };
  const filled = { ...field, "data-input": "offer", "data-value": found.text };
  return labelled("offer", t("offer.title", { route: t(`route.${route}`) }), h("textarea", filled));
}

// It quotes what is hidden above.
function covered() {
  const show = button("showOffer", t("note.show"), { kind: "small" });
  return h("div", { class: "row", "data-key": "offer" }, h("span", { class: "quiet" }, t("note.covered")), show);
}
