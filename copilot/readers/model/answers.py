"""Answers of a model that were kept: looked up before a request is sent, and added to when an answer comes.

Comes in: the body of a request, exactly as it would go over the wire. Goes out: what the model said to that very body,
or nothing. Whatever is found goes the way of a fresh answer: the same decoding, checks, re-ask and merging.
"""

from typing import Any, Protocol

from copilot.core.reading import ReadOutcome
from copilot.readers.model.api_errors import ApiError, Retry
from copilot.readers.model.envelope import Reply
from copilot.readers.model.error_signs import ADAPTABLE

NOT_RECORDED = ApiError(ReadOutcome.UNAVAILABLE, "not_recorded")
"""What a closed book says to a request that it does not hold."""

_ABOUT_THE_REQUEST = frozenset({ReadOutcome.TOO_LARGE, ReadOutcome.INPUT_REJECTED, ReadOutcome.PROMPT_FILTERED})


class Answers(Protocol):
    """Where answers are kept. `closed` is true where nothing may be asked of a model: what is not held is a fault."""

    @property
    def closed(self) -> bool:
        """Whether only what is held may be answered."""
        ...

    def find(self, body: dict[str, Any]) -> Reply | ApiError | None:
        """What came back for this body before, or None."""
        ...

    def keep(self, body: dict[str, Any], came: Reply | ApiError) -> None:
        """Remember what came back; see `worth_keeping`."""
        ...


def worth_keeping(came: Reply | ApiError) -> bool:
    """True for every answer, and for a refusal of the request itself; a fault of the moment may pass and is not kept."""
    if isinstance(came, Reply):
        return True
    return came.retry is Retry.NEVER and (came.code in ADAPTABLE or came.outcome in _ABOUT_THE_REQUEST)
