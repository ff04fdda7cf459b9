"""What follows the last row, in a process that is made ready while answers are awaited, on another core.

Comes in: the folder of a run that goes on. Goes out: what `finish` gives, and the files that it writes. Where there is no such
process, or it ends with a fault, the run is finished here, and the fault is told from here.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import Popen
from typing import TYPE_CHECKING

from copilot.core.closed import Closed
from copilot.evaluation.run.beside import WORTH_A_PROCESS, process_beside

if TYPE_CHECKING:
    from copilot.evaluation.compare.gates import Gates
    from copilot.evaluation.finish import FinishedRun

Finish = Callable[[Path, Sequence[str], "tuple[Gates, Path] | None"], "FinishedRun"]


class _Order(Closed):
    """What `finish` takes, with the gates as JSON."""

    folder: Path
    stale: tuple[str, ...]
    gates: tuple[str, Path] | None


@contextmanager
def finishing_beside(cases: int) -> Iterator[Finish]:
    """A `finish` that is made ready in another process from now on, where so many cases are worth one."""
    if cases < WORTH_A_PROCESS:
        yield _finish_here
        return
    with process_beside(__name__) as process:

        def ordered(folder: Path, stale: Sequence[str], gates: "tuple[Gates, Path] | None") -> "FinishedRun":
            given = (gates[0].model_dump_json(), gates[1]) if gates else None
            ended = _ended(process, _Order(folder=folder, stale=tuple(stale), gates=given)) if process else None
            return ended or _finish_here(folder, stale, gates)

        yield ordered


def _finish_here(folder: Path, stale: Sequence[str], gates: "tuple[Gates, Path] | None") -> "FinishedRun":
    from copilot.evaluation.finish import finish  # noqa: PLC0415 - loaded by whichever process needs it

    return finish(folder, stale, gates)


def _ended(process: "Popen[bytes]", order: _Order) -> "FinishedRun | None":
    """What the process made of its order; None where it did not come to the end."""
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    with suppress(BrokenPipeError), process.stdin as orders:
        orders.write(order.model_dump_json().encode())
    from copilot.evaluation.finish import FinishedRun  # noqa: PLC0415 - loaded while the process works
    from copilot.evaluation.score.summary import Summary  # noqa: PLC0415

    told = process.stdout.read()
    return FinishedRun(Summary.model_validate_json(told)) if told.endswith(b"\n") else None


def _make_ready() -> None:
    """Load what the end of a run needs, and draw once: what is drawn first takes longest."""
    from copilot.evaluation import finish  # noqa: F401, PLC0415 - whoever asks must not wait for it
    from copilot.evaluation.report import junit, markdown, page, plots  # noqa: F401, PLC0415
    from copilot.evaluation.report.templating import template  # noqa: PLC0415

    template("report.html.j2")
    if plots.can_draw():
        plots.drawn([(0.5, 0.1, 0.0, 0.2), (1.0, 0.1, 0.0, 0.2)])


def main() -> None:
    """Finish the run that is named, once one is; nothing where none is."""
    _make_ready()
    given = sys.stdin.buffer.read()
    if given:
        from copilot.evaluation.compare.gates import Gates  # noqa: PLC0415 - see above

        order = _Order.model_validate_json(given)
        gates = (Gates.model_validate_json(order.gates[0]), order.gates[1]) if order.gates else None
        ended = _finish_here(order.folder, order.stale, gates)
        sys.stdout.write(f"{ended.summary.model_dump_json()}\n")


if __name__ == "__main__":
    try:
        main()
    except Exception:
        sys.exit(1)
