"""No more facts than a real ticket has: verified facts in, the same out, or the gravest of them and how many were left out.

A reading with thousands of facts must not cost more than a ticket is worth. What stays never makes the decision less
careful than all of them would: the gravest actors come first, each with one fact of every sort that it has.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from copilot.facts import DamageClaim, Demand, Facts, OneFact, Threat
from copilot.policy.case import Actor
from copilot.policy.weigh import Weighed, weigh
from copilot.vocabulary import Origin

MAX_FACTS_OF_A_KIND = 16
"""Threats, demands, damage claims and dropped facts, each. A labelled or recorded ticket has three at most."""
MAX_PARTIES = 16
"""A labelled or recorded ticket speaks of four at most."""


def within_bounds(facts: Facts) -> tuple[Facts, int]:
    """At most so many facts of each kind and parties, and the number of facts left out. Disputes are at most one a kind."""
    lists = (facts.threats, facts.demands, facts.damage_claims, facts.dropped)
    if len(facts.parties) <= MAX_PARTIES and all(len(items) <= MAX_FACTS_OF_A_KIND for items in lists):
        return facts, 0
    kept = _Kept({party.id for party in facts.parties if party.is_reporter})
    for fact in _gravest_first(facts, weigh(facts, Origin.CUSTOMER_REPORT, None)):
        kept.take(fact)
    for party in facts.parties:
        kept.make_room_for({party.id})
    few = replace(
        facts,
        parties=tuple(party for party in facts.parties if party.id in kept.parties),
        threats=kept.among(facts.threats),
        demands=kept.among(facts.demands),
        damage_claims=kept.among(facts.damage_claims),
        dropped=facts.dropped[:MAX_FACTS_OF_A_KIND],
    )
    return few, len(facts.all) - len(few.all) + len(facts.dropped) - len(few.dropped)


@dataclass
class _Kept:
    """What stays, as long as there is room: party ids, and facts by identity."""

    parties: set[str]
    _facts: set[int] = field(default_factory=set)
    _of_kind: Counter[type] = field(default_factory=Counter)

    def take(self, fact: Threat | Demand | DamageClaim) -> None:
        """Keep a fact, if there is room for it and for the parties it names."""
        other = fact.of if isinstance(fact, Demand) else fact.against
        if self._of_kind[type(fact)] < MAX_FACTS_OF_A_KIND and self.make_room_for({fact.by, other}):
            self._of_kind[type(fact)] += 1
            self._facts.add(id(fact))

    def make_room_for(self, ids: set[str]) -> bool:
        """Keep these parties; False where there are too many already."""
        if len(self.parties | ids) > MAX_PARTIES:
            return False
        self.parties |= ids
        return True

    def among(self, facts: Sequence[OneFact]) -> tuple[OneFact, ...]:
        """Those that stay, in their order."""
        return tuple(fact for fact in facts if id(fact) in self._facts)


def _gravest_first(facts: Facts, weighed: Weighed) -> list[Threat | Demand | DamageClaim]:
    """Each actor's first fact of a sort before its second, and graver actors before others."""
    place = {id: position for position, id in enumerate(_actors_by_gravity(weighed.actors))}
    weights = (*weighed.threats, *weighed.damage_claims, *weighed.demands)
    every: list[Threat | Demand | DamageClaim] = [*facts.threats, *facts.damage_claims, *facts.demands]
    seen: Counter[Hashable] = Counter()
    rank: dict[int, tuple[int, int]] = {}
    for fact, weight in zip(every, weights, strict=True):
        sort = (fact.by, weight.reason)
        rank[id(fact)] = (seen[sort], place[fact.by])
        seen[sort] += 1
    return sorted(every, key=lambda fact: rank[id(fact)])


def _actors_by_gravity(actors: Mapping[str, Actor]) -> list[str]:
    """Party ids: one actor of each sort first, since one is enough for a route and its labels, the gravest of them leading."""
    seen: Counter[Actor] = Counter()
    ranks: dict[str, tuple[int | bool, ...]] = {}
    for id, actor in actors.items():
        ranks[id] = (seen[actor], not actor.endangers_account, not actor.coercing, not actor.retaliating, not actor.demands)
        seen[actor] += 1
    return sorted(ranks, key=lambda id: ranks[id])
