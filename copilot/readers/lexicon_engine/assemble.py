"""Put the pieces together: harms, demands and disputes of one ticket, checked against each other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from copilot.readers.lexicon_engine.bargains import Bargains
from copilot.readers.lexicon_engine.cast import Cast
from copilot.readers.lexicon_engine.concepts import ASSETS, DISPUTES, INTRUSIONS
from copilot.readers.lexicon_engine.demands import Demand, Demands
from copilot.readers.lexicon_engine.harms import SOMEONE, Event, Place, Status, Who
from copilot.readers.lexicon_engine.judge import Judge
from copilot.readers.lexicon_engine.patterns import Hit
from copilot.readers.lexicon_engine.restorations import restorations
from copilot.readers.lexicon_engine.view import SUBJECTS, Part, View
from copilot.vocabulary import Asset, DemandKind, DisputeKind, Harm

_VICTIMS = ("me", "you", "third_object", "named", "client", "freelancer", "agency", "relative")
_NEAR_SUBJECT = 4
_BLAME_REACH = 2
_NO_DEED = (
    "ordinary",
    "want_contract",
    "lawful_remedy",
    "lawful_remedy_done",
    "dispute_refund",
    "retract",
    "innocent",
    "fear",
    "hypothetical",
    "permission",
    "loose",
    "accident",
)
_NAMED_FORCE = ("threat", "blackmail")
_COUNTED = frozenset(
    (Harm.DESTROY, Harm.LOCK_OUT, Harm.ACCOUNT_BREACH, Harm.DISCLOSE, Harm.DEFAME, Harm.VIOLENCE, Harm.UNSPECIFIED)
)


@dataclass
class Found:
    """All that was read, before parties are numbered."""

    events: list[Event]
    demands: list[Demand]
    disputes: dict[DisputeKind, list[str]] = field(default_factory=dict)

    def leave_out_own_doings(self, reporter: str | None, views: Sequence[View]) -> None:
        """Where a ticket speaks of nobody else, what its writer did by mistake, or to their own things, is no harm to anybody."""
        mistaken = any(view.has("accident") for view in views)
        self.events = [
            event
            for event in self.events
            if event.actor != reporter or event.status is not Status.CLAIM or not (mistaken or event.view.has("me"))
        ]


class Assembler:
    """Reads the marked sentences of one ticket."""

    def __init__(self, cast: Cast, views: Sequence[View]) -> None:
        self._cast = cast
        self._views = views
        self._who = Who(cast)

    def read(self) -> Found:
        """Events, demands and disputes, checked against each other."""
        judge = Judge(self._who, self._views)
        events = [event for view in self._views for event in judge.events(view)]
        events = self._without_retracted(events)
        events += list(Bargains(self._who, events).read(self._views))
        events += self._named_force(events)
        events += list(self._unnamed_deeds(events))
        demands = list(Demands(self._who, events).read(self._views))
        demands += self._unnamed_demands(events, demands)
        events = self._believed(events, demands)
        self._add_restorations(events, demands)
        events += self._withheld_for_feedback(events, demands)
        return Found(events, demands, self._disputes())

    def _without_retracted(self, events: list[Event]) -> list[Event]:
        retracted = [
            view.number
            for view in self._views
            if view.narrator == self._cast.reporter
            and any(part.reports and clause.has("retract") for part, _, clause in view.clauses())
        ]
        if not retracted:
            return events
        return [event for event in events if event.view.number > retracted[-1]]

    def _named_force(self, events: Sequence[Event]) -> list[Event]:
        """«He is blackmailing me»: a threat of no named kind, unless its kind is told elsewhere."""
        found: list[Event] = []
        explained = {
            event.actor for event in events if event.status is Status.THREAT and event.harm in _COUNTED | {Harm.BAD_FEEDBACK}
        }
        for view in self._views:
            if not view.has(*_NAMED_FORCE):
                continue
            for part, number, clause in view.clauses():
                for hit in clause.find(*_NAMED_FORCE):
                    event = self._force(Place(view, part, number, clause, hit))
                    if event is not None and event.actor not in explained and not _is_lawful(hit, part, number):
                        found.append(event)
        return found

    def _force(self, place: Place) -> Event | None:
        idle = place.earlier("hypothetical", "fear", "permission", "story", "if_", "unless")
        behind = 3 if place.view.negation != "before" else 0
        negated = [
            hit
            for hit in place.clause.find("negation")
            if place.hit.first - 5 <= hit.last and hit.first <= place.hit.last + behind
        ]
        if idle or negated or place.view.has("loose") or _is_everyday(place):
            return None
        actor, explicit = self._who.actor(place)
        after = [hit for hit in place.clause.hits if hit.concept in _VICTIMS and _is_near(hit, place.hit)]
        near = [hit for hit in place.before(*SUBJECTS) if place.hit.first - hit.last <= _NEAR_SUBJECT]
        passive = bool(near) and near[-1].concept in ("i", "me") and place.part.reports
        if passive and not place.earlier("says"):
            actor = self._cast.opponent(place.part.speaker)
        stated = bool(after) or passive or (place.hit.concept == "threat" and bool(near))
        if not stated or actor is None or self._cast.is_support(actor):
            return None
        victim = self._who.victim(actor)
        return Event(
            Status.THREAT,
            Harm.UNSPECIFIED,
            Asset.NOT_STATED,
            actor,
            victim,
            place.view,
            place.hit.concept,
            explicit,
            frozenset(),
            [place.view.id],
        )

    def _unnamed_deeds(self, events: Sequence[Event]) -> Iterator[Event]:
        """«They signed my number up for ads because I left two stars»: whatever it was, it was done in revenge."""
        busy = {event.view.number for event in events}
        for view in self._views:
            if view.number in busy or view.has(*_NO_DEED) or not view.has("revenge"):
                continue
            for part, _, clause in view.clauses():
                doers = clause.find("third", "client", "freelancer", "agency", "named")
                mine = [hit for hit in clause.find("me") if doers and hit.first > doers[0].last]
                things = [hit for hit in clause.hits if hit.concept in ASSETS and mine and hit.last >= mine[0].first]
                if not (things and part.reports) or clause.link == "because" or clause.has("will", "may", "negation", "asks"):
                    continue
                actor = self._who.person(doers[0], part)
                if actor is not None and actor not in (self._cast.reporter, part.speaker):
                    victim = self._who.victim(actor)
                    marks = frozenset(("revenge",))
                    yield Event(
                        Status.CLAIM, Harm.UNSPECIFIED, Asset.NOT_STATED, actor, victim, view, "deed", True, marks, [view.id]
                    )
                    break

    def _unnamed_demands(self, events: Sequence[Event], demands: Sequence[Demand]) -> list[Demand]:
        """Blackmail and extortion ask for something, even where it is not said what."""
        asking = {demand.by for demand in demands}
        return [
            Demand(event.actor, event.victim, DemandKind.NOT_STATED, event.view)
            for event in events
            if event.actor
            and event.victim
            and event.actor not in asking
            and (event.concept == "blackmail" or (event.harm is Harm.BAD_FEEDBACK and _is_conditional(event)))
        ]

    def _believed(self, events: Sequence[Event], demands: Sequence[Demand]) -> list[Event]:
        """Effects count where somebody is in conflict with the writer; they back up a claim of their kind."""
        kept = [event for event in events if event.status is not Status.EFFECT]
        conflict = [event for event in kept if event.harm in _COUNTED and event.actor != self._cast.reporter]
        pressed = any(demand.conditional and demand.by != self._cast.reporter for demand in demands)
        blamed = _around(view for view in self._views if view.has("revenge", "guess", "leverage", "parting"))
        claims = {event.harm: event for event in reversed(kept) if event.status is Status.CLAIM and event.harm in _COUNTED}
        innocent = (view for view in self._views if view.has("innocent") and not view.has("revenge", "parting"))
        cleared = set() if conflict or pressed else _around(innocent)
        own = {event.view.number for event in kept if event.actor == self._cast.reporter and event.harm in _COUNTED}
        money = {demand.view.number for demand in demands if demand.by != self._cast.reporter}
        for event in events:
            intrusion = event.concept in INTRUSIONS
            cleared_up = event.view.number in cleared and not intrusion
            if event.status is not Status.EFFECT or event.view.number in own or cleared_up:
                continue
            plain = intrusion and _is_plainly_here(event.view)
            claim = claims.get(event.harm) or claims.get(Harm.DESTROY) or claims.get(Harm.LOCK_OUT)
            if intrusion and claim is not None and claim.harm is not event.harm:
                claim = None if plain or claim.asset is Asset.NOT_STATED else claim
            if claim is not None:
                claim.evidence.append(event.view.id)
            elif intrusion and (plain or not (pressed or any(one.asset is not Asset.NOT_STATED for one in conflict))):
                event.status = Status.CLAIM
                blame = (event.view.number in blamed or bool(conflict)) and not event.view.has("someone")
                if not event.explicit_actor:
                    event.actor = self._cast.opponent(self._cast.reporter) if blame else SOMEONE
                event.victim = self._cast.reporter if self._cast.reporter is not None else self._cast.opponent(None)
                kept.append(event)
                claims.setdefault(event.harm, event)
            elif conflict or pressed or event.view.number in blamed or event.view.number in money:
                event.status = Status.CLAIM
                event.actor = (
                    event.actor
                    if event.explicit_actor and event.actor != self._cast.reporter
                    else self._cast.opponent(self._cast.reporter)
                )
                event.victim = self._who.victim(event.actor)
                kept.append(event)
                claims.setdefault(event.harm, event)
        return kept

    def _add_restorations(self, events: list[Event], demands: list[Demand]) -> None:
        """Somebody who will only give it back for something has taken it."""
        for claim, demand in restorations(self._who, self._views):
            if claim.actor == self._cast.reporter:
                continue
            told = [one for one in events if one.status is Status.CLAIM and one.harm in _COUNTED and one.actor == claim.actor]
            if not told:
                events.append(claim)
            self._add_keeping_up(events, replace(claim, harm=told[-1].harm, asset=told[-1].asset) if told else claim)
            if not any(one.by == demand.by and abs(one.view.number - demand.view.number) <= 1 for one in demands):
                demands.append(demand)

    def _add_keeping_up(self, events: list[Event], claim: Event) -> None:
        """Harm undone only for something is announced to last; it is more than something owed and kept back."""
        here = [one for one in events if one.view is claim.view and one.actor == claim.actor and one.status is Status.THREAT]
        for owed in here:
            if owed.harm is Harm.WITHHOLD and owed.concept == "bargain":
                events.remove(owed)
        if not any(one.harm is claim.harm for one in here):
            events.append(replace(claim, status=Status.THREAT, marks=frozenset(), evidence=[claim.view.id]))

    def _withheld_for_feedback(self, events: Sequence[Event], demands: Sequence[Demand]) -> list[Event]:
        """What is kept back until a review comes is announced to stay so."""
        asked = {(demand.by, demand.view.number + step) for demand in demands for step in (-1, 0, 1) if demand.is_feedback}
        return [
            replace(event, status=Status.THREAT)
            for event in events
            if event.harm is Harm.WITHHOLD and event.status is Status.CLAIM and (event.actor, event.view.number) in asked
        ]

    def _disputes(self) -> dict[DisputeKind, list[str]]:
        found: dict[DisputeKind, dict[str, None]] = {}
        for view in self._views:
            for part, number, clause in view.clauses():
                for hit in clause.hits:
                    kind = DISPUTES.get(hit.concept)
                    place = Place(view, part, number, clause, hit)
                    if kind is None or place.earlier("hypothetical", "permission", "fear", "story") or _is_no_quarrel(place):
                        continue
                    found.setdefault(kind, {})[view.id] = None
        return {kind: list(ids) for kind, ids in found.items()}


def _around(views: Iterable[View]) -> set[int]:
    """The numbers of these sentences and of their neighbours."""
    return {view.number + step for view in views for step in range(-_BLAME_REACH, _BLAME_REACH + 1)}


def _is_no_quarrel(place: Place) -> bool:
    """«We have no argument», «I'd like to complain about your app»: denied, or between the writer and support."""
    if place.hit.concept != "dispute_other":
        return False
    near = [hit for hit in place.before("negation") if place.hit.first - hit.last == 1]
    others = place.view.has("third", "third_object", "client", "freelancer", "agency", "named", "someone")
    return bool(near) or (place.part.reports and place.clause.has("your", "support") and not others)


