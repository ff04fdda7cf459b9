// What was done with suggestions: by this agent, whose report may still be on its way, or by others, as the service tells. Comes
// in: the desk. Goes out: what the desk shows of it.

import * as drafts from "./drafts.js";
import { Outbox } from "./outbox.js";

export class Record {
  #desk;
  #own = new Set(); // feedback that was given here

  constructor(desk) {
    this.#desk = desk;
    this.outbox = new Outbox(desk.api, (report, news) => this.#reported(report, news));
  }

  // Reports that wait, but for the one of the suggestion on the screen, which tells of itself.
  unsent(shown = this.#desk.state.suggestion?.id) {
    return this.outbox.list().filter((report) => report.suggestion !== shown && report.state !== "sending");
  }

  // What was done with this suggestion before: here, if its report is still on its way or the console loaded the page anew in the
  // middle of an accept and put the note in by now; else by whomever the service names.
  recall(resumed) {
    const { suggestion } = this.#desk.state;
    const report = this.outbox.of(suggestion.id);
    const mine = drafts.load("outcome", suggestion.id);
    const done = mine ?? (report && { action: report.body.action, route: report.body.changed_to?.route ?? suggestion.route });
    const how = { recorded: report?.state ?? "yes", problem: report?.problem ?? null };
    this.#desk.set({ decided: suggestion.decided ?? null });
    if (resumed) this.#desk.set({ done: { action: "accepted", route: resumed.route, ...mine, used: resumed, ...how } });
    else if (done && (report || mine?.used?.refused)) this.#desk.set({ done: { ...done, ...how } });
    else this.#tell(suggestion.decided);
  }

  // The service told a decision on this ticket that was not made here and is not known yet.
  learn(decided) {
    const { suggestion, decided: before } = this.#desk.state;
    if (!decided || decided.id === before?.id || this.#own.has(decided.id) || this.outbox.of(suggestion.id)) return;
    this.#desk.set({ decided });
    this.#tell(decided);
  }

  #tell(decided) {
    if (!decided?.is_of_this_text) return;
    const { action, route, agent, created_at: at } = decided;
    this.#desk.set({ done: { action, route, by: agent, at, recorded: "yes" }, open: null });
  }

  // Somebody may have decided while the agent was elsewhere.
  async lookAgain() {
    const { phase, suggestion } = this.#desk.state;
    if (phase !== "ready" || !this.#isOpen(suggestion)) return;
    const now = await this.#desk.api.look(`/v1/suggestions/${encodeURIComponent(suggestion.id)}`).catch(() => null);
    if (now && this.#isOpen(suggestion)) this.learn(now.decided);
  }

  #isOpen({ id }) {
    const { suggestion, done, sending } = this.#desk.state;
    return suggestion?.id === id && !done && !sending;
  }

  // News of a report, which may be of another ticket by now.
  #reported(report, news) {
    const { suggestion, done } = this.#desk.state;
    if (news.feedback) this.#own.add(news.feedback);
    const kept = drafts.load("outcome", report.suggestion);
    if (kept) drafts.save("outcome", report.suggestion, { ...kept, ...news });
    const isShown = report.suggestion === suggestion?.id && done;
    this.#desk.set({ unsent: this.unsent(), ...(isShown ? { done: { ...done, ...news } } : {}) });
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
