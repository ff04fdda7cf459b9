"""Write what was found as an extraction: parties numbered, repeated facts merged, evidence listed."""

from collections.abc import Iterable, Sequence

from copilot.extraction import (
    ExtractedDamageClaim,
    ExtractedDemand,
    ExtractedDispute,
    ExtractedParty,
    ExtractedThreat,
    Extraction,
)
from copilot.readers.lexicon_engine.assemble import Found
from copilot.readers.lexicon_engine.cast import Cast
from copilot.readers.lexicon_engine.demands import Demand
from copilot.readers.lexicon_engine.harms import SOMEONE, Event, Status
from copilot.readers.lexicon_engine.view import View
from copilot.vocabulary import Asset, DemandKind, Harm, Intent, Motive, Role

_BY_MOTIVE = frozenset((Harm.BAD_FEEDBACK, Harm.WITHHOLD, Harm.DEFAME))
"""Harms that count as damage only where they were done in revenge."""


class Writer:
    """Writes the extraction of one ticket."""

    def __init__(self, cast: Cast, views: Sequence[View]) -> None:
        self._cast = cast
        self._views = views

    def write(self, found: Found) -> Extraction:
        """The extraction of the ticket."""
        parties = _Parties(self._cast)
        extraction = Extraction(
            parties=[],
            threats=[_threat(group, parties) for group in _grouped(found.events, Status.THREAT)],
            demands=[_demand(group, parties) for group in _grouped_demands(found.demands)],
            damage_claims=[self._claim(group, parties, found) for group in _grouped(found.events, Status.CLAIM)],
            disputes=[ExtractedDispute(kind=kind, evidence=ids) for kind, ids in found.disputes.items()],
        )
        return extraction.model_copy(update={"parties": parties.listed()})

    def _claim(self, group: list[Event], parties: "_Parties", found: Found) -> ExtractedDamageClaim:
        first = group[0]
        numbers = {one.view.number + step for one in group for step in (-1, 0, 1)}
        messages = {one.view.message for one in group}
        near = [
            self._views[number]
            for number in sorted(numbers)
            if 0 <= number < len(self._views) and self._views[number].message in messages
        ]
        marks = frozenset().union(*(one.marks for one in group))
        demanded = any(demand.by == first.actor for demand in found.demands)
        revenge = "revenge" in marks or (not demanded and any(view.has("revenge") for view in near))
        if first.harm is Harm.BAD_FEEDBACK:
            revenge = revenge and any(view.avenges() for view in near)
        tied = demanded or "leverage" in marks
        if revenge and (not tied or first.harm in _BY_MOTIVE):
            motive = Motive.RETALIATION
        else:
            motive = Motive.LEVERAGE if tied else Motive.NOT_STATED
        if "accident" in marks or any(view.has("accident") for view in near):
            intent = Intent.ACCIDENTAL
        elif ("guess" in marks and not revenge) or _is_by_nobody_told(group):
            intent = Intent.UNCLEAR
        else:
            intent = Intent.DELIBERATE
        return ExtractedDamageClaim(
            by=parties.id(first.actor),
            against=parties.id(first.victim),
            harm=first.harm,
            asset=_best_asset(group),
            intent=intent,
            motive=motive,
            evidence=_evidence(one.evidence for one in group),
        )


class _Parties:
    """Gives each person who is named in a fact a party id; the reporter is p1."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._ids: dict[str, str] = {}
        if cast.reporter is not None:
            self.id(cast.reporter)

    def id(self, key: str | None) -> str:
        return self._ids.setdefault(key or SOMEONE, f"p{len(self._ids) + 1}")

    def listed(self) -> list[ExtractedParty]:
        people = self._cast.people
        return [
            ExtractedParty(
                id=id,
                role=people[key].role if key in people else Role.UNKNOWN,
                is_reporter=key == self._cast.reporter,
                name=self._cast.shown_name(key),
            )
            for key, id in self._ids.items()
        ]


def _is_by_nobody_told(group: list[Event]) -> bool:
    """«My mail address was changed»: nobody is said to have done it, not even «somebody»."""
    return all(one.actor == SOMEONE and not one.explicit_actor and not one.view.has("someone") for one in group)


def _threat(group: list[Event], parties: _Parties) -> ExtractedThreat:
    first = group[0]
    return ExtractedThreat(
        by=parties.id(first.actor),
        against=parties.id(first.victim),
        harm=first.harm,
        asset=_best_asset(group),
        evidence=_evidence(one.evidence for one in group),
    )


def _demand(group: list[Demand], parties: _Parties) -> ExtractedDemand:
    first = group[0]
    return ExtractedDemand(
        by=parties.id(first.by), of=parties.id(first.of), kind=first.kind, evidence=_evidence([one.view.id] for one in group)
    )


def _evidence(lists: Iterable[list[str]]) -> list[str]:
    return list(dict.fromkeys(id for ids in lists for id in ids))


def _best_asset(group: Sequence[Event]) -> Asset:
    return next((one.asset for one in group if one.asset is not Asset.NOT_STATED), Asset.NOT_STATED)


def _grouped(events: Sequence[Event], status: Status) -> list[list[Event]]:
    groups: dict[tuple[str | None, Harm, str | None], list[Event]] = {}
    for event in events:
        if event.status is status and event.actor is not None and event.victim is not None and event.actor != event.victim:
            groups.setdefault((event.actor, event.harm, event.victim), []).append(event)
    return list(groups.values())


def _grouped_demands(demands: Sequence[Demand]) -> list[list[Demand]]:
    groups: dict[tuple[str, DemandKind, str], list[Demand]] = {}
    for demand in demands:
        groups.setdefault((demand.by, demand.kind, demand.of), []).append(demand)
    return list(groups.values())
