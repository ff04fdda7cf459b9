"""What is known of a ticket: parties, and facts of four kinds, each under an id of its own.

Plain values that policy, note and suggestion share. Comes in: an extraction's facts, as told or verified (see
`verification.py`). Goes out: the same as values, merged where they say the same. It reads no ticket and judges nothing.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from copilot.core.extraction import (
    ExtractedDamageClaim,
    ExtractedDemand,
    ExtractedDispute,
    ExtractedFact,
    ExtractedThreat,
    Extraction,
)
from copilot.core.vocabulary import Asset, DemandKind, DisputeKind, Harm, Intent, Motive, Role

MAX_NAME_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody the facts speak of."""

    id: str
    role: Role
    is_reporter: bool
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Threat:
    """Harm announced by one party to another. `evidence` holds sentence ids in ticket order."""

    by: str
    against: str
    harm: Harm
    asset: Asset
    evidence: tuple[str, ...]
    id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Demand:
    """Something asked by one party of another."""

    by: str
    of: str
    kind: DemandKind
    evidence: tuple[str, ...]
    id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class DamageClaim:
    """Harm that one party is said to have done to another."""

    by: str
    against: str
    harm: Harm
    asset: Asset
    intent: Intent
    motive: Motive
    evidence: tuple[str, ...]
    id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Dispute:
    """An ordinary disagreement."""

    kind: DisputeKind
    evidence: tuple[str, ...]
    id: str = field(default="", compare=False)


Act = Threat | Demand | DamageClaim
"""What somebody is said to have done to somebody."""
Fact = Act | Dispute
"""Facts are equal where they say the same; an id, such as f1, tells those of one ticket apart."""
OneFact = TypeVar("OneFact", Threat, Demand, DamageClaim, Dispute)


class DropReason(StrEnum):
    """Why something in an extraction was not believed."""

    NO_EVIDENCE = "no_evidence"
    UNKNOWN_SENTENCE = "unknown_sentence"
    UNKNOWN_PARTY = "unknown_party"
    SAME_PARTY = "same_party"
    UNKNOWN_NAME = "unknown_name"


@dataclass(frozen=True, slots=True)
class Dropped:
    """One item that failed verification: the list it stood in, its index there, and the reason."""

    list: str
    index: int
    item: Fact | Party
    reason: DropReason


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything verified about one ticket, each fact under an id of its own, and what was dropped on the way."""

    parties: tuple[Party, ...] = ()
    all: tuple[Fact, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    def of(self, kind: type[OneFact]) -> tuple[OneFact, ...]:
        """The facts of one kind, in their order."""
        return tuple(fact for fact in self.all if isinstance(fact, kind))

    @property
    def acts(self) -> tuple[Act, ...]:
        """Every fact that somebody is said to be the actor of."""
        return tuple(fact for fact in self.all if not isinstance(fact, Dispute))

    @property
    def harms(self) -> tuple[Threat | DamageClaim, ...]:
        """Threats and damage claims."""
        return tuple(fact for fact in self.all if isinstance(fact, Threat | DamageClaim))

    def party(self, id: str) -> Party | None:
        """The party of that id, or None."""
        return next((party for party in self.parties if party.id == id), None)

    def cited(self) -> frozenset[str]:
        """Ids of all sentences that some kept fact cites."""
        return frozenset(id for fact in self.all for id in fact.evidence)

    def with_fact(self, fact: Fact) -> "Facts":
        """The same facts and one more, under the next id."""
        last = max((int(one.id[1:]) for one in self.all), default=0)
        return replace(self, all=(*self.all, replace(fact, id=f"f{last + 1}")))

    def changed(self, fact: Fact) -> "Facts":
        """The same facts with this one in the place of that of its id."""
        return replace(self, all=tuple(fact if one.id == fact.id else one for one in self.all))

    def without(self, id: str) -> "Facts":
        """The same facts but one."""
        return replace(self, all=tuple(fact for fact in self.all if fact.id != id))


def numbered(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The same facts under the ids f1, f2, …"""
    return tuple(replace(fact, id=f"f{number}") for number, fact in enumerate(facts, start=1))


def is_account_security(harm: Harm, asset: Asset) -> bool:
    """Whether harm falls on a marketplace account (S4, S5).

    Reading: where harm and asset disagree, the asset decides.
    Reading: an account outside the marketplace is property, so breaking into it is keeping its owner out.
    """
    if harm is Harm.ACCOUNT_BREACH:
        return asset not in _OUTSIDE_PROPERTY
    return harm in (Harm.DESTROY, Harm.LOCK_OUT) and asset is Asset.MARKETPLACE_ACCOUNT


