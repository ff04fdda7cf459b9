"""Print the fault table as Markdown from runs over a real socket: `python -m tests.fault_report`.

Exit code 1 where a row did not end as it must.
"""

import sys
from collections.abc import Iterator

from tests.fault_table import ROWS, Row, Seen, run_async, run_sync, suggested
from tests.quirk_table import QUIRKS


def lines() -> Iterator[tuple[str, bool]]:
    """The table line by line, each with whether its row ended well."""
    yield (
        "| fault | outcome | requests seen (read / awaited) | calls tried | longest seconds | route | as promised |",
        True,
    )
    yield "|---|---|---|---|---|---|---|", True
    for row in [*ROWS, *QUIRKS]:
        read, awaited = run_sync(row), run_async(row)
        ended_well = _ended_well(row, read) and _ended_well(row, awaited)
        outcomes = " / ".join(dict.fromkeys((read.reading.outcome.value, awaited.reading.outcome.value)))
        seconds = max(read.seconds, awaited.seconds)
        calls = f"{read.calls} / {awaited.calls} | {read.reading.attempts}"
        route = suggested(row, read).route
        name = row.name.replace("|", "\\|")
        yield f"| {name} | `{outcomes}` | {calls} | {seconds:.2f} | {route} | {'yes' if ended_well else 'NO'} |", ended_well


def _ended_well(row: Row, seen: Seen) -> bool:
    ended = (seen.reading.outcome, seen.calls, seen.reading.attempts)
    is_there = row.route is None or suggested(row, seen).route == row.route
    return ended == (row.outcome, row.calls, row.attempts) and is_there and seen.seconds < row.deadline_seconds + 0.7


def main() -> int:
    """Print the table; 0 where every row ended as promised."""
    all_well = True
    for line, ended_well in lines():
        print(line)
        all_well &= ended_well
    return 0 if all_well else 1


if __name__ == "__main__":
    sys.exit(main())
