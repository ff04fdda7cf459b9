"""What some tests need and `make` does not install.

Where one is missing, its tests are skipped and the end of the run says how to get it. Where `COPILOT_TEST_REQUIRE` names its part
(a comma list of `browser`, `postgres`, `llama`, `ray` and `interop`), as it does in `.ci/run` for the first four and in
`make interop`, they fail instead.
"""

import os
from collections.abc import Iterable

import pytest

REQUIRE = "COPILOT_TEST_REQUIRE"
FIRST_WORD = "needs "
"""Every skip for want of something begins so; the summary lists those."""


def missing(part: str, what: str, how: str) -> None:
    """End this test: `what` is not here, and `how` gets it. Never returns."""
    reason = f"{FIRST_WORD}{what}; get it with: {how}"
    if part in required():
        pytest.fail(f"{reason} ({REQUIRE} names {part!r})", pytrace=False)
    pytest.skip(reason)


def required() -> frozenset[str]:
    """The parts that have to be tried in this run."""
    return frozenset(part.strip() for part in os.environ.get(REQUIRE, "").split(",") if part.strip())


def not_tried(skipped: Iterable[pytest.TestReport]) -> list[str]:
    """One line for each thing that was missing, with the number of tests that it cost."""
    counts: dict[str, int] = {}
    for report in skipped:
        reason = report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""
        if reason.startswith(FIRST_WORD):
            counts[reason] = counts.get(reason, 0) + 1
    return [f"{count} {'test' if count == 1 else 'tests'}: {reason}" for reason, count in sorted(counts.items())]
