"""The figures of one run as a flat table, for `summary.json`, for gates, and for whoever reads them next.

Comes in: `Scores`. Goes out: every interval in them under the path that leads to it, such as `harms.missed_escalation`
or `slices.tag hostile`. A figure that nothing could be counted for is absent, never 0. Terminal, pages and gates take their
figures from here, so that no two of them count the same thing in two ways.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from copilot.core.closed import Closed
from copilot.core.vocabulary import Label, Route
from copilot.evaluation.run.folder import Manifest
from copilot.evaluation.run.rows import Row
from copilot.evaluation.run.stored_rows import Rows
from copilot.evaluation.score.attribution import Attribution
from copilot.evaluation.score.scores import Scores
from copilot.evaluation.score.selective import Selection, select
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


class FaultCount(Closed):
    """How many wrong cases one blame has, and how many each fact alone would mend; one that either would, counts twice."""

    cases: int
    facts: dict[str, int]


class RiskPoint(Closed):
    """One line of selective triage: if only decisions as firm as this were suggested. `coverage` is a share from 0 to 1."""

    at_least: str
    coverage: float
    risk: Figure


class RiskCurve(Closed):
    """Selective triage: by which signals firm decisions are told from others, and what suggesting only those would give."""

    signals: tuple[str, ...]
    aurc: Figure
    points: tuple[RiskPoint, ...]


class GateResult(Closed):
    """One gate and how it went. `passed` None: there is nothing to compare with yet."""

    name: str
    passed: bool | None
    told: str
    reason: str

    @property
    def word(self) -> str:
        """How it went, in a word."""
        return {True: "passed", False: "FAILED", None: "not judged"}[self.passed]

    def __str__(self) -> str:
        return f"gate {self.name} {self.word}: {self.told}" + ("" if self.passed else f" ({self.reason})")


class Summary(Closed):
    """`summary.json`: what was run, what could not be scored, and every figure.

    `wrong` counts the cases that are not arguable and of which a sample is wrong in route or labels; `clear` those that are not
    arguable and were scored. `gates` and `holes` are empty where nothing was judged.
    """

    format: int = 2
    manifest: Manifest
    cases: int
    scored: int
    clear: int
    wrong: int
    unscored: tuple[str, ...]
    partly: tuple[str, ...]
    missing: tuple[str, ...]
    stale: tuple[str, ...]
    figures: dict[str, Figure]
    confusion: dict[str, dict[str, int]]
    fact_confusions: dict[str, dict[str, int]]
    faults: dict[str, FaultCount]
    selection: RiskCurve | None
    usage: TokenUsage
    model_seconds: float
    gates: tuple[GateResult, ...] = ()
    holes: tuple[str, ...] = ()

    def under(self, path: str) -> dict[str, Figure]:
        """The figures below a path, by the rest of their names: those of `slices` by `tag hostile` and so on."""
        return {name.removeprefix(f"{path}."): one for name, one in self.figures.items() if name.startswith(f"{path}.")}


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
        clear=scores.route.n,
        wrong=len(scores.faults),
        unscored=scores.unscored,
        partly=scores.partly,
        missing=scores.missing,
        stale=run.stale,
        figures={name: as_figure(interval) for name, interval in figures(scores)},
        confusion=confusion,
        fact_confusions={name: dict(sorted(facts.confusions.items())) for name, facts in scores.facts.items()},
        faults=_faults(scores.faults.values()),
        selection=curve_of(select([one for one in scores.tallies if one.samples and not one.is_arguable])),
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


def _faults(given: Iterable[Attribution]) -> dict[str, FaultCount]:
    """Each blame, the most frequent first, with the facts to mend."""
    cases: Counter[str] = Counter()
    facts: dict[str, Counter[str]] = {}
    for fault in given:
        cases[fault.blame.value] += 1
        facts.setdefault(fault.blame.value, Counter()).update(fault.facts)
    return {blame: FaultCount(cases=count, facts=dict(facts[blame].most_common())) for blame, count in cases.most_common()}


def curve_of(selection: Selection | None) -> RiskCurve | None:
    """The curve as it stands in `summary.json`; None where there is none."""
    if selection is None:
        return None
    points = tuple(
        RiskPoint(at_least=selection.words(one.at_least), coverage=round(one.coverage, 6), risk=as_figure(one.risk))
        for one in selection.points
    )
    return RiskCurve(signals=selection.signals, aurc=as_figure(selection.aurc), points=points)


def _usage(tallies: Sequence[CaseTally]) -> TokenUsage:
    used = [one.usage for one in tallies if one.usage is not None]
    return TokenUsage(
        prompt_tokens=sum(usage.prompt_tokens for usage in used),
        cached_tokens=sum(usage.cached_tokens for usage in used),
        completion_tokens=sum(usage.completion_tokens for usage in used),
    )
