"""The requests for one window of a ticket, decided one after another from what came back; no I/O.

Comes in: a window and, after each request, a `Reply` or a `ApiError`. Goes out: the next request body, and in the end an
`Answer`. There is at most one re-ask (for an answer that is invalid or cites what is not there, told in codes and
paths), one larger output cap (for an answer that the cap alone cut), and one more request for each thing that a server
wants asked another way. What an earlier answer said is never lost to a later one.
"""

from dataclasses import dataclass, field
from typing import Any

from copilot.config.settings import Settings
from copilot.core.extraction import Extraction
from copilot.core.facts import Dropped
from copilot.core.plausibility import implausible
from copilot.core.verification import unverifiable
from copilot.readers.base import ReadOutcome, Usage
from copilot.readers.model import carried, prompt, wire_schema
from copilot.readers.model.api_errors import ApiError
from copilot.readers.model.cut_short import Cut, why_cut
from copilot.readers.model.decoding import MAX_ISSUES, Answer, read_answer
from copilot.readers.model.envelope import Reply
from copilot.readers.model.manners import Manners
from copilot.readers.model.profiles import EndpointProfile, Mode, request_body, response_format

SYSTEM_CHARACTERS_A_TOKEN = 5
TICKET_CHARACTERS_A_TOKEN = 10
"""More characters than any tokenizer in use puts into a token of such text: dividing by them never counts too many."""


@dataclass(frozen=True, slots=True)
class _Before:
    """What an earlier answer said, in the ticket's own ids, and whether it may stand where no later one can be used."""

    extraction: Extraction
    stands_as: ReadOutcome | None


