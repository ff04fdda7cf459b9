// Reports on their way to the service. Comes in: what an agent did with a suggestion. Goes out: that report, once, under one
// Idempotency-Key, however often the page is loaded anew meanwhile. Each is kept in the browser until the service took it, a
// person let it go, or a week is over. The service knows a key for a day: after that, only a person sends it again.

import { asProblem } from "./api.js";

const PREFIX = "triage-copilot:report:";
const MOST_KEPT = 50;
const SURE_MS = 23 * 3_600_000;
const LIFE_MS = 7 * 24 * 3_600_000;
const AGAIN_MS = 60_000;
const PASSING = new Set(["offline", "rate_limited", "busy", "unauthorised", "server"]);

export class Outbox {
  #memory = new Map(); // what the browser would not keep
  #underWay = new Map(); // key: what ends the attempt
  #timer = null;

  // `tell(report, {recorded, problem})`: `recorded` is sending, waiting, yes or no.
  constructor(api, tell) {
    Object.assign(this, { api, tell });
    addEventListener("online", () => this.drain());
  }

  // Oldest first.
  list() {
    const found = [...this.#stored(), ...this.#memory.values()];
    return found.sort((one, other) => one.at - other.at);
  }

  of(suggestion) {
    return this.list().find((report) => report.suggestion === suggestion) ?? null;
  }

  // The last word on a suggestion counts: one that is still on its way is taken back.
  send({ suggestion, ticket, body }) {
    for (const earlier of this.list()) if (earlier.suggestion === suggestion) this.letGo(earlier.key);
    const report = { key: crypto.randomUUID(), at: Date.now(), suggestion, ticket, body, state: "sending" };
    this.#keep(report);
    this.#attempt(report);
    return report;
  }

  // What may be sent without asking; with `isAsked`, everything.
  async drain(isAsked = false) {
    if (isAsked) this.api.retryNow();
    for (const report of this.list()) {
      if (isAsked || (report.state !== "no" && Date.now() - report.at < SURE_MS)) await this.#attempt(report);
    }
  }

  letGo(key) {
    this.#underWay.get(key)?.abort();
    this.#memory.delete(key);
    try {
      window.localStorage.removeItem(PREFIX + key);
    } catch {
      // It was in memory only.
    }
  }

  async #attempt(report) {
    if (this.#underWay.has(report.key)) return;
    const ending = new AbortController();
    this.#underWay.set(report.key, ending);
    const path = `/v1/suggestions/${encodeURIComponent(report.suggestion)}/feedback`;
    const onWait = (wait) => this.#became(report, wait ? "waiting" : "sending");
    try {
      const { id } = await this.api.post(path, report.body, { key: report.key, signal: ending.signal, onWait });
      this.letGo(report.key);
      this.tell(report, { recorded: "yes", feedback: id });
    } catch (fault) {
      if (!ending.signal.aborted) this.#failed(report, asProblem(fault));
    } finally {
      this.#underWay.delete(report.key);
    }
  }

  #failed(report, problem) {
    const { kind, detail, errors } = problem;
    this.#became(report, PASSING.has(kind) ? "waiting" : "no", { kind, detail, errors });
    if (PASSING.has(kind)) this.#timer ??= setTimeout(() => ((this.#timer = null), this.drain()), AGAIN_MS);
  }

  #became(report, state, problem = null) {
    Object.assign(report, { state, problem });
    this.#keep(report);
    this.tell(report, { recorded: state, problem });
  }

  #keep(report) {
    const { key } = report;
    try {
      const isKnown = window.localStorage.getItem(PREFIX + key) !== null;
      if (!isKnown && this.#stored().length >= MOST_KEPT) throw new RangeError("too many are kept");
      window.localStorage.setItem(PREFIX + key, JSON.stringify(report));
      this.#memory.delete(key);
    } catch {
      this.#memory.set(key, Object.assign(report, { isFleeting: true }));
    }
  }

  #stored() {
    try {
      const names = Object.keys(window.localStorage).filter((name) => name.startsWith(PREFIX));
      return names.map((name) => read(name)).filter((report) => report !== null && !this.#memory.has(report.key));
    } catch {
      return [];
    }
  }
}

// A report as it was kept; what is unreadable or past its time is removed.
function read(name) {
  let report = null;
  try {
    report = JSON.parse(window.localStorage.getItem(name));
  } catch {
    // No report of ours.
  }
  if (report?.suggestion && report.body && Date.now() - report.at < LIFE_MS) return report;
  window.localStorage.removeItem(name);
  return null;
}
