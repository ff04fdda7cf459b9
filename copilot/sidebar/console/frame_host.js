/**
 * A page that embeds the panel by the plain iframe protocol, or as Chatwoot does.
 *
 * In: the desk and the iframe. It hands over the ticket with what the marketplace's records say, takes a note of the open ticket
 * through a guard of its own, shows a message on demand, and tells changes. It hears its own iframe and its own origin only.
 */
import { holdsMost, withNote, withoutNote } from "../hosts/composer_text.js";
import { toTicket } from "../hosts/conversation.js";
import { htmlToText } from "../hosts/html_text.js";
import { valueAt } from "./values.js";

const PROTOCOL = "triage-copilot";
const VERSION = 1;
const PATHS = ["ticket.id", "ticket.subject", "ticket.conversation", "ticket.requester"];

export class FrameHost {
  #controller = new AbortController();
  #asked = null; // the question that was put in last

  constructor(desk, frame, { reveal, session, chatwoot = false }) {
    Object.assign(this, { desk, frame, reveal, session, chatwoot });
    const { signal } = this.#controller;
    window.addEventListener("message", (event) => this.#hear(event), { signal });
    desk.addEventListener("conversation", () => (chatwoot ? this.#postContext() : this.#post({ type: "ticket-changed" })), { signal });
  }

  close() {
    this.#controller.abort();
  }

  ticket() {
    const fields = this.desk.fieldIds;
    const custom = Object.values(fields).map((id) => `ticket.customField:custom_field_${id}`);
    return toTicket(Object.fromEntries([...PATHS, ...custom].map((path) => [path, valueAt(this.desk, path)])), window, fields);
  }

  #post(message) {
    this.frame.contentWindow?.postMessage({ protocol: PROTOCOL, version: VERSION, ...message }, location.origin);
  }

  #hear(event) {
    if (event.source !== this.frame.contentWindow || event.origin !== location.origin) return;
    if (event.data === "chatwoot-dashboard-app:fetch-info" && this.chatwoot) this.#postContext();
    if (this.chatwoot || event.data?.protocol !== PROTOCOL || event.data.version !== VERSION) return;
    this.desk.calls.push({ request: event.data.type, params: structuredClone(event.data) });
    ANSWERS[event.data.type]?.(this, event.data, (message) => this.#post({ ...message, id: event.data.id }));
  }

  /** Guarded here as well: whatever a page embeds, its composer is its own to protect. */
  useNote({ ticket, note, route, queue, replaces }) {
    if (ticket && ticket !== this.ticket().id) return { done: [], refused: "other_ticket" };
    if (this.desk.form.mode === "publicReply" && this.desk.form.text.trim() !== "") return { done: [], refused: "draft_in_reply" };
    this.desk.edit({ mode: "internalNote" });
    if (this.desk.form.mode !== "internalNote") return { done: [], refused: "public_reply" };
    if (this.#asked !== null && holdsMost(this.desk.form.text, this.#asked)) return { done: ["mode"], refused: "reply_in_note" };
    const text = withNote(this.desk.form.text, note, replaces);
    if (text === null) return { done: ["mode"], refused: "note_changed" };
    this.desk.edit({ text });
    const { done, ...more } = this.setGroup({ ticket, route, queue });
    return { ...more, done: ["mode", "note", ...done], refused: null };
  }

  setGroup({ ticket, route, queue }) {
    if (ticket && ticket !== this.ticket().id) return { done: [], refused: "other_ticket" };
    const group = this.desk.groupMap[queue] ?? this.desk.groupMap[route];
    if (group === undefined) return { done: [], refused: "no_group" };
    const before = { was: this.desk.form.group, set: group };
    this.desk.edit({ group });
    return { done: ["group"], refused: null, before };
  }

  /** What the agent changed since is theirs, and stays. */
  takeBack({ ticket, note, before }) {
    if (ticket !== this.ticket().id) return { done: [], refused: "other_ticket" };
    const done = [];
    const { text, group } = this.desk.form;
    const rest = note === null ? null : withoutNote(text, note);
    if (rest !== null) done.push("note") && this.desk.edit({ text: rest });
    if (before !== null && group === before.set) done.push("group") && this.desk.edit({ group: before.was });
    const isLeft = note !== null && rest === null;
    return { done, refused: isLeft ? (holdsMost(text, note) ? "note_changed" : "note_gone") : null };
  }

  /** The other way round: a question to the customer goes into a public reply or nowhere. */
  useReply({ ticket, text, note }) {
    if (ticket && ticket !== this.ticket().id) return { done: [], refused: "other_ticket" };
    if (this.desk.form.mode === "internalNote" && this.desk.form.text.trim() !== "") return { done: [], refused: "draft_in_note" };
    this.desk.edit({ mode: "publicReply" });
    if (this.desk.form.mode !== "publicReply") return { done: [], refused: "internal_note" };
    if (note && holdsMost(this.desk.form.text, note)) return { done: ["mode"], refused: "note_in_reply" };
    this.#asked = text;
    this.desk.edit({ text: withNote(this.desk.form.text, text) });
    return { done: ["mode", "reply"], refused: null };
  }

  #postContext() {
    this.frame.contentWindow?.postMessage(JSON.stringify({ event: "appContext", data: asContext(this.desk) }), location.origin);
  }
}

const ANSWERS = {
  "ticket-wanted": (host, _, answer) => answer({ type: "ticket", ticket: host.ticket() }),
  "session-wanted": (host, _, answer) => answer({ type: "session", token: host.session() }),
  "use-note": (host, work, answer) => answer({ type: "note-used", ...host.useNote(work) }),
  "set-group": (host, work, answer) => answer({ type: "group-set", ...host.setGroup(work) }),
  "take-back": (host, work, answer) => answer({ type: "taken-back", ...host.takeBack(work) }),
  "use-reply": (host, work, answer) => answer({ type: "reply-used", ...host.useReply(work) }),
  reveal: (host, { message }, answer) => answer({ type: "revealed", shown: host.reveal(message) }),
  notify: (host, { kind, text }) => host.desk.notice(kind, String(text)),
};

/** The open ticket in the shape that Chatwoot posts. */
function asContext({ current, agent }) {
  const messages = current.conversation.map((item, index) => ({
    id: index + 1,
    content: item.message.contentType === "text/html" ? htmlToText(item.message.content, window) : item.message.content,
    message_type: item.author.role === "agent" ? 1 : 0,
    private: item.channel.name === "internal",
    created_at: Date.parse(item.timestamp) / 1000,
    sender: { id: item.author.id, name: item.author.name, type: item.author.role === "agent" ? "user" : "contact" },
  }));
  const contact = { id: current.requester.id, name: current.requester.name };
  return { conversation: { id: current.id, messages, meta: { sender: contact } }, contact, currentAgent: { id: agent.id, name: agent.name } };
}
