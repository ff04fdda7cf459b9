/** The figures: their names on the page, and how one is written. In: shares of GET /v1/insights. Out: words and elements. */

export const NAMES = {
  accepted: "Accepted",
  edited: "Accepted with changes",
  changed: "Changed",
  dismissed: "Dismissed",
  accepted_though_wrong: "Accepted though wrong",
  clear_then_escalated: "Called clear, escalated later",
  degraded: "Degraded readings",
};
export const BY_SIGHT = {
  agreed_with_sight: "Agreed, having seen the suggestion",
  agreed_without_sight: "Agreed, before seeing it",
  took_over: "Chose otherwise, then took the suggestion over",
  looked_first: "Looked without choosing",
};

const percent = (share) => `${(share * 100).toFixed(1)} %`;

/** "12.5 % [3.5, 36.0], 2 of 16"; of no cases nothing is known. */
export function words({ share, low, high, count, n }) {
  if (n === 0) return "no cases";
  return `${percent(share)} [${(low * 100).toFixed(1)}, ${(high * 100).toFixed(1)}], ${count} of ${n}`;
}

export function secondsWords({ n, p50, p90 }) {
  return n === 0 ? "no cases" : `p50 ${p50.toFixed(1)} s, p90 ${p90.toFixed(1)} s, n=${n}`;
}

export function element(tag, { text, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

/** A row of a table: its first cell is a head. */
export function row(head, ...cells) {
  const title = element("th", { scope: "row", dir: "auto" }, head);
  return element("tr", {}, title, ...cells.map((cell) => element("td", {}, cell)));
}

export function heads(...names) {
  return element("thead", {}, element("tr", {}, ...names.map((text) => element("th", { scope: "col", text }))));
}
