"""A reader with another behind it: when the first fails, the second answers and the reading says so."""

from dataclasses import dataclass, replace

from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reader, Reading, close


@dataclass(frozen=True)
class FallbackReader:
    """Reads with `first`; where that leaves no extraction, reads with `second` and marks the reading degraded.

    The tokens, seconds and attempts of the failed reading stay in the account, and its outcome in `outcome`.
    """

    first: Reader
    second: Reader

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read with the first reader that can."""
        tried = self.first.read(ticket, sentences)
        return tried if tried.extraction is not None else _degraded(tried, self.second.read(ticket, sentences))

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read with the first reader that can, without blocking."""
        tried = await self.first.aread(ticket, sentences)
        return tried if tried.extraction is not None else _degraded(tried, await self.second.aread(ticket, sentences))

    async def aclose(self) -> None:
        """Close both."""
        await close(self.first, self.second)


def _degraded(failed: Reading, answer: Reading) -> Reading:
    return replace(
        answer,
        outcome=failed.outcome,
        model=failed.model,
        prompt_sha256=failed.prompt_sha256,
        schema_sha256=failed.schema_sha256,
        usage=failed.usage + answer.usage,
        seconds=failed.seconds + answer.seconds,
        attempts=failed.attempts + answer.attempts,
        degraded=True,
        mode=failed.mode,
        adapted=failed.adapted,
    )
