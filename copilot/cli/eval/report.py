"""`copilot eval report`: a run's figures and files, made again without running anything."""

from pathlib import Path

import click

from copilot.cli.eval.headline import lines_of
from copilot.cli.eval.options import folder_argument, gates_of, gates_option
from copilot.cli.lines import print_lines


@click.command()
@folder_argument
@gates_option
def command(folder: Path, gates: Path | None, no_gates: bool) -> int:
    """Score a run again and write its files anew: summary.json and .md, results.jsonl, report.html, junit.xml.

    The gold labels are those that the run was made on. Exit codes are those of `copilot eval run`.

    \b
    Example:
      copilot eval report build/embedded
    """
    from copilot.evaluation.finish import finish, stale_in

    ended = finish(folder, stale_in(folder), gates_of(gates, no_gates))
    print_lines(lines_of(ended))
    return int(ended.exit)
