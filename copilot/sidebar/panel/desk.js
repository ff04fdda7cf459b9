// What the panel does: takes a ticket from the host, has it read, has corrections decided. Comes in: the host, the service, and a
// function that draws. It submits nothing for anybody, and weighs nothing by itself.

import { asProblem } from "./api.js";
import * as drafts from "./drafts.js";
import { fromShown, toExtraction, weighed } from "./extraction.js";
import { FirstChoice } from "./first_choice.js";
import { Record } from "./record.js";
import { Rereading } from "./rereading.js";
import { START, hasCorrections, isEdited, numbered } from "./state.js";
import { Ticker } from "./ticker.js";
import { told } from "./told.js";
import { listed, t } from "./words.js";

const HOST_SECONDS = 12;

export class Desk {
  #draw;
  #read = 0; // counts readings, so that a late answer to an earlier one is let go
  #decision = null;
  #ticker = new Ticker(() => this.#tick());

  constructor({ host, api, draw, say, isTyping = () => false }) {
    Object.assign(this, { host, api, say, isTyping, state: START });
    this.#draw = draw;
    this.record = new Record(this);
    this.first = new FirstChoice(this, (suggestion) => this.show(suggestion));
    this.rereading = new Rereading(this);
    this.host.onChange(() => this.rereading.notice());
  }

  set(change) {
    this.state = { ...this.state, ...change };
    if (this.state.suggestion && ["note", "work", "mediation", "history"].some((name) => name in change)) this.#keep();
    this.#draw(this.state);
  }

  // What is typed is kept and draws nothing anew, unless it makes the note an edited one, or one that is not.
  type(change) {
    const before = isEdited(this.state);
    this.state = { ...this.state, ...change };
    if ("note" in change) this.#keep();
    if (isEdited(this.state) !== before) this.#draw(this.state);
  }

