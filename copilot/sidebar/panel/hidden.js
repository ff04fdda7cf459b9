// Customer text as it may be shown. Comes in: raw text. Goes out: nodes in which what cannot be seen is a visible mark, and the
// count of such characters. Letters that join in Persian, Hindi and others are spelling, and stay.

import { h } from "./dom.js";
import { t } from "./words.js";

// The tables of copilot/hidden.py; a test compares them. What is not assigned is for the browser to know.
const HIDDEN_CHARACTERS =
  "\\u{0}-\\u{8}\\u{b}-\\u{c}\\u{e}-\\u{1f}\\u{7f}-\\u{9f}\\u{ad}\\u{34f}\\u{600}-\\u{605}\\u{61c}\\u{6dd}\\u{70f}" +
  "\\u{890}-\\u{891}\\u{8e2}\\u{115f}-\\u{1160}\\u{17b4}-\\u{17b5}\\u{180b}-\\u{180f}\\u{200b}-\\u{200f}" +
  "\\u{2028}-\\u{202e}\\u{2060}-\\u{206f}\\u{2800}\\u{3164}\\u{d800}-\\u{f8ff}\\u{fdd0}-\\u{fdef}" +
  "\\u{fe00}-\\u{fe0f}\\u{feff}\\u{ffa0}\\u{fff0}-\\u{fffb}\\u{fffe}-\\u{ffff}\\u{110bd}\\u{110cd}" +
  "\\u{13430}-\\u{1343f}\\u{16fe4}\\u{1bca0}-\\u{1bca3}\\u{1d159}\\u{1d173}-\\u{1d17a}\\u{1fffe}-\\u{1ffff}" +
  "\\u{2fffe}-\\u{2ffff}\\u{3fffe}-\\u{3ffff}\\u{4fffe}-\\u{4ffff}\\u{5fffe}-\\u{5ffff}\\u{6fffe}-\\u{6ffff}" +
  "\\u{7fffe}-\\u{7ffff}\\u{8fffe}-\\u{8ffff}\\u{9fffe}-\\u{9ffff}\\u{afffe}-\\u{affff}\\u{bfffe}-\\u{bffff}" +
  "\\u{cfffe}-\\u{cffff}\\u{dfffe}-\\u{e0fff}\\u{efffe}-\\u{10ffff}";
const EMOJI_CHARACTERS =
  "\\u{a9}\\u{ae}\\u{203c}\\u{2049}\\u{2122}\\u{2139}\\u{2190}-\\u{21ff}\\u{2300}-\\u{27bf}\\u{2900}-\\u{297f}" +
  "\\u{2b00}-\\u{2bff}\\u{3030}\\u{303d}\\u{3297}\\u{3299}\\u{1f000}-\\u{1faff}";
const HIDDEN = new RegExp(`[${HIDDEN_CHARACTERS}\\p{Cn}]`, "u");
const EMOJI = new RegExp(`[${EMOJI_CHARACTERS}]`, "u");
const JOINED = /\p{Lo}|\p{Mn}|\p{Mc}/u;
const JOINERS = ["\u200c", "\u200d"];
const PRESENTATIONS = ["\ufe0e", "\ufe0f"];

export function shown(text) {
  const pieces = [];
  let count = 0;
  let plain = "";
  let run = [];
  const flush = () => {
    pieces.push(plain, run.length ? h("span", { class: "hidden" }, mark(run)) : "");
    count += run.length;
    [plain, run] = ["", []];
  };
  const characters = [...text];
  characters.forEach((character, at) => {
    const isHidden = HIDDEN.test(character) && !isSpelling(characters, at);
    if (!isHidden && run.length) flush();
    if (isHidden) run.push(character);
    else plain += character;
  });
  flush();
  return { nodes: pieces.filter((piece) => piece !== ""), count };
}

// The same as one line of plain text, for menus and names of controls, which take no nodes.
export const marked = (text) => shown(text).nodes.map((node) => node.textContent ?? node).join("");

// A joiner between joined letters or emoji, and the sign that says how an emoji or a keycap is drawn.
function isSpelling(characters, at) {
  const [before, character] = [characters[at - 1] ?? "", characters[at]];
  if (PRESENTATIONS.includes(character)) return EMOJI.test(before) || (/[0-9#*]/.test(before) && characters[at + 1] === "\u20e3");
  if (!JOINERS.includes(character)) return false;
  const isInEmoji = EMOJI.test(before) || (PRESENTATIONS.includes(before) && EMOJI.test(characters[at - 2] ?? ""));
  return isInEmoji ? character === "\u200d" : JOINED.test(before) && !HIDDEN.test(before);
}

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
