"""Keep only what the ticket really says: an extraction in, verified facts out.

A fact that cites a sentence which does not exist, cites none, or names a party that does not exist (or itself as
its victim) is dropped and kept aside with the reason. It is never repaired: policy acts on a wrong fact, while it
asks about a missing one. A party's name that is no exact substring of the ticket is taken away in the same manner.
Where a ticket names nobody who did it, the fact is kept and its actor is somebody unknown (see `actors.py`).
Parties are numbered p1, p2, … in their order, so that no id of a reader's invention goes any further.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from copilot.actors import without_accusations
from copilot.extraction import Extraction
from copilot.sentences import Sentences
from copilot.ticket import Ticket
from copilot.vocabulary import Asset, DemandKind, DisputeKind, Harm, Intent, Motive, Role

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


@dataclass(frozen=True, slots=True)
class Demand:
    """Something asked by one party of another."""

    by: str
    of: str
    kind: DemandKind
    evidence: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Dispute:
    """An ordinary disagreement."""

    kind: DisputeKind
    evidence: tuple[str, ...]


Fact = Threat | Demand | DamageClaim | Dispute
OneFact = TypeVar("OneFact", Threat, Demand, DamageClaim, Dispute)


class DropReason(StrEnum):
    """Why something in an extraction was not believed."""

    NO_EVIDENCE = "cites no sentence"
    UNKNOWN_SENTENCE = "cites a sentence that the ticket does not have"
    UNKNOWN_PARTY = "names a party that the extraction does not have"
    SAME_PARTY = "names one party as both the actor and the one acted on"
    UNKNOWN_NAME = "gives a name that is not in the ticket word for word, or is over 80 characters; the party is kept without it"


@dataclass(frozen=True, slots=True)
class Dropped:
    """One item that failed verification: the list it stood in, its index there, and the reason."""

    list: str
    index: int
    item: Fact | Party
    reason: DropReason


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything verified about one ticket, and what was dropped on the way."""

    parties: tuple[Party, ...] = ()
    threats: tuple[Threat, ...] = ()
    demands: tuple[Demand, ...] = ()
    damage_claims: tuple[DamageClaim, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @property
    def harms(self) -> tuple[Threat | DamageClaim, ...]:
        """Threats, then damage claims."""
        return (*self.threats, *self.damage_claims)

    @property
    def all(self) -> tuple[Fact, ...]:
        """Every fact: threats, demands, damage claims, disputes."""
        return (*self.threats, *self.demands, *self.damage_claims, *self.disputes)

    def party(self, id: str) -> Party | None:
        """The party of that id, or None."""
        return next((party for party in self.parties if party.id == id), None)

    def cited(self) -> frozenset[str]:
        """Ids of all sentences that some kept fact cites."""
        return frozenset(id for fact in self.all for id in fact.evidence)

    def with_fact(self, fact: Fact) -> "Facts":
        """The same facts and one more."""
        match fact:
            case Threat():
                return replace(self, threats=(*self.threats, fact))
            case Demand():
                return replace(self, demands=(*self.demands, fact))
            case DamageClaim():
                return replace(self, damage_claims=(*self.damage_claims, fact))
            case _:
                return replace(self, disputes=(*self.disputes, fact))


def verify(ticket: Ticket, sentences: Sentences, extraction: Extraction, by_person: bool = False) -> Facts:
    """Check every fact of an extraction against its ticket.

    Facts that say the same are merged and their evidence joined, in ticket order. Who did something is a reader's guess
    where no sentence speaks of them, and is taken away; a person who says it (`by_person`) may know it from elsewhere.
    """
    if not by_person:
        extraction = without_accusations(ticket, sentences, extraction)
    ids = _PartyIds(extraction)
    dropped: list[Dropped] = []
    kept: list[Fact] = []
    for list_name, facts in _lists(extraction, ids):
        for index, fact in enumerate(facts):
            reason = _fault(fact, ids.known, sentences)
            if reason:
                dropped.append(Dropped(list_name, index, fact, reason))
            else:
                kept.append(fact)
    parties = []
    for index, given in enumerate(extraction.parties):
        party = Party(ids[given.id], given.role, given.is_reporter, given.name)
        if party.name is not None and not _is_in_ticket(party.name, ticket):
            dropped.append(Dropped("parties", index, party, DropReason.UNKNOWN_NAME))
            party = replace(party, name=None)
        parties.append(party)
    merged = _merged(kept, sentences)
    return Facts(
        parties=tuple(parties),
        threats=tuple(fact for fact in merged if isinstance(fact, Threat)),
        demands=tuple(fact for fact in merged if isinstance(fact, Demand)),
        damage_claims=tuple(fact for fact in merged if isinstance(fact, DamageClaim)),
        disputes=tuple(fact for fact in merged if isinstance(fact, Dispute)),
        dropped=tuple(dropped),
    )


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


class _PartyIds:
    """The id by which each party goes from here on; one that the extraction does not list gets a number with a question mark."""

    def __init__(self, extraction: Extraction) -> None:
        self._ids = {party.id: f"p{position}" for position, party in enumerate(extraction.parties, start=1)}
        self.known = frozenset(self._ids.values())

    def __getitem__(self, given: str) -> str:
        if given not in self._ids:
            self._ids[given] = f"?{len(self._ids) - len(self.known) + 1}"
        return self._ids[given]


def _lists(extraction: Extraction, ids: _PartyIds) -> list[tuple[str, list[Fact]]]:
    return [
        ("threats", [Threat(ids[t.by], ids[t.against], t.harm, t.asset, tuple(t.evidence)) for t in extraction.threats]),
        ("demands", [Demand(ids[d.by], ids[d.of], d.kind, tuple(d.evidence)) for d in extraction.demands]),
        (
            "damage_claims",
            [
                DamageClaim(ids[c.by], ids[c.against], c.harm, c.asset, c.intent, c.motive, tuple(c.evidence))
                for c in extraction.damage_claims
            ],
        ),
        ("disputes", [Dispute(d.kind, tuple(d.evidence)) for d in extraction.disputes]),
    ]


def _fault(fact: Fact, known: frozenset[str], sentences: Sentences) -> DropReason | None:
    if not fact.evidence:
        return DropReason.NO_EVIDENCE
    if not sentences.by_id.keys() >= set(fact.evidence):
        return DropReason.UNKNOWN_SENTENCE
    if isinstance(fact, Dispute):
        return None
    other = fact.of if isinstance(fact, Demand) else fact.against
    if fact.by not in known or other not in known:
        return DropReason.UNKNOWN_PARTY
    return DropReason.SAME_PARTY if fact.by == other else None


def _is_in_ticket(name: str, ticket: Ticket) -> bool:
    places = [ticket.subject, *(person.name for person in ticket.participants if person.name), *(m.text for m in ticket.messages)]
    return 0 < len(name) <= MAX_NAME_CHARACTERS and any(name in place for place in places)


def _merged(facts: Iterable[Fact], sentences: Sentences) -> list[Fact]:
    """Facts that say the same made one, with the evidence of all, in the order in which each was first told."""
    order = {sentence.id: position for position, sentence in enumerate(sentences)}
    alike: dict[Hashable, list[Fact]] = {}
    for fact in facts:
        alike.setdefault(_says(fact), []).append(fact)
    return [_joined(same, order) for same in alike.values()]


def _says(fact: Fact) -> Hashable:
    """What makes two facts the same: account security stays apart from property harm."""
    match fact:
        case Dispute():
            return fact.kind
        case Demand():
            return Demand, fact.by, fact.kind, fact.of
        case _:
            return type(fact), fact.by, fact.harm, fact.against, is_account_security(fact.harm, fact.asset)


def _joined(same: Sequence[Fact], order: Mapping[str, int]) -> Fact:
    first = same[0]
    if len(same) == len(first.evidence) == 1:
        return first
    evidence = tuple(sorted({id for fact in same for id in fact.evidence}, key=order.__getitem__))
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
