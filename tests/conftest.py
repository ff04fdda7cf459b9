"""How generated tests run, and which tests `make check` leaves out.

Generated tests try the same examples every time, and none fails because a machine was busy; `pytest --hypothesis-profile=search`
looks for new examples instead, and for more of them. A test is marked by the place it lies in or by the database it needs; what
has no mark is quick. At the end of a run stands what was not tried for want of a program, and how to get it.
"""

import re
from pathlib import Path

import pytest
from hypothesis import settings

from tests.needed import not_tried

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1_000)
settings.load_profile("same")

TESTS = Path(__file__).parent
MARKED_PLACES = {
    "browser": ("browser",),
    "kill": (
        *("batch/test_batch_killed.py", "batch_ray/test_batch_ray_killed.py", "service/test_kill.py"),
        *("shadow/test_kill.py", "store/test_kill.py"),
    ),
    "slow": (
        *("batch", "batch_api", "batch_ray", "evaluation", "interop", "real_server", "service", "shadow"),
        *("importers/test_bad_exports.py", "test_hidden.py", "packaging/test_bounds.py", "store/test_retention.py"),
        *("test_doctor.py", "test_own_notes.py", "test_policy_docs.py", "test_properties.py", "test_training_tickets.py"),
        *("cli/test_cli_concurrency.py", "cli/test_cli_faults.py", "cli/test_cli_pages.py", "cli/test_cli_start.py"),
        *("packaging/test_docs.py", "packaging/test_wheel.py"),
        *("policy/test_broken_rules.py", "policy/test_every_case.py", "policy/test_every_weight.py"),
        *("readers/test_openai_faults.py", "readers/test_openai_quirks.py", "readers/test_openai_pacing.py"),
        *("store/test_probe.py", "store/test_bytes.py"),
    ),
}
"""Marks of `pyproject.toml`, and the files and folders here whose tests carry them."""

MARKS = {TESTS / place: mark for mark, places in MARKED_PLACES.items() for place in places}
LEAVING_OUT = re.compile(r"not \(([a-z ]+)\)")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What `-m 'not (slow or …)'` leaves out need not be imported either."""
    left_out = LEAVING_OUT.fullmatch(config.option.markexpr)
    return True if left_out and MARKS.get(collection_path) in left_out[1].split(" or ") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for place in {item.path, *item.path.parents} & MARKS.keys():
            item.add_marker(MARKS[place])
        chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if "postgres" in (*getattr(item, "fixturenames", ()), *chosen):
            item.add_marker("database")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = not_tried(terminalreporter.stats.get("skipped", []))
    if lines:
        terminalreporter.section("not tried")
        for line in lines:
            terminalreporter.write_line(line)
