"""What follows the last row: scores, gates, and the files of a run.

Everything here is made from the run folder alone, so that it can be made again without running anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.core.strict_json import JsonFault, parse
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.cases.coverage import holes_in
from copilot.evaluation.compare.gates import Exit, Gates, judge, judge_against_blessed, judge_pass_k
from copilot.evaluation.run.folder import final_rows, read_manifest, stored_cases
from copilot.evaluation.run.stored_rows import Rows
from copilot.evaluation.score.scores import NothingScored, Scores, score
from copilot.evaluation.score.summary import ScoredRun, Summary, results, summarise
from copilot.runs.errors import RunError
from copilot.runs.private import open_private, write_private

SUMMARY = "summary.json"
RESULTS = "results.jsonl"


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A finished run: its summary, how the gates went, and what is wrong with the case set."""

    summary: Summary

    @property
    def exit(self) -> Exit:
        """What makes the figures doubtful comes before what they say, and that before what they cannot say."""
        if self.summary.stale:
            return Exit.STALE
        if self.summary.unscored or self.summary.missing:
            return Exit.INCOMPLETE
        if any(one.passed is False for one in self.summary.gates):
            return Exit.GATE_FAILED
        return Exit.HOLE if self.summary.holes else Exit.PASS


def finish(folder: Path, stale: Sequence[str] = (), gates: tuple[Gates, Path] | None = None) -> FinishedRun:
    """Score a run, write its files, and judge it by `gates`, which come with the folder they stand in.

    Raises `RunError` where no case was scored.
    """
    manifest, cases, rows = read_manifest(folder), stored_cases(folder), final_rows(folder)
    finished = ScoredRun(manifest, rows, scored(cases, rows, folder), tuple(stale))
    summary = _judged(finished, gates, cases)
    with open_private(folder / RESULTS) as file:
        file.writelines(f"{result.model_dump_json()}\n" for result in results(finished))
    write_private(folder / SUMMARY, summary.model_dump_json(indent=1) + "\n")
    _write_reports(folder, cases, finished, summary)
    return FinishedRun(summary)


def _judged(run: ScoredRun, gates: tuple[Gates, Path] | None, cases: CaseSet) -> Summary:
    """The summary with how its gates went; as it is where none are given."""
    summary = summarise(run)
    if gates is None:
        return summary
    rules, place = gates
    judged = (
        *judge(rules, summary),
        *judge_pass_k(rules, run.manifest, run.scores.tallies),
        *judge_against_blessed(rules, place, summary, cases, run.rows),
    )
    is_whole_set = run.manifest.selection is None
    holes = tuple(holes_in(cases)) if rules.checks.coverage and is_whole_set else ()
    return summary.model_copy(update={"gates": judged, "holes": holes})


def stale_in(folder: Path) -> tuple[str, ...]:
    """What the run's own summary says of stale recordings, of whatever version it is; nothing where there is no summary yet."""
    try:
        told = parse((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, JsonFault):
        return ()
    stale = told.get("stale") if isinstance(told, dict) else None
    return tuple(map(str, stale)) if isinstance(stale, list) else ()


def scored(cases: CaseSet, rows: Rows, folder: Path) -> Scores:
    """Scores of a run. Raises `RunError` where no case that is not arguable was scored."""
    try:
        return score(cases, rows)
    except NothingScored:
        raise RunError(f"{folder}: no case was scored; see `outcome` in rows.jsonl, mend the reader, and run again") from None


def _write_reports(folder: Path, cases: CaseSet, run: ScoredRun, summary: Summary) -> None:
    """The reports for people and the one for build servers; imported here, because only a finished run needs them."""
    from copilot.evaluation.report.junit import write_junit  # noqa: PLC0415 - see above
    from copilot.evaluation.report.markdown import write_markdown  # noqa: PLC0415
    from copilot.evaluation.report.page import write_report  # noqa: PLC0415

    write_report(folder, cases, run, summary)
    write_markdown(folder, summary, run.scores.tallies)
    write_junit(folder, cases, run.scores.tallies)
