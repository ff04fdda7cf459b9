// Small pieces that several views share: buttons with their key, menus, badges, sections.

import { h, icon, ICONS } from "./dom.js";
import { t } from "./words.js";

export function button(action, words, { key, kind = "", arg, arg2, label, held, ...more } = {}) {
  const given = {
    type: "button",
    class: `button ${kind}`.trim(),
    "data-do": action,
    "data-arg": arg,
    "data-arg2": arg2,
    "aria-label": label,
  };
  const hint = key ? { "aria-keyshortcuts": key } : {};
  return h(
    "button",
    { ...given, ...hint, "aria-disabled": held ? "true" : null, ...more },
    h("span", {}, words),
    key ? h("kbd", { "aria-hidden": "true" }, key) : null,
  );
}

// A menu. `options` are [value, words]; the change goes to `action` with its two arguments.
export function menu(action, { value, options, label, arg, arg2, kind = "", ...more }) {
  const choices = options.map(([one, words]) => h("option", { value: one }, words));
  const given = {
    "data-change": action,
    "data-arg": arg,
    "data-arg2": arg2,
    "data-value": value,
    "aria-label": label,
    class: `menu ${kind}`.trim(),
  };
  return h("select", { ...given, ...more }, choices);
}

export function section(name, title, ...children) {
  const id = `${name}-title`;
  return h("section", { class: name, "data-key": name, "aria-labelledby": id }, h("h2", { id, tabindex: "-1" }, title), children);
}

// The first few of a list, and a button for the others. `name` is the list's own, for as long as the suggestion stands.
export function few(state, name, most, list, draw) {
  const isAll = list.length <= most || state.all.includes(name);
  const more = { arg: name, kind: "small quiet", "data-key": "more" };
  return [(isAll ? list : list.slice(0, most)).map(draw), isAll ? null : button("showAll", t("face.show_all", { n: list.length }), more)];
}

export const badge = (words, kind = "") => h("span", { class: `badge ${kind}`.trim() }, words);

export function notice(key, { kind = "", sign, title, text, body, actions, role }) {
  return h(
    "div",
    { class: `notice ${kind}`.trim(), "data-key": key, role },
    sign ? icon(ICONS[sign]) : null,
    h(
      "div",
      { class: "notice-text" },
      h("strong", {}, title),
      text ? h("p", {}, text) : null,
      body,
      actions?.length ? h("div", { class: "row" }, actions) : null,
    ),
  );
}

// The rule's id and the statements of the policy that it follows here.
export function source({ rule, statements }) {
  const [id] = rule.split("_");
  const words = t(statements.length ? "decision.rule_id" : "decision.rule_only", { rule: id, statements: statements.join(" ") });
  return h("bdi", { class: "id", title: rule, dir: "ltr" }, words);
}

export const when = (wait) => t(
  wait.kind === "offline" ? "face.offline_what" : "face.retry_after",
  { n: Math.ceil(wait.seconds) },
);
