/**
 * A question to the customer into Zendesk's composer, behind a guard: it goes into a public reply or nowhere.
 *
 * In: the console's client and `{ticket, text, note}`; `note` is the internal note that was put in on this ticket, or null. Out:
 * `{done, refused}`. It never submits, takes nothing away that the agent wrote, and leaves an internal note that is under way
 * alone. The agent's own submit is watched as well: a save of an internal note that holds the question is stopped.
 */
import { holdsMost, withNote } from "./composer_text.js";
import * as pending from "./pending.js";
import { composerIn, composerOf } from "./zendesk_composer.js";

const MODE = "publicReply";
const KEY = "triage-copilot.placed-reply";

export class ReplyWriter {
  constructor(page, client) {
    this.page = page;
    this.client = client;
    client.on("ticket.save", () => this.#objectionToSaving());
  }

  async use(work) {
    const composer = await composerOf(this.page, this.client);
    if (composer.ticket !== work.ticket) return { done: [], refused: "other_ticket" };
    if (composer.type !== MODE && composer.text.trim() !== "") return { done: [], refused: "draft_in_note" };
    pending.keep(this.page, { ...work, kind: "reply" });
    try {
      if (composer.type !== MODE) await this.client.set("comment.type", MODE);
      return await this.finish(work);
    } finally {
      pending.drop(this.page);
    }
  }

  /** The second half, which also runs after a reload: ticket, mode and text are read again before anything is written. */
  async finish({ ticket, text, note }) {
    const before = await composerIn(MODE, this.page, this.client);
    if (before.ticket !== ticket) return { done: [], refused: "other_ticket" };
    if (before.type !== MODE) return { done: [], refused: "internal_note" };
    if (note && holdsMost(before.text, note)) return { done: ["mode"], refused: "note_in_reply" };
    const rest = withNote(before.text, text).slice(before.text.length);
    this.#remember({ ticket, text });
    if (rest !== "") await this.client.invoke("comment.appendText", rest);
    return { done: ["mode", "reply"], refused: null };
  }

  /** Does the open internal note hold the question that was put in before? */
  async isInNote() {
    const placed = this.#placed();
    const composer = placed && (await composerOf(this.page, this.client));
    return Boolean(composer) && composer.ticket === placed.ticket && composer.type !== MODE && holdsMost(composer.text, placed.text);
  }

  /** A console that does not answer here stops nobody. */
  async #objectionToSaving() {
    if (!(await this.isInNote().catch(() => false))) return undefined;
    return "The question to the customer is in an internal note. Switch to a public reply, or remove it.";
  }

  #remember(placed) {
    this.placed = placed;
    try {
      this.page.sessionStorage.setItem(KEY, JSON.stringify(placed));
    } catch {
      // Storage is blocked in a third-party frame: it is known until the page is left.
    }
  }

  #placed() {
    try {
      return this.placed ?? JSON.parse(this.page.sessionStorage.getItem(KEY));
    } catch {
      return null;
    }
  }
}
