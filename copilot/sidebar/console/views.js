/**
 * The console on the screen: queue, conversation, composer, notices. All text is set as text, never as markup.
 *
 * In: the desk. Out: elements brought up to date whenever the desk tells of a change.
 */
import { htmlToText } from "../hosts/html_text.js";

const NOTICE_MS = 8_000;
const HINTS = { publicReply: "The customer will see this.", internalNote: "Agents only." };

export const byId = (id) => document.getElementById(id);

export function element(tag, { text, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

export function drawQueue(desk) {
  byId("queue-count").textContent = `(${desk.tickets.length})`;
  byId("queue").replaceChildren(...desk.tickets.map((ticket) => element("li", {}, queueButton(desk, ticket))));
}

function queueButton(desk, ticket) {
  const title = element("span", { className: "title", text: ticket.subject, dir: "auto" });
  const from = element("span", { className: "from", text: `#${ticket.id} · ` }, element("bdi", { text: ticket.requester.name }));
  const button = element("button", { type: "button" }, title, from);
  button.dataset.ticket = ticket.id;
  button.setAttribute("aria-current", String(ticket === desk.current));
  return button;
}

export function markCurrent(desk) {
  for (const button of byId("queue").querySelectorAll("button")) {
    button.setAttribute("aria-current", String(button.dataset.ticket === String(desk.current.id)));
  }
}

export function drawTicket(desk) {
  byId("ticket-id").textContent = `#${desk.current.id}`;
  byId("ticket-channel").textContent = desk.current.channel;
  byId("ticket-from").textContent = desk.current.requester.name;
  byId("subject").textContent = desk.current.subject;
  drawThread(desk);
}

export function drawThread({ current }) {
  byId("conversation").replaceChildren(...current.conversation.map(messageItem));
}

function messageItem(item, index) {
  const isAgent = item.author.role === "agent";
  const isNote = item.channel.name === "internal";
  const head = element(
    "header",
    {},
    element("span", { className: "who", text: item.author.name, dir: "auto" }),
    element("span", { text: isNote ? "internal note" : isAgent ? "agent" : "customer" }),
    element("time", { dateTime: item.timestamp, text: shortTime(item.timestamp) }),
  );
  const content = item.message.contentType === "text/html" ? htmlToText(item.message.content, window) : item.message.content;
  const body = element("div", { className: "text", text: content, dir: "auto" });
  const made = element("li", { className: `message ${isNote ? "note" : isAgent ? "agent" : "customer"}`, tabIndex: -1 }, head, body);
  made.dataset.message = `m${index + 1}`;
  return made;
}

function shortTime(iso) {
  return new Date(iso).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

export function drawForm({ form, groups, submits }) {
  const composer = byId("composer");
  composer.dataset.mode = form.mode;
  for (const tab of composer.querySelectorAll('[role="tab"]')) {
    const isChosen = tab.dataset.mode === form.mode;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    if (isChosen) byId("draft-panel").setAttribute("aria-labelledby", tab.id);
  }
  byId("mode-hint").textContent = HINTS[form.mode];
  if (byId("draft").value !== form.text) byId("draft").value = form.text;
  byId("group").replaceChildren(...groups.map((group) => element("option", { value: group.id, text: group.name, selected: group.id === form.group })));
  byId("tags").replaceChildren(...form.tags.map((tag) => element("li", { className: "tag", text: tag, dir: "auto" })));
  byId("submits").dataset.count = submits;
  byId("submits").textContent = `${submits} submitted`;
}

/** Brings a message into view and marks it; false where there is none of that id. */
export function revealMessage(id) {
  const found = [...byId("conversation").children].find((item) => item.dataset.message === id);
  if (found === undefined) return false;
  for (const item of byId("conversation").children) item.classList.toggle("shown", item === found);
  found.scrollIntoView({ block: "center" });
  return true;
}

export function showNotice({ kind, text }) {
  const notice = element("p", { className: "notice", text, dir: "auto" });
  notice.dataset.kind = kind;
  byId("notices").append(notice);
  setTimeout(() => notice.remove(), NOTICE_MS);
}
