"""`summary.md`: a run for a pull request: the verdict, the headline with its intervals, and the gravest wrong cases by id.

It holds figures and ids, and no word of a ticket.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from copilot.evaluation.report import verdict
from copilot.evaluation.report.case_view import first_wrong
from copilot.evaluation.report.headlines import between, headlines, percent
from copilot.evaluation.score.harms import harm_of
from copilot.evaluation.score.summary import Summary
from copilot.evaluation.score.tallies import CaseTally
from copilot.runs.private import write_private

MARKDOWN = "summary.md"
LISTED = 20


def write_markdown(folder: Path, run: Summary, tallies: Sequence[CaseTally]) -> None:
    """Write `summary.md` of a finished run into its folder."""
    made = run.manifest
    who = f"`{made.model.replace('`', '')}`" if made.model else f"{made.extractor} reader"
    lines = [f"## Evaluation: {who} on {run.cases} cases", "", f"**{verdict.lead(run)}**", ""]
    lines += [f"- {sentence}" for sentence in verdict.sentences(run)]
    lines += ["", "| figure | value | 95 % interval | n |", "|---|---:|---|---:|"]
    lines += [
        f"| {one.kind.words} | {percent(one.figure.value)} | {between(one.figure)} | {one.figure.n} |" for one in headlines(run)
    ]
    lines += list(_wrong(tallies))
    write_private(folder / MARKDOWN, "\n".join(lines) + "\n")


def _wrong(tallies: Sequence[CaseTally]) -> Iterator[str]:
    """The gravest wrong cases, one line each, by the first of their samples that is wrong."""
    shown = [(one, one.samples[first_wrong(one)]) for one in tallies if one.samples and not one.is_arguable]
    wrong = sorted(
        ((harm_of(sample), one, sample) for one, sample in shown if not sample.right_labels), key=lambda one: one[0][1]
    )
    if not wrong:
        return
    yield from ("", f"<details><summary>{len(wrong)} wrong cases, the gravest first</summary>", "")
    for (harm, _), tally, sample in wrong[:LISTED]:
        yield f"- `{tally.id}`: {harm}; {sample.route}, should be {tally.gold.route}"
    if len(wrong) > LISTED:
        yield f"- and {len(wrong) - LISTED} more"
    yield from ("", "</details>")