_OUTSIDE_PROPERTY = (
    Asset.OUTSIDE_ACCOUNT,
    Asset.WEBSITE,
    Asset.CODE_OR_FILES,
    Asset.BUSINESS_LISTING,
    Asset.DOMAIN_OR_HOSTING,
)


def other_side(act: Act) -> str:
    """The id of the party acted on."""
    return act.of if isinstance(act, Demand) else act.against


def as_told(fact: ExtractedFact) -> Fact:
    """A fact as an extraction tells it, in the extraction's own party ids."""
    evidence = tuple(fact.evidence)
    match fact:
        case ExtractedThreat():
            return Threat(fact.by, fact.against, fact.harm, fact.asset, evidence)
        case ExtractedDemand():
            return Demand(fact.by, fact.of, fact.kind, evidence)
        case ExtractedDamageClaim():
            return DamageClaim(fact.by, fact.against, fact.harm, fact.asset, fact.intent, fact.motive, evidence)
        case ExtractedDispute():
            return Dispute(fact.kind, evidence)


def renamed(fact: Fact, ids: Callable[[str], str]) -> Fact:
    """The same fact with other party ids."""
    match fact:
        case Dispute():
            return fact
        case Demand():
            return replace(fact, by=ids(fact.by), of=ids(fact.of))
        case _:
            return replace(fact, by=ids(fact.by), against=ids(fact.against))


TYPES: Mapping[type, str] = {Threat: "threat", Demand: "demand", DamageClaim: "damage_claim", Dispute: "dispute"}
"""What each kind of fact is called in codes and tables; the lists of an extraction are the plurals."""


def type_of(fact: Fact) -> str:
    """A fact's kind as codes and tables call it."""
    return TYPES[type(fact)]


def extraction_of(parties: Iterable[object], facts: Iterable[Fact]) -> Extraction:
    """The extraction that says exactly these facts; parties may be of any kind that has a party's fields."""
    lists: dict[str, list[dict[str, Any]]] = {f"{name}s": [] for name in TYPES.values()}
    for fact in facts:
        lists[f"{type_of(fact)}s"].append(said(fact))
    people = [{name: getattr(party, name) for name in Party.__slots__} for party in parties]
    return Extraction.model_validate({"parties": people, **lists})


def said(item: Fact | Party) -> dict[str, Any]:
    """The fields of a fact but its id, or those of a party, as plain values."""
    names = [one.name for one in fields(item) if isinstance(item, Party) or one.name != "id"]
    values = {name: getattr(item, name) for name in names}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def merged(facts: Iterable[Fact], place: Callable[[str], int] | None = None) -> list[Fact]:
    """Facts that say the same made one, with the evidence of all, in the order in which each was first told.

    `place` tells where in the ticket a sentence stands; without it, evidence stays in the order in which it was told.
    """
    alike: dict[Hashable, list[Fact]] = {}
    for fact in facts:
        alike.setdefault(_says(fact), []).append(fact)
    return [_joined(same, place) for same in alike.values()]


def _says(fact: Fact) -> Hashable:
    """What makes two facts the same: account security stays apart from property harm."""
    match fact:
        case Dispute():
            return fact.kind
        case Demand():
            return Demand, fact.by, fact.kind, fact.of
        case _:
            return type(fact), fact.by, fact.harm, fact.against, is_account_security(fact.harm, fact.asset)


def _joined(same: Sequence[Fact], place: Callable[[str], int] | None) -> Fact:
    first = same[0]
    if len(same) == len(first.evidence) == 1:
        return first
    cited = dict.fromkeys(id for fact in same for id in fact.evidence)
    evidence = tuple(sorted(cited, key=place) if place else cited)
    threats = [fact for fact in same if isinstance(fact, Threat)]
    claims = [fact for fact in same if isinstance(fact, DamageClaim)]
    match first:
        case Threat():
            return replace(first, asset=_stated_asset(threats), evidence=evidence)
        case DamageClaim():
            return replace(
                first,
                asset=_stated_asset(claims),
                intent=min((claim.intent for claim in claims), key=_GRAVEST_INTENT.index),
                motive=min((claim.motive for claim in claims), key=_GRAVEST_MOTIVE.index),
                evidence=evidence,
            )
        case _:
            return replace(first, evidence=evidence)


def _stated_asset(same: Sequence[Threat | DamageClaim]) -> Asset:
    return next((one.asset for one in same if one.asset is not Asset.NOT_STATED), Asset.NOT_STATED)


_GRAVEST_INTENT = (Intent.DELIBERATE, Intent.UNCLEAR, Intent.ACCIDENTAL)
_GRAVEST_MOTIVE = (Motive.RETALIATION, Motive.LEVERAGE, Motive.NOT_STATED)
