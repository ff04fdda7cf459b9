"""A reader that answers what a test tells it to."""

from dataclasses import dataclass, field

from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reading


@dataclass
class Scripted:
    """Answers with `says`, or raises it; `asked` counts how often, `way` tells the last way."""

    says: Reading | BaseException
    asked: int = 0
    way: list[str] = field(default_factory=list)

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        return self._answer("read")

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        return self._answer("aread")

    def _answer(self, way: str) -> Reading:
        self.asked += 1
        self.way.append(way)
        if isinstance(self.says, BaseException):
            raise self.says
        return self.says
