"""When a run over many tickets should stop, because no further ticket would fare better.

Comes in: how each reading ended, in the order in which they were done. Goes out: nothing, or one line that says why to stop
and what to mend. Some outcomes speak of one ticket (a refusal, a filter): they show that the server works.
"""

from collections import Counter

from copilot.core.reading import ReadOutcome
from copilot.readers.model.api_errors import STOPS

LATER = (ReadOutcome.RATE_LIMITED, ReadOutcome.TIMEOUT, ReadOutcome.UNAVAILABLE)
"""How a reading ends that may go well in an hour."""
OF_THE_TICKET = frozenset(
    {
        ReadOutcome.REFUSAL,
        ReadOutcome.PROMPT_FILTERED,
        ReadOutcome.OUTPUT_FILTERED,
        ReadOutcome.TOO_LARGE,
        ReadOutcome.LANGUAGE_UNSUPPORTED,
        ReadOutcome.UNREADABLE,
    }
)
"""How a reading ends because of what the ticket holds: the next one may well be read."""
GIVE_UP_AFTER = 20


def shows_that_it_works(outcome: ReadOutcome) -> bool:
    """True where a server answered to the ticket, whatever it said; another ticket can be read."""
    return not outcome.failed or outcome in OF_THE_TICKET


class Patience:
    """Counts readings that brought nothing. `works` is true once the reader answered to any ticket of this run."""

    def __init__(self) -> None:
        self.works = False
        self._in_a_row: Counter[ReadOutcome] = Counter()

    def note(self, outcome: ReadOutcome) -> str | None:
        """Take in how a reading ended. Goes out: why the run must stop, or None."""
        if outcome in STOPS:
            return f"the model cannot be used ({outcome}); mend it (`copilot doctor`), and run the same again"
        if shows_that_it_works(outcome):
            self.works = True
            self._in_a_row.clear()
            return None
        self._in_a_row[outcome] += 1
        if self._in_a_row.total() < GIVE_UP_AFTER:
            return None
        return f"{self._in_a_row.total()} tickets in a row were not read ({told(self._in_a_row)}); {self._next_step()}"

    def at_end(self) -> str | None:
        """Why a run that did every ticket has settled nothing: none of them was read, and not for want of time. Else None."""
        if self.works or not set(self._in_a_row) - set(LATER):
            return None
        return f"no ticket was read ({told(self._in_a_row)}); {self._next_step()}"

    def _next_step(self) -> str:
        if set(self._in_a_row) <= set(LATER):
            return "run the same command again later"
        return "mend the model or its settings (`copilot doctor`), and run the same again"


def told(outcomes: "Counter[ReadOutcome] | Counter[str]") -> str:
    """Outcomes with their counts, the most frequent first, such as `invalid 3, refusal 1`."""
    return ", ".join(f"{outcome} {count}" for outcome, count in outcomes.most_common())
