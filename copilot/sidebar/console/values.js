/**
 * The open ticket as Zendesk's `ticket.*` and `comment.*` paths give it to an app.
 *
 * In: the desk and a path. Out: the value, or undefined where the path is unknown.
 */
const UNKNOWN = undefined;

export function valueAt(desk, path) {
  const ticket = desk.current;
  const fields = { [desk.fieldIds.role]: ticket.fields.role, [desk.fieldIds.mediation]: ticket.fields.mediation };
  const custom = /^ticket\.customField:custom_field_(\d+)$/.exec(path)?.[1];
  if (custom !== undefined) return custom in fields ? fields[custom] : UNKNOWN;
  return PATHS[path]?.(desk, ticket) ?? (path in PATHS ? null : UNKNOWN);
}

const PATHS = {
  "ticket.id": (_, ticket) => ticket.id,
  "ticket.subject": (_, ticket) => ticket.subject,
  "ticket.description": (_, ticket) => ticket.conversation[0].message.content,
  "ticket.conversation": (_, ticket) => structuredClone(ticket.conversation),
  "ticket.requester": (_, ticket) => ({ ...ticket.requester }),
  "ticket.assignee": (desk) => ({ group: groupOf(desk), user: null }),
  "ticket.tags": (desk) => [...desk.form.tags],
  "ticket.via.channel": (_, ticket) => ticket.channel,
  "comment.type": (desk) => desk.form.mode,
  "comment.text": (desk) => asHtml(desk.form.text),
  currentUser: (desk) => ({ ...desk.agent }),
};

function groupOf(desk) {
  const group = desk.groups.find((one) => one.id === desk.form.group);
  return group ? { ...group } : null;
}

/** A rich editor gives its text as HTML. */
function asHtml(text) {
  const escaped = text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return text === "" ? "" : `<p>${escaped.replace(/\n/g, "<br>")}</p>`;
}
