// What was done with suggestions: by this agent, whose report may still be on its way, or by others, as the service tells. Comes
// in: the desk. Goes out: what the desk shows of it.

import { lookBefore } from "./before.js";
import * as drafts from "./drafts.js";
import { Outbox } from "./outbox.js";

export class Record {
  #desk;

  constructor(desk) {
    this.#desk = desk;
    this.outbox = new Outbox(desk.api, (report, news) => this.#reported(report, news));
  }

  // Reports that wait, but for the one of the suggestion on the screen, which tells of itself.
  unsent(shown = this.#desk.state.suggestion?.id) {
    return this.outbox.list().filter((report) => report.suggestion !== shown && report.state !== "sending");
  }

  // What was done with this suggestion here, if its report is still on its way, its note did not go in, or the console loaded the
  // page anew in the middle of an accept and has put the note in by now; and what the service tells of the ticket.
  recall(resumed) {
    const { suggestion } = this.#desk.state;
    const report = this.outbox.of(suggestion.id);
    const mine = drafts.load("outcome", suggestion.id);
    const done = mine ?? (report && { action: report.body.action, route: report.body.changed_to?.route ?? suggestion.route });
    const how = { recorded: report?.state ?? "yes", problem: report?.problem ?? null };
    const isLast = mine?.feedback && mine.feedback === suggestion.decided?.id;
    if (report?.body.action === "undone") this.#desk.set({ undone: { done: [], left: [], refused: null, ...how } });
    else if (resumed) this.#desk.set({ done: { action: "accepted", route: resumed.route, ...mine, used: resumed, ...how } });
    else if (done && (report || isLast || mine?.used?.refused)) this.#desk.set({ done: { ...done, ...how } });
    this.learn(suggestion.decided);
    lookBefore(this.#desk);
  }

  // What the service told of the ticket's last decision.
  learn(decided) {
    if (decided && decided.id !== this.#desk.state.decided?.id) this.#desk.set({ decided });
  }

  // Somebody may have decided while the agent was elsewhere.
  async lookAgain() {
    const { phase, suggestion } = this.#desk.state;
    if (phase !== "ready") return;
    const now = await this.#desk.api.look(`/v1/suggestions/${encodeURIComponent(suggestion.id)}`).catch(() => null);
    if (!now || this.#desk.state.suggestion?.id !== suggestion.id) return;
    if (now.decided) this.learn(now.decided);
    else if (this.#desk.state.decided) this.#desk.set({ decided: null });
  }

  // News of a report, which may be of another ticket by now.
  #reported(report, news) {
    const { suggestion, done, undone } = this.#desk.state;
    const kept = drafts.load("outcome", report.suggestion);
    if (kept) drafts.save("outcome", report.suggestion, { ...kept, ...news });
    const isShown = report.suggestion === suggestion?.id;
    const isUndone = report.body.action === "undone";
    const shown = isUndone ? { undone: undone && { ...undone, ...news } } : done ? { done: { ...done, ...news } } : {};
    this.#desk.set({ unsent: this.unsent(), ...(isShown ? shown : {}) });
    if (isShown && news.recorded === "yes") this.lookAgain();
  }

  // The word on a suggestion is taken back; false where the service refused it and so has none to take back.
  takeBack(suggestion, ticket) {
    const report = this.outbox.of(suggestion);
    drafts.forget("outcome", suggestion);
    if (report?.state === "no") this.outbox.letGo(report.key);
    else this.outbox.send({ suggestion, ticket, body: { action: "undone" } });
    return report?.state !== "no";
  }

  decideAnew() {
    const report = this.outbox.of(this.#desk.state.suggestion.id);
    if (report?.state === "no") this.outbox.letGo(report.key);
    this.forget();
    this.#desk.set({ done: null });
  }

  forget() {
    drafts.forget("outcome", this.#desk.state.suggestion.id);
  }

  letGo(key) {
    this.outbox.letGo(key);
    this.#desk.set({ unsent: this.unsent() });
  }
}