  // From the beginning; what concerns other tickets stays on the screen.
  #begin(change = {}) {
    this.set({ ...START, missed: this.state.missed, unsent: this.record.unsent(change.suggestion?.id), ...change });
  }

  async open() {
    this.#begin();
    this.record.outbox.drain();
    const ticket = await this.#fromHost();
    if (ticket) await this.read(ticket);
  }

  async #fromHost() {
    const ticket = await this.handed().catch((fault) => ({ fault: fault?.code }));
    const hasText = ticket?.messages?.some((one) => one.text?.trim());
    const isEmpty = ticket?.messages || ticket?.fault === "no_text";
    if (!hasText) this.set({ phase: isEmpty ? "no_text" : "no_host", ticket: null });
    return hasText ? numbered(ticket) : null;
  }

  // The ticket as the host has it now; null where it does not answer.
  async handed() {
    return Promise.race([this.host.ticket(), new Promise((resolve) => setTimeout(resolve, HOST_SECONDS * 1000, null))]);
  }

  async readAnew() {
    const ticket = await this.#fromHost();
    if (!ticket) return;
    drafts.forget("ticket", ticket.id);
    await this.read(ticket);
  }

  async read(ticket, more = {}) {
    const turn = (this.#read += 1);
    const mine = (action) => (turn === this.#read ? action() : undefined);
    this.#decision?.abort();
    this.#decision = null;
    this.rereading.stop();
    this.#begin({ phase: "loading", ticket, told: told(ticket), ...more });
    this.#ticker.start();
    const onWait = (wait) => mine(() => this.waits(wait));
    try {
      const suggestion = (await this.#again(ticket, onWait)) ?? (await this.api.post("/v1/suggestions", ticket, { onWait }));
      await mine(() => this.first.take(suggestion));
    } catch (problem) {
      mine(() => this.set({ phase: "failed", wait: null, problem: asProblem(problem) }));
    }
  }

  // A page that was loaded anew goes on with the suggestion that it had, if it is still about the same text.
  async #again(ticket, onWait) {
    const known = drafts.load("ticket", ticket.id);
    if (!known || known.sign !== told(ticket)) return null;
    return this.api.get(`/v1/suggestions/${encodeURIComponent(known.suggestion)}`, { onWait }).catch(() => null);
  }

  waits(wait) {
    this.set({ wait });
    if (wait) this.#ticker.start();
  }

  // Counts the seconds of a reading, and those until the next attempt; false when there is nothing left to count.
  #tick() {
    const { phase, wait, seconds } = this.state;
    if (phase !== "loading" && !wait) return false;
    this.set({ seconds: seconds + 1, wait: wait && { ...wait, seconds: Math.max(wait.seconds - 1, 0) } });
    return true;
  }

  // A suggestion on the screen; `more` is what stays of the state before.
  async show(suggestion, ticket = this.state.ticket, more = { stale: this.state.stale, readAlong: this.state.readAlong }) {
    const known = drafts.load("ticket", ticket.id);
    drafts.save("ticket", ticket.id, { suggestion: suggestion.id, sign: told(ticket) });
    const draft = drafts.load("draft", suggestion.id);
    const facts = fromShown(suggestion);
    const base = {
      suggestion,
      current: suggestion,
      work: facts,
      note: draft?.note ?? suggestion.note,
      noteOf: draft?.noteOf ?? suggestion.note,
    };
    this.#begin({ ...base, phase: "ready", ticket, told: told(ticket), ...more });
    this.record.recall(known && this.host.resumed);
    this.say(t("said.ready", { route: t(`route.${suggestion.route}`), facts: t("said.facts", { n: facts.facts.length }) }));
    if (draft?.history?.length) await this.#decide(draft, this.state.done);
  }

  #keep() {
    const { suggestion, note, noteOf, work, mediation, history } = this.state;
    if (!isEdited(this.state) && !hasCorrections(this.state)) drafts.forget("draft", suggestion.id);
    else drafts.save("draft", suggestion.id, { note, noteOf, work, mediation, history });
  }

  // One correction: shown at once, decided by the service, undone by `undo`.
  correct(work, mediation = this.state.mediation) {
    const before = { work: this.state.work, mediation: this.state.mediation };
    return this.#decide({ work, mediation, history: [...this.state.history, before] });
  }

  undo() {
    const history = this.state.history.slice(0, -1);
    const last = this.state.history.at(-1);
    return last ? this.#decide({ ...last, history }) : null;
  }

  decideAgain() {
    const { work, mediation, history } = this.state;
    return this.#decide({ work, mediation, history });
  }

  startOver() {
    const first = this.state.history[0];
    return first ? this.#decide({ ...first, history: [] }) : null;
  }

  async #decide({ work, mediation, history }, done = null) {
    const change = { work, mediation, history };
    if (!done) this.record.forget();
    this.#decision?.abort();
    const turn = (this.#decision = new AbortController());
    this.set({ ...change, deciding: true, decisionProblem: null, wait: null, done, undone: null, reread: null });
    if (change.history.length === 0) return this.#decided(this.state.suggestion, null);
    const body = { extraction: toExtraction(change.work) };
    if (change.mediation !== undefined) body.context = { mediation_eligible: change.mediation };
    const options = { signal: turn.signal, onWait: (wait) => turn === this.#decision && this.waits(wait) };
    try {
      const answer = await this.api.post(
        `/v1/suggestions/${encodeURIComponent(this.state.suggestion.id)}/decisions`,
        body,
        options,
      );
      if (turn === this.#decision) this.#decided(answer, change.work);
    } catch (problem) {
      if (turn === this.#decision) this.set({ deciding: false, wait: null, decisionProblem: asProblem(problem) });
    }
    return null;
  }

  #decided(answer, work) {
    const before = this.state.current;
    const edited = isEdited(this.state);
    const note = edited ? {} : { note: answer.note, noteOf: answer.note };
    const facts = work ? weighed(work, answer) : fromShown(answer);
    this.set({ current: answer, work: facts, deciding: false, wait: null, ...note });
    const same = before.route === answer.route && before.labels.join() === answer.labels.join();
    const route = listed([t(`route.${answer.route}`), ...answer.labels.map((one) => t(`label.${one}`))]);
    this.record.learn(answer.decided);
    this.say(same ? t("said.same_decision") : t("said.new_decision", { route }));
  }
}
