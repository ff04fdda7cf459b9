"""The parts of a ticket that were read, and the one reading they make.

Comes in: a ticket cut into windows, then how each of them ended. Goes out: a `Reading` that holds every fact of the
parts that worked, names the sentences of those that did not, and counts every call and token.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from copilot.config.settings import Settings
from copilot.core.sentences import Sentence
from copilot.readers.base import Reading, ReadOutcome, Usage
from copilot.readers.model import chunking, prompt, wire_schema
from copilot.readers.model.api_errors import STOPS
from copilot.readers.model.decoding import Answer
from copilot.readers.model.numbered_lines import NumberedTicket
from copilot.readers.model.profiles import LADDER

EXTRACTOR = "openai"
_WEAKEST_FIRST = tuple(mode.value for mode in reversed(LADDER))


@dataclass(frozen=True, slots=True)
class Asked:
    """How the server was asked: the structured-output mode of the last request, and what is done for this server."""

    mode: str | None = None
    adapted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """How the reading of one window ended. A superseded one only counts what it cost: others were read in its place."""

    window: prompt.Chunk
    answer: Answer
    usage: Usage = field(default_factory=Usage)
    calls: int = 0
    model: str | None = None
    asked: Asked = field(default_factory=Asked)
    counts: bool = True

    @property
    def characters(self) -> int:
        """The size of the window as printed."""
        return sum(len(self.window.numbered.lines[sentence.id]) for sentence in self.window.sentences)

    def superseded(self) -> "ReadChunk":
        """The same part, of which only the cost counts."""
        return replace(self, counts=False)


def windows_of(
    numbered: NumberedTicket, sentences: Sequence[Sentence], settings: Settings, limit: int | None = None
) -> list[prompt.Chunk]:
    """Cut sentences of a ticket into windows of at most `limit` characters (default: as settings say)."""
    sizes = {id: len(line) for id, line in numbered.lines.items()}
    runs = chunking.plan(sentences, sizes, limit or settings.window_characters, settings.window_overlap_sentences)
    return [prompt.Chunk(numbered, run, number, len(runs)) for number, run in enumerate(runs, start=1)]


def reading_of(read: Sequence[ReadChunk], model: str | None, seconds: float) -> Reading:
    """One reading out of all parts. It failed only where every part did; then a fault for the operator comes first."""
    counted = [part for part in read if part.counts]
    extractions = [part.answer.extraction for part in counted if part.answer.extraction is not None]
    seen = {sentence.id for part in counted if part.answer.extraction is not None for sentence in part.window.sentences}
    missed = [sentence.id for part in counted for sentence in part.window.sentences if sentence.id not in seen]
    return Reading(
        extraction=chunking.joined(extractions) if extractions else None,
        outcome=_outcome([part.answer.outcome for part in counted]),
        extractor=EXTRACTOR,
        model=next((part.model for part in read if part.model), model),
        prompt_sha256=prompt.sha256(),
        schema_sha256=wire_schema.sha256(),
        usage=sum((part.usage for part in read), Usage()),
        seconds=seconds,
        attempts=sum(part.calls for part in read),
        unread=tuple(dict.fromkeys(missed)),
        mode=next((mode for mode in _WEAKEST_FIRST if mode in {part.asked.mode for part in read}), None),
        adapted=tuple(dict.fromkeys(name for part in read for name in part.asked.adapted)),
    )


def _outcome(outcomes: Sequence[ReadOutcome]) -> ReadOutcome:
    worked = [outcome for outcome in outcomes if not outcome.failed]
    if worked:
        return ReadOutcome.REPAIRED if ReadOutcome.REPAIRED in worked else ReadOutcome.OK
    return next((outcome for outcome in outcomes if outcome in STOPS), outcomes[0] if outcomes else ReadOutcome.UNREADABLE)
