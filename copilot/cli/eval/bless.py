"""`copilot eval bless`: make a run the one that later ones are compared with."""

from pathlib import Path

import click

from copilot.cli.eval.options import USUAL_GATES, folder_argument
from copilot.cli.faults import DONE, warn


@click.command()
@folder_argument
@click.option("--why", required=True, metavar="TEXT", help="Why these decisions are the ones to compare with; kept in the file.")
@click.option(
    "--into",
    default=USUAL_GATES.parent / "baselines",
    show_default=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Where baselines are kept.",
)
def command(folder: Path, why: str, into: Path) -> int:
    """Make a finished run the baseline of its reader, with the reason. Commit the file: its diff shows what changed.

    \b
    Example:
      copilot eval bless build/embedded --why "the cast of a ticket is told apart better"
    """
    from copilot.evaluation.compare.baseline import bless
    from copilot.evaluation.run.folder import final_rows, read_manifest, stored_cases

    manifest, rows = read_manifest(folder), final_rows(folder)
    path = bless(into, manifest, rows, why, len(stored_cases(folder)))
    warn(f"{path} holds {len(rows)} decisions to compare later runs with")
    return DONE
