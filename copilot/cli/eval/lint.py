"""`copilot eval lint`: is the case set fit to measure with?"""

from pathlib import Path

import click

from copilot.cli.eval.options import cases_argument
from copilot.cli.faults import DONE, FAILED
from copilot.cli.lines import StyledLine, print_lines


@click.command()
@cases_argument
@click.option(
    "--training",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Look for words shared with the embedded model's training tickets, too.",
)
def command(cases: tuple[Path, ...], training: Path | None) -> int:
    """Look for copies, leaks into prompt or training, odd tags, odd evidence and personal data. Code 1: something was found.

    \b
    Example:
      copilot eval lint evals/cases --training training
    """
    from copilot.evaluation.cases.case import load_cases
    from copilot.evaluation.cases.lint import Sources, lint

    loaded = load_cases(cases)
    findings = lint(loaded, Sources.usual(training))
    print_lines([StyledLine(f"{len(loaded)} cases, {len(findings)} findings", style="heading")])
    print_lines(StyledLine(str(finding), "    ", "  ", "caution") for finding in findings)
    return FAILED if findings else DONE
