"""`copilot batch status`: how the batches of a job stand."""

from pathlib import Path

import click

from copilot.cli.batch.options import job_option, job_settings
from copilot.cli.faults import DONE
from copilot.cli.lines import StyledLine, print_lines


@click.command()
@job_option
def command(job: Path) -> int:
    """Say how each batch of a job stands, a line each. It changes nothing, and may run beside a collect.

    \b
    Example:
      copilot batch status --job build/job
    """
    from copilot.batch_api.collect import standing
    from copilot.batch_api.job import LEDGER, ledger_of
    from copilot.batch_api.provider import Provider
    from copilot.runs.errors import RunError

    files = ledger_of(job)
    if not files:
        raise RunError(f"{job / LEDGER}: nothing was submitted; begin with `copilot batch submit`")
    with Provider(job_settings()) as provider:
        print_lines(map(StyledLine, standing(files, provider)))
    return DONE
