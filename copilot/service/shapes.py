"""Bodies and answers that only the HTTP interface has; everything else is the contract's and the store's."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from copilot.core.closed import Closed, WholeText
from copilot.core.extraction import Extraction
from copilot.core.ticket import Context
from copilot.store.records import Outcome

_ISO = re.compile(r"\d{4}-\d\d-\d\d[Tt ].*")


def _iso_text(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _ISO.fullmatch(value)):
        return value
    raise ValueError("must be an ISO 8601 time with a zone, such as 2026-03-01T10:00:00Z")


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a time of the years 1 to 9999 in UTC too") from None


IsoTime = Annotated[AwareDatetime, BeforeValidator(_iso_text), AfterValidator(_in_utc)]
"""A time with its zone; a count of seconds is none."""

SuggestionId = Annotated[
    str, Path(description="The id of a suggestion.", examples=["sug_06a1b2c3d4e5f6a7b8c9d0e1f2"], max_length=100)
]


class Correction(Closed):
    """The facts as an agent corrected them, and what the records say where that became known."""

    extraction: Extraction
    context: Context | None = None


class Chosen(Closed):
    """Where an agent sends a ticket instead. `decision_id`: the corrected decision that they were shown; null: the first."""

    chosen: Outcome
    decision_id: WholeText | None = Field(default=None, max_length=40)


class SessionRequest(Closed):
    """Whom a session is for: the name that their feedback will go under."""

    agent: WholeText = Field(min_length=1, max_length=200, pattern=r"\S")


class Session(Closed):
    """A session: the token is shown once."""

    token: str = Field(examples=["tcs_…"])
    expires_at: datetime


class Ended(Closed):
    """How many sessions were ended."""

    sessions: int = Field(examples=[1])


class Health(Closed):
    """The process answers."""

    status: str = Field(examples=["ok"])


class Received(Closed):
    """What became of a hook's word. It is kept by then, and read afterwards unless it was seen before or holds no text."""

    ticket_id: str = Field(examples=["T-1001"])
    status: Literal["waiting", "seen_before", "outdated", "nothing_to_read"]
