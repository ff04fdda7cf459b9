/** The list: one link for each case, which opens it. */
import { addressOf } from "./address.js";
import { isVeiled } from "./filter.js";
import { make, wordsOf } from "./dom.js";

const badgeOf = (line) =>
  make("span", { class: `badge ${line.status === "unscored" ? "" : line.badge === "as labelled" ? "fine" : `rank${line.rank}`}` }, line.badge);

const wentOf = (line) => {
  if (!line.went) return make("span", { class: "went" }, wordsOf(line.ended));
  const again = line.wrong > 0 && line.samples > 1 ? ` (${line.wrong} of ${line.samples} samples wrong)` : "";
  return make("span", { class: "went" }, `${wordsOf(line.gold[0])} → `, make("b", {}, wordsOf(line.went)), again);
};

const openingOf = (line, wanted, textOf) => {
  if (isVeiled(line, wanted)) return make("span", { class: "opening none" }, "held out");
  return make("bdi", { class: "opening" }, line.opening || textOf(line.id) || "no text");
};

const linkOf = (line, wanted, openingTextOf) =>
  make(
    "a",
    { href: addressOf({ ...wanted, case: line.id }), "data-case": line.id, "aria-current": line.id === wanted.case ? "true" : null },
    make("code", {}, line.id),
    badgeOf(line),
    wentOf(line),
    openingOf(line, wanted, openingTextOf),
  );

/** Draw the lines anew. `openingTextOf` gives the first words of a held-out ticket, which no line holds. */
export const drawList = (list, lines, wanted, openingTextOf) => {
  list.replaceChildren(...lines.map((line) => make("li", {}, linkOf(line, wanted, openingTextOf))));
};

/** Mark the open case in a list that is drawn. */
export const markOpen = (list, id) => {
  for (const link of list.querySelectorAll("a[aria-current]")) link.removeAttribute("aria-current");
  const link = list.querySelector(`a[data-case="${CSS.escape(id)}"]`);
  link?.setAttribute("aria-current", "true");
  link?.scrollIntoView({ block: "nearest" });
};
