"""Scores of one run: rows beside their cases in, figures with n and 95% intervals out.

A case is one unit however often it was sampled: its samples are averaged first. Only what counts suggestions or facts
(precision, F1, confusions) counts each sample, and its interval knows which belong together. Cases that were not scored
are counted and named, and enter no figure. Arguable cases are reported apart. Cases and rows are looked at one after the
other, and only their tallies are kept.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from copilot.core.vocabulary import Route
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.run.rows import Row
from copilot.evaluation.run.stored_rows import StoredRows
from copilot.evaluation.score.attribution import Attribution
from copilot.evaluation.score.fact_scores import FactCounts, FactScores
from copilot.evaluation.score.pass_k import pass_k_curve
from copilot.evaluation.score.rating import Count, Rating, f1
from copilot.evaluation.score.statistics import Interval, proportion
from copilot.evaluation.score.tallies import (
    ESCALATED,
    CaseTally,
    Holds,
    called_all_clear,
    false_escalation,
    missed_escalation,
    right_labels,
    right_route,
    tally_of,
    wrong_route,
    wrong_team,
    wrong_unflagged,
)

HELD_OUT_SLICE = "tag held-out"
"""The slice of cases that whoever tunes a reader does not look at."""


class NothingScored(ValueError):
    """A run in which there is nothing to score."""


@dataclass(frozen=True)
class Scores:
    """Everything about one run.

    `unscored` cases have rows and none that could be scored, `missing` ones have none; of `partly` scored ones some samples
    could not be scored. `held_out` are the harms on cases that nobody tuned on. `flips` is None where nothing was sampled twice,
    and `pass_k` holds pass^k under each k from 1 to the number of samples, nothing where there is one. `fault_shares` are each
    blame's share of the wrong cases. `tallies` are of all cases, in their order.
    """

    cases: int
    unscored: tuple[str, ...]
    missing: tuple[str, ...]
    route: Interval
    labels: Interval
    routes: Mapping[str, Rating]
    confusion: Mapping[tuple[str, str], int]
    harms: Mapping[str, Interval]
    facts: Mapping[str, FactScores]
    slices: Mapping[str, Interval]
    flips: Interval | None
    faults: Mapping[str, Attribution] = field(default_factory=dict)
    fault_shares: Mapping[str, Interval] = field(default_factory=dict)
    arguable: Interval | None = None
    hostile: Mapping[str, Interval] = field(default_factory=dict)
    held_out: Mapping[str, Interval] = field(default_factory=dict)
    partly: tuple[str, ...] = ()
    tallies: tuple[CaseTally, ...] = ()
    pass_k: Mapping[int, Interval] = field(default_factory=dict)


def score(cases: CaseSet, rows: Iterable[Row]) -> Scores:
    """Score one run. Raises `NothingScored` where no case that is not arguable was scored."""
    by_case = rows_by_case(rows)
    facts = FactCounts()
    tallies: list[CaseTally] = []
    for case in cases.cases:
        found = by_case[case.id]
        tallies.append(tally_of(case, found))
        if not case.is_arguable:
            facts.add(case, found)
    answered = [one for one in tallies if one.samples]
    clear = [one for one in answered if not one.is_arguable]
    arguable = [one for one in answered if one.is_arguable]
    if not clear:
        raise NothingScored("a run needs at least one case that was scored and is not arguable")
    return Scores(
        cases=len(tallies),
        unscored=tuple(one.id for one in tallies if one.unscored and not one.samples),
        missing=tuple(one.id for one in tallies if not one.unscored and not one.samples),
        partly=tuple(one.id for one in answered if one.unscored),
        route=share(clear, right_route),
        labels=share(clear, right_labels),
        routes={route.value: _rate_route(clear, route) for route in Route},
        confusion=Counter((one.gold.route.value, sample.route.value) for one in clear for sample in one.samples),
        harms=_harms(clear),
        facts=facts.scores(),
        slices=_slices(clear),
        flips=_flips([one for one in clear if len(one.samples) > 1]),
        faults={one.id: one.fault for one in clear if one.fault is not None},
        fault_shares=_fault_shares(clear),
        arguable=share(arguable, right_route) if arguable else None,
        hostile=_hostile([one for one in clear if one.is_hostile]),
        held_out=_harms([one for one in clear if HELD_OUT_SLICE in one.slices]),
        tallies=tuple(tallies),
        pass_k=pass_k_curve(clear),
    )


def rows_by_case(rows: Iterable[Row]) -> "Mapping[str, Sequence[Row]] | StoredRows":
    """The rows of each case, in the order of their samples; none for a case that was not run. Stored ones stay on disk."""
    if isinstance(rows, StoredRows):
        return rows
    by_case: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.sample):
        by_case[row.case_id].append(row)
    return by_case


def share(scored: Sequence[CaseTally], holds: Holds) -> Interval:
    """The share of cases for which something holds, clustered by family."""
    return proportion([(one.family, one.share(holds)) for one in scored])


def _fault_shares(scored: Sequence[CaseTally]) -> dict[str, Interval]:
    """Each blame's share of the wrong cases, the most frequent first; nothing where none is wrong."""
    blamed = [(one.family, one.fault.blame.value) for one in scored if one.fault is not None]
    counted = Counter(blame for _, blame in blamed)
    return {blame: proportion([(family, float(one == blame)) for family, one in blamed]) for blame, _ in counted.most_common()}


