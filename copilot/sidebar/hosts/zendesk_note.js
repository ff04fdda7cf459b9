/**
 * The note into Zendesk's composer, behind a guard: it goes into an internal note or nowhere.
 *
 * In: the console's client and `{ticket, note, route, queue}`. Out: `{done, refused}`. It never submits, never replaces what
 * the agent wrote, and never touches a composer that holds a public reply. The agent's own submit is watched as well: a save
 * of a public reply that holds the note is stopped with a message.
 */
import { pause } from "./fault.js";
import { htmlToText } from "./html_text.js";
import * as pending from "./pending.js";

const MODE = "internalNote";
const TRIES = 15;
const BETWEEN_TRIES_MS = 100;
const LONG_LINE = 20;
const STAYS = new Set(["no_escalation", "agent_review"]);

export class NoteWriter {
  #inserted = null;

  constructor(page, client, { groups, notify }) {
    this.page = page;
    this.client = client;
    this.groups = groups;
    this.notify = notify;
    client.on("ticket.save", () => this.#objectionToSaving());
  }

  /** Begin anew: refused where the agent has a public reply under way. */
  async use(work) {
    const composer = await this.#composer();
    if (composer.type !== MODE && composer.text.trim() !== "") return { done: [], refused: "draft_in_reply" };
    pending.keep(this.page, work);
    try {
      if (composer.type !== MODE) await this.client.set("comment.type", MODE);
      return await this.finish(work);
    } finally {
      pending.drop(this.page);
    }
  }

  /** The second half, which also runs after a reload: the mode is read again before anything is written. */
  async finish(work) {
    if (!(await this.#isInternal())) return { done: [], refused: "public_reply" };
    const done = ["mode"];
    const before = await this.#composer();
    if (before.type !== MODE) return { done: [], refused: "public_reply" };
    if (!squeezed(before.text).includes(squeezed(work.note))) {
      await this.client.invoke("comment.appendText", before.text.trim() === "" ? work.note : `\n\n${work.note}`);
    }
    this.#inserted = work.note;
    done.push("note");
    if (await this.#setGroup(work)) done.push("group");
    return { done, refused: null };
  }

  async #composer() {
    const values = await this.client.get(["comment.type", "comment.text"]);
    const errors = values.errors ?? {};
    if (errors["comment.type"] || errors["comment.text"] || typeof values["comment.type"] !== "string") {
      throw new Error("the composer cannot be read");
    }
    return { type: values["comment.type"], text: plain(values["comment.text"], this.page) };
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
    if (composer === null || composer.type === MODE || !holdsMost(composer.text, this.#inserted)) return undefined;
    return "The internal note of Triage Copilot is in a public reply. Switch to an internal note, or remove it.";
  }
}

/** The id of the group for a queue or, failing that, a route; null where the map names none. */
export function groupId(groups, queue, route) {
  const given = (queue !== null && Object.hasOwn(groups, queue) ? groups[queue] : undefined) ?? (Object.hasOwn(groups, route) ? groups[route] : undefined);
  const id = Number(given);
  return given !== undefined && given !== null && given !== "" && Number.isSafeInteger(id) && id > 0 ? id : null;
}

/** Does the composer hold the note, or half of its lines? An agent may have changed the rest. */
function holdsMost(text, note) {
  const lines = note.split("\n").map(squeezed).filter((line) => line.length >= LONG_LINE);
  const found = lines.filter((line) => squeezed(text).includes(line)).length;
  return squeezed(text).includes(squeezed(note)) || (lines.length > 0 && found * 2 >= lines.length);
}

/** Blanks count for nothing: editors change them. */
function squeezed(text) {
  return text.replace(/\s+/g, " ").trim();
}

/** Rich editors give HTML: an empty paragraph is no draft, and nor are characters that nobody sees. */
function plain(text, page) {
  if (typeof text !== "string") return "";
  return (/<[a-z!/]|&[#a-z]/i.test(text) ? htmlToText(text, page) : text).replace(/[\u00a0\u200b\ufeff]/g, " ");
}
