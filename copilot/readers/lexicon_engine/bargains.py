"""Threats told by their shape alone: «X unless I pay», «it would be a pity if …».

A lexicon cannot hold every way to harm. Where somebody ties what the other side does not want to something they
want, there is a threat, whether or not its verb is known; what it falls on tells its kind.
"""

from collections.abc import Iterator, Sequence

from copilot.readers.lexicon_engine.concepts import ASSETS, WANTS
from copilot.readers.lexicon_engine.harms import Event, Place, Status, Who
from copilot.readers.lexicon_engine.patterns import Hit
from copilot.readers.lexicon_engine.view import SUBJECTS, Clause, Part, View
from copilot.vocabulary import Asset, Harm

_NEGATIVE = ("unless", "or_else")
_IDLE = ("hypothetical", "permission", "fear", "ask_support")
_TAKEN = frozenset((Harm.DESTROY, Harm.LOCK_OUT, Harm.ACCOUNT_BREACH))
_BY_ASSET = {
    Asset.WEBSITE: Harm.DESTROY,
    Asset.CODE_OR_FILES: Harm.DESTROY,
    Asset.DOMAIN_OR_HOSTING: Harm.DESTROY,
    Asset.BUSINESS_LISTING: Harm.DESTROY,
    Asset.OUTSIDE_ACCOUNT: Harm.DESTROY,
    Asset.MARKETPLACE_ACCOUNT: Harm.ACCOUNT_BREACH,
    Asset.PRIVATE_INFORMATION: Harm.DISCLOSE,
}


class Bargains:
    """Reads threats that only the shape of a sentence gives away."""

    def __init__(self, who: Who, events: Sequence[Event]) -> None:
        self._who = who
        self._cast = who.cast
        self._busy = {event.view.number for event in events if event.status is Status.THREAT}
        self._taken = any(event.harm in _TAKEN and event.status is not Status.THREAT for event in events)
        self._withheld = {event.view.number for event in events if event.harm is Harm.WITHHOLD}

    def read(self, views: Sequence[View]) -> Iterator[Event]:
        """The threats found, in order."""
        for view in views:
            if view.number in self._busy or view.has("loose"):
                continue
            for part in view.parts:
                event = self._pity(view, part) or self._bargain(view, part)
                if event is not None:
                    yield event
                    break

    def _pity(self, view: View, part: Part) -> Event | None:
        if part.reports and not view.has("says"):
            return None
        for number, clause in enumerate(part.clauses):
            for hit in clause.find("pity"):
                place = Place(view, part, number, clause, hit)
                actor = part.speaker if not part.reports else self._cast.opponent(part.speaker)
                return self._threat(place, actor, self._kind(part.clauses[number:], Harm.UNSPECIFIED))
        return None

    def _bargain(self, view: View, part: Part) -> Event | None:
        for number, clause in enumerate(part.clauses):
            opener = clause.find(*_NEGATIVE)
            if not opener:
                continue
            place = Place(view, part, number, clause, opener[0])
            condition, consequence = _halves(part, number, opener[0])
            if not any(one.has(*WANTS) for one in condition) or any(one.has(*_IDLE) for one in part.clauses if part.reports):
                continue
            actor = self._announcer(part)
            offers = opener[0].concept == "or_else" and any(one.has(*WANTS) for one in consequence)
            if (
                actor is None
                or offers
                or not consequence
                or any(one.has("want_contract", "lawful_remedy") for one in consequence)
            ):
                continue
            return self._threat(place, actor, self._kind(consequence, self._default(view)))
        return None

    def _default(self, view: View) -> Harm | None:
        if self._taken:
            return Harm.LOCK_OUT
        return None if view.number in self._withheld else Harm.UNSPECIFIED

    def _announcer(self, part: Part) -> str | None:
        """The one who says so: a quoted or writing person, or the subject of a word of saying."""
        if not part.reports:
            return part.speaker if not self._cast.is_support(part.speaker) else None
        said = [hit for clause in part.clauses for hit in clause.find("says", "asks", "threat")]
        if not said:
            return None
        subjects = [
            hit for clause in part.clauses for hit in clause.hits if hit.concept in SUBJECTS and hit.first <= said[0].first
        ]
        return self._who.person(subjects[-1], part) if subjects else self._cast.opponent(part.speaker)

    def _kind(self, clauses: Sequence[Clause], default: Harm | None) -> tuple[Harm | None, Asset]:
        hits = [hit for clause in clauses for hit in clause.hits]
        asset = next(
            (
                ASSETS[hit.concept]
                for hit in hits
                if hit.concept in ASSETS and hit.concept not in ("person", "reputation", "plain_account")
            ),
            Asset.NOT_STATED,
        )
        if any(hit.concept in ("defame", "outside_place") for hit in hits) and asset is not Asset.PRIVATE_INFORMATION:
            return Harm.DEFAME, Asset.REPUTATION
        if any(hit.concept in ("hand_over", "withhold", "negation") for hit in hits):
            return (Harm.WITHHOLD if default is not None else None), asset
        if default is Harm.UNSPECIFIED:
            return _BY_ASSET.get(asset, default), asset
        return default, asset

    def _threat(self, place: Place, actor: str | None, kind: tuple[Harm | None, Asset]) -> Event | None:
        harm, asset = kind
        if actor is None or harm is None or self._cast.is_support(actor):
            return None
        return Event(
            Status.THREAT, harm, asset, actor, self._who.victim(actor), place.view, "bargain", True, frozenset(), [place.view.id]
        )


def _halves(part: Part, number: int, opener: Hit) -> tuple[list[Clause], list[Clause]]:
    """What is asked, and what comes otherwise."""
    clauses = part.clauses
    if opener.concept == "or_else":
        return clauses[:number], clauses[number:]
    return [clauses[number]], [*clauses[:number], *clauses[number + 1 :]]
