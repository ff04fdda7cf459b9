"""Threats told by their shape alone: «X or Y», «Y unless I pay», «it would be a pity if …».

A lexicon cannot hold every way to harm. Where somebody ties what the other side does not want to something they
want, there is a threat, whether or not its verb is known; what the consequence speaks of tells its kind.
"""

from collections.abc import Iterator, Sequence

from copilot.readers.lexicon_engine.concepts import ASSETS, EFFECTS, WANTS
from copilot.readers.lexicon_engine.harms import Event, Place, Status, Who
from copilot.readers.lexicon_engine.patterns import Hit
from copilot.readers.lexicon_engine.view import HARM_CONCEPTS, SUBJECTS, Clause, Part, View
from copilot.vocabulary import Asset, Harm

_NEGATIVE = ("unless", "or_else", "before_")
_IDLE = ("hypothetical", "permission", "fear", "ask_support")
_SAID = ("says", "asks", "threat")
_WISHES = ("want_feedback", "feedback_word", "want_undo")
_WISHED = (*WANTS, "dispute_refund", "must")
_OTHERS = ("third", "client", "freelancer", "agency", "named")
_FEEDBACK = ("bad_feedback", "feedback_word", "want_feedback")
_PRESSED = ("want_feedback", "feedback_word", "want_contract", "want_money", "dispute_payment")
_OWED = ("hand_over", "withhold", "want_money", "want_contract", "restore", "lawful_remedy")
_LOOK_BACK = 4
_NEAR = 2
_NEAR_ALIKE = 8
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

_DEEDS = HARM_CONCEPTS | {*SUBJECTS, "me", "your", "will", "feedback_word", "outside_place"}
Kind = tuple[Harm | None, Asset]


