// Who the agent is, as a short-lived token. Comes in: the host, which hands it over. Goes out: the token for a request's header.
// It is held in memory only, and exchanged for a new one before it ends.

const FIRST_RENEWAL_MS = 60_000;
const SHARE_OF_LIFE = 0.75;
const SHORTEST_MS = 5_000;
const LONGEST_MS = 3_600_000; // a browser's timer cannot count to just any length, and fires at once past it

export class Session {
  #host;
  #token = undefined;
  #timer = null;

  constructor(host) {
    this.#host = host;
  }

  async token() {
    if (this.#token === undefined) {
      this.#token = (await this.#host.session()) || null;
      this.#renewIn(FIRST_RENEWAL_MS);
    }
    return this.#token;
  }

  // After a 401: whatever the host has now. True if that is another token than the one refused.
  async refresh() {
    const before = this.#token;
    this.#token = (await this.#host.session()) || null;
    return this.#token !== null && this.#token !== before;
  }

  #renewIn(milliseconds) {
    clearTimeout(this.#timer);
    if (this.#token) this.#timer = setTimeout(() => this.#renew(), Math.min(Math.max(milliseconds, SHORTEST_MS), LONGEST_MS));
  }

  async #renew() {
    const headers = { Authorization: `Bearer ${this.#token}`, Accept: "application/json" };
    try {
      const response = await fetch("/v1/sessions/renew", { method: "POST", headers, credentials: "omit", cache: "no-store" });
      if (!response.ok) return;
      const { token, expires_at } = await response.json();
      this.#token = token;
      this.#renewIn((Date.parse(expires_at) - Date.now()) * SHARE_OF_LIFE);
    } catch {
      this.#renewIn(FIRST_RENEWAL_MS);
    }
  }
}
