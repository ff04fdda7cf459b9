/**
 * The console's half of the protocol between Zendesk and an app, as far as the panel uses it.
 *
 * In: the desk and the app's iframe. It answers the handshake, `get`, `set`, `invoke`, tells changes to whoever subscribed,
 * and asks before a submit. A notice is HTML in Zendesk; here its text is shown. It hears its own iframe and its own origin only.
 * Every call is kept in `desk.calls` for tests.
 */
import { htmlToText } from "../hosts/html_text.js";
import { valueAt } from "./values.js";

const HOOK_MS = 5_000;
const SUBMITTING = /submit|save|solve|close/i;

export class ZafHost {
  #subscribed = new Set();
  #reply = null;

  constructor(desk, frame, { appGuid, reload }) {
    Object.assign(this, { desk, frame, appGuid, reload });
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    window.addEventListener("message", (event) => this.#hear(event), { signal });
    desk.addEventListener("conversation", () => this.tell("ticket.conversation.changed"), { signal });
    desk.beforeSubmit = () => this.#askBeforeSubmit();
  }

  #controller;

  close() {
    this.#controller.abort();
    this.desk.beforeSubmit = async () => null;
  }

  tell(name, message = {}) {
    if (this.#subscribed.has(name)) this.#post({ key: `zaf.${name}`, message });
  }

  #post(message) {
    this.frame.contentWindow?.postMessage(JSON.stringify(message), location.origin);
  }

  #hear(event) {
    if (event.source !== this.frame.contentWindow || event.origin !== location.origin) return;
    const message = typeof event.data === "string" ? parsed(event.data) : event.data;
    if (message === null || typeof message !== "object" || message.appGuid !== this.appGuid) return;
    if (message.request) this.#answer(message);
    else if (message.key === "iframe.handshake") this.#register();
    else if (message.key?.startsWith("iframe.on:")) this.#subscribed.add(message.key.slice(10));
    else if (message.key === "iframe.reply:ticket.save") this.#reply?.(message.error ? String(message.error.msg ?? "") : null);
  }

  #register() {
    this.#subscribed.clear();
    const settings = { role_field_id: this.desk.fieldIds.role, mediation_field_id: this.desk.fieldIds.mediation };
    const metadata = { appId: 1, name: "Triage Copilot", installationId: 1, version: "simulated", settings };
    const context = { instanceGuid: this.appGuid, product: "support", location: "ticket_sidebar", ticketId: this.desk.current.id };
    this.#post({ key: "zaf.app.registered", message: { metadata, context } });
  }

  #answer({ id, request, params }) {
    this.desk.calls.push({ request, params: structuredClone(params) });
    const result = { errors: {} };
    for (const [path, given] of request === "get" ? params.map((path) => [path]) : Object.entries(params)) {
      try {
        result[path] = this[request](path, given) ?? null;
      } catch (fault) {
        result.errors[path] = { name: "Error", message: fault.message, path };
      }
    }
    if (!(request === "set" && "comment.type" in params && this.#reloads())) this.#post({ id, result });
  }

  /** Zendesk may draw an app anew in the middle of its work; then nobody is left to hear the answer. */
  #reloads() {
    if (!this.desk.faults.reload) return false;
    this.reload();
    return true;
  }

  get(path) {
    const value = valueAt(this.desk, path);
    if (value === undefined) throw new Error("unknown path");
    return value;
  }

  set(path, value) {
    if (path === "comment.type" && ["internalNote", "publicReply"].includes(value)) this.desk.edit({ mode: value });
    else if (path === "comment.text") this.desk.edit({ text: String(value) });
    else if (path === "ticket.assignee" && this.desk.groups.some((group) => group.id === value?.groupId)) this.desk.edit({ group: value.groupId });
    else throw new Error("unknown path or value");
  }

  invoke(action, [first, second] = []) {
    if (SUBMITTING.test(action)) throw new Error("an app cannot submit here");
    const tags = this.desk.form.tags;
    switch (action) {
      case "comment.appendText":
      case "ticket.comment.appendText":
        return this.desk.append(String(first));
      case "ticket.tags.add":
        return this.desk.edit({ tags: [...new Set([...tags, ...[first].flat()])] });
      case "ticket.tags.remove":
        return this.desk.edit({ tags: tags.filter((tag) => ![first].flat().includes(tag)) });
      case "notify":
        return this.desk.notice(second ?? "notice", htmlToText(String(first), window));
      case "resize":
        return undefined;
      default:
        throw new Error("unknown action");
    }
  }

  /** What the app has against the submit; null where it has nothing, is not subscribed, or does not answer. */
  async #askBeforeSubmit() {
    if (!this.#subscribed.has("ticket.save")) return null;
    const answered = new Promise((resolve) => (this.#reply = resolve));
    this.#post({ key: "zaf.ticket.save", message: {}, needsReply: true });
    return Promise.race([answered, new Promise((resolve) => setTimeout(resolve, HOOK_MS, null))]);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
