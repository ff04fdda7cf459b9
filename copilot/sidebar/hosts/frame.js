/**
 * The panel inside any page: the plain iframe protocol of docs/frame.md, and Chatwoot's event.
 *
 * `connect(page)` gives the host object. Only the embedding window is listened to, and only if its origin is this page's own
 * or stands in `<meta name="copilot-frame-origins">`; nothing is posted to another origin. Every question is bounded in time.
 */
import { ASK, appContext, contextToTicket } from "./chatwoot.js";
import { HostFault, within } from "./fault.js";
import { frameOrigins, metaContent } from "./origins.js";

const PROTOCOL = "triage-copilot";
const VERSION = 1;
const TICKET_MS = 10_000;
const SESSION_MS = 3_000;
const NOTE_MS = 15_000;
const REVEAL_MS = 1_000;
const ACT_MS = 5_000; // a page of an older protocol says nothing
const DONE = new Set(["mode", "note", "group", "reply"]);
const REFUSALS = new Set([
  "other_ticket", "public_reply", "draft_in_reply", "note_changed", "note_gone", "reply_in_note", "no_group", "host_error",
  "internal_note", "draft_in_note", "note_in_reply",
]);

export async function connect(given = globalThis) {
  const page = given.defaultView ?? given;
  if (page.parent === page) throw new HostFault("no_host", "the page is not embedded in a console");
  const talk = new Talk(page, targets(page));
  talk.post({ type: "ready" });

  return {
    kind: "frame",
    resumed: null,
    ticket: async () => checked(await talk.ticket()),
    session: async () => metaContent(page, "copilot-session") || (await talk.session()),
    onChange: (callback) => talk.changes.push(callback),
    useNote: (work) => talk.useNote(work),
    setGroup: ({ ticket, route, queue = null }) => talk.act({ type: "set-group", ticket, route, queue }, "group-set"),
    takeBack: ({ ticket, note = null, before = null }) => talk.act({ type: "take-back", ticket, note, before }, "taken-back"),
    useReply: (work) => talk.useReply(work),
    reveal: async (message) => (await talk.ask({ type: "reveal", message }, "revealed", REVEAL_MS).catch(() => ({}))).shown === true,
    resize: (px) => talk.post({ type: "resize", height: Math.max(0, Math.ceil(px)) }),
    notify: (kind, text) => talk.post({ type: "notify", kind, text: String(text) }),
  };
}

/** Where to post: the embedding page's origin if the browser tells it and it is allowed, else each allowed one. */
function targets(page) {
  const allowed = frameOrigins(page);
  const told = page.location.ancestorOrigins?.[0] ?? originOf(page.document.referrer);
  if (!told) return [...allowed];
  if (!allowed.has(told)) throw new HostFault("origin", "the embedding page is not among the allowed origins");
  return [told];
}

function originOf(address) {
  try {
    return new URL(address).origin;
  } catch {
    return null;
  }
}

function checked(ticket) {
  if (ticket === null || typeof ticket !== "object" || Array.isArray(ticket)) throw new HostFault("host_error", "the ticket is no object");
  if (!Array.isArray(ticket.messages) || ticket.messages.length === 0) throw new HostFault("no_text", "the ticket holds no text yet");
  return ticket;
}

/** The conversation with the embedding page. */
class Talk {
  changes = [];
  #waiting = new Map();
  #last = 0;
  #shown = null; // the id of the ticket that the page handed over last
  #isSilent = false; // Chatwoot tells, and answers nothing: whatever else is asked of it need not be waited for.

  constructor(page, origins) {
    this.page = page;
    this.origins = origins;
    page.addEventListener("message", (event) => this.#hear(event));
  }

  post(message) {
    for (const origin of this.origins) this.page.parent.postMessage({ protocol: PROTOCOL, version: VERSION, ...message }, origin);
  }

  /** Post a question and wait for the answer: one of its type, with its id if the page gives one. */
  async ask(message, answer, milliseconds) {
    if (this.#isSilent && answer !== "ticket") throw new HostFault("no_answer", `${message.type}: the page answers no questions`);
    const id = `q${++this.#last}`;
    const answered = new Promise((resolve) => this.#waiting.set(id, { answer, resolve }));
    this.post({ ...message, id });
    try {
      return await within(milliseconds, message.type, answered);
    } finally {
      this.#waiting.delete(id);
    }
  }

  async ticket() {
    const asked = this.ask({ type: "ticket-wanted" }, "ticket", TICKET_MS);
    for (const origin of this.origins) this.page.parent.postMessage(ASK, origin);
    const { ticket } = await asked;
    this.#shown = ticket?.id ?? null;
    return ticket;
  }

  async session() {
    const answer = await this.ask({ type: "session-wanted" }, "session", SESSION_MS).catch(() => ({}));
    return typeof answer.token === "string" && answer.token !== "" ? answer.token : null;
  }

  /** A note of a ticket that the page no longer shows is not even offered to it. */
  async useNote({ ticket = this.#shown, note, route, queue = null, labels = [], replaces = null }) {
    if (ticket !== this.#shown) return { done: [], refused: "other_ticket" };
    const work = { type: "use-note", ticket, note, route, queue, labels, replaces };
    return this.#used(work, "note-used");
  }

  /** A question to the customer; `note` is our note that the page put in before, which must not be in the same text. */
  async useReply({ ticket = this.#shown, text, note = null }) {
    if (ticket !== this.#shown) return { done: [], refused: "other_ticket" };
    return this.#used({ type: "use-reply", ticket, text, note }, "reply-used");
  }

  async #used(work, name) {
    const answer = await this.ask(work, name, NOTE_MS).catch(() => null);
    return answer === null ? { done: [], refused: "host_error" } : outcome(answer);
  }

  /** The same for what a page need not know: one that does not answer cannot do it. */
  async act(work, answer) {
    if (work.ticket !== this.#shown) return { done: [], refused: "other_ticket" };
    const given = await this.ask(work, answer, ACT_MS).catch(() => null);
    return given === null ? { done: [], refused: "cannot" } : outcome(given);
  }

  #hear(event) {
    if (event.source !== this.page.parent || !this.origins.includes(event.origin)) return;
    const context = appContext(event.data);
    if (context !== null) this.#takeContext(context);
    else if (event.data?.protocol === PROTOCOL && event.data.version === VERSION) this.#take(event.data);
  }

  #takeContext(context) {
    this.#isSilent = true;
    const ticket = contextToTicket(context);
    this.#shown = ticket.id;
    if (!this.#settle({ type: "ticket", ticket })) this.#changed();
  }

  #take(message) {
    this.#isSilent = false;
    if (message.type === "ticket-changed") this.#changed();
    else this.#settle(message);
  }

  #changed() {
    this.changes.forEach((callback) => callback());
  }

  /** Hands an answer to the question it belongs to; false where nobody asked. */
  #settle(message) {
    const fits = ([id, waiting]) => waiting.answer === message.type && (message.id === undefined || message.id === id);
    const found = [...this.#waiting].find(fits);
    found?.[1].resolve(message);
    return found !== undefined;
  }
}

/** What a page says it did, without what the protocol has no word for. `before` is the page's own, and goes back to it unread. */
function outcome({ done, refused = null, before }) {
  const known = (Array.isArray(done) ? done : []).filter((one) => DONE.has(one));
  return { done: known, refused: refused === null || REFUSALS.has(refused) ? refused : "host_error", ...(before ? { before } : {}) };
}
