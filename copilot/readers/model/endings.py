"""How a reply ended, told by a server's finish reason: one word out of many dialects in, one of five endings out.

Case, strokes and a prefix do not matter. A word that speaks of nothing bad is a normal end: whether the answer is whole,
its JSON shows.
"""

import re
from enum import StrEnum


class Ending(StrEnum):
    """What a finish reason means."""

    NORMAL = "normal"
    REFUSED = "refused"
    FILTERED = "filtered"
    CUT = "cut"
    BROKEN = "broken"


_SIGNS = {
    Ending.REFUSED: re.compile("refus"),
    Ending.FILTERED: re.compile(
        "filter|safety|recitation|block|prohibit|spii|sensitive|guardrail|moderat|toxic|policy_violation|violates"
    ),
    Ending.CUT: re.compile(r"length|max_?\w{0,20}tokens|(?<!rate_)limit|truncat|incomplete|context"),
    Ending.BROKEN: re.compile("error|fail|abort|cancel|timeout|timed_out|network|insufficient|overload|rate_limit|disconnect"),
}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def ending_of(finish_reason: str | None) -> Ending:
    """What a finish reason means; none at all is a normal end."""
    word = re.sub(r"[-\s]+", "_", _HUMP.sub("_", finish_reason or "")).lower()
    return next((ending for ending, sign in _SIGNS.items() if sign.search(word)), Ending.NORMAL)
