"""What a reader hands back: an extraction or none, how it ended, and what it cost.

Plain values, so that the note and the suggestion can speak of a reading without knowing any reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from copilot.core.extraction import Extraction


class ReadOutcome(StrEnum):
    """How a reading ended. Everything but OK and REPAIRED left no extraction."""

    OK = "ok"
    REPAIRED = "repaired"
    REFUSAL = "refusal"
    PROMPT_FILTERED = "prompt_filtered"
    OUTPUT_FILTERED = "output_filtered"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    MALFORMED_RESPONSE = "malformed_response"
    INVALID = "invalid"
    PROMPT_TRUNCATED = "prompt_truncated"
    RATE_LIMITED = "rate_limited"
    QUOTA = "quota"
    AUTH = "auth"
    CONFIG_REJECTED = "config_rejected"
    INPUT_REJECTED = "input_rejected"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    CERTIFICATE = "certificate"
    REDIRECTED = "redirected"
    LANGUAGE_UNSUPPORTED = "language_unsupported"
    UNREADABLE = "unreadable"

    @property
    def failed(self) -> bool:
        """True where there is no extraction to decide on."""
        return self not in (ReadOutcome.OK, ReadOutcome.REPAIRED)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens billed, over all attempts of a reading, the failed ones too. `known` False: a server did not tell all of them."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    known: bool = True

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.cached_tokens + other.cached_tokens,
            self.completion_tokens + other.completion_tokens,
            self.known and other.known,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader's answer about one ticket.

    `seconds` is wall time. `attempts` counts model calls (0 for the embedded reader). `unread` holds the ids of sentences that
    no reader saw, `unsure` of those in which the reader could not tell whether a harm that counts is told; `left_out` counts
    facts beyond what a ticket can hold. `second` is what the embedded reader read beside it, to be compared and never decided
    on, and `second_unread` the sentences that it did not get to.
    `confidence` is how likely the embedded reader takes each thing that a sentence tells, by the fact's type, its harm or
    kind, and the sentence's id; a model gives none.
    `uncited` holds sentences in which more was seen than the facts say: none from a reader alone, and on an agent's
    correction what was told before; `copilot.output.disagreement` has the last word. `degraded` is true where the reader that was
    asked for failed and another one answered; `outcome` then still tells how the first one ended. `mode` is the weakest
    structured-output mode that a model was asked in, `adapted` what was done otherwise because its server wanted it; see
    `readers.manners`.
    `is_answered`: an agent said whether the customer qualifies for mediation, and not the ticket.
    """

    extraction: Extraction | None
    outcome: ReadOutcome
    extractor: str
    model: str | None = None
    prompt_sha256: str | None = None
    schema_sha256: str | None = None
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    attempts: int = 0
    degraded: bool = False
    unread: tuple[str, ...] = ()
    uncited: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    confidence: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    second: Extraction | None = None
    second_unread: tuple[str, ...] = ()
    left_out: int = 0
    mode: str | None = None
    adapted: tuple[str, ...] = ()
    is_answered: bool = False

    @property
    def in_full(self) -> bool:
        """Whether every sentence was read and understood, and every fact kept."""
        return self.extraction is not None and not self.unread and not self.unsure and not self.left_out
