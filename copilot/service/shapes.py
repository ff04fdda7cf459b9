"""Bodies and answers that only the HTTP interface has; everything else is the contract's and the store's."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field, model_validator

from copilot.closed import Closed, WholeText
from copilot.extraction import Extraction
from copilot.ticket import Context

MAX_FACTS = 500
MAX_PARTIES = 200
MAX_EVIDENCE = 5_000
"""A correction holds at most so much; the policy is asked once more for every fact in it."""

_ISO = re.compile(r"\d{4}-\d\d-\d\d[Tt ].*")


def _iso_text(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _ISO.fullmatch(value)):
        return value
    raise ValueError("must be an ISO 8601 time with a zone, such as 2026-03-01T10:00:00Z")


IsoTime = Annotated[AwareDatetime, BeforeValidator(_iso_text)]
"""A time with its zone; a count of seconds is none."""


class Correction(Closed):
    """The facts as an agent corrected them, and what the records say where that became known."""

    extraction: Extraction
    context: Context | None = None

    @model_validator(mode="after")
    def _is_of_a_human_size(self) -> "Correction":
        given = self.extraction
        lists = (given.threats, given.demands, given.damage_claims, given.disputes)
        evidence = [fact.evidence for facts in lists for fact in facts]
        if len(evidence) > MAX_FACTS:
            raise ValueError(f"extraction: more than {MAX_FACTS} facts")
        if len(given.parties) > MAX_PARTIES:
            raise ValueError(f"extraction.parties: more than {MAX_PARTIES}")
        if sum(map(len, evidence)) > MAX_EVIDENCE:
            raise ValueError(f"extraction: more than {MAX_EVIDENCE} pieces of evidence")
        return self


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
