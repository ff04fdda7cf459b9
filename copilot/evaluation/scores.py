"""Scores of one run: rows beside their cases in, figures with n and 95% intervals out.

A case is one unit however often it was sampled: its samples are averaged first. Only what counts suggestions or facts
(precision, F1, confusions) counts each sample, and its interval knows which belong together. Cases that were not scored
are counted and named, and enter no figure. Arguable cases are reported apart.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from copilot.evaluation.cases import CaseSet, LabelledCase
from copilot.evaluation.fact_scores import FactScores, score_facts
from copilot.evaluation.faults import Fault, find_fault
from copilot.evaluation.rating import Count, Rating, f1
from copilot.evaluation.rows import Row
from copilot.evaluation.statistics import Interval, proportion
from copilot.vocabulary import Caution, Route

ESCALATED = frozenset({Route.ACCOUNT_SECURITY, Route.MEDIATION_DISPUTES, Route.CONTENT_ENFORCEMENT})


@dataclass(frozen=True)
class Scored:
    """One case with all its scored rows, in the order of their samples."""

    case: LabelledCase
    rows: tuple[Row, ...]

    def share(self, holds: Callable[[LabelledCase, Row], bool]) -> float:
        """The share of its samples for which something holds, from 0 to 1."""
        return sum(holds(self.case, row) for row in self.rows) / len(self.rows)


@dataclass(frozen=True)
class Scores:
    """Everything about one run.

    `unscored` cases have rows and none that could be scored, `missing` ones have none; of `partly` scored ones some samples
    could not be scored. `flips` is None where nothing was sampled twice.
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
    faults: Mapping[str, Fault] = field(default_factory=dict)
    arguable: Interval | None = None
    hostile: Mapping[str, Interval] = field(default_factory=dict)
    partly: tuple[str, ...] = ()


def right_route(case: LabelledCase, row: Row) -> bool:
    """The suggested route is the labelled one."""
    return row.route is case.expect.route


def right_labels(case: LabelledCase, row: Row) -> bool:
    """Route and the whole label set are the labelled ones."""
    return right_route(case, row) and set(row.labels) == set(case.expect.labels)


def missed_escalation(case: LabelledCase, row: Row) -> bool:
    """It had to go to a team and was not sent to one: a victim waits."""
    return case.expect.route in ESCALATED and row.route not in ESCALATED


def called_all_clear(case: LabelledCase, row: Row) -> bool:
    """It had to go to a team, and not even a person was asked to look."""
    return case.expect.route in ESCALATED and row.route is Route.NO_ESCALATION


def false_escalation(case: LabelledCase, row: Row) -> bool:
    """It was sent to a team and should not have been: somebody is accused."""
    return case.expect.route not in ESCALATED and row.route in ESCALATED


def wrong_team(case: LabelledCase, row: Row) -> bool:
    """It went to a team, but not the right one."""
    return case.expect.route in ESCALATED and row.route in ESCALATED and not right_route(case, row)


def wrong_route(case: LabelledCase, row: Row) -> bool:
    """The suggested route is not the labelled one."""
    return not right_route(case, row)


def wrong_unflagged(case: LabelledCase, row: Row) -> bool:
    """The route is wrong, and no second reader warned of it."""
    return wrong_route(case, row) and Caution.SECOND_READER_DISAGREES not in row.cautions


def score(cases: CaseSet, rows: Iterable[Row]) -> Scores:
    """Score one run. Raises `ValueError` where no case that is not arguable was scored."""
    by_case = rows_by_case(rows)
    all_scored = scored_cases(cases, by_case)
    clear = [one for one in all_scored if not one.case.is_arguable]
    arguable = [one for one in all_scored if one.case.is_arguable]
    answered = {one.case.id: len(one.rows) for one in all_scored}
    return Scores(
        cases=len(cases),
        unscored=tuple(case.id for case in cases.cases if by_case[case.id] and case.id not in answered),
        missing=tuple(case.id for case in cases.cases if not by_case[case.id]),
        partly=tuple(id for id, count in answered.items() if count < len(by_case[id])),
        route=share(clear, right_route),
        labels=share(clear, right_labels),
        routes={route.value: _rate_route(clear, route) for route in Route},
        confusion=Counter((one.case.expect.route.value, row.route.value) for one in clear for row in one.rows),
        harms=_harms(clear),
        facts=score_facts([(one.case, row) for one in clear for row in one.rows]),
        slices=_slices(clear),
        flips=_flips([one for one in clear if len(one.rows) > 1]),
        faults={case.id: find_fault(case, row.extraction) for case, row in _first_wrong(clear)},
        arguable=share(arguable, right_route) if arguable else None,
        hostile=_hostile([one for one in clear if one.case.is_hostile]),
    )


