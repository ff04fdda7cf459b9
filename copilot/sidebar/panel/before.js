// What was before this ticket: earlier tickets of the same people, and decided tickets with the same facts. Comes in: the desk, which
// asks the service. Goes out: one folded line, and none where there is nothing. People are the same by the console's ids and facts by
// the closed vocabulary; nothing here is a guess, and nothing is a ticket's text.

import { h } from "./dom.js";
import { marked } from "./hidden.js";
import { few } from "./parts.js";
import { ESCALATIONS } from "./state.js";
import { listed, parts, t, time } from "./words.js";

const NO_NAMES = ["", "ticket", "new"]; // ids that stand for any ticket
const NO_ADDRESS = /\/|^\.+$/; // ids that no address can hold
const FEW = 5;
const MOST_TOLD = 20; // the service tells of no more

export async function lookBefore(desk) {
  const { suggestion, ticket } = desk.state;
  if (NO_NAMES.includes(ticket.id ?? "") || NO_ADDRESS.test(ticket.id)) return;
  const before = await desk.api.look(`/v1/tickets/${encodeURIComponent(ticket.id)}/before`).catch(() => null);
  if (before && desk.state.suggestion?.id === suggestion.id) desk.set({ before });
}

export function before(state) {
  const { same_people: same, similar } = state.before ?? { same_people: [], similar: [] };
  if (!same.length && !similar.length) return null;
  const escalated = same.filter(({ decided }) => decided && decided.action !== "dismissed" && ESCALATIONS.includes(decided.route));
  const what = [counted("before.same", same), counted("before.escalated", escalated), counted("before.similar", similar)];
  return h(
    "details",
    { class: "before", "data-key": "before" },
    h("summary", {}, t("before.title", { what: listed(what) })),
    h(
      "div",
      { class: "why-body" },
      tickets(state, "same", same, ({ people }) => listed([...new Set(people.map(({ here, there }) => t(`before.met.${here}_${there}`)))])),
      tickets(state, "similar", similar, ({ shared }) => t("before.shared", { what: listed(shared.map(({ kind, value }) => t(`${kind}.${value}`))) })),
    ),
  );
}

function counted(path, list) {
  return list.length ? t(path, { n: list.length < MOST_TOLD ? list.length : `${MOST_TOLD}+` }) : "";
}

function tickets(state, name, list, about) {
  if (!list.length) return null;
  const line = (one) => h(
    "li",
    { "data-key": one.suggestion_id },
    h("bdi", { class: "id", dir: "auto" }, marked(one.ticket_id)),
    ` · ${time(one.created_at)} · `,
    decision(one),
    h("p", { class: "quiet" }, about(one)),
  );
  const [lines, more] = few(state, `before:${name}`, FEW, list, line);
  return h("div", { "data-key": name }, h("h3", { class: "eyebrow" }, t(`before.${name}_title`)), h("ul", { class: "plain" }, lines), more);
}

function decision({ decided, route }) {
  if (!decided) return t("before.open", { route: t(`route.${route}`) });
  const fill = { route: t(`route.${decided.route}`), agent: h("bdi", {}, marked(decided.agent)), when: time(decided.created_at) };
  return parts(`decided.${decided.action}`, fill);
}
