"""No more facts than a real ticket has: verified facts in, the same out, or the gravest of them and how many were left out.

A reading with thousands of facts must not cost more than a ticket is worth. What stays never makes the decision less
careful than all of them would: the gravest actors come first, each with one fact of every sort that it has.
"""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from copilot.core.facts import Act, Dispute, Facts, numbered, other_side
from copilot.core.vocabulary import Origin
from copilot.policy.assess import Assessment, assess
from copilot.policy.case import Actor

MAX_FACTS_OF_A_KIND = 16
"""Threats, demands, damage claims and dropped facts, each. A labelled or recorded ticket has three at most."""
MAX_PARTIES = 16
"""A labelled or recorded ticket speaks of four at most."""


def within_bounds(facts: Facts) -> tuple[Facts, int]:
    """At most so many facts of each kind and parties, and the number of facts left out. Disputes are at most one a kind."""
    most = max([len(facts.dropped), *Counter(map(type, facts.acts)).values()])
    if len(facts.parties) <= MAX_PARTIES and most <= MAX_FACTS_OF_A_KIND:
        return facts, 0
    kept = _Kept({party.id for party in facts.parties if party.is_reporter})
    for act in _gravest_first(facts, assess(facts, Origin.CUSTOMER_REPORT, None)):
        kept.take(act)
    for party in facts.parties:
        kept.make_room_for({party.id})
    few = Facts(
        parties=tuple(party for party in facts.parties if party.id in kept.parties),
        all=numbered(fact for fact in facts.all if isinstance(fact, Dispute) or fact.id in kept.facts),
        dropped=facts.dropped[:MAX_FACTS_OF_A_KIND],
    )
    return few, len(facts.all) - len(few.all) + len(facts.dropped) - len(few.dropped)


@dataclass
class _Kept:
    """What stays, as long as there is room: ids of parties and of facts."""

    parties: set[str]
    facts: set[str] = field(default_factory=set)
    _of_kind: Counter[type] = field(default_factory=Counter)

    def take(self, act: Act) -> None:
        """Keep a fact, if there is room for it and for the parties it names."""
        if self._of_kind[type(act)] < MAX_FACTS_OF_A_KIND and self.make_room_for({act.by, other_side(act)}):
            self._of_kind[type(act)] += 1
            self.facts.add(act.id)

    def make_room_for(self, ids: set[str]) -> bool:
        """Keep these parties; False where there are too many already."""
        if len(self.parties | ids) > MAX_PARTIES:
            return False
        self.parties |= ids
        return True


def _gravest_first(facts: Facts, assessment: Assessment) -> list[Act]:
    """Each actor's first fact of a sort before its second, and graver actors before others."""
    place = {id: position for position, id in enumerate(_actors_by_gravity(assessment.actors))}
    seen: Counter[Hashable] = Counter()
    rank: dict[str, tuple[int, int]] = {}
    for act in facts.acts:
        sort = (act.by, assessment.weights[act.id].reason)
        rank[act.id] = (seen[sort], place[act.by])
        seen[sort] += 1
    return sorted(facts.acts, key=lambda act: rank[act.id])


def _actors_by_gravity(actors: Mapping[str, Actor]) -> list[str]:
    """Party ids: one actor of each sort first, since one is enough for a route and its labels, the gravest of them leading."""
    seen: Counter[Actor] = Counter()
    ranks: dict[str, tuple[int | bool, ...]] = {}
    for id, actor in actors.items():
        ranks[id] = (seen[actor], not actor.endangers_account, not actor.coercing, not actor.retaliating, not actor.demands)
        seen[actor] += 1
    return sorted(ranks, key=lambda id: ranks[id])
