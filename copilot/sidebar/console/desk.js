/**
 * The simulated console's state: tickets, the open form, and what was done to it.
 *
 * In: tickets.json. Out: events `opened`, `conversation`, `form`, `notice`, `submitted`. It counts submits, and only the
 * agent's own button submits. Nothing is sent anywhere and nothing is kept.
 */
export class Desk extends EventTarget {
  tickets = [];
  current = null;
  form = { mode: "publicReply", text: "", group: null, tags: [] };
  submits = 0;
  calls = [];
  faults = { stuck: false, reload: false };
  beforeSubmit = async () => null;

  constructor({ tickets, agent, groups, group_map: groupMap, field_ids: fieldIds }) {
    super();
    Object.assign(this, { tickets: structuredClone(tickets), agent, groups, groupMap, fieldIds });
  }

  open(id) {
    this.current = this.tickets.find((ticket) => ticket.id === id) ?? this.tickets[0];
    this.form = { mode: "publicReply", text: "", group: this.current.group, tags: [...this.current.tags] };
    this.#tell("opened");
  }

  edit(change) {
    if (change.mode !== undefined && this.faults.stuck) change = { ...change, mode: this.form.mode };
    this.form = { ...this.form, ...change };
    this.#tell("form");
  }

  append(text) {
    this.edit({ text: this.form.text + text });
  }

  customerWrites() {
    const { requester, next_message: text, channel } = this.current;
    this.#add({ author: requester, channel: { name: channel }, message: { content: text, contentType: "text/plain" } });
  }

  notice(kind, text) {
    this.#tell("notice", { kind, text });
  }

  /** The agent's own act. An app may object; its text is shown and nothing is submitted. */
  async submit() {
    const objection = await this.beforeSubmit();
    if (objection !== null) return this.notice("error", objection || "An app stopped the submit.");
    const { mode, text } = this.form;
    if (text.trim() !== "") {
      const channel = { name: mode === "internalNote" ? "internal" : this.current.channel };
      this.#add({ author: this.agent, channel, message: { content: text, contentType: "text/plain" } });
    }
    this.submits += 1;
    this.current.group = this.form.group;
    this.form = { ...this.form, mode: "publicReply", text: "" };
    this.#tell("form");
    return this.#tell("submitted");
  }

  #add(item) {
    this.current.conversation.push({ ...item, timestamp: new Date().toISOString() });
    this.#tell("conversation");
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
