/**
 * Which pages may embed the panel and speak to it: exact origins, never a pattern in a message and never "*".
 *
 * In: an address that somebody gave. Out: its origin, or null. The service's frame-ancestors header says the same to the
 * browser; this is the second lock.
 */

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
const ZENDESK_HOST = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.zendesk\.com$/;

/** The address as a bare origin; null where it has a path, a user, a wildcard, or is no http(s) address. */
export function bareOrigin(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const plain = address.replace(/\/$/, "").toLowerCase() === url.origin;
  return plain && (url.protocol === "https:" || url.protocol === "http:") ? url.origin : null;
}

/**
 * The origin that Zendesk names in the query, if it may be believed: an account's own host, or the panel's own origin.
 * Another origin on this machine is believed only by a panel that is itself served from this machine.
 */
export function zendeskOrigin(given, own) {
  const origin = bareOrigin(given ?? "");
  if (origin === null) return null;
  if (origin === own) return origin;
  const url = new URL(origin);
  if (url.protocol === "https:" && url.port === "" && ZENDESK_HOST.test(url.hostname)) return origin;
  return LOOPBACK.has(url.hostname) && LOOPBACK.has(new URL(own).hostname) ? origin : null;
}

/** The origins of `<meta name="copilot-frame-origins">`, spaces or commas between them, and the panel's own. */
export function frameOrigins(page) {
  const listed = metaContent(page, "copilot-frame-origins").split(/[\s,]+/);
  return new Set([page.location.origin, ...listed.map(bareOrigin).filter((origin) => origin !== null)]);
}

/** What the server wrote into a meta element of the page; empty where there is none. */
export function metaContent(page, name) {
  return page.document.querySelector(`meta[name="${name}"]`)?.getAttribute("content")?.trim() ?? "";
}
