/**
 * Chatwoot's `appContext` event as the contract's Ticket.
 *
 * In: the JSON text that Chatwoot posts to a dashboard app. Out: a Ticket, or null where it is another message. Activity lines
 * and what is no text are left out; a contact is an unknown party, an agent is support. Where Chatwoot says that not all messages
 * are loaded, the ticket is partial.
 */
import { People, isoTime, wellFormed } from "./conversation.js";

export const ASK = "chatwoot-dashboard-app:fetch-info";

const SKIPPED_TYPES = new Set([2, "activity"]);
const OUTGOING_TYPES = new Set([1, 3, "outgoing", "template"]);

/** The event's data, or null where the message is no such event. */
export function appContext(data) {
  if (typeof data !== "string" || !data.includes("appContext")) return null;
  try {
    const message = JSON.parse(data);
    return message?.event === "appContext" && typeof message.data === "object" ? message.data : null;
  } catch {
    return null;
  }
}

export function contextToTicket(context) {
  const conversation = context?.conversation ?? {};
  const contact = context?.contact ?? conversation.meta?.sender ?? null;
  const people = new People();
  const reporter = contact ? people.add({ id: prefixed("contact", contact.id), name: contact.name }) : null;
  const items = Array.isArray(conversation.messages) ? conversation.messages : [];
  const messages = items.flatMap((item, index) => messageOf(item, index, people, reporter));
  return {
    id: String(conversation.id ?? "new"),
    subject: wellFormed(String(conversation.additional_attributes?.mail_subject ?? "")),
    origin: "customer_report",
    reporter,
    participants: people.list(),
    messages,
    ...(isPartial(conversation) ? { is_partial: true } : {}),
    context: { mediation_eligible: null },
  };
}

/** Chatwoot hands over what it has loaded, and older messages only once somebody scrolled to them. */
function isPartial(conversation) {
  return conversation.allMessagesLoaded === false || conversation.all_messages_loaded === false;
}

function messageOf(item, index, people, reporter) {
  if (SKIPPED_TYPES.has(item?.message_type) || typeof item?.content !== "string" || item.content.trim() === "") return [];
  const author = OUTGOING_TYPES.has(item.message_type) || item.private ? agentOf(item, people) : reporter;
  return [{ id: `m${item.id ?? index + 1}`, author, sent_at: isoTime(item.created_at), text: wellFormed(item.content) }];
}

function agentOf(item, people) {
  return people.add({ id: prefixed("agent", item.sender?.id), name: item.sender?.name ?? item.sender?.available_name, role: "agent" });
}

/** Contacts and agents are numbered apart in Chatwoot. */
function prefixed(kind, id) {
  return `${kind}-${id ?? "unknown"}`;
}
