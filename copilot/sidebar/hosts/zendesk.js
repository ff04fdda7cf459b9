/**
 * The panel inside Zendesk.
 *
 * `connect(page)` gives the host object of docs/frame.md. It speaks through the official SDK where the page has loaded it,
 * else through `zaf_wire.js`. Every call is bounded in time. It reads the ticket and edits the open form; it never submits.
 */
import { pathsOf, toTicket } from "./conversation.js";
import { HostFault, within } from "./fault.js";
import { metaContent, zendeskOrigin } from "./origins.js";
import * as pending from "./pending.js";
import { connectWire } from "./zaf_wire.js";
import { Group } from "./zendesk_group.js";
import { NoteWriter } from "./zendesk_note.js";
import { ReplyWriter } from "./zendesk_reply.js";

const HANDSHAKE_MS = 10_000;
const CALL_MS = 6_000;
const NOTICE_MS = 6_000;
const KINDS = new Set(["notice", "alert", "error"]);
const CHANGES = ["ticket.conversation.changed", "ticket.subject.changed", "ticket.requester.id.changed"];

export async function connect(given = globalThis) {
  const page = given.defaultView ?? given;
  const client = bounded(await openClient(page));
  const notify = (kind, text) => client.invoke("notify", escaped(text), KINDS.has(kind) ? kind : "notice", NOTICE_MS).catch(() => {});
  const writer = new NoteWriter(page, client, new Group(client, { groups: groupsOf(page), notify }));
  const replies = new ReplyWriter(page, client);
  const ticketId = async () => String((await client.get("ticket.id"))["ticket.id"] ?? "new");
  const resumed = await finishPending(page, { writer, replies, ticketId, notify });
  const fields = fieldsOf(client.registered);

  return {
    kind: "zendesk",
    resumed,
    ticket: async () => toTicket(await client.get(pathsOf(fields)), page, fields),
    session: async () => metaContent(page, "copilot-session") || null,
    onChange: (callback) => CHANGES.forEach((name) => client.on(name, () => callback())),
    useNote: ({ ticket, note, route, queue = null, replaces = null }) => tried(async () => {
      if (await replies.isInNote()) return { done: [], refused: "reply_in_note" };
      return writer.use({ ticket: ticket ?? (await ticketId()), note, route, queue, replaces });
    }),
    setGroup: ({ ticket, route, queue = null }) => tried(() => writer.setGroup({ ticket, route, queue })),
    takeBack: ({ ticket, note = null, before = null }) => tried(() => writer.takeBack({ ticket, note, before })),
    useReply: ({ ticket, text, note = null }) => tried(async () => replies.use({ ticket: ticket ?? (await ticketId()), text, note })),
    reveal: async () => false,
    resize: (px) => client.invoke("resize", { width: "100%", height: `${Math.max(120, Math.ceil(px))}px` }).catch(() => {}),
    notify,
  };
}

/** What came of it; a console that fails in the middle has refused. */
const tried = (act) => act().catch(() => ({ done: [], refused: "host_error" }));

async function openClient(page) {
  if (page.parent === page) throw new HostFault("no_host", "the page is not embedded in a console");
  const query = new URLSearchParams(page.location.search);
  const origin = zendeskOrigin(query.get("origin"), page.location.origin);
  if (origin === null) throw new HostFault("origin", "the origin in the address is no Zendesk account");
  const appGuid = query.get("app_guid");
  const official = page.ZAFClient?.init?.();
  const client = official ? withReady(official) : connectWire(page, { origin, appGuid, instanceGuid: query.get("instance_guid") ?? appGuid });
  const registered = await within(HANDSHAKE_MS, "handshake", client.ready);
  return { ...client, registered };
}

/** The official client tells by an event that it may be used. */
function withReady(official) {
  return {
    ready: new Promise((resolve) => official.on("app.registered", resolve)),
    get: (path) => official.get(path),
    set: (path, value) => official.set(path, value),
    invoke: (...given) => official.invoke(...given),
    on: (name, handler) => official.on(name, handler),
  };
}

/** The same client, and no call waits longer than its time: the official one would wait for minutes. */
function bounded(client) {
  const limited = (name) => (...given) => within(CALL_MS, `${name} ${[given[0]].flat()[0]}`, client[name](...given));
  return { get: limited("get"), set: limited("set"), invoke: limited("invoke"), on: client.on, registered: client.registered };
}

/** Which of the account's ticket fields hold the marketplace's records, as an admin set it when installing the app. */
function fieldsOf(registered) {
  const settings = registered?.metadata?.settings ?? {};
  const id = (value) => String(value ?? "").trim() || null;
  return { role: id(settings.role_field_id), mediation: id(settings.mediation_field_id) };
}

/** Queue or route to group id, as the service was told; an unreadable map is an empty one. */
function groupsOf(page) {
  try {
    const groups = JSON.parse(metaContent(page, "copilot-zendesk-groups") || "{}");
    return groups !== null && typeof groups === "object" && !Array.isArray(groups) ? groups : {};
  } catch {
    return {};
  }
}

/** What a reload interrupted: `{route, queue, done, refused}` of a note; null where nothing was, or a question, which is put in. */
async function finishPending(page, { writer, replies, ticketId, notify }) {
  try {
    const work = pending.unfinished(page, await ticketId());
    if (work === null) return null;
    pending.drop(page);
    if (work.kind === "reply") return await replies.finish(work).then(() => null);
    const result = await writer.finish(work);
    if (result.refused) notify("error", "The note was not inserted: the composer is not in internal note mode.");
    return { route: work.route, queue: work.queue, ...result };
  } catch {
    return null;
  }
}

/** Zendesk shows a notice as HTML. */
function escaped(text) {
  return String(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
