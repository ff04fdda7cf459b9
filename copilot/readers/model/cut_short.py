"""Why an answer was cut short: it went round in circles, the context was full, or its cap was too small.

Comes in: a reply that its server calls cut, and the cap that was sent. Goes out: the reason, as a code. Only a cap that
was too small is worth asking again with a larger one. It looks at how text repeats, never at what it says.
"""

import re
from enum import StrEnum

from copilot.readers.model.envelope import Reply

LONGEST_ROUND = 1_000
"""Characters of the longest piece that is looked for, over and over, at the end of a cut answer."""
FEWEST_ROUNDS = 3
FEWEST_CHARACTERS = 120
"""A shorter stretch may repeat in a sound answer, such as one list of sentence ids."""


class Cut(StrEnum):
    """Why an answer ended before it was whole."""

    LOOP = "loop"
    CONTEXT_FULL = "context_full"
    CAP = "cap"


def why_cut(reply: Reply, cap: int | None) -> Cut:
    """The reason that a cut reply shows. `cap` is in tokens, None where none was sent."""
    if goes_round(reply.content or ""):
        return Cut.LOOP
    written = reply.usage.completion_tokens
    is_under_cap = 0 < written < cap if cap else False
    return Cut.CONTEXT_FULL if is_under_cap or cap is None else Cut.CAP


def goes_round(text: str) -> bool:
    """Whether a text ends in one piece over and over; numbers in it may count up."""
    end = re.sub(r"\d+", "0", text)[-FEWEST_ROUNDS * LONGEST_ROUND - LONGEST_ROUND :]
    return any(_repeats(end, size) for size in range(1, LONGEST_ROUND + 1))


def _repeats(end: str, size: int) -> bool:
    stretch = max(FEWEST_CHARACTERS, FEWEST_ROUNDS * size)
    return len(end) >= stretch and end[-stretch:-size] == end[size - stretch :]
