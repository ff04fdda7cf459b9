/**
 * A small client for the protocol that the Zendesk console speaks with an app: JSON over postMessage.
 *
 * In: the window, the allowed origin and the app's id. Out: `get`, `set`, `invoke`, `on`, `ready`, as the official SDK has
 * them. It listens to one window and one origin only, bounds every call in time, and refuses to send before the handshake.
 * It is used where the page did not load the official SDK; docs/adr/0015 says why.
 */
import { HostFault, within } from "./fault.js";

const VERSION = "2.0.0";
const ANSWER_MS = 5_000;
const HOOK_MS = 3_000;
const EVENT = "zaf.";

export function connectWire(page, { origin, appGuid, instanceGuid = appGuid }) {
  const host = page.parent;
  const ids = { appGuid, instanceGuid };
  const pending = new Map();
  const handlers = new Map();
  let last = 0;
  let registered;
  const ready = new Promise((resolve) => (registered = resolve));

  const post = (message) => host.postMessage(JSON.stringify({ ...message, ...ids }), origin);

  const call = async (request, params, what) => {
    await ready;
    const id = ++last;
    const answer = new Promise((resolve, reject) => pending.set(id, { resolve, reject }));
    post({ id, request, params });
    try {
      return await within(ANSWER_MS, what, answer);
    } finally {
      pending.delete(id);
    }
  };

  const listen = (event) => {
    if (event.source !== host || event.origin !== origin) return;
    const message = parsed(event.data);
    if (message === null) return;
    if (pending.has(message.id)) settle(pending.get(message.id), message);
    else if (typeof message.key === "string" && message.key.startsWith(EVENT)) hear(message.key.slice(EVENT.length), message);
  };

  const hear = (name, message) => {
    if (name === "app.registered") registered(message.message ?? {});
    const listeners = [...(handlers.get(name) ?? [])];
    if (message.needsReply) replyTo(name, listeners, message.message);
    else listeners.forEach((handler) => handler(message.message));
  };

  /** A hook's reply goes out as an object, as the console expects; whoever takes too long lets it pass. */
  const replyTo = async (name, listeners, data) => {
    const reply = { key: `iframe.reply:${name}`, ...ids };
    const objection = await within(HOOK_MS, name, firstObjection(listeners, data)).catch(() => null);
    host.postMessage(objection === null ? reply : { ...reply, error: { msg: objection } }, origin);
  };

  page.addEventListener("message", listen);
  post({ key: "iframe.handshake", message: { version: VERSION } });

  return {
    ready,
    async get(path) {
      return single(path, await call("get", [path].flat(), `get ${[path].flat()[0]}`));
    },
    async set(path, value) {
      return single(path, await call("set", { [path]: value }, `set ${path}`));
    },
    async invoke(action, ...given) {
      return single(action, await call("invoke", { [action]: given }, `invoke ${action}`));
    },
    on(name, handler) {
      handlers.set(name, [...(handlers.get(name) ?? []), handler]);
      const subscriberCount = handlers.get(name).length;
      ready.then(() => post({ key: `iframe.on:${name}`, message: { subscriberCount } }));
    },
    close() {
      page.removeEventListener("message", listen);
    },
  };
}

function parsed(data) {
  let message = data;
  if (typeof data === "string") {
    try {
      message = JSON.parse(data);
    } catch {
      return null;
    }
  }
  return message !== null && typeof message === "object" && !Array.isArray(message) ? message : null;
}

function settle(waiting, message) {
  if (message.error !== undefined && message.error !== null) {
    waiting.reject(new HostFault("host_error", "the console answered with an error"));
  } else {
    waiting.resolve(message.result ?? {});
  }
}

/** A list of paths keeps its errors by path; a single path fails as a whole. */
function single(path, result) {
  if (typeof path === "string" && result.errors?.[path]) {
    throw new HostFault("host_error", `${path}: the console answered with an error`);
  }
  return result;
}

/** What the first handler has against it: the text it returned or threw, or null. */
async function firstObjection(listeners, data) {
  for (const handler of listeners) {
    try {
      const answer = await handler(data);
      if (typeof answer === "string") return answer;
      if (answer instanceof Error) return answer.message;
      if (answer === false) return "";
    } catch (fault) {
      return fault instanceof Error ? fault.message : String(fault ?? "");
    }
  }
  return null;
}
