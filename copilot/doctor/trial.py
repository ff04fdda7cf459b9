"""One reading of the made-up ticket, request after request as a ticket meets them, with the time of each.

Comes in: a reader, settings, a profile and what was found out about the server. Goes out: a `Trial`. It asks with the
reader's own conversation, so that what is tried is what a ticket will get.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from copilot.core.extraction import Extraction
from copilot.core.reading import ReadOutcome, Usage
from copilot.doctor import made_up
from copilot.readers.model import prompt
from copilot.readers.model.conversation import Conversation
from copilot.readers.model.envelope import Reply
from copilot.readers.model.numbered_lines import NumberedTicket
from copilot.readers.model.openai import OpenAIReader

_UNUSABLE = Reply(content="{}", finish_reason="stop", refused=False, model=None, usage=Usage())
"""An answer after which a conversation asks a second time."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How one reading ended. `code` tells why it failed, where that is known. `slowest_seconds` is that of one request."""

    outcome: ReadOutcome
    code: str = ""
    extraction: Extraction | None = None
    usage: Usage = field(default_factory=Usage)
    requests: int = 0
    seconds: float = 0.0
    slowest_seconds: float = 0.0
    mode: str = ""
    adapted: tuple[str, ...] = ()

    @property
    def misread(self) -> tuple[str, ...]:
        """What the reading lacks or gets wrong; empty where it is right, or there is none."""
        return made_up.misread(self.extraction) if self.extraction is not None else ()

    @property
    def is_right(self) -> bool:
        """Whether the made-up ticket was read, and rightly."""
        return self.extraction is not None and not self.misread


def conversation(talk: Callable[[prompt.Chunk], Conversation]) -> Conversation:
    """A conversation about the made-up ticket."""
    return talk(prompt.Chunk(NumberedTicket(made_up.TICKET, made_up.SENTENCES), made_up.SENTENCES.all))


def read(reader: OpenAIReader, talk: Conversation, *, second: bool = False) -> Trial:
    """Have a conversation to its end; `second`: from the second asking on, as after an answer that could not be used."""
    if second:
        talk.take(_UNUSABLE)
    taken: list[float] = []
    while talk.answer is None:
        began = time.monotonic()
        talk.take(reader.ask(talk.request()))
        taken.append(time.monotonic() - began)
    return Trial(
        outcome=talk.answer.outcome,
        code=next(iter(talk.answer.issues), ""),
        extraction=talk.answer.extraction,
        usage=talk.usage,
        requests=len(taken),
        seconds=sum(taken),
        slowest_seconds=max(taken, default=0.0),
        mode=talk.mode.value,
        adapted=talk.manners.adapted,
    )
