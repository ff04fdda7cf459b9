"""`copilot eval export`: cases and results for another evaluation tool."""

from pathlib import Path

import click

from copilot.cli.eval.options import format_argument
from copilot.cli.faults import DONE, warn


@click.command()
@format_argument
@click.argument("sources", nargs=-1, required=True, metavar="CASES|DIR...", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Where to write the files.")
def command(format: str, sources: tuple[Path, ...], out: Path) -> int:
    """Write cases, and a run's results, for another tool.

    Tools are inspect, promptfoo and pydantic-evals. Of a run folder its results go along. The files hold tickets, and are their
    owner's alone. What is in them and how each tool reads them stands in docs/eval-tools.md.

    \b
    Examples:
      copilot eval export inspect build/model --out build/inspect
      copilot eval export promptfoo evals/cases --out build/promptfoo
    """
    from copilot.evaluation.exchange import FORMATS, tool
    from copilot.evaluation.exchange.outgoing import outgoing

    given = outgoing(sources)
    for path in tool(FORMATS[format]).export(given, out):
        warn(f"{path}: {len(given.cases)} cases")
    return DONE
