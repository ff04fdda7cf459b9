// How a note of the copilot's own begins and ends, where it comes back in a conversation.

export const OWN_NOTE = /^(?:Internal note for |No escalation is )[\s\S]*?\nRule R\d_[a-z_]+(?: \([^\n]*\))?, policy [^\n]*/;
