"""What a case set covers: rules, harms and demand kinds, each counted; an empty cell is a hole.

A set that never tries a rule cannot say that the rule works. The tables are made from gold labels alone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from copilot.core.vocabulary import DemandKind, DisputeKind, Harm, Intent, Label, Motive, Origin, Route
from copilot.evaluation.cases.case import PAIR_TAG, CaseSet, LabelledCase
from copilot.evaluation.cases.tags import ORDINARY_TAG
from copilot.policy.rules import RULES

MEDIATION = ("true", "false", "null")


@dataclass(frozen=True)
class Table:
    """One table: how many cases hold each value. Values with no case are holes."""

    name: str
    counts: Mapping[str, int]

    @property
    def holes(self) -> tuple[str, ...]:
        """Values that no case tries."""
        return tuple(f"{self.name}: {value}" for value, count in self.counts.items() if not count)


def cover(cases: CaseSet) -> tuple[Table, ...]:
    """Every coverage table of a set."""
    return (
        _table("rule", (rule.id for rule in RULES), cases, lambda case: [case.expect.rule]),
        _table("route", (route.value for route in Route), cases, lambda case: [case.expect.route.value]),
        _table("label", (label.value for label in Label), cases, lambda case: [label.value for label in case.expect.labels]),
        _table("harm threatened", (harm.value for harm in Harm), cases, _threatened),
        _table("harm claimed", (harm.value for harm in Harm), cases, _claimed),
        _table("demand kind", (kind.value for kind in DemandKind), cases, _demanded),
        _table("intent", (intent.value for intent in Intent), cases, _intents),
        _table("motive", (motive.value for motive in Motive), cases, _motives),
        _table("dispute kind", (kind.value for kind in DisputeKind), cases, _disputes),
        _table("mediation eligible", MEDIATION, cases, _mediation),
        _table("origin", (origin.value for origin in Origin), cases, lambda case: [case.ticket.origin.value]),
        _table("reporter is the actor", ("yes", "no"), cases, _reporter_acts),
    )


def holes_in(cases: CaseSet) -> Iterator[str]:
    """Empty cells, pairs that do not do their work, and kinds of which there are too few, in words."""
    yield from (f"no case: {hole}" for table in cover(cases) for hole in table.holes)
    yield from (f"no pair that changes the decision: {name}" for name in pairs(cases))
    yield from (f"too few {shortfall}" for shortfall in shortfalls(cases))


def languages(cases: CaseSet) -> Table:
    """How many cases each language has; no list of languages is complete, so it has no holes."""
    return Table("language", dict(sorted(Counter(case.language for case in cases.cases).items())))


LEAST = {
    "labelled cases": 240,
    "ordinary cases": 40,
    "minimal pairs": 40,
    "hostile cases": 40,
    "languages": 10,
    "cases in other languages than English": 60,
}
"""How many of each kind a set must hold, for its figures to say something about that kind."""


def shortfalls(cases: CaseSet) -> tuple[str, ...]:
    """Kinds of cases of which the set holds too few, in words."""
    counted = {
        "labelled cases": len(cases),
        "ordinary cases": sum(ORDINARY_TAG in case.tags for case in cases.cases),
        "minimal pairs": len({case.family for case in cases.cases if case.family.startswith(PAIR_TAG)}),
        "hostile cases": sum(case.is_hostile for case in cases.cases),
        "languages": len(languages(cases).counts),
        "cases in other languages than English": sum(case.language != "en" for case in cases.cases),
    }
    return tuple(f"{kind}: {counted[kind]} of at least {least}" for kind, least in LEAST.items() if counted[kind] < least)


def pairs(cases: CaseSet) -> tuple[str, ...]:
    """Names of minimal pairs that do not do their work: one case alone, or the changed fact changes no route and no label.

    In a family of more than two, at least half of the decisions must differ.
    """
    families: dict[str, list[LabelledCase]] = {}
    for case in cases.cases:
        if case.family.startswith(PAIR_TAG):
            families.setdefault(case.family, []).append(case)
    return tuple(
        name
        for name, members in families.items()
        if len({(case.expect.route, tuple(case.expect.labels)) for case in members}) < max(2, len(members) // 2)
    )


def _table(name: str, values: Iterable[str], cases: CaseSet, read: Callable[[LabelledCase], list[str]]) -> Table:
    counts = Counter(value for case in cases.cases for value in set(read(case)))
    return Table(name, {value: counts[value] for value in values})


def _threatened(case: LabelledCase) -> list[str]:
    return [threat.harm.value for threat in case.expect.extraction.threats] if case.expect.extraction else []


def _claimed(case: LabelledCase) -> list[str]:
    return [claim.harm.value for claim in case.expect.extraction.damage_claims] if case.expect.extraction else []


def _demanded(case: LabelledCase) -> list[str]:
    return [demand.kind.value for demand in case.expect.extraction.demands] if case.expect.extraction else []


def _intents(case: LabelledCase) -> list[str]:
    return [claim.intent.value for claim in case.expect.extraction.damage_claims] if case.expect.extraction else []


def _motives(case: LabelledCase) -> list[str]:
    return [claim.motive.value for claim in case.expect.extraction.damage_claims] if case.expect.extraction else []


def _disputes(case: LabelledCase) -> list[str]:
    return [dispute.kind.value for dispute in case.expect.extraction.disputes] if case.expect.extraction else []


def _mediation(case: LabelledCase) -> list[str]:
    known = case.ticket.context.mediation_eligible
    return ["null" if known is None else str(known).lower()]


def _reporter_acts(case: LabelledCase) -> list[str]:
    gold = case.expect.extraction
    if gold is None:
        return []
    reporters = {party.id for party in gold.parties if party.is_reporter}
    actors = {threat.by for threat in gold.threats} | {claim.by for claim in gold.damage_claims}
    return ["yes" if actors & reporters else "no"] if actors else []