@dataclass
class Conversation:
    """One window's reading. Call `request`, then `take` with what came back, until `answer` is there."""

    settings: Settings
    profile: EndpointProfile
    window: prompt.Chunk
    manners: Manners
    usage: Usage = field(default_factory=Usage)
    model: str | None = None
    answer: Answer | None = None
    mode: Mode = field(init=False)
    _issues: tuple[str, ...] = ()
    _before: _Before | None = None
    _output_factor: int = 1
    _cap_sent: int | None = None
    _joins_system: bool = False
    _fields: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.mode = self.manners.mode_for_conversation()

    def request(self) -> dict[str, Any]:
        """The body of the next request."""
        self._joins_system, self._fields = self.manners.joins_system, self.manners.fields
        body = request_body(self.settings, self.profile, self._messages(), self._format(), self._tokens())
        self._cap_sent = body.get(self.profile.token_parameter or "")
        return self.manners.dressed(body)

    def take(self, came: Reply | ApiError) -> None:
        """Take what came back, and settle the answer or leave it open for one more request."""
        if isinstance(came, ApiError):
            self._take_fault(came)
            return
        self.manners.took(self.mode)
        self.usage += came.usage
        self.model = came.model or self.model
        answer = read_answer(came, prompt_was_cut=self.manners.cut_the_prompt(came.usage, self._fewest_prompt_tokens()))
        if answer.extraction is not None and (faults := implausible(answer.extraction, self.window.numbered.ticket)):
            answer = Answer(ReadOutcome.INVALID, issues=faults)
        if answer.extraction is not None:
            self._take_extraction(answer.extraction)
            return
        if answer.outcome in (ReadOutcome.INVALID, ReadOutcome.TRUNCATED):
            self._keep_salvage(answer.outcome, came.content or "")
        if answer.outcome is ReadOutcome.INVALID and not self._issues:
            self._issues = answer.issues
        elif answer.outcome is ReadOutcome.TRUNCATED:
            self._take_cut(why_cut(came, self._cap_sent))
        else:
            self._settle(answer)

    def _take_cut(self, why: Cut) -> None:
        """Ask once more with twice the room, where room is what was missing and the cap that is sent can grow."""
        if why is Cut.CAP and self._output_factor == 1 and self._cap_sent == self._tokens():
            self._output_factor = 2
        else:
            self._settle(Answer(ReadOutcome.TRUNCATED, issues=(why.value,)))

    def _take_fault(self, fault: ApiError) -> None:
        if self.manners.take(fault.code, self.mode, self._joins_system, self._fields):
            self.mode = self.manners.mode
            return
        self._settle(Answer(fault.outcome, issues=(fault.code,)))

    def _take_extraction(self, extraction: Extraction) -> None:
        """Ask again for an answer that cites what is not there, once; then join what was said before to it."""
        extraction = self.window.numbered.returned(extraction)
        dropped = self._dropped(extraction)
        if dropped and not self._issues:
            self._issues = tuple(f"{one.list}[{one.index}]: {one.reason}" for one in dropped[:MAX_ISSUES])
            self._keep(extraction, ReadOutcome.OK)
            return
        outcome = ReadOutcome.REPAIRED if self._issues else ReadOutcome.OK
        if self._before is not None:
            before = self._before.extraction
            outcome = ReadOutcome.OK if self._stands_better(extraction) else outcome
            extraction = carried.joined(extraction, self._named_rightly(before), self._doubtful(before))
        self.answer = Answer(outcome, extraction)

    def _keep_salvage(self, outcome: ReadOutcome, content: str) -> None:
        """Keep what an answer said that could not be used; alone it stands only if it is whole and some facts verify."""
        extraction = self.window.numbered.returned(carried.salvaged(content))
        is_whole = outcome is ReadOutcome.INVALID and carried.is_whole(content, extraction)
        stands = is_whole and self._verified(extraction) > 0 and not implausible(extraction, self.window.numbered.ticket)
        self._keep(extraction, ReadOutcome.REPAIRED if stands else None)

    def _keep(self, extraction: Extraction, stands_as: ReadOutcome | None) -> None:
        if self._before is not None:
            before = self._before.extraction
            extraction = carried.joined(extraction, self._named_rightly(before), self._doubtful(before))
            stands_as = self._before.stands_as or stands_as
        self._before = _Before(extraction, stands_as)

    def _settle(self, answer: Answer) -> None:
        """End; but where an earlier answer may stand, hand that back: the facts layer drops and reports the bad facts."""
        before = self._before
        self.answer = Answer(before.stands_as, before.extraction) if before and before.stands_as else answer

    def _stands_better(self, extraction: Extraction) -> bool:
        before = self._before
        if before is None or before.stands_as is not ReadOutcome.OK:
            return False
        return self._verified(before.extraction) > self._verified(extraction)

    def _dropped(self, extraction: Extraction) -> tuple[Dropped, ...]:
        return unverifiable(self.window.numbered.ticket, self.window.numbered.sentences, extraction)

    def _doubtful(self, extraction: Extraction) -> frozenset[tuple[str, int]]:
        return frozenset((one.list, one.index) for one in self._dropped(extraction) if one.list != "parties")

    def _named_rightly(self, extraction: Extraction) -> Extraction:
        """Without the names that are not in the ticket."""
        wrong = {one.index for one in self._dropped(extraction) if one.list == "parties"}
        parties = [
            party.model_copy(update={"name": None}) if index in wrong else party for index, party in enumerate(extraction.parties)
        ]
        return extraction.model_copy(update={"parties": parties})

    def _verified(self, extraction: Extraction) -> int:
        return len(extraction.facts) - len(self._doubtful(extraction))

    def _two_messages(self) -> prompt.Messages:
        wording = prompt.Wording(self.settings.marketplace, self.settings.tag_salt, self.mode is not Mode.STRICT)
        return prompt.messages(self.window, wording, self._issues)

    def _tokens(self) -> int:
        return self.profile.output_tokens * self._output_factor

    def _format(self) -> dict[str, Any] | None:
        if not self.profile.keeps_bounds:
            return response_format(self.mode)
        wire_ids = self.window.numbered.wire_ids
        return response_format(self.mode, wire_schema.bounded([wire_ids[sentence.id] for sentence in self.window.sentences]))

    def _messages(self) -> prompt.Messages:
        return prompt.as_one_message(self._two_messages()) if self._joins_system else self._two_messages()

    def _fewest_prompt_tokens(self) -> int:
        system, user = self._two_messages()
        return len(system["content"]) // SYSTEM_CHARACTERS_A_TOKEN + len(user["content"]) // TICKET_CHARACTERS_A_TOKEN
