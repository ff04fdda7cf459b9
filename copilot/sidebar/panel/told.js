// What a reading of a ticket rests on: everything but what support wrote. Comes in: a ticket. Goes out: a short sign of what its
// customers tell, so that an agent's answer, their internal note or a note of ours never makes a reading an old one.

import { sign } from "./drafts.js";
import { OWN_NOTE } from "./own_note.js";
import { author } from "./state.js";

const isOfSupport = (ticket, one) => author(ticket, one).role === "support" || OWN_NOTE.test(one.text.trim());

export function told(ticket) {
  const participants = (ticket.participants ?? []).filter(({ role }) => role !== "support");
  return sign({ ...ticket, participants, messages: ticket.messages.filter((one) => !isOfSupport(ticket, one)) });
}
