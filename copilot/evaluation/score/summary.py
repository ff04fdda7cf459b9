"""The figures of one run as a flat table, for `summary.json`, for gates, and for whoever reads them next.

Comes in: `Scores`. Goes out: every interval in them under the path that leads to it, such as `harms.missed_escalation`
or `slices.tag hostile`. A figure that nothing could be counted for is absent, never 0.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from copilot.core.closed import Closed
from copilot.core.vocabulary import Label, Route
from copilot.evaluation.run.folder import Manifest
from copilot.evaluation.run.rows import Row
from copilot.evaluation.run.stored_rows import Rows
from copilot.evaluation.score.scores import Scores
from copilot.evaluation.score.statistics import Interval
from copilot.evaluation.score.tallies import CaseTally, sample_of
from copilot.output.suggestion import TokenUsage


class Figure(Closed):
    """A figure with its 95% interval and the number of things it was counted on."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.n}"


class Summary(Closed):
    """`summary.json`: what was run, what could not be scored, and every figure."""

    format: int = 1
    manifest: Manifest
    cases: int
    scored: int
    unscored: tuple[str, ...]
    missing: tuple[str, ...]
    stale: tuple[str, ...]
    figures: dict[str, Figure]
    confusion: dict[str, dict[str, int]]
    fact_confusions: dict[str, dict[str, int]]
    faults: dict[str, dict[str, int]]
    usage: TokenUsage
    model_seconds: float


class Result(Closed):
    """One line of `results.jsonl`: a case's last row beside its gold answer. `right_*` None: it was not scored."""

    case_id: str
    sample: int
    gold_route: Route
    gold_labels: list[Label]
    gold_rule: str
    right_route: bool | None
    right_labels: bool | None
    blame: str | None
    blamed_facts: tuple[str, ...]
    row: Row


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """Everything there is about a run that ended. `stale` holds what a replay did not find, in words."""

    manifest: Manifest
    rows: Rows
    scores: Scores
    stale: tuple[str, ...] = ()


def summarise(run: ScoredRun) -> Summary:
    """The summary of a run."""
    scores = run.scores
    confusion: dict[str, dict[str, int]] = {}
    for (gold, read), count in sorted(scores.confusion.items()):
        confusion.setdefault(gold, {})[read] = count
    return Summary(
        manifest=run.manifest,
        cases=scores.cases,
        scored=scores.cases - len(scores.unscored) - len(scores.missing),
        unscored=scores.unscored,
        missing=scores.missing,
        stale=run.stale,
        figures={name: as_figure(interval) for name, interval in figures(scores)},
        confusion=confusion,
        fact_confusions={name: dict(sorted(facts.confusions.items())) for name, facts in scores.facts.items()},
        faults=_faults(scores),
        usage=_usage(scores.tallies),
        model_seconds=round(sum(one.seconds for one in scores.tallies), 3),
    )


def results(run: ScoredRun) -> Iterator[Result]:
    """One result for each row of the run, in order."""
    by_id = {one.id: one for one in run.scores.tallies}
    for row in run.rows:
        if (tally := by_id.get(row.case_id)) is not None:
            yield _result(tally, row)


def _result(tally: CaseTally, row: Row) -> Result:
    sample = sample_of(tally.gold, row) if row.is_scored else None
    fault = tally.fault if sample is not None and not sample.right_labels else None
    return Result(
        case_id=tally.id,
        sample=row.sample,
        gold_route=tally.gold.route,
        gold_labels=list(tally.gold.labels),
        gold_rule=tally.gold.rule,
        right_route=sample.right_route if sample else None,
        right_labels=sample.right_labels if sample else None,
        blame=fault.blame.value if fault else None,
        blamed_facts=fault.facts if fault else (),
        row=row,
    )


def figures(of: Any, path: str = "") -> Iterator[tuple[str, Interval]]:
    """Every interval inside a value, with the path of field names and keys that leads to it."""
    if isinstance(of, Interval):
        yield path, of
    elif is_dataclass(of) and not isinstance(of, type):
        for field in fields(of):
            yield from figures(getattr(of, field.name), _under(path, field.name))
    elif isinstance(of, Mapping):
        for key, value in of.items():
            yield from figures(value, _under(path, str(key)))


def as_figure(interval: Interval) -> Figure:
    """An interval as it stands in JSON, at six decimals."""
    low, value, high = (round(number, 6) for number in (interval.low, interval.value, interval.high))
    return Figure(value=value, low=low, high=high, n=interval.n)


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _faults(scores: Scores) -> dict[str, dict[str, int]]:
    """How often each blame was found; for a reader's, which facts."""
    counted: dict[str, Counter[str]] = {}
    for fault in scores.faults.values():
        counted.setdefault(fault.blame.value, Counter()).update([", ".join(fault.facts) or "all"])
    return {blame: dict(facts.most_common()) for blame, facts in sorted(counted.items())}


def _usage(tallies: Sequence[CaseTally]) -> TokenUsage:
    used = [one.usage for one in tallies if one.usage is not None]
    return TokenUsage(
        prompt_tokens=sum(usage.prompt_tokens for usage in used),
        cached_tokens=sum(usage.cached_tokens for usage in used),
        completion_tokens=sum(usage.completion_tokens for usage in used),
    )
