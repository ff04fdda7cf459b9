/**
 * A message's HTML as the text that a person reads in it.
 *
 * Attributes are taken off first, then the rest is parsed into a document that has no window: nothing runs, nothing is loaded, and
 * the page's content security policy has nothing to report. Blocks become lines, quoted mail keeps its arrows. Only scripts, styles
 * and templates are left out: of two ways to read a message, the one that reads more is the safer. Out: plain text.
 */

const TAG = /<(\/?)([a-zA-Z][^\s/<>]*)(?:"[^"]*"|'[^']*'|[^'"<>])*>/g;
const STYLE = `x-${crypto.randomUUID()}`;
const UNSEEN = new Set(["SCRIPT", "STYLE", "TEMPLATE", STYLE.toUpperCase()]);
const BLOCKS = new Set(
  (
    "ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DETAILS DIV DL DT FIELDSET FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P " +
    "PRE SECTION SUMMARY TABLE TBODY TFOOT THEAD TR UL"
  ).split(" "),
);
const PARAGRAPHS = new Set(["P", "BLOCKQUOTE"]);
const DEEPEST = 200;

export function htmlToText(html, page) {
  const inert = new page.DOMParser().parseFromString(html.replace(TAG, bareTag), "text/html");
  return tidied(textIn(inert.body ?? inert.documentElement, { depth: 0, isPre: false }));
}

/** The tag without attributes. A style sheet gets a name that no message can know, so that it is never applied. */
function bareTag(_, slash, name) {
  return `<${slash}${name.toLowerCase() === "style" ? STYLE : name}>`;
}

/** The element's text, with a line break before and after every block. */
function textIn(element, { depth, isPre }) {
  if (depth > DEEPEST) return element.textContent ?? "";
  let text = "";
  for (const node of element.childNodes) {
    if (node.nodeType === 3) text += isPre ? node.data : node.data.replace(/[ \t\r\n\f]+/g, " ");
    else if (node.nodeType === 1) text += textOf(node, { depth: depth + 1, isPre: isPre || node.tagName === "PRE" });
  }
  return text;
}

function textOf(element, place) {
  const tag = element.tagName.toUpperCase();
  if (UNSEEN.has(tag)) return "";
  if (tag === "BR") return "\n";
  const inner = textIn(element, place);
  if (tag === "TD" || tag === "TH") return ` ${inner} `;
  if (!BLOCKS.has(tag)) return inner;
  const gap = PARAGRAPHS.has(tag) ? "\n\n" : "\n";
  return gap + marked(tag, inner) + gap;
}

/** A list item has its dash, and every line of quoted mail its arrow. */
function marked(tag, inner) {
  if (tag === "LI") return `- ${inner.trim()}`;
  return tag === "BLOCKQUOTE" ? tidied(inner).replace(/^/gm, "> ") : inner;
}

/** No blanks at the ends of lines, no more than one empty line, none at the ends. */
function tidied(text) {
  const lines = text.replace(/\u00a0/g, " ").split("\n").map((line) => line.trim());
  return lines.join("\n").replace(/\n{3,}/g, "\n\n").trim();
}
