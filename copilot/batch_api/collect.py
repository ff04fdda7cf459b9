"""What came back, into the job's answers.

Comes in: the batches that are under way. Goes out: their answers, filed; a batch that failed, expired or was cancelled gives
what it has. A batch counts as collected once everything is on disk; then the files on both sides, which hold ticket text,
are removed.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from copilot.batch_api.errors import ProviderError
from copilot.batch_api.job import Job, Sent
from copilot.batch_api.provider import Batch, Provider
from copilot.batch_api.results import Filed, Filing
from copilot.core.errors import CopilotError
from copilot.runs.patience import told as counted

MOST_PROBLEMS = 5


@dataclass
class Collected:
    """How it went: requests that were answered or not in what was collected now, and batches that are still under way."""

    answered: int = 0
    unanswered: int = 0
    under_way: int = 0


def collect(job: Job, provider: Provider, max_line_bytes: int, told: Callable[[str], None], result: Collected) -> None:
    """Collect every batch that has ended, and add to `result` what came of it.

    Raises `ProviderError` and `OutputError`; what was filed stays, and the same call goes on from there.
    """
    for sent in job.files.values():
        if sent.ended is not None:
            job.forget(sent)
    result.under_way, gone = 0, None
    for sent in job.under_way():
        batch = None
        if sent.batch_id is None:
            told(f"file {sent.file}: was written and not sent; `copilot batch submit` sends it")
        else:
            try:
                batch = provider.batch(sent.batch_id)
            except ProviderError as fault:
                if fault.code != "not_found":
                    raise
                gone = fault
        if batch is None or not batch.ended:
            result.under_way += 1
            continue
        filed = _filed(job, sent, batch, provider, max_line_bytes)
        collected = sent.model_copy(update={"ended": batch.status, "answered": filed.answered})
        job.note(collected)
        _forget(job, sent, batch, provider, told)
        told(_line(collected, batch, filed.faults))
        result.answered += filed.answered
        result.unanswered += sent.requests - filed.answered
    if gone is not None:
        raise gone


def _filed(job: Job, sent: Sent, batch: Batch, provider: Provider, max_line_bytes: int) -> Filed:
    """File the results of a batch, and have them on disk."""
    filing = Filing(job, sent, max_line_bytes)
    results = job.requests_path(sent.file).with_suffix(".results")
    try:
        for file_id in (batch.output_file_id, batch.error_file_id):
            if file_id is not None:
                provider.download(file_id, results)
                filing.take(results)
    finally:
        results.unlink(missing_ok=True)
    job.answers.sync()
    return filing.filed


def _forget(job: Job, sent: Sent, batch: Batch, provider: Provider, told: Callable[[str], None]) -> None:
    """Remove the files on both sides. One that the provider keeps is told, and stops nothing."""
    for file_id in filter(None, (sent.file_id, batch.output_file_id, batch.error_file_id)):
        try:
            provider.delete(file_id)
        except ProviderError as fault:
            if fault.code != "not_found":
                told(f"{fault}; it is kept there")
    job.forget(sent)


def _line(sent: Sent, batch: Batch, faults: Counter[str]) -> str:
    parts = [f"batch {batch.id}: {batch.status}, {sent.answered} of {sent.requests} requests answered"]
    if faults:
        parts.append(f"not usable: {counted(faults)}")
    if batch.problems:
        rest = len(batch.problems) - MOST_PROBLEMS
        parts.append(", ".join(batch.problems[:MOST_PROBLEMS]) + (f" and {rest} more" if rest > 0 else ""))
    return "; ".join(parts)


def standing(files: dict[str, Sent], provider: Provider) -> list[str]:
    """How each file of requests stands, a line each; the provider is asked about those that are under way."""
    lines: list[str] = []
    for sent in files.values():
        name = f"{sent.file}  {sent.batch_id or '-'}  "
        if sent.ended is not None:
            lines.append(f"{name}{sent.ended}, collected: {sent.answered} of {sent.requests} answered")
        elif sent.batch_id is None:
            lines.append(f"{name}not sent: {sent.requests} requests")
        else:
            lines.append(name + _standing(sent, sent.batch_id, provider))
    return lines


def _standing(sent: Sent, batch_id: str, provider: Provider) -> str:
    try:
        batch = provider.batch(batch_id)
    except CopilotError as fault:
        return str(fault)
    problems = f"; {', '.join(batch.problems[:MOST_PROBLEMS])}" if batch.problems else ""
    ready = ", ready to collect" if batch.ended else ""
    return f"{batch.status}{ready}: {batch.completed} of {batch.total or sent.requests} done, {batch.failed} failed{problems}"