class Bargains:
    """Reads threats that only the shape of a sentence gives away."""

    def __init__(self, who: Who, events: Sequence[Event]) -> None:
        self._who = who
        self._cast = who.cast
        self._busy = {event.view.number for event in events if event.status is Status.THREAT}
        self._taken = any(event.harm in _TAKEN and event.status is not Status.THREAT for event in events)
        self._withheld = {event.view.number for event in events if event.harm is Harm.WITHHOLD}
        self._views: Sequence[View] = ()

    def read(self, views: Sequence[View]) -> Iterator[Event]:
        """The threats found, in order."""
        self._views = views
        for view in views:
            if view.number in self._busy or view.has("loose", "retract", "story"):
                continue
            for part in view.parts:
                event = self._shown(view, part) or self._pity(view, part) or self._trade(view, part)
                event = event or self._bargain(view, part)
                if event is not None:
                    yield event
                    break

    def _pity(self, view: View, part: Part) -> Event | None:
        if part.reports and not view.has("says", "asks"):
            return None
        for number, clause in enumerate(part.clauses):
            for hit in clause.find("pity"):
                place = Place(view, part, number, clause, hit)
                actor = part.speaker if not part.reports else self._cast.opponent(part.speaker)
                told = _told_by(part.clauses[number:])
                return self._threat(place, actor, told or (Harm.UNSPECIFIED, Asset.NOT_STATED))
        return None

    def _shown(self, view: View, part: Part) -> Event | None:
        """Private material held under somebody's nose together with a wish."""
        near = self._views[max(0, view.number - 1) : view.number + 2]
        wished = any(clause.has(*_PRESSED) for one in near for _, _, clause in one.clauses())
        for number, clause in enumerate(part.clauses):
            for hit in clause.find("shown") if wished and part.reports else ():
                place = Place(view, part, number, clause, hit)
                if place.before("asks"):
                    continue
                return self._threat(place, self._cast.opponent(part.speaker), (Harm.DISCLOSE, Asset.PRIVATE_INFORMATION))
        return None

    def _trade(self, view: View, part: Part) -> Event | None:
        """«Give me five and I release», «she pays once my review is five stars»: what is owed, for a review."""
        for number, clause in enumerate(part.clauses):
            for want in clause.find("want_feedback", "feedback_word"):
                place = Place(view, part, number, clause, want)
                owed = [one for one in part.clauses[max(0, number - 2) : number + 2] if one.has(*_OWED)]
                if not owed or any(one.has(*_IDLE, "negation") for one in part.clauses):
                    continue
                tied = clause.find("if_", "unless", "exchange") or part.clauses[number + 1 : number + 2] == owed[-1:]
                actor = self._giver(part, owed[0])
                if tied and actor is not None:
                    return self._threat(place, actor, (Harm.WITHHOLD, Asset.NOT_STATED))
        return None

    def _giver(self, part: Part, owed: Clause) -> str | None:
        """Who would pay or deliver: the quoted speaker, or the other side where a report names it."""
        subjects = [hit for hit in owed.hits if hit.concept in SUBJECTS and hit.first <= owed.find(*_OWED)[-1].first]
        if not subjects or (part.reports and any(hit.concept == "i" for hit in subjects)):
            return None
        actor = self._who.person(subjects[-1], part)
        return actor if actor not in (self._cast.reporter, None) or not part.reports else None

    def _bargain(self, view: View, part: Part) -> Event | None:
        for number, clause in enumerate(part.clauses):
            for opener in clause.find(*_NEGATIVE)[:1]:
                event = self._deal(Place(view, part, number, clause, opener))
                if event is not None:
                    return event
        return None

    def _deal(self, place: Place) -> Event | None:
        """«Pay or …»: a wish on one side, what else comes on the other."""
        opener, part = place.hit, place.part
        condition, consequence = _halves(part, place.number, opener)
        condition = [*condition, *self._said_before(place)] if opener.concept == "or_else" else condition
        idle = part.reports and any(one.has(*_IDLE) for one in part.clauses) and not _is_said(part)
        if idle or not consequence or _is_denied(condition) or _is_choice(condition, consequence):
            return None
        told = _told_by(consequence)
        wished = any(_is_wished(one, part) for one in condition) or _is_tied_to_us(part, opener, consequence)
        wished = wished or (_is_warning(part, opener, consequence) and bool(condition))
        turned = _told_by(condition) if opener.concept == "or_else" and not part.reports else None
        if turned is not None and _offers(opener, consequence):
            return self._threat(place, self._announcer(part, True), turned)
        if _is_ordinary(opener, consequence) or not (wished and (told or opener.concept != "before_")):
            return None
        actor = self._announcer(part, told is not None)
        if actor is None or (part.reports and _is_own_step(consequence, opener) and actor != part.speaker):
            return None
        if part.reports and actor == part.speaker and not any(one.has("says", "threat") for one in part.clauses):
            return None
        return self._threat(place, actor, told or self._default(place.view, consequence))

    def _said_before(self, place: Place) -> list[Clause]:
        """What the same person said just before, for an «otherwise» that opens a sentence."""
        part, view = place.part, place.view
        if place.number > 0:
            return []
        found = [clause for one in view.parts[: view.parts.index(part)] for clause in one.clauses]
        for earlier in self._views[max(0, view.number - _LOOK_BACK) : view.number]:
            found += [clause for one in earlier.parts if one.speaker == part.speaker for clause in one.clauses]
            if part.reports and earlier.number == view.number - 1:
                found += [clause for one in earlier.parts for clause in one.clauses]
        return found

    def _default(self, view: View, consequence: Sequence[Clause]) -> Kind:
        """The kind of a consequence that speaks of nothing known."""
        if any(one.has("hand_over", "withhold", "negation") for one in consequence):
            return (None if self._taken or view.number in self._withheld else Harm.WITHHOLD), Asset.NOT_STATED
        if self._taken:
            return Harm.LOCK_OUT, Asset.NOT_STATED
        return (None if view.number in self._withheld else Harm.UNSPECIFIED), Asset.NOT_STATED

    def _announcer(self, part: Part, certain: bool) -> str | None:
        """The one who says so: a quoted or writing person, or the subject of a word of saying."""
        if not part.reports:
            return part.speaker if not self._cast.is_support(part.speaker) else None
        said = [hit for clause in part.clauses for hit in clause.find(*_SAID)]
        if not said:
            return self._cast.opponent(part.speaker) if certain else None
        subjects = [
            hit for clause in part.clauses for hit in clause.hits if hit.concept in SUBJECTS and hit.first <= said[0].first
        ]
        return self._who.person(subjects[-1], part) if subjects else self._cast.opponent(part.speaker)

    def _threat(self, place: Place, actor: str | None, kind: Kind) -> Event | None:
        harm, asset = kind
        if actor is None or harm is None or self._cast.is_support(actor):
            return None
        victim = self._who.victim(actor)
        return Event(Status.THREAT, harm, asset, actor, victim, place.view, "bargain", True, frozenset(), [place.view.id])


_TOLD: tuple[tuple[tuple[str, ...], Kind], ...] = (
    (("violence",), (Harm.VIOLENCE, Asset.PERSON)),
    (("private_information", "disclose"), (Harm.DISCLOSE, Asset.PRIVATE_INFORMATION)),
    (("defame", "outside_place"), (Harm.DEFAME, Asset.REPUTATION)),
    (_FEEDBACK, (Harm.BAD_FEEDBACK, Asset.REPUTATION)),
    (("lawful_remedy",), (Harm.LAWFUL_REMEDY, Asset.NOT_STATED)),
    (("withhold",), (Harm.WITHHOLD, Asset.NOT_STATED)),
)
"""What a consequence speaks of, the most telling first, and the harm it means."""


