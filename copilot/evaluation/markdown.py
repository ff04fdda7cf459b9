"""`summary.md`: a run for a pull request: the verdict, the headline with its intervals, and the gravest wrong cases by id.

It holds figures and ids, and no word of a ticket.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from copilot.evaluation import verdict
from copilot.evaluation.cases import CaseSet
from copilot.evaluation.harms import harm_of
from copilot.evaluation.rows import Row
from copilot.evaluation.run import read_manifest
from copilot.evaluation.scores import Scores, right_labels, rows_by_case, scored_cases

MARKDOWN = "summary.md"
LISTED = 20


def write_markdown(folder: Path, cases: CaseSet, scores: Scores, rows: Sequence[Row]) -> None:
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
    lines += list(_wrong(cases, rows))
    (folder / MARKDOWN).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _wrong(cases: CaseSet, rows: Sequence[Row]) -> Iterator[str]:
    """The gravest wrong cases, one line each."""
    wrong = [
        (harm_of(one.case, row), one.case, row)
        for one in scored_cases(cases, rows_by_case(rows))
        for row in one.rows[:1]
        if not one.case.is_arguable and not right_labels(one.case, row)
    ]
    if not wrong:
        return
    yield from ("", f"<details><summary>{len(wrong)} wrong cases, the gravest first</summary>", "")
    for (harm, _), case, row in sorted(wrong, key=lambda one: one[0][1])[:LISTED]:
        yield f"- `{case.id}`: {harm}; {row.route}, should be {case.expect.route}"
    if len(wrong) > LISTED:
        yield f"- and {len(wrong) - LISTED} more"
    yield from ("", "</details>")
