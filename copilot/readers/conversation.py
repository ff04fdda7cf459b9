"""The requests for one window of a ticket, decided one after another from what came back; no I/O.

Comes in: a window and, after each request, a `Reply` or a `Fault`. Goes out: the next request body, and in the end an
`Answer`. There is at most one re-ask (for an answer that is invalid or cites what is not there, told in codes and
paths), one larger output cap (for a cut answer), and one step down for each structured-output mode a server refuses.
"""

from dataclasses import dataclass, field
from typing import Any

from copilot import facts
from copilot.extraction import Extraction
from copilot.facts import Dropped
from copilot.readers import prompt
from copilot.readers.base import ReadOutcome, Usage
from copilot.readers.decoding import MAX_ISSUES, Answer, Reply, read_answer
from copilot.readers.faults import FORMAT_REJECTED, Fault
from copilot.readers.profiles import EndpointProfile, Mode, request_body
from copilot.settings import Settings

SYSTEM_CHARACTERS_A_TOKEN = 5
TICKET_CHARACTERS_A_TOKEN = 10
"""More characters than any tokenizer in use puts into a token of such text: dividing by them never counts too many."""


@dataclass
class Ladder:
    """The structured-output modes a server may take. What it refused once is not tried again by this reader."""

    modes: tuple[Mode, ...]
    step: int = 0

    def refuse(self, mode: Mode) -> bool:
        """Note that the server refused a mode; False where there is no other left to try."""
        position = self.modes.index(mode)
        if position + 1 >= len(self.modes):
            return False
        self.step = max(self.step, position + 1)
        return True


@dataclass
class Conversation:
    """One window's reading. Call `request`, then `take` with what came back, until `answer` is there."""

    settings: Settings
    profile: EndpointProfile
    window: prompt.Window
    ladder: Ladder
    usage: Usage = field(default_factory=Usage)
    model: str | None = None
    answer: Answer | None = None
    _issues: tuple[str, ...] = ()
    _kept: Extraction | None = None
    _output_factor: int = 1
    _mode: Mode = Mode.STRICT

    def request(self) -> dict[str, Any]:
        """The body of the next request."""
        self._mode = self.ladder.modes[self.ladder.step]
        tokens = self.profile.output_tokens * self._output_factor
        return request_body(self.settings, self.profile, self._messages(), self._mode, tokens)

    def take(self, came: Reply | Fault) -> None:
        """Take what came back, and settle the answer or leave it open for one more request."""
        if isinstance(came, Fault):
            self._take_fault(came)
            return
        self.usage += came.usage
        self.model = came.model or self.model
        answer = read_answer(came, self._fewest_prompt_tokens())
        if answer.extraction is not None:
            self._take_extraction(answer.extraction)
        elif answer.outcome is ReadOutcome.INVALID and not self._issues:
            self._issues = answer.issues
        elif answer.outcome is ReadOutcome.TRUNCATED and self._output_factor == 1:
            self._output_factor = 2
        else:
            self._settle(answer)

    def _take_fault(self, fault: Fault) -> None:
        if fault.code == FORMAT_REJECTED and self.ladder.refuse(self._mode):
            return
        self._settle(Answer(fault.outcome, issues=(fault.code,)))

    def _take_extraction(self, extraction: Extraction) -> None:
        """Ask again for an answer that cites what is not there, once; then keep whichever says more that is verified."""
        extraction = self.window.sheet.returned(extraction)
        dropped = self._dropped(extraction)
        if dropped and not self._issues:
            self._issues = tuple(f"{one.list}[{one.index}]: {one.reason.name.lower()}" for one in dropped[:MAX_ISSUES])
            self._kept = extraction
        elif self._kept is not None and self._verified(self._kept) > self._verified(extraction):
            self.answer = Answer(ReadOutcome.OK, self._kept)
        else:
            self.answer = Answer(ReadOutcome.REPAIRED if self._issues else ReadOutcome.OK, extraction)

    def _settle(self, answer: Answer) -> None:
        """End; but where an earlier answer held facts, hand those back: the facts layer drops and reports the bad ones."""
        self.answer = Answer(ReadOutcome.OK, self._kept) if self._kept is not None else answer

    def _dropped(self, extraction: Extraction) -> tuple[Dropped, ...]:
        return facts.verify(self.window.sheet.ticket, self.window.sheet.sentences, extraction).dropped

    def _verified(self, extraction: Extraction) -> int:
        lists = (extraction.threats, extraction.demands, extraction.damage_claims, extraction.disputes)
        total = sum(len(one) for one in lists)
        return total - sum(one.list != "parties" for one in self._dropped(extraction))

    def _messages(self) -> prompt.Messages:
        wording = prompt.Wording(self.settings.marketplace, self.settings.tag_salt, self._mode is not Mode.STRICT)
        return prompt.messages(self.window, wording, self._issues)

    def _fewest_prompt_tokens(self) -> int:
        system, *rest = self._messages()
        ticket = sum(len(message["content"]) for message in rest)
        return len(system["content"]) // SYSTEM_CHARACTERS_A_TOKEN + ticket // TICKET_CHARACTERS_A_TOKEN