def _told_by(clauses: Sequence[Clause]) -> Kind | None:
    """The kind of harm by what the consequence speaks of, or None where it speaks of nothing telling."""
    seen = {hit.concept for clause in clauses for hit in clause.hits}
    for concepts, kind in _TOLD:
        if seen.intersection(concepts):
            return kind
    things = [hit for clause in clauses for hit in clause.hits if hit.concept in ASSETS and hit.concept != "plain_account"]
    asset = next((ASSETS[hit.concept] for hit in things if ASSETS[hit.concept] in _BY_ASSET), None)
    if asset is None or seen & {"hand_over", "negation"}:
        return None
    return _BY_ASSET[asset], asset


def _is_warning(part: Part, opener: Hit, consequence: Sequence[Clause]) -> bool:
    """«X or I do Y» in the other side's own words, whatever X is."""
    subjects = [hit for clause in consequence for hit in clause.hits if hit.concept in (*SUBJECTS, "your")]
    return not part.reports and opener.concept == "or_else" and any(hit.last - opener.last <= _NEAR for hit in subjects)


def _is_wished(clause: Clause, part: Part) -> bool:
    """True where the clause holds a wish, or says that somebody must; «he has to raise his rate» is none."""
    musts = clause.find("must")
    own = [hit for must in musts for hit in clause.find(*_OTHERS) if 0 <= must.first - hit.last <= 1]
    return clause.has(*_WISHES) if part.reports and own else clause.has(*_WISHED)


def _is_tied_to_us(part: Part, opener: Hit, consequence: Sequence[Clause]) -> bool:
    """«Unless we renew, our data is gone, he says»: whatever it is that we are to do, what is ours hangs on it."""
    lost = any(one.has(*EFFECTS) for one in consequence)
    if not lost or opener.concept != "unless" or not (part.reports and _is_said(part)):
        return False
    return any(hit.concept == "i" and opener.first <= hit.first for clause in part.clauses for hit in clause.hits)


def _is_said(part: Part) -> bool:
    return any(clause.has(*_SAID) for clause in part.clauses)


def _is_denied(condition: Sequence[Clause]) -> bool:
    """«Nobody asked for money or anything»."""
    return any(
        0 < asked.first - no.last <= _NEAR for one in condition for asked in one.find("asks") for no in one.find("negation")
    )


def _is_choice(condition: Sequence[Clause], consequence: Sequence[Clause]) -> bool:
    """«Would you rather have a refund or a new draft»: two things to choose from, with no deed in the second."""
    told = {hit.concept for one in consequence for hit in one.hits}
    return any(one.has("veiled") for one in condition) and not told & _DEEDS


def _is_ordinary(opener: Hit, consequence: Sequence[Clause]) -> bool:
    """True where the other choice is a second wish, an end of the work, or anything else that harms nobody."""
    return _offers(opener, consequence) or any(one.has("want_contract", "ordinary") for one in consequence)


def _offers(opener: Hit, consequence: Sequence[Clause]) -> bool:
    """True where what follows an «or» is a wish: «I could tell them all, or you pay»."""
    wishes = [hit for one in consequence for hit in one.hits if hit.concept in WANTS and hit.concept not in _FEEDBACK]
    if opener.concept != "or_else" or not wishes:
        return False
    between = [hit for one in consequence for hit in one.hits if opener.last < hit.first < wishes[0].first]
    alike = not any(hit.concept in (*SUBJECTS, *HARM_CONCEPTS, "your") for hit in between)
    return wishes[0].first - opener.last <= (_NEAR_ALIKE if alike else _NEAR)


def _is_own_step(consequence: Sequence[Clause], opener: Hit) -> bool:
    subjects = [hit for clause in consequence for hit in clause.hits if hit.concept in SUBJECTS]
    if opener.concept != "unless":
        subjects = [hit for hit in subjects if hit.first >= opener.first]
    return bool(subjects) and subjects[0].concept == "i"


def _halves(part: Part, number: int, opener: Hit) -> tuple[list[Clause], list[Clause]]:
    """What is asked, and what comes otherwise."""
    clauses = part.clauses
    if opener.concept != "unless":
        return clauses[:number], clauses[number:]
    return [clauses[number]], [*clauses[:number], *clauses[number + 1 :]]
