"""A suggestion as the store keeps it beside its ticket: the ticket's text once, and of each sentence where it stands.

Comes in: a suggestion, then its JSON and the ticket that it is about. Goes out: JSON, then the same suggestion again. One that
was kept with its sentences written out, or by version 0.1, is read as well.
"""

import json
from collections.abc import Mapping

from copilot.core.ticket import Ticket
from copilot.output.suggestion import Suggestion
from copilot.store.shape_01 import upgraded


def kept(suggestion: Suggestion) -> str:
    """JSON without the words of its sentences: `[id, start, end]` for each."""
    given = suggestion.model_dump(mode="json", exclude={"sentences"})
    return json.dumps(given | {"sentences": [[one.id, one.start, one.end] for one in suggestion.sentences]}, ensure_ascii=False)


def whole(text: str, ticket: Ticket) -> Suggestion:
    """The suggestion in such JSON, with the words of its sentences out of the ticket."""
    given = json.loads(text)
    texts = {message.id: message.text for message in ticket.messages}
    given["sentences"] = [one if isinstance(one, dict) else _sentence(texts, *one) for one in given["sentences"]]
    return Suggestion.model_validate(upgraded(given))


def _sentence(texts: Mapping[str, str], id: str, start: int, end: int) -> dict[str, object]:
    message = id.rpartition(".")[0]
    return {"id": id, "message": message, "start": start, "end": end, "text": texts[message][start:end]}
