/**
 * What other policies and readers would have decided beside the service. In: figures of GET /v1/insights/shadow, and how a ticket is
 * linked. Out: one part of the page for each contender; none where nothing was compared.
 */
import { element, heads, row, words } from "./figures.js";

const plain = (code) => code.replaceAll("_", " ");
const decided = (route, labels) => [plain(route), ...labels.map(plain)].join(", ");

/** Fills the place, and hides it where there is no contender. */
export function drawShadow(place, contenders, ticketLink) {
  place.hidden = contenders.length === 0;
  place.replaceChildren(place.querySelector("h2"), ...contenders.map((one, index) => contenderPart(one, `contender-${index}`, ticketLink)));
}

function contenderPart(one, id, ticketLink) {
  const title = element("h3", { id, text: one.contender });
  const figures = [
    ["Same team and labels", words(one.agreed)],
    ...one.by_route.map((change) => [`${plain(change.suggested)} → ${plain(change.contender)}`, `${change.count}${change.suggested === change.contender ? ", other labels" : ""}`]),
    ...["gone", "undecided", "degraded"].filter((why) => one[why]).map((why) => [WITHOUT[why], String(one[why])]),
  ].map(([name, value]) => row(name, value));
  const summary = table(id, heads("Compared", "Share [interval], cases"), figures);
  if (one.differing.length === 0) return element("div", {}, title, summary);
  const told = `${one.differing.length}${one.is_cut ? " latest" : ""} tickets that it would have sent elsewhere or labelled otherwise:`;
  const rows = one.differing.map((ticket) =>
    row(ticketLink(ticket), ticket.created_at.slice(0, 16).replace("T", " "), decided(ticket.suggested, ticket.suggested_labels), decided(ticket.contender, ticket.contender_labels)),
  );
  return element("div", {}, title, summary, element("p", { text: told }), table(id, heads("Ticket", "First read (UTC)", "Suggested", "Would be"), rows));
}

const WITHOUT = {
  gone: "Not compared: the text was gone",
  undecided: "Not compared: its policy could not decide",
  degraded: "Not compared: another reader answered for it",
};

function table(labelledBy, head, rows) {
  const region = element("div", { className: "scroll", tabIndex: 0 }, element("table", {}, head, element("tbody", {}, ...rows)));
  region.setAttribute("role", "region");
  region.setAttribute("aria-labelledby", labelledBy);
  return region;
}
