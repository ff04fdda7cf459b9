/**
 * Zendesk's open composer, read through the console's client. It changes nothing.
 */
import { pause } from "./fault.js";
import { htmlToText } from "./html_text.js";

const TRIES = 15;
const BETWEEN_TRIES_MS = 100;

/** The open composer: `{ticket, type, raw, text}`, `raw` as the editor has it. Raises where it cannot be read. */
export async function composerOf(page, client) {
  const values = await client.get(["ticket.id", "comment.type", "comment.text"]);
  const errors = values.errors ?? {};
  if (errors["comment.type"] || errors["comment.text"] || typeof values["comment.type"] !== "string") {
    throw new Error("the composer cannot be read");
  }
  const raw = typeof values["comment.text"] === "string" ? values["comment.text"] : "";
  return { ticket: String(values["ticket.id"] ?? "new"), type: values["comment.type"], raw, text: plain(raw, page) };
}

/** The composer, once it is in the mode or has had its time to get there; read again then, as what is written next rests on it. */
export async function composerIn(mode, page, client) {
  for (let attempt = 0; attempt < TRIES && (await composerOf(page, client)).type !== mode; attempt += 1) await pause(BETWEEN_TRIES_MS);
  return composerOf(page, client);
}

/** Rich editors give HTML: an empty paragraph is no draft, and nor are characters that nobody sees. */
function plain(text, page) {
  return (/<[a-z!/]|&[#a-z]/i.test(text) ? htmlToText(text, page) : text).replace(/[\u00a0\u200b\ufeff]/g, " ");
}
