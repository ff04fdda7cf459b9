// A reading that has grown old. Comes in: the host's word that the ticket changed. Goes out: the ticket read again, behind what is on
// the screen, by itself where no work of the agent's hangs on the old reading, else when they ask; and what changed by it. What
// support wrote makes no reading old, and nothing is exchanged under the hands of somebody who types or has a form open.

import { Problem, asProblem } from "./api.js";
import { carried } from "./carry.js";
import * as drafts from "./drafts.js";
import { retold } from "./retold.js";
import { hasCorrections, isEdited, numbered } from "./state.js";
import { told } from "./told.js";

const QUIET_MS = 1_500;
const AGAIN_MS = 400;
const STAYS_AS_SEEN = ["shownQuotes", "noteShown", "messagesOpen", "readAlong", "all"];

export class Rereading {
  #desk;
  #timer = null;
  #asking = null;
  #kept = null; // the sign of the ticket whose newer messages the agent chose to leave unread

  constructor(desk) {
    this.#desk = desk;
  }

  // The same ticket grown is shown as it is; another ticket is read at once.
  async notice() {
    const before = this.#desk.state.ticket;
    if (!before) return this.#desk.state.phase === "waiting" ? null : this.#desk.open();
    const given = await Promise.resolve(this.#desk.host.ticket()).catch(() => null);
    const { ticket: shown, phase } = this.#desk.state;
    if (!given?.messages?.length || shown?.id !== before.id) return null;
    if (given.id !== before.id) return this.#desk.open();
    const ticket = numbered(given);
    if (phase === "ready") this.#desk.set({ ticket });
    return this.#compare(told(ticket));
  }

  #compare(sign) {
    if (sign === this.#desk.state.told) return this.#desk.state.stale || this.#desk.state.keptStale ? this.#settle() : null;
    if (sign === this.#kept) return null;
    this.#desk.set({ stale: true, keptStale: false });
    return this.#soon(QUIET_MS);
  }

  // What was new is gone again.
  #settle() {
    this.stop();
    this.#desk.set({ stale: false, keptStale: false, rereading: false });
  }

  stop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
    this.#kept = null;
  }

  keep() {
    const { ticket } = this.#desk.state;
    this.stop();
    this.#kept = told(ticket);
    this.#desk.set({ stale: false, keptStale: true, rereading: false, rereadProblem: null, wait: null });
  }

  #soon(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#byItself(), milliseconds);
  }

  #byItself() {
    const { state } = this.#desk;
    if (!state.stale || this.#asking || hasCorrections(state) || state.done) return null;
    if (state.phase === "loading" || state.phase === "blind" || (state.phase === "ready" && this.#isBusy())) return this.#soon(AGAIN_MS);
    return this.now();
  }

  #isBusy() {
    const { open, picked, deciding, sending } = this.#desk.state;
    return Boolean(open || picked.length || deciding || sending || this.#desk.isTyping());
  }

  // Where there is no suggestion to leave on the screen, the ticket is read from the beginning.
  async now() {
    const desk = this.#desk;
    if (desk.state.phase !== "ready") return desk.readAnew();
    const { id } = desk.state.suggestion;
    this.stop();
    const turn = (this.#asking = new AbortController());
    const isMine = () => turn === this.#asking && desk.state.suggestion?.id === id;
    desk.set({ stale: true, keptStale: false, rereading: true, rereadProblem: null });
    try {
      const given = await desk.handed();
      if (!given?.messages?.length) throw new Problem("no_host");
      if (given.id !== desk.state.ticket.id) return desk.open();
      const ticket = numbered(given);
      const onWait = (wait) => isMine() && desk.waits(wait);
      const suggestion = await desk.api.post("/v1/suggestions", ticket, { signal: turn.signal, onWait });
      while (isMine() && this.#isBusy()) await new Promise((go) => setTimeout(go, AGAIN_MS));
      if (isMine()) await this.#exchange(suggestion, ticket);
    } catch (fault) {
      if (isMine()) desk.set({ rereading: false, wait: null, rereadProblem: asProblem(fault) });
    }
    return null;
  }

  async #exchange(suggestion, ticket) {
    const desk = this.#desk;
    const before = desk.state;
    const carry = hasCorrections(before) ? carried(before, suggestion) : { count: 0, lost: [] };
    const keepsNote = isEdited(before) && before.suggestion.note === suggestion.note;
    const note = keepsNote ? { note: before.note, noteOf: before.noteOf } : {};
    drafts.save("draft", suggestion.id, { ...note, ...corrected(before, carry) });
    drafts.forget("draft", before.suggestion.id);
    drafts.forget("ticket", ticket.id);
    this.#asking = null;
    const seen = Object.fromEntries(STAYS_AS_SEEN.map((name) => [name, before[name]]));
    const isStale = told(before.ticket) !== told(ticket);
    await desk.show(suggestion, ticket, { ...seen, stale: isStale, earlierNote: isEdited(before) && !keepsNote ? before.note : null });
    if (desk.state.suggestion?.id !== suggestion.id) return;
    const reread = retold(before, desk.state, carry);
    desk.set({ reread });
    desk.say(reread.words);
    if (isStale) this.#soon(QUIET_MS);
  }
}

// What was carried over waits for the new suggestion as a draft does, and is one step to take back.
function corrected({ mediation }, { first, work, count }) {
  if (!count && mediation === undefined) return {};
  return { work, mediation, history: [{ work: first, mediation: undefined }] };
}