def _is_plainly_here(view: View) -> bool:
    """True where what befell an account is told of one on the marketplace, and of nothing else that has a login."""
    return view.has("marketplace_account") and not view.has("outside_account", "website", "domain", "business_listing")


def _is_conditional(event: Event) -> bool:
    """True for a threat that hangs on what its victim does."""
    if event.status is not Status.THREAT or event.actor is None:
        return False
    for part, _, clause in event.view.clauses():
        payer = "i" if part.reports else "you"
        if any(one.first >= hit.first for hit in clause.find("if_", "unless") for one in clause.find(payer)):
            return True
    return False


def _is_everyday(place: Place) -> bool:
    """«She threatened to cancel the order»: what anybody may do, and no review is asked for it."""
    step = [hit for hit in place.clause.find("ordinary") if 0 < hit.first - place.hit.last <= _NEAR_SUBJECT]
    return bool(step) and not place.view.has("feedback_word", "want_feedback", "bad_feedback")


def _is_lawful(force: Hit, part: Part, number: int) -> bool:
    """«Threatens me with a lawyer»: what is threatened stands beside it, and is a lawful step."""
    listed = [part.clauses[number]]
    for clause in part.clauses[number + 1 :]:
        if clause.link not in ("and_", "comma") or clause.has(*SUBJECTS):
            break
        listed.append(clause)
    steps = [hit for clause in listed for hit in clause.find("lawful_remedy") if hit.first > force.first]
    return force.concept == "threat" and bool(steps)


def _is_near(victim: Hit, force: Hit) -> bool:
    """A victim stands right behind the word of force, or in the word itself."""
    return victim.first <= force.last + 3 and victim.last >= force.first and victim.last != force.first - 1
