"""What an examination found, and how it is told to people.

Comes in: findings. Goes out: lines. No text of a model or a server is in it but the name that it gives its model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from copilot.core.reading import ReadOutcome
from copilot.doctor.advice import Advice
from copilot.doctor.trial import Trial


class SchemaVerdict(StrEnum):
    """What the server does with a JSON Schema. The canary's prompt asks for a value that its schema forbids."""

    ENFORCED = "enforced"
    IGNORED = "ignored"
    REJECTED = "rejected"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """What was found. `outcome` and `code` are those of the first call that worked, or of the last that did not.

    `reading` is how the made-up ticket was read, `repeat` the very same request once more (a warm cache tells other
    usage), `second` the second asking, as after an answer that could not be used. A trial that makes no sense after one
    that failed is None. `token_parameter` is the one that the server took, None where it was not found out.
    """

    endpoint: str
    model: str
    profile: str
    outcome: ReadOutcome
    code: str
    token_parameter: str | None = None
    schema: SchemaVerdict = SchemaVerdict.UNKNOWN
    json_object: bool | None = None
    reading: Trial | None = None
    repeat: Trial | None = None
    second: Trial | None = None
    advice: tuple[Advice, ...] = ()

    @property
    def reachable(self) -> bool:
        """Whether the server answered a plain question."""
        return not self.outcome.failed

    @property
    def trials(self) -> tuple[tuple[str, Trial], ...]:
        """The trials that were made, with their names."""
        named = (("reading", self.reading), ("repeat", self.repeat), ("second", self.second))
        return tuple((name, trial) for name, trial in named if trial is not None)

    @property
    def healthy(self) -> bool:
        """Whether the made-up ticket was read rightly, each time it was tried."""
        return len(self.trials) == 3 and all(trial.is_right for _, trial in self.trials)

    def lines(self) -> Iterator[str]:
        """The report for people, one finding a line, and in the end what to set."""
        yield f"endpoint   {self.endpoint}"
        yield f"model      {self.model}"
        yield f"profile    {self.profile}"
        yield f"reachable  {'yes' if self.reachable else f'no: {self.outcome} ({self.code})'}"
        if self.reachable:
            yield f"tokens     {self.token_parameter or 'no cap is sent'}"
            yield f"schema     {self.schema}"
        for name, trial in self.trials:
            yield f"{name:<11}{_told(trial)}"
        if self.trials:
            yield f"facts      {self._facts()}"
            yield f"slowest    {max(trial.slowest_seconds for _, trial in self.trials):.1f} s for one request"
        for one in self.advice:
            yield f"set        {one.setting}: {one.reason}"
        if self.healthy and not self.advice:
            yield "set        nothing: a ticket would be read as things are"

    def _facts(self) -> str:
        right = sum(trial.is_right for _, trial in self.trials)
        wrong = next((trial.misread for _, trial in self.trials if trial.misread), ())
        said = f"right in {right} of {len(self.trials)} readings"
        return f"{said}; {'; '.join(wrong)}" if wrong else said


def _told(trial: Trial) -> str:
    usage = trial.usage
    ended = f"{trial.outcome}{f' ({trial.code})' if trial.code and trial.outcome.failed else ''}"
    manner = ", ".join((f"asked as {trial.mode}", *trial.adapted))
    counted = f"{usage.prompt_tokens} tokens in, {usage.cached_tokens} of them cached, {usage.completion_tokens} out"
    told = counted if usage.known else f"{counted} (not all are told)"
    return f"{ended} in {trial.seconds:.1f} s, {trial.requests} call{'s' * (trial.requests != 1)}, {manner}; {told}"
