"""`summary.md`: a run for a pull request: the verdict, the headline with its intervals, and the gravest wrong cases by id.

It holds figures and ids, and no word of a ticket.
"""

from collections.abc import Iterator
from pathlib import Path

from copilot.evaluation.report import verdict
from copilot.evaluation.run.folder import read_manifest
from copilot.evaluation.score.harms import harm_of
from copilot.evaluation.score.scores import Scores
from copilot.runs.private import write_private

MARKDOWN = "summary.md"
LISTED = 20


def write_markdown(folder: Path, scores: Scores) -> None:
    """Write `summary.md` of a finished run into its folder. Raises `RunError` where the folder says nothing of what was run."""
    made = read_manifest(folder)
    who = f"`{made.model.replace('`', '')}`" if made.model else f"{made.extractor} reader"
    lines = [f"## Evaluation: {who} on {scores.cases} cases", "", f"**{verdict.lead(scores)}**", ""]
    lines += [f"- {sentence}" for sentence in verdict.sentences(scores)]
    lines += ["", "| figure | value | 95 % interval | n |", "|---|---:|---|---:|"]
    lines += [
        f"| {one.name} | {verdict.percent(one.figure.value)} | {verdict.between(one.figure)} | {one.figure.n} |"
        for one in verdict.headlines(scores)
    ]
    lines += list(_wrong(scores))
    write_private(folder / MARKDOWN, "\n".join(lines) + "\n")


def _wrong(scores: Scores) -> Iterator[str]:
    """The gravest wrong cases, one line each, by their first samples."""
    first = [(one, one.samples[0]) for one in scores.tallies if one.samples and not one.is_arguable]
    wrong = sorted(
        ((harm_of(sample), one, sample) for one, sample in first if not sample.right_labels), key=lambda one: one[0][1]
    )
    if not wrong:
        return
    yield from ("", f"<details><summary>{len(wrong)} wrong cases, the gravest first</summary>", "")
    for (harm, _), tally, sample in wrong[:LISTED]:
        yield f"- `{tally.id}`: {harm}; {sample.route}, should be {tally.gold.route}"
    if len(wrong) > LISTED:
        yield f"- and {len(wrong) - LISTED} more"
    yield from ("", "</details>")
