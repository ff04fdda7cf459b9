// Talks to the service. Comes in: a path and a body. Goes out: the answer's JSON, or a `Problem` that says what kind of trouble
// it is. It tries again by itself, with the same Idempotency-Key, wherever that is safe; nothing is ever asked of another
// origin.

const BACKOFF_SECONDS = [1, 2, 4, 8, 15, 30];
const ANSWER_SECONDS = 120;
const BUSY_ATTEMPTS = 6;

export class Problem extends Error {
  constructor(kind, { status = 0, detail = "", errors = [], requestId = "", retryAfter = null } = {}) {
    super(kind);
    Object.assign(this, { kind, status, detail, errors, requestId, retryAfter });
  }
}

export function asProblem(fault) {
  return fault instanceof Problem ? fault : new Problem("server", { detail: String(fault?.name ?? "") });
}

const KINDS = {
  400: "bad_ticket", 401: "unauthorised", 403: "forbidden", 404: "gone", 409: "busy", 410: "gone", 413: "too_large",
  415: "bad_ticket", 422: "bad_ticket", 429: "rate_limited", 502: "offline", 503: "busy", 504: "offline",
};
const WAITS = new Set(["offline", "rate_limited", "busy"]);

export class Api {
  #session;
  #sleepers = new Set();

  constructor(session) {
    this.#session = session;
    addEventListener("online", () => this.retryNow());
  }

  // `onWait({kind, seconds})` before each pause, `onWait(null)` when it goes on.
  async post(path, body, { key = crypto.randomUUID(), signal, onWait = () => {} } = {}) {
    return this.#send({ path, method: "POST", body: JSON.stringify(body), key, signal }, onWait);
  }

  async get(path, { onWait = () => {} } = {}) {
    return this.#send({ path, method: "GET" }, onWait);
  }

  // Asked once: where nothing comes of it, nothing is lost.
  async look(path) {
    const answer = await this.#once({ path, method: "GET" });
    if (answer instanceof Problem) throw answer;
    return answer;
  }

  retryNow() {
    for (const wake of [...this.#sleepers]) wake();
  }

  async #send(request, onWait) {
    let askedAgain = false;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#once(request);
      if (!(answer instanceof Problem)) return answer;
      if (answer.kind === "unauthorised" && !askedAgain) {
        askedAgain = true;
        if (await this.#session.refresh()) continue;
      }
      if (!WAITS.has(answer.kind) || (answer.kind !== "offline" && attempt >= BUSY_ATTEMPTS)) throw answer;
      await this.#pause(answer, attempt, request.signal, onWait);
    }
  }

  async #once({ path, method, body, key, signal }) {
    const token = await this.#session.token();
    const headers = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (key) headers["Idempotency-Key"] = key;
    if (token) headers.Authorization = `Bearer ${token}`;
    const timeout = AbortSignal.timeout(ANSWER_SECONDS * 1000);
    try {
      const options = {
        method,
        headers,
        body,
        credentials: "omit",
        cache: "no-store",
        signal: AbortSignal.any([timeout, signal].filter(Boolean)),
      };
      const response = await fetch(path, options);
      return response.ok ? await response.json() : await problemOf(response);
    } catch (fault) {
      if (signal?.aborted) throw new Problem("superseded");
      return new Problem("offline", { detail: fault.name });
    }
  }

  async #pause(problem, attempt, signal, onWait) {
    const backoff = BACKOFF_SECONDS[Math.min(attempt, BACKOFF_SECONDS.length - 1)];
    const seconds = Math.max(problem.retryAfter ?? backoff, 1);
    onWait({ kind: problem.kind, seconds });
    await new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, seconds * 1000);
      this.#sleepers.add(wake);
      signal?.addEventListener("abort", wake, { once: true });
    });
    if (signal?.aborted) throw new Problem("superseded");
    onWait(null);
  }
}

async function problemOf(response) {
  const given = await response.json().catch(() => ({}));
  const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new Problem(KINDS[response.status] ?? "server", {
    status: response.status,
    detail: String(given.detail ?? ""),
    errors: Array.isArray(given.errors) ? given.errors : [],
    requestId: String(given.request_id ?? response.headers.get("X-Request-ID") ?? ""),
    retryAfter: Number.isFinite(wait) ? wait : null,
  });
}
