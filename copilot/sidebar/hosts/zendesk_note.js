/**
 * The note into Zendesk's composer, behind a guard: it goes into an internal note or nowhere.
 *
 * In: the console's client and `{ticket, note, route, queue, replaces}`. Out: `{done, refused}`. It never submits, never touches
 * another ticket's composer or one that holds a public reply, and replaces nothing but an unchanged note of our own. The agent's
 * own submit is watched as well: a save of a public reply that holds the note is stopped with a message.
 */
import { holdsMost, withNote } from "./composer_text.js";
import { pause } from "./fault.js";
import { htmlToText } from "./html_text.js";
import * as pending from "./pending.js";

const MODE = "internalNote";
const TRIES = 15;
const BETWEEN_TRIES_MS = 100;
const PLAIN_MARKUP = /<(?!\/?(?:p|div|br)\b)[a-z!/]/i;
const STAYS = new Set(["no_escalation", "agent_review"]);

export class NoteWriter {
  #inserted = null; // {ticket, note}: what was put in last

  constructor(page, client, { groups, notify }) {
    this.page = page;
    this.client = client;
    this.groups = groups;
    this.notify = notify;
    client.on("ticket.save", () => this.#objectionToSaving());
  }

  /** Begin anew: refused where another ticket is open, or the agent has a public reply under way. */
  async use(work) {
    const composer = await this.#composer();
    if (composer.ticket !== work.ticket) return { done: [], refused: "other_ticket" };
    if (composer.type !== MODE && composer.text.trim() !== "") return { done: [], refused: "draft_in_reply" };
    pending.keep(this.page, work);
    try {
      if (composer.type !== MODE) await this.client.set("comment.type", MODE);
      return await this.finish(work);
    } finally {
      pending.drop(this.page);
    }
  }

  /** The second half, which also runs after a reload: ticket and mode are read again before anything is written. */
  async finish(work) {
    if (!(await this.#isInternal())) return { done: [], refused: "public_reply" };
    const before = await this.#composer();
    if (before.ticket !== work.ticket) return { done: [], refused: "other_ticket" };
    if (before.type !== MODE) return { done: [], refused: "public_reply" };
    if (!(await this.#put(before, work))) return { done: ["mode"], refused: "note_changed" };
    this.#inserted = { ticket: work.ticket, note: work.note };
    const isStill = (await this.#composer()).ticket === work.ticket;
    return { done: ["mode", "note", ...(isStill && (await this.#setGroup(work)) ? ["group"] : [])], refused: null };
  }

  /** The note into the composer; false where an earlier one stands there that the agent changed. */
  async #put(before, { ticket, note, replaces }) {
    const mine = this.#inserted?.ticket === ticket ? this.#inserted.note : null;
    const text = withNote(before.text, note, replaces ?? mine);
    if (text === null) return false;
    if (text.startsWith(before.text)) {
      const rest = text.slice(before.text.length);
      if (rest !== "") await this.client.invoke("comment.appendText", rest);
      return true;
    }
    if (text !== note && PLAIN_MARKUP.test(before.raw)) return false; // the agent's formatting around it would be lost
    await this.client.set("comment.text", "");
    try {
      await this.client.invoke("comment.appendText", text);
    } catch (fault) {
      await this.client.set("comment.text", before.raw);
      throw fault;
    }
    return true;
  }

  #composer() {
    return composerOf(this.page, this.client);
  }

  async #isInternal() {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      if ((await this.#composer()).type === MODE) return true;
      await pause(BETWEEN_TRIES_MS);
    }
    return false;
  }

  /** Sets the form's group; the agent still submits. False where the map has none or the console refuses it. */
  async #setGroup({ route, queue }) {
    const id = groupId(this.groups, queue, route);
    if (id === null) {
      if (!STAYS.has(route)) this.notify("alert", `The note is in. No group is set up for ${queue ?? route}: choose it yourself.`);
      return false;
    }
    try {
      await this.client.set("ticket.assignee", { groupId: id });
      return true;
    } catch {
      this.notify("alert", "The note is in. The group could not be set: choose it yourself.");
      return false;
    }
  }

  /** Text that stops the save, or nothing. A console that does not answer here stops nobody. */
  async #objectionToSaving() {
    if (this.#inserted === null) return undefined;
    const composer = await this.#composer().catch(() => null);
    if (composer === null || composer.type === MODE || !holdsMost(composer.text, this.#inserted.note)) return undefined;
    return "The internal note of Triage Copilot is in a public reply. Switch to an internal note, or remove it.";
  }
}

/** The open composer: `{ticket, type, raw, text}`, `raw` as the editor has it. Raises where it cannot be read. */
export async function composerOf(page, client) {
  const values = await client.get(["ticket.id", "comment.type", "comment.text"]);
  const errors = values.errors ?? {};
  if (errors["comment.type"] || errors["comment.text"] || typeof values["comment.type"] !== "string") {
    throw new Error("the composer cannot be read");
  }
  const raw = typeof values["comment.text"] === "string" ? values["comment.text"] : "";
  return { ticket: String(values["ticket.id"] ?? "new"), type: values["comment.type"], raw, text: plain(raw, page) };
}

/** The id of the group for a queue or, failing that, a route; null where the map names none. */
export function groupId(groups, queue, route) {
  const given = (queue !== null && Object.hasOwn(groups, queue) ? groups[queue] : undefined) ?? (Object.hasOwn(groups, route) ? groups[route] : undefined);
  const id = Number(given);
  return given !== undefined && given !== null && given !== "" && Number.isSafeInteger(id) && id > 0 ? id : null;
}

/** Rich editors give HTML: an empty paragraph is no draft, and nor are characters that nobody sees. */
function plain(text, page) {
  return (/<[a-z!/]|&[#a-z]/i.test(text) ? htmlToText(text, page) : text).replace(/[\u00a0\u200b\ufeff]/g, " ");
}