def _flips(repeated: Sequence[CaseTally]) -> Interval | None:
    """The share of repeated cases whose samples do not all decide the same; None where nothing was repeated."""
    decisions = [(one.family, {(sample.route, sample.labels) for sample in one.samples}) for one in repeated]
    return proportion([(family, float(len(different) > 1)) for family, different in decisions]) if decisions else None


def _harms(scored: Sequence[CaseTally]) -> dict[str, Interval]:
    """Harm of errors, each as a share of the cases in which it could have happened."""
    must = [one for one in scored if one.gold.route in ESCALATED]
    must_not = [one for one in scored if one.gold.route not in ESCALATED]
    figures = {}
    if must:
        figures["missed_escalation"] = share(must, missed_escalation)
        figures["called_all_clear"] = share(must, called_all_clear)
        figures["wrong_team"] = share(must, wrong_team)
    if must_not:
        figures["false_escalation"] = share(must_not, false_escalation)
    if accused := [(one.family, one.accused) for one in scored if one.accused is not None]:
        figures["accused_wrongly"] = proportion(accused)
    return figures


def _hostile(scored: Sequence[CaseTally]) -> dict[str, Interval]:
    """Hostile tickets apart: wrong routes, those that no second reader warned of, and the harm done."""
    if not scored:
        return {}
    figures = {"wrong_route": share(scored, wrong_route), "wrong_unflagged": share(scored, wrong_unflagged)}
    return figures | _harms(scored)


def _rate_route(scored: Sequence[CaseTally], route: Route) -> Rating:
    wanted = [one for one in scored if one.gold.route is route]
    given = [(one.family, float(sample.right_route)) for one in scored for sample in one.samples if sample.route is route]
    counts = []
    for one in scored:
        gold = one.gold.route is route
        counts += [Count(one.family, gold and made.route is route, made.route is route, gold) for made in one.samples]
    return Rating(
        precision=proportion(given) if given else None,
        recall=share(wanted, right_route) if wanted else None,
        f1=f1(counts),
        support=len(wanted),
    )


def _slices(scored: Sequence[CaseTally]) -> dict[str, Interval]:
    """Route accuracy by tag, language, length and rule."""
    groups: dict[str, list[CaseTally]] = defaultdict(list)
    for one in scored:
        for name in one.slices:
            groups[name].append(one)
    return {name: share(group, right_route) for name, group in sorted(groups.items())}
