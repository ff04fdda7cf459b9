"""A comparison as JSON: figures with n and interval, and every difference by its ids. No shape holds text of a ticket."""

from datetime import datetime

from copilot.core.closed import Closed
from copilot.evaluation.compare.other_policy import Decided
from copilot.evaluation.score.summary import Figure, as_figure
from copilot.shadow.backtest import StoreBacktest
from copilot.shadow.report import ShadowReport
from copilot.shadow.versus import Difference, Versus
from copilot.store.past import Right


class DecisionView(Closed):
    """A team, labels, and the rule that gave them."""

    route: str
    labels: list[str]
    rule: str


class RightView(Closed):
    """Where people sent a ticket; `how` it is known: outcome, changed or accepted."""

    route: str
    labels: list[str]
    how: str


class DifferenceView(Closed):
    """A text on which the contender decides otherwise. `right` null: nobody said. An erased ticket has no id."""

    suggestion_id: str
    ticket_id: str | None
    created_at: datetime
    suggested: DecisionView
    contender: DecisionView
    right: RightView | None
    corrected: bool


class PairedView(Closed):
    """Of the texts where it is known what is right: the shares that both sides name so, and the paired test between them.

    `difference` is the contender's share less the other. `sources` counts how it is known.
    """

    verdict: str
    n: int
    suggested: float
    contender: float
    better: int
    worse: int
    difference: Figure
    p_value: float
    test: str
    sources: dict[str, int]
    slices: dict[str, Figure]


class VersusView(Closed):
    """The comparison. `agreement` null: of no texts; `paired` null: nowhere is it known what is right."""

    n: int
    agreement: Figure | None
    paired: PairedView | None
    differences: list[DifferenceView]


class BacktestView(VersusView):
    """`copilot store backtest --json`. `revision` and `commit` null: this program's own policy."""

    policy_version: str
    revision: str | None
    commit: str | None
    suggested_by_policy: dict[str, int]
    corrected: int
    gone: int
    undecided: list[str]


class ShadowView(VersusView):
    """`copilot shadow report --json`, one object a contender. `without` counts texts without a decision, by why."""

    contender: str
    without: dict[str, int]


def shadow_view(made: ShadowReport) -> ShadowView:
    """A report as JSON."""
    compared = versus_view(made.compared)
    without = {why.value: count for why, count in made.without.items()}
    return ShadowView(
        **{name: getattr(compared, name) for name in VersusView.model_fields}, contender=made.contender, without=without
    )


def versus_view(compared: Versus) -> VersusView:
    """The comparison as JSON."""
    return VersusView(
        n=compared.n,
        agreement=as_figure(compared.agreement) if compared.agreement else None,
        paired=_paired(compared),
        differences=[_difference(one) for one in compared.differences],
    )


def backtest_view(made: StoreBacktest) -> BacktestView:
    """A backtest as JSON."""
    compared = versus_view(made.compared)
    return BacktestView(
        **{name: getattr(compared, name) for name in VersusView.model_fields},
        policy_version=made.policy.version,
        revision=made.policy.revision,
        commit=made.policy.commit,
        suggested_by_policy=dict(made.versions),
        corrected=made.corrected,
        gone=made.gone,
        undecided=list(made.undecided),
    )


def _paired(compared: Versus) -> PairedView | None:
    one = compared.paired
    if one is None:
        return None
    return PairedView(
        verdict=one.verdict,
        n=one.n,
        suggested=round(one.before, 6),
        contender=round(one.after, 6),
        better=len(one.better),
        worse=len(one.worse),
        difference=as_figure(one.difference),
        p_value=round(one.p_value, 6),
        test=one.test,
        sources=dict(compared.sources),
        slices={name: as_figure(difference) for name, difference in one.slices.items()},
    )


def _difference(one: Difference) -> DifferenceView:
    return DifferenceView(
        suggestion_id=one.text.suggestion_id,
        ticket_id=one.text.ticket_id,
        created_at=one.text.created_at,
        suggested=_decision(one.suggested),
        contender=_decision(one.contender),
        right=_right(one.right),
        corrected=one.text.corrected,
    )


def _decision(one: Decided) -> DecisionView:
    return DecisionView(route=one.route, labels=list(one.labels), rule=one.rule)


def _right(right: Right | None) -> RightView | None:
    return None if right is None else RightView(route=right.route, labels=list(right.labels), how=right.how)
