// Where no suggestion could be had: what happened and what to do. Comes in: the state. Goes out: a face, and the service's own
// words on a problem where they help.

import { h } from "./dom.js";
import { button, notice } from "./parts.js";
import { has, t } from "./words.js";

const NO_USE_AGAIN = ["forbidden", "too_large"];
const ASKS_THE_HOST = ["no_host", "no_text"];
const SIGNS = {
  offline: "plug",
  unauthorised: "person",
  forbidden: "person",
  rate_limited: "clock",
  busy: "clock",
  gone: "clock",
};

// Where no suggestion could be had: what happened, what to do, and the messages below all the same.
export function trouble(state) {
  const kind = state.phase === "failed" ? state.problem.kind : state.phase;
  const asksHost = ASKS_THE_HOST.includes(kind);
  const words = t(asksHost ? "face.ask_again" : kind === "gone" ? "face.stale_reread" : "face.try_now");
  const again = button(asksHost ? "open" : "reread", words, { kind: "primary" });
  const actions = state.isAlone || NO_USE_AGAIN.includes(kind) ? [] : [again];
  const text = has(`face.${kind}_what`) && kind !== "offline" ? t(`face.${kind}_what`) : null;
  const body = state.problem ? details(state.problem) : null;
  const sign = SIGNS[kind] ?? "alert";
  return notice(
    `trouble-${kind}`,
    { kind: "bad face", sign, title: t(`face.${kind}`), text, body, role: "alert", actions },
  );
}

// Why a report was not taken, in the service's own words where it gave some.
export const whyNot = (problem) =>
  (problem?.errors ?? []).map((one) => one.detail).join("; ") || problem?.detail || t(`face.${problem?.kind ?? "server"}`);

const TELLING = ["bad_ticket", "too_large", "server"];

// The service's own words name fields and never hold ticket text.
export function details({ kind, detail, errors, requestId }) {
  const english = (text) => h("span", { lang: "en", dir: "ltr" }, String(text ?? ""));
  const place = (text) => h("bdi", { class: "mono", dir: "ltr" }, String(text ?? ""));
  const fields = errors.map((one) => h("li", {}, place(one.field), " ", english(one.detail)));
  const isTelling = detail && TELLING.includes(kind) && !fields.length;
  const said = isTelling ? h("p", { lang: "en", dir: "ltr", class: "quiet" }, detail) : null;
  return [
    fields.length ? h("ul", { class: "plain" }, fields) : said,
    requestId ? h("p", { class: "quiet" }, t("face.request_id", { id: requestId })) : null,
  ];
}
