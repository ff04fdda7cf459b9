"""What is kept of a case once it was looked at: enough for every figure, and no word of a ticket.

Comes in: a labelled case and its rows. Goes out: a `CaseTally` of a few hundred bytes. Scores, reports and gates are made of
tallies, so that a run of many thousand cases is scored without ever holding it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from sys import intern

from copilot.core.extraction import ExtractedFact, ExtractedParty, Extraction
from copilot.core.facts import Fact, Party
from copilot.core.sentences import cut
from copilot.core.verification import verify
from copilot.core.vocabulary import CUSTOMERS, Caution, Label, Role, Route
from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.attribution import Attribution, attribute
from copilot.output.suggestion import TokenUsage

ESCALATED = frozenset({Route.ACCOUNT_SECURITY, Route.MEDIATION_DISPUTES, Route.CONTENT_ENFORCEMENT})
OWN_DOUBTS = frozenset({Caution.UNVERIFIED_FACT, Caution.TRUNCATED_TICKET, Caution.DEGRADED_EXTRACTOR})
"""Cautions by which a reading says of itself that it may be incomplete."""


@dataclass(frozen=True, slots=True)
class Gold:
    """The labelled decision."""

    route: Route
    labels: tuple[Label, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One scored decision beside the labelled one.

    `flagged`: the second reader warned. `uncited` counts the sentences that it disputes, `doubts` the cautions by
    which the reading doubts itself, `facts` those that it found in the ticket.
    """

    gold: Gold
    route: Route
    labels: tuple[Label, ...]
    rule: str
    flagged: bool
    uncited: int
    doubts: int
    facts: int

    @property
    def right_route(self) -> bool:
        """The suggested route is the labelled one."""
        return self.route is self.gold.route

    @property
    def right_labels(self) -> bool:
        """Route and the whole label set are the labelled ones."""
        return self.right_route and set(self.labels) == set(self.gold.labels)


@dataclass(frozen=True, slots=True)
class CaseTally:
    """One case: its scored samples in order, how the others ended (`unscored`), and what both cost.

    `fault` is that of the first wrong sample; None where all are right, and for an arguable case. `accused` is the share of
    samples in which a customer stands as the one who did something; None unless by the gold facts no customer in particular did.
    """

    id: str
    family: str
    gold: Gold
    slices: tuple[str, ...]
    is_arguable: bool
    is_hostile: bool
    samples: tuple[Sample, ...]
    unscored: tuple[str, ...]
    usage: TokenUsage | None
    seconds: float
    fault: Attribution | None = None
    accused: float | None = None

    def share(self, holds: "Holds") -> float:
        """The share of its samples for which something holds, from 0 to 1."""
        return sum(map(holds, self.samples)) / len(self.samples)

    @property
    def tags(self) -> list[str]:
        """The tags that are scored as slices."""
        return [name.removeprefix("tag ") for name in self.slices if name.startswith("tag ")]


Holds = Callable[[Sample], bool]


def tally_of(case: LabelledCase, rows: Sequence[Row]) -> CaseTally:
    """What there is to keep of a case and its rows, which come in the order of their samples."""
    gold = Gold(case.expect.route, tuple(case.expect.labels), intern(case.expect.rule))
    scored = [row for row in rows if row.is_scored]
    samples = tuple(sample_of(gold, row) for row in scored)
    wrong = next((row for row, sample in zip(scored, samples, strict=True) if not sample.right_labels), None)
    return CaseTally(
        id=case.id,
        family=case.family,
        gold=gold,
        slices=tuple(map(intern, slice_names(case))),
        is_arguable=case.is_arguable,
        is_hostile=case.is_hostile,
        samples=samples,
        unscored=tuple(intern(row.outcome) for row in rows if not row.is_scored),
        usage=_usage(rows),
        seconds=sum(row.seconds for row in rows),
        accused=_accused(case, scored),
        fault=attribute(case, wrong.extraction) if wrong is not None and not case.is_arguable else None,
    )


def sample_of(gold: Gold, row: Row) -> Sample:
    """A row's decision beside the labelled one."""
    return Sample(
        gold=gold,
        route=row.route,
        labels=tuple(row.labels),
        rule=intern(row.rule),
        flagged=Caution.SECOND_READER_DISAGREES in row.cautions,
        uncited=len(row.uncited),
        doubts=sum(caution in OWN_DOUBTS for caution in row.cautions),
        facts=_facts(row),
    )


def _accused(case: LabelledCase, scored: Sequence[Row]) -> float | None:
    gold = case.expect.extraction
    if gold is None or not scored or _names_a_culprit(gold.parties, gold.facts):
        return None
    sentences = cut(case.ticket)
    read = [verify(case.ticket, sentences, row.extraction or Extraction.empty()) for row in scored]
    return sum(_names_a_culprit(found.parties, found.all) for found in read) / len(read)


def _names_a_culprit(parties: Iterable[Party | ExtractedParty], facts: Iterable[Fact | ExtractedFact]) -> bool:
    """Whether a customer threatened, demanded or damaged something: the reporter, or one whose role is named."""
    customers = {one.id for one in parties if one.role in CUSTOMERS or (one.is_reporter and one.role is not Role.SUPPORT)}
    return any(getattr(fact, "by", None) in customers for fact in facts)


def _facts(row: Row) -> int:
    return len(row.extraction.facts) if row.extraction else 0


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


def right_route(sample: Sample) -> bool:
    """The suggested route is the labelled one."""
    return sample.right_route


def right_labels(sample: Sample) -> bool:
    """Route and the whole label set are the labelled ones."""
    return sample.right_labels


def missed_escalation(sample: Sample) -> bool:
    """It had to go to a team and was not sent to one: a victim waits."""
    return sample.gold.route in ESCALATED and sample.route not in ESCALATED


def called_all_clear(sample: Sample) -> bool:
    """It had to go to a team, and not even a person was asked to look."""
    return sample.gold.route in ESCALATED and sample.route is Route.NO_ESCALATION


def false_escalation(sample: Sample) -> bool:
    """It was sent to a team and should not have been: somebody is accused."""
    return sample.gold.route not in ESCALATED and sample.route in ESCALATED


def wrong_team(sample: Sample) -> bool:
    """It went to a team, but not the right one."""
    return sample.gold.route in ESCALATED and sample.route in ESCALATED and not sample.right_route


def wrong_route(sample: Sample) -> bool:
    """The suggested route is not the labelled one."""
    return not sample.right_route


def wrong_unflagged(sample: Sample) -> bool:
    """The route is wrong, and no second reader warned of it."""
    return not sample.right_route and not sample.flagged


def _usage(rows: Sequence[Row]) -> TokenUsage | None:
    """Tokens of all samples; None where there were none."""
    prompt, cached, completion = (
        sum(getattr(row.usage, name) for row in rows) for name in ("prompt_tokens", "cached_tokens", "completion_tokens")
    )
    if not (prompt or cached or completion):
        return None
    return TokenUsage(prompt_tokens=prompt, cached_tokens=cached, completion_tokens=completion)
