/**
 * Zendesk's `ticket.*` values as the contract's Ticket.
 *
 * Who wrote what comes from the console's own records, never from the text. An agent is `support`. What a customer is on the
 * marketplace, and whether mediation is open to them, Zendesk knows only where an admin named the ticket fields that hold it;
 * else it is not known. Messages keep their ids when a new one arrives: they are numbered from the oldest, and what is skipped
 * is numbered too. A ticket that an agent opened in their own name is an observation that nobody reported. Left out:
 * attachments, empty messages, and the notes that this copilot wrote.
 */
import { OWN_NOTE } from "../panel/own_note.js";
import { HostFault } from "./fault.js";
import { htmlToText } from "./html_text.js";

export const PATHS = ["ticket.id", "ticket.subject", "ticket.description", "ticket.conversation", "ticket.requester"];

const AGENT_ROLES = new Set(["agent", "admin", "owner", "system", "bot"]);
const LONGEST_SUBJECT = 10_000;
const LONGEST_ID = 200;
const LONGEST_NAME = 200;
const YES = /(?:^|_)(?:yes|true|eligible)$/;
const NO = /(?:^|_)(?:no|false|ineligible|not_eligible)$/;
const MARKETPLACE_ROLE = /(?:^|_)(client|freelancer|agency)$/;

/** The paths to read; `fields` are the ids of an account's own ticket fields: `{role, mediation}`, each null or text. */
export function pathsOf(fields) {
  return [...PATHS, fieldPath(fields.role), fieldPath(fields.mediation)].filter(Boolean);
}

export function toTicket(values, page, fields = {}) {
  const people = new People();
  const requester = values["ticket.requester"] ?? null;
  const known = MARKETPLACE_ROLE.exec(fieldValue(values, fields.role))?.[1];
  const reporter = requester === null ? null : people.add(requester, known);
  const messages = inOrder(values["ticket.conversation"]).flatMap((item, index) => messageOf(item, index, people, page));
  if (messages.length === 0) messages.push(...described(values["ticket.description"], reporter, page));
  if (messages.length === 0) throw new HostFault("no_text", "the ticket holds no text yet");
  const noticed = reporter !== null && people.isAgent(reporter);
  return {
    id: wellFormed(String(values["ticket.id"] ?? "new")).slice(0, LONGEST_ID),
    subject: wellFormed(String(values["ticket.subject"] ?? "")).slice(0, LONGEST_SUBJECT),
    origin: noticed ? "agent_observation" : "customer_report",
    reporter: noticed ? null : reporter,
    participants: people.list(),
    messages,
    context: { mediation_eligible: eligibility(fieldValue(values, fields.mediation)) },
  };
}

function fieldPath(id) {
  return /^\d{1,20}$/.test(id ?? "") ? `ticket.customField:custom_field_${id}` : null;
}

/** The field's value in small letters; empty where there is none. A ticked box is "true", and one that is not tells nothing. */
function fieldValue(values, id) {
  const value = fieldPath(id) === null ? null : values[fieldPath(id)];
  return typeof value === "string" || value === true ? String(value).trim().toLowerCase() : "";
}

function eligibility(value) {
  if (NO.test(value)) return false;
  return YES.test(value) ? true : null;
}

/** Half of a surrogate pair would be refused by the service; it becomes the sign for an unreadable character. */
export function wellFormed(text) {
  return text.toWellFormed ? text.toWellFormed() : text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

/** A time as ISO 8601 in UTC, or null where it is none. `value` is ISO text, or seconds or milliseconds since 1970. */
export function isoTime(value) {
  if (value === null || value === undefined || value === "") return null;
  const number = typeof value === "number" ? (value < 1e11 ? value * 1000 : value) : Date.parse(value);
  const time = new Date(number);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** Participants, once each, by the console's own ids. */
export class People {
  #known = new Map();

  add(person, marketplaceRole = "unknown") {
    const name = person.name ? wellFormed(String(person.name)).slice(0, LONGEST_NAME) : null;
    const id = wellFormed(String(person.id ?? person.externalId ?? name ?? "unknown")).slice(0, LONGEST_ID) || "unknown";
    const role = AGENT_ROLES.has(String(person.role ?? "").toLowerCase()) ? "support" : marketplaceRole;
    const before = this.#known.get(id);
    this.#known.set(id, { id, role: firm(before?.role) ?? role, name: before?.name ?? name });
    return id;
  }

  isAgent(id) {
    return this.#known.get(id)?.role === "support";
  }

  list() {
    return [...this.#known.values()];
  }
}

/** A role that a later mention of the same person does not change. */
function firm(role) {
  return role === "unknown" ? undefined : role;
}

/** Oldest first; an account may show the newest first. */
function inOrder(conversation) {
  const items = Array.isArray(conversation) ? conversation.filter((item) => item !== null && typeof item === "object") : [];
  const times = items.map((item) => Date.parse(item.timestamp ?? ""));
  if (times.some(Number.isNaN)) return items;
  return items.map((item, index) => [times[index], index, item]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , item]) => item);
}

function messageOf(item, index, people, page) {
  const author = item.author ? people.add(item.author) : null;
  const whole = textOf(item.message ?? {}, page);
  const text = author !== null && people.isAgent(author) ? whole.replace(OWN_NOTE, "") : whole;
  if (text.trim() === "") return [];
  return [{ id: item.id ? `c${item.id}`.slice(0, LONGEST_ID) : `m${index + 1}`, author, sent_at: isoTime(item.timestamp), text }];
}

function textOf(message, page) {
  const type = String(message.contentType ?? "text/plain").toLowerCase();
  if (typeof message.content !== "string" || !type.startsWith("text/")) return "";
  return wellFormed(type.startsWith("text/html") ? htmlToText(message.content, page) : message.content);
}

function described(description, reporter, page) {
  const text = typeof description === "string" ? wellFormed(htmlToText(description, page)) : "";
  return text.trim() === "" ? [] : [{ id: "m1", author: reporter, sent_at: null, text }];
}
