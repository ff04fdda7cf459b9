/**
 * The group of Zendesk's open form: set for a queue or route, and given back.
 *
 * In: the console's client, the account's map of groups, and a way to notify. Out: what was set and what stood there before, so that
 * it can be given back. It never submits, and gives nothing back where somebody chose another group meanwhile.
 */
const STAYS = new Set(["no_escalation", "agent_review"]);

export class Group {
  constructor(client, { groups, notify }) {
    Object.assign(this, { client, groups, notify });
  }

  /** `{done, refused, before}`: no_group where the map names none, host_error where the console refuses it. */
  async set({ route, queue }) {
    const id = groupId(this.groups, queue, route);
    if (id === null) {
      if (!STAYS.has(route)) this.notify("alert", `No group is set up for ${queue ?? route}: choose it yourself.`);
      return { done: [], refused: "no_group" };
    }
    try {
      const was = await this.#assignee().catch(() => null);
      await this.client.set("ticket.assignee", { groupId: id });
      return { done: ["group"], refused: null, ...(was === null ? {} : { before: { ...was, set: id } }) };
    } catch {
      this.notify("alert", "The group could not be set: choose it yourself.");
      return { done: [], refused: "host_error" };
    }
  }

  /** The group and agent that stood there before; false where another was chosen since, or there was none. */
  async giveBack({ group, user, set }) {
    if (group === null || (await this.#assignee()).group !== set) return false;
    await this.client.set("ticket.assignee", user === null ? { groupId: group } : { groupId: group, userId: user });
    return true;
  }

  async #assignee() {
    const { group, user } = (await this.client.get("ticket.assignee"))["ticket.assignee"] ?? {};
    return { group: group?.id ?? null, user: user?.id ?? null };
  }
}

/** The id of the group for a queue or, failing that, a route; null where the map names none. */
export function groupId(groups, queue, route) {
  const given = (queue !== null && Object.hasOwn(groups, queue) ? groups[queue] : undefined) ?? (Object.hasOwn(groups, route) ? groups[route] : undefined);
  const id = Number(given);
  return given !== undefined && given !== null && given !== "" && Number.isSafeInteger(id) && id > 0 ? id : null;
}
