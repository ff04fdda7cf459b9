/**
 * The triage queue: tickets of GET /v1/suggestions, the most urgent first, with who decided what; filters, search, next ticket.
 *
 * In: the desk, whose tickets it opens, and from the address `find`, how a ticket's id begins. It asks again every few seconds while
 * the page is seen, so that two agents see each other's decisions. All text is set as text.
 */
import { byId, element } from "./views.js";

const AGAIN_MS = 5_000;
const MOST = 50;
const URGENCY = { safety_risk: "safety risk", account_at_risk: "account at risk", escalation: "escalation", judgement: "judgement", ordinary: "ordinary" };
const plain = (code) => code.replaceAll("_", " ");

export class TriageQueue {
  #desk;
  #latest = 0;
  #next = null;
  #tickets = [];
  #drawn = "";

  constructor(desk) {
    this.#desk = desk;
    byId("triage-find").value = new URLSearchParams(location.search).get("find") ?? "";
    byId("triage-filters").addEventListener("input", () => this.ask());
    byId("triage-filters").addEventListener("submit", (event) => event.preventDefault());
    byId("triage-next").addEventListener("click", () => this.#open(1));
    byId("triage-more").addEventListener("click", () => this.#more());
    byId("triage-list").addEventListener("click", (event) => this.#chosen(event.target.closest("button")));
    byId("triage-list").addEventListener("keydown", walk);
    document.addEventListener("keydown", (event) => this.#key(event));
    desk.addEventListener("opened", () => this.#draw());
    setInterval(() => document.visibilityState === "visible" && this.ask(), AGAIN_MS);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.ask());
  }

  /** Ask for as many tickets as are shown, from the first. */
  async ask() {
    const turn = (this.#latest += 1);
    const pages = Math.max(1, Math.ceil(this.#tickets.length / MOST));
    const found = [];
    let after = null;
    try {
      for (let page = 0; page < pages && (page === 0 || after !== null); page += 1) {
        const answer = await this.#page(after);
        found.push(...answer.tickets);
        after = answer.next;
      }
    } catch {
      if (turn === this.#latest) this.#missed("It is asked again by itself.");
      return;
    }
    if (turn !== this.#latest) return;
    [this.#tickets, this.#next] = [found, after];
    this.#draw();
  }

  async #more() {
    const turn = (this.#latest += 1);
    try {
      const { tickets, next } = await this.#page(this.#next);
      if (turn !== this.#latest) return;
      [this.#tickets, this.#next] = [[...this.#tickets, ...tickets], next];
      this.#draw();
    } catch {
      if (turn === this.#latest) this.#missed("Try again.");
    }
  }

  /** Said until the queue answers, also where it then is as it was. */
  #missed(next) {
    byId("triage-status").textContent = `The queue cannot be reached. ${next}`;
    this.#drawn = "";
  }

  async #page(after) {
    const fields = [...new FormData(byId("triage-filters"))].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== "");
    const query = new URLSearchParams([...fields, ["limit", MOST], ...(after === null ? [] : [["after", after]])]);
    const answer = await fetch(`/v1/suggestions?${query}`);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  #draw() {
    const current = String(this.#desk.current?.id);
    const drawn = JSON.stringify([this.#tickets, this.#next, current]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const focused = document.activeElement?.closest?.("#triage-list")?.contains(document.activeElement) ? document.activeElement.dataset.triage : null;
    byId("triage-list").replaceChildren(...this.#tickets.map((ticket) => element("li", {}, button(ticket, ticket.ticket_id === current))));
    byId("triage-more").hidden = this.#next === null;
    byId("triage-status").textContent = this.#tickets.length === 0 ? "No tickets." : `${this.#tickets.length}${this.#next === null ? "" : "+"} tickets`;
    if (focused !== null) this.#button(focused)?.focus();
  }

  #button(id) {
    return [...byId("triage-list").querySelectorAll("button")].find((one) => one.dataset.triage === id);
  }

  #chosen(chosen) {
    const id = chosen?.dataset.triage;
    if (id === undefined) return;
    const ticket = this.#desk.tickets.find((one) => String(one.id) === id);
    if (ticket === undefined) this.#desk.notice("alert", `Ticket ${id} is in another console.`);
    else this.#desk.open(ticket.id);
  }

  /** The next open ticket of this console in the queue's order, from the one that is open on; -1: the one before it. */
  #open(step) {
    const known = new Set(this.#desk.tickets.map((ticket) => String(ticket.id)));
    const current = String(this.#desk.current?.id);
    const open = this.#tickets.filter((one) => known.has(one.ticket_id) && (one.is_open || one.ticket_id === current));
    const place = open.findIndex((one) => one.ticket_id === current);
    const next = place < 0 ? open[0] : open[(place + step + open.length) % open.length];
    if (next === undefined || next.ticket_id === current) return this.#desk.notice("alert", this.#next === null ? "No other open ticket." : "No other open ticket among these. “More” lists the next.");
    return this.#desk.open(Number(next.ticket_id));
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    const step = { j: 1, k: -1 }[event.key.toLowerCase()];
    if (step !== undefined) this.#open(step);
  }
}

function button(ticket, isCurrent) {
  const { decided } = ticket;
  const said = decided === null ? "open" : `${decided.action} by ${decided.agent}${decided.action === "changed" ? ` to ${plain(decided.route)}` : ""}`;
  const state = ticket.is_open && decided !== null ? `open again; before: ${said}` : said;
  const made = element(
    "button",
    { type: "button" },
    element("span", { className: "title" }, element("bdi", { text: `#${ticket.ticket_id}` })),
    element("span", { className: `urgency ${ticket.urgency}`, text: URGENCY[ticket.urgency] ?? plain(ticket.urgency) }),
    element("span", { className: "from", text: `${plain(ticket.route)} · ` }, element("bdi", { text: state })),
  );
  made.dataset.triage = ticket.ticket_id;
  made.setAttribute("aria-current", String(isCurrent));
  return made;
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...byId("triage-list").querySelectorAll("button")];
  buttons[buttons.indexOf(document.activeElement) + step]?.focus();
  event.preventDefault();
}
