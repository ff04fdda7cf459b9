/**
 * Faults between the panel and its service, made in the panel's own window: it is of this origin, so its `fetch` can be wrapped.
 *
 * In: the iframe and a function that names the fault of the moment: normal, slow, offline, expired, busy.
 */
const SLOW_MS = 6_000;
const WRAPPED = Symbol("wrapped");
// The panel's own files, its words among them: without these there is no panel to show a fault.
const OWN_FILES = "/assets/";

export function simulateNetwork(frame, fault) {
  const page = frame.contentWindow;
  if (page === null || page[WRAPPED]) return;
  const real = page.fetch.bind(page);
  page[WRAPPED] = true;
  page.fetch = async (...given) => {
    if (String(given[0]?.url ?? given[0]).includes(OWN_FILES)) return real(...given);
    switch (fault()) {
      case "offline":
        throw new page.TypeError("Failed to fetch");
      case "expired":
        return problem(page, 401, "unauthorised", "The session has ended", {});
      case "busy":
        return problem(page, 503, "busy", "The service is busy", { "Retry-After": "5" });
      case "slow":
        await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    }
    return real(...given);
  };
}

/** Tells the panel's window that the connection is gone, or back. */
export function tellConnection(frame, isOnline) {
  const page = frame.contentWindow;
  if (page === null) return;
  Object.defineProperty(page.navigator, "onLine", { configurable: true, get: () => isOnline });
  page.dispatchEvent(new page.Event(isOnline ? "online" : "offline"));
}

function problem(page, status, code, title, headers) {
  const body = { type: `/problems/${code}`, title, status, detail: "Simulated by the console.", code, request_id: "simulated" };
  return new page.Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json", ...headers } });
}
