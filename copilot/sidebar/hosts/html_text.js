/**
 * A message's HTML as the text that a person reads in it.
 *
 * The HTML is parsed into a document of its own that has no window: nothing in it runs and nothing is loaded. Blocks become
 * lines, quoted mail keeps its arrows, and what is not shown (scripts, styles, attributes) is left out. Out: plain text.
 */

const UNSEEN = new Set(
  "SCRIPT STYLE TEMPLATE NOSCRIPT NOEMBED NOFRAMES HEAD TITLE META LINK OBJECT EMBED IFRAME AUDIO VIDEO CANVAS SVG MATH TEXTAREA SELECT".split(
    " ",
  ),
);
const BLOCKS = new Set(
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DETAILS DIV DL DT FIELDSET FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION SUMMARY TABLE TBODY TFOOT THEAD TR UL".split(
    " ",
  ),
);
const DEEPEST = 200;

export function htmlToText(html, page) {
  const inert = new page.DOMParser().parseFromString(html, "text/html");
  return tidied(linesOf(inert.body ?? inert.documentElement, 0));
}

/** The element's text; a line break before and after every block. */
function linesOf(element, depth) {
  if (depth > DEEPEST) return element.textContent ?? "";
  let text = "";
  for (const node of element.childNodes) {
    if (node.nodeType === 3) text += inPre(element) ? node.data : node.data.replace(/[ \t\r\n\f]+/g, " ");
    else if (node.nodeType === 1) text = joined(text, node, depth);
  }
  return text;
}

function joined(text, element, depth) {
  const tag = element.tagName.toUpperCase();
  if (UNSEEN.has(tag)) return text;
  if (tag === "BR") return `${text}\n`;
  let inner = linesOf(element, depth + 1);
  if (tag === "LI") inner = `- ${inner.trim()}`;
  if (tag === "TD" || tag === "TH") inner = ` ${inner} `;
  if (tag === "BLOCKQUOTE") inner = tidied(inner).replace(/^/gm, "> ");
  if (!BLOCKS.has(tag)) return text + inner;
  const gap = tag === "P" || tag === "BLOCKQUOTE" ? "\n\n" : "\n";
  return `${text}${gap}${inner}${gap}`;
}

function inPre(element) {
  return element.closest("pre") !== null;
}

/** No blank at the ends of lines, no more than one empty line, none at the ends. */
function tidied(text) {
  return text
    .replace(/\u00a0/g, " ")
    .replace(/[ \t]*\n[ \t]*/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
