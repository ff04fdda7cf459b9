// Customer text as it may be shown. Comes in: raw text. Goes out: nodes in which what cannot be seen is a visible mark, and the
// count of such characters. Letters that join in Persian, Hindi and others are spelling, and stay.

import { h } from "./dom.js";
import { t } from "./words.js";

const CONTROLS = "\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\u2028\\u2029";
const BLANK_LETTERS = "\\u115f\\u1160\\u2800\\u3164\\uffa0\\u034f\\u17b4\\u17b5";
const SELECTORS = "\\ufe00-\\ufe0e\\u{e0100}-\\u{e01ef}";
const HIDDEN = new RegExp(`(?:(?![\\n\\t\\r])[${CONTROLS}${BLANK_LETTERS}${SELECTORS}])+`, "gu");
const JOINS = /\p{Lo}|\p{Mn}|\p{Mc}|\p{Emoji}/u;

export function shown(text) {
  const pieces = [];
  let count = 0;
  let last = 0;
  for (const match of text.matchAll(HIDDEN)) {
    const characters = [...match[0]];
    if (isJoiner(characters) && JOINS.test([...text.slice(0, match.index).slice(-2)].at(-1) ?? "")) continue;
    count += characters.length;
    pieces.push(text.slice(last, match.index), h("span", { class: "hidden" }, mark(characters)));
    last = match.index + match[0].length;
  }
  pieces.push(text.slice(last));
  return { nodes: pieces.filter((piece) => piece !== ""), count };
}

// The same as one line of plain text, for menus and names of controls, which take no nodes.
export const marked = (text) => shown(text).nodes.map((node) => node.textContent ?? node).join("");

const isJoiner = (characters) => characters.length === 1 && ["\u200c", "\u200d"].includes(characters[0]);

function mark(characters) {
  const code = `U+${characters[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  return characters.length === 1 ? t("quote.mark_one", { code }) : t("quote.mark_many", { n: characters.length });
}

// A customer's words: by themselves in direction, so that they turn nothing around them. `IN_A_BLOCK` is for words in a block of
// their own with dir="auto": there the whole block takes their direction, its edge too.
export const IN_A_BLOCK = { dir: null };

export function customerText(text, tag = "span", attributes = {}) {
  const { nodes, count } = shown(text);
  const badge = count ? h("span", { class: "badge warn" }, t("quote.marks", { n: count })) : null;
  return [h(tag, { dir: "auto", class: "said", ...attributes }, nodes), badge];
}