def rows_by_case(rows: Iterable[Row]) -> Mapping[str, Sequence[Row]]:
    """The rows of each case, in the order of their samples; none for a case that was not run."""
    by_case: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.sample):
        by_case[row.case_id].append(row)
    return by_case


def scored_cases(cases: CaseSet, by_case: Mapping[str, Sequence[Row]]) -> list[Scored]:
    """Cases that have a scored row, each with all of them."""
    answers = ((case, tuple(row for row in by_case[case.id] if row.is_scored)) for case in cases.cases)
    return [Scored(case, rows) for case, rows in answers if rows]


def share(scored: Sequence[Scored], holds: Callable[[LabelledCase, Row], bool]) -> Interval:
    """The share of cases for which something holds, clustered by family."""
    return proportion([(one.case.family, one.share(holds)) for one in scored])


def _first_wrong(scored: Sequence[Scored]) -> list[tuple[LabelledCase, Row]]:
    """Each case that was ever decided wrongly, with the first row that was."""
    wrong = ((one.case, next((row for row in one.rows if not right_labels(one.case, row)), None)) for one in scored)
    return [(case, row) for case, row in wrong if row is not None]


def _flips(repeated: Sequence[Scored]) -> Interval | None:
    """The share of repeated cases whose samples do not all decide the same; None where nothing was repeated."""
    decisions = [(one.case.family, {(row.route, tuple(row.labels)) for row in one.rows}) for one in repeated]
    return proportion([(family, float(len(different) > 1)) for family, different in decisions]) if decisions else None


def _harms(scored: Sequence[Scored]) -> dict[str, Interval]:
    """Harm of errors, each as a share of the cases in which it could have happened."""
    must = [one for one in scored if one.case.expect.route in ESCALATED]
    must_not = [one for one in scored if one.case.expect.route not in ESCALATED]
    figures = {}
    if must:
        figures["missed_escalation"] = share(must, missed_escalation)
        figures["called_all_clear"] = share(must, called_all_clear)
        figures["wrong_team"] = share(must, wrong_team)
    if must_not:
        figures["false_escalation"] = share(must_not, false_escalation)
    return figures


def _hostile(scored: Sequence[Scored]) -> dict[str, Interval]:
    """Hostile tickets apart: wrong routes, those that no second reader warned of, and the harm done."""
    if not scored:
        return {}
    figures = {"wrong_route": share(scored, wrong_route), "wrong_unflagged": share(scored, wrong_unflagged)}
    return figures | _harms(scored)


def _rate_route(scored: Sequence[Scored], route: Route) -> Rating:
    wanted = [one for one in scored if one.case.expect.route is route]
    given = [(one.case.family, float(right_route(one.case, row))) for one in scored for row in one.rows if row.route is route]
    counts = []
    for one in scored:
        gold = one.case.expect.route is route
        counts += [Count(one.case.family, gold and row.route is route, row.route is route, gold) for row in one.rows]
    return Rating(
        precision=proportion(given) if given else None,
        recall=share(wanted, right_route) if wanted else None,
        f1=f1(counts),
        support=len(wanted),
    )


def _slices(scored: Sequence[Scored]) -> dict[str, Interval]:
    """Route accuracy by tag, language, length and rule."""
    groups: dict[str, list[Scored]] = defaultdict(list)
    for one in scored:
        for name in slice_names(one.case):
            groups[name].append(one)
    return {name: share(group, right_route) for name, group in sorted(groups.items())}


def slice_names(case: LabelledCase) -> list[str]:
    """The slices a case belongs to."""
    characters = sum(len(message.text) for message in case.ticket.messages)
    length = "under 200" if characters < 200 else "200 to 799" if characters < 800 else "800 and over"
    tags = [tag for tag in case.tags if ":" not in tag]
    return [
        *(f"tag {tag}" for tag in dict.fromkeys(tags)),
        f"language {case.language}",
        f"characters {length}",
        f"rule {case.expect.rule}",
    ]
