"""How generated tests run: the same examples every time, and no failure because a machine was busy.

`pytest --hypothesis-profile=search` looks for new examples instead, and for more of them.
At the end of a run stands what was not tried for want of a program, and how to get it.
"""

import pytest
from hypothesis import settings

from tests.needed import not_tried

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1_000)
settings.load_profile("same")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = not_tried(terminalreporter.stats.get("skipped", []))
    if lines:
        terminalreporter.section("not tried")
        for line in lines:
            terminalreporter.write_line(line)
