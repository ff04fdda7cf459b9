/**
 * The note into Zendesk's composer, behind a guard: it goes into an internal note or nowhere.
 *
 * In: the console's client and `{ticket, note, route, queue, replaces}`. Out: `{done, refused, before}`. It never submits, never touches
 * another ticket's composer or one that holds a public reply, and replaces nothing but an unchanged note of our own. The agent's
 * own submit is watched as well: a save of a public reply that holds the note is stopped with a message.
 */
import { holdsMost, withNote, withoutNote } from "./composer_text.js";
import * as pending from "./pending.js";
import { composerIn, composerOf } from "./zendesk_composer.js";

const MODE = "internalNote";
const PLAIN_MARKUP = /<(?!\/?(?:p|div|br)\b)[a-z!/]/i;

export class NoteWriter {
  #inserted = null; // {ticket, note}: what was put in last

  constructor(page, client, group) {
    Object.assign(this, { page, client, group });
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
    const composer = await composerIn(MODE, this.page, this.client);
    if (composer.ticket !== work.ticket) return { done: [], refused: "other_ticket" };
    if (composer.type !== MODE) return { done: [], refused: "public_reply" };
    if (!(await this.#put(composer, work))) return { done: ["mode"], refused: "note_changed" };
    this.#inserted = { ticket: work.ticket, note: work.note };
    const { done, ...more } = await this.setGroup(work);
    return { ...more, done: ["mode", "note", ...done], refused: null };
  }

  /** The group alone; the agent still submits. */
  async setGroup(work) {
    if ((await this.#composer()).ticket !== work.ticket) return { done: [], refused: "other_ticket" };
    return this.group.set(work);
  }

  /** Our unchanged note out of the composer, and the group as it was; what the agent changed is left. */
  async takeBack({ ticket, note, before }) {
    const composer = await this.#composer();
    if (composer.ticket !== ticket) return { done: [], refused: "other_ticket" };
    const refused = note === null ? null : await this.#takeOut(composer, note);
    const isBack = before !== null && (await this.group.giveBack(before).catch(() => false));
    return { done: [...(note !== null && refused === null ? ["note"] : []), ...(isBack ? ["group"] : [])], refused };
  }

  /** Null where it was taken out, else why it was left. */
  async #takeOut({ text, raw }, note) {
    const rest = withoutNote(text, note);
    if (rest === null) return holdsMost(text, note) ? "note_changed" : "note_gone";
    if (rest !== "" && PLAIN_MARKUP.test(raw)) return "note_changed"; // the agent's formatting around it would be lost
    await this.client.set("comment.text", "");
    if (rest !== "") await this.client.invoke("comment.appendText", rest);
    this.#inserted = null;
    return null;
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

  /** Text that stops the save, or nothing. A console that does not answer here stops nobody. */
  async #objectionToSaving() {
    if (this.#inserted === null) return undefined;
    const composer = await this.#composer().catch(() => null);
    if (composer === null || composer.type === MODE || !holdsMost(composer.text, this.#inserted.note)) return undefined;
    return "The internal note of Triage Copilot is in a public reply. Switch to an internal note, or remove it.";
  }
}
