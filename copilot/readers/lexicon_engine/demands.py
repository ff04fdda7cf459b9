"""What somebody asks of the other side. What a writer asks of support is no demand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.readers.lexicon_engine.circumstances import is_heard
from copilot.readers.lexicon_engine.concepts import WANTS
from copilot.readers.lexicon_engine.harms import Event, Place, Status, Who
from copilot.readers.lexicon_engine.patterns import Hit
from copilot.readers.lexicon_engine.view import SUBJECTS, Clause, View
from copilot.vocabulary import DemandKind, Harm

_ORDER = (
    "want_feedback",
    "want_contract",
    "want_information",
    "want_work",
    "want_money",
    "want_undo",
    "want_other",
    "feedback_word",
)
_ANTECEDENT_SENTENCES = 3
_LONGEST_LIST = 6
_DENIED_REACH = 3
_ITEM_REACH = 3
_OPENERS = ("if_", "unless", "or_else", "exchange")
_FEEDBACK = ("feedback_word", "want_feedback", "bad_feedback", "bad_feedback_done")
_TAKEN = frozenset((Harm.DESTROY, Harm.LOCK_OUT, Harm.ACCOUNT_BREACH))
_COUNTED = _TAKEN | {Harm.DISCLOSE, Harm.DEFAME, Harm.VIOLENCE, Harm.UNSPECIFIED, Harm.BAD_FEEDBACK, Harm.WITHHOLD}
_OTHERS = ("third_object", "third", "client", "freelancer", "agency", "named")


@dataclass
class Demand:
    """Something asked."""

    by: str
    of: str
    kind: DemandKind
    view: View
    conditional: bool = False

    @property
    def is_feedback(self) -> bool:
        """True for a rating or review."""
        return self.kind is DemandKind.FEEDBACK


class Demands:
    """Reads the demands of a ticket, given the harms already read."""

    def __init__(self, who: Who, events: Sequence[Event]) -> None:
        self._who = who
        self._cast = who.cast
        self._events = events
        self._views: Sequence[View] = ()
        self._is_taken = any(event.harm in _TAKEN and event.status is not Status.THREAT for event in events)
        self._by_number: dict[int, list[Event]] = {}
        for event in events:
            if event.status is not Status.EFFECT or event.actor is not None:
                self._by_number.setdefault(event.view.number, []).append(event)

    def read(self, views: Sequence[View]) -> Iterator[Demand]:
        """Every demand, in order."""
        self._views = views
        for view in views:
            for part, number, clause in view.clauses():
                if part.speaker is not None and self._cast.is_support(part.speaker):
                    continue
                for hit in clause.hits:
                    if hit.concept in WANTS and not _is_shadowed(hit, clause.hits):
                        found = self._demand(Place(view, part, number, clause, hit))
                        if found is not None:
                            yield found

    def _demand(self, place: Place) -> Demand | None:
        asks = self._asking(place)
        if (place.hit.concept == "want_undo" and place.view.has("disclaimer")) or _is_denied(place, asks):
            return None
        by = self._asked(place, asks)
        conditional = by is None
        if by is None:
            by = self._conditioned(place)
        if by is None:
            conditional = False
            by = self._spoken(place)
        by = by or self._refused(place)
        if by is None or self._cast.is_support(by):
            return None
        of = self._who.victim(by)
        if of is None or of == by:
            return None
        return Demand(by, of, self._kind(place), place.view, conditional)

    def _kind(self, place: Place) -> DemandKind:
        """What is asked; «take it down» means a review where one was just spoken of."""
        if place.hit.concept != "want_undo":
            return WANTS[place.hit.concept]
        before = self._views[max(0, place.view.number - _ANTECEDENT_SENTENCES) : place.view.number + 1]
        return DemandKind.FEEDBACK if any(view.has(*_FEEDBACK) for view in before) else DemandKind.OTHER

    def _is_idle(self, place: Place) -> bool:
        idle = place.earlier("hypothetical", "permission", "fear")
        if place.earlier("story"):
            return True
        return bool(idle) and place.part.reports and not is_heard(place, idle[-1], ("says", "threat"))

    def _asked(self, place: Place, asks: Sequence[Hit]) -> str | None:
        """«He wants a refund», «she told me to change my review», «extorting me for five stars»."""
        if not asks and place.part.reports and place.before("must") and place.before("i") and not _is_question(place):
            forced = place.view.has("or_else", "threat", "blackmail") or bool(place.earlier("says"))
            given_back = place.view.has("restore", "hand_over")
            near = [one for one in self._nearby(place.view) if one.harm in _COUNTED]
            forced = forced or any(one.status is Status.THREAT or given_back for one in near)
            return self._cast.opponent(place.part.speaker) if forced and not self._is_idle(place) else None
        if not asks:
            return self._listed(place)
        return None if self._is_idle(place) else self._asker(place, asks[-1])

    def _asking(self, place: Place) -> list[Hit]:
        """The words of asking that a wish belongs to."""
        asks = [hit for hit in place.before("asks", "blackmail") if hit.last < place.hit.first]
        asks = asks or _reported_order(place)
        asks = asks or [hit for hit in place.clause.find("asks") if hit.first == place.hit.first and hit.last <= place.hit.last]
        if not asks and place.view.negation != "before":
            asks = [hit for hit in place.clause.find("asks") if place.hit.first <= hit.first <= place.hit.last + 4]
        if not asks and place.number > 0 and place.clause.link in ("and_", "comma", "start", "because", "run_on"):
            earlier = place.part.clauses[place.number - 1]
            if place.clause.link == "because":
                return earlier.find("blackmail")
            if place.clause.link == "run_on":
                return _wish_opener(earlier, place)
            if earlier.has("blackmail") or (earlier.has("asks") and not place.before("i", "third", "you")):
                asks = earlier.find("asks", "blackmail")
        return asks

    def _asker(self, place: Place, asked: Hit) -> str | None:
        by, explicit = self._who.actor(Place(place.view, place.part, place.number, place.clause, asked))
        if by == place.part.speaker and by == self._cast.reporter and not place.part.quoted:
            if any(hit.first <= asked.last and asked.first <= hit.last for hit in place.clause.find("must")):
                return self._cast.opponent(by)
            told = any(hit.concept in _OTHERS and asked.last <= hit.first <= place.hit.first for hit in place.clause.hits)
            return by if told and not place.clause.has("ask_support", "you") else None
        return by if explicit or not place.part.reports else None

    def _listed(self, place: Place) -> str | None:
        """«He asks me, for the fifth time, to …», «he lists what he expects: a, b, c»."""
        if place.before(*SUBJECTS) or self._is_idle(place) or not place.part.reports:
            return None
        earlier = [(part, number, clause) for part, number, clause in place.view.clauses() if clause.last < place.clause.first]
        for part, number, clause in reversed(earlier[-_LONGEST_LIST:]):
            asks = clause.find("asks")
            if asks and part.reports:
                by, explicit = self._who.actor(Place(place.view, part, number, clause, asks[-1]))
                return by if explicit and by != part.speaker else None
            if clause.link == "but" or (clause.has("third", "client", "freelancer") and clause.has("says")):
                return None
        return None

    def _conditioned(self, place: Place) -> str | None:
        """«If I don't pay he deletes it», «until I change the review», «in exchange for five stars»."""
        if _is_question(place) and place.part.speaker == self._cast.reporter and self._is_idle(place):
            return None
        opener = place.before(*_OPENERS) or place.clause.find("exchange")
        head = place if opener else _list_head(place)
        if head.before(*_OPENERS):
            place, opener = head, head.before(*_OPENERS)
        if not opener:
            following = place.part.clauses[place.number + 1 : place.number + 2]
            if not (following and following[0].link == "or_else" and following[0].hits):
                return None
        nearby = self._nearby(place.view)
        payer = self._payer(place)
        for event in nearby:
            lawful_step = event.harm is Harm.LAWFUL_REMEDY and event.status is not Status.THREAT
            lawful_step = lawful_step or (event.status is Status.CLAIM and _is_past(place, opener))
            if event.actor is not None and not lawful_step and (event.actor != payer or place.before("unless")):
                return event.actor
        if (self._is_taken or place.view.has("restore", "hand_over", "threat", "blackmail")) and opener:
            if payer is not None and not self._cast.is_support(payer):
                receives = place.before("asks", "unless") and payer != place.part.speaker
                return payer if receives and place.before("asks") else self._cast.opponent(payer)
            return self._cast.opponent(place.part.speaker) if place.part.reports and place.view.has("says") else None
        return None

    def _refused(self, place: Place) -> str | None:
        """«He wiped it because I would not change my review»: what was refused had been asked."""
        if not place.part.reports or not (place.clause.link == "because" or place.clause.has("revenge", "refuses")):
            return None
        own = [hit for hit in place.clause.hits if hit.concept in ("i", "refuses", "revenge") and hit.first <= place.hit.first]
        said_no = place.clause.has("refuses", "withhold", "withhold_done")
        subjects = place.before(*SUBJECTS)
        if not own or not said_no or (subjects and subjects[-1].concept != "i"):
            return None
        done = [event for event in self._nearby(place.view) if event.harm in _COUNTED]
        return next((event.actor for event in done if event.actor not in (None, self._cast.reporter)), None)

    def _payer(self, place: Place) -> str | None:
        said = place.before("says")
        subjects = [hit for hit in place.clause.hits if hit.concept in SUBJECTS and hit.last < place.hit.first]
        subjects = [hit for hit in subjects if not said or hit.first > said[-1].first]
        return self._who.person(subjects[-1], place.part) if subjects else None

    def _nearby(self, view: View) -> list[Event]:
        found = list(self._by_number.get(view.number, ()))
        for number in (view.number + 1, view.number - 1):
            found += [event for event in self._by_number.get(number, ()) if event.view.message == view.message]
        return found

    def _spoken(self, place: Place) -> str | None:
        """The other side's own words: «pay me 500», «you must change the review»."""
        part = place.part
        if part.speaker is None or (part.speaker == part.addressee) or self._cast.is_support(part.addressee):
            return None
        if self._is_idle(place):
            return None
        if any(place.hit.first - hit.last <= 3 and hit.last < place.hit.first for hit in place.before("negation")):
            return None
        if place.before("i") and not place.before("must", "asks", "you"):
            return None
        starts = place.hit.first - place.clause.first <= 1 and place.clause.link != "because"
        if place.hit.concept in ("want_money", "feedback_word") and not place.before("must", "ask_support", "asks"):
            starts = starts and (
                place.hit.last > place.hit.first or any(clause.has("restore", "hand_over") for clause in part.clauses)
            )
        if starts or place.before("must", "ask_support", "asks"):
            return part.speaker
        return None


def _is_denied(place: Place, asks: Sequence[Hit]) -> bool:
    """«Nobody asked us for money», «she does not want a refund»."""
    return any(0 < asks[-1].first - hit.last <= _DENIED_REACH for hit in place.before("negation")) if asks else False


def _is_question(place: Place) -> bool:
    """«Should we give him a login?»: asked of support, where nobody is said to have asked for it."""
    return place.view.trailing.endswith("?") and not place.view.has("says", "threat", "or_else")


def _wish_opener(earlier: Clause, place: Place) -> list[Hit]:
    """«He insists that I raise it»: the clause of the one asked goes on from the word of asking."""
    asks = earlier.find("asks")
    wished = [hit for hit in earlier.hits if hit.concept in WANTS and asks and hit.first > asks[-1].last]
    return asks if place.before("i") and asks and not wished and earlier.last - asks[-1].last <= _ITEM_REACH else []


def _is_past(place: Place, opener: Sequence[Hit]) -> bool:
    """«The moment the payment cleared he revoked it»: the «if» is a point in time, and nothing is offered for it."""
    timed = all(hit.concept == "if_" for hit in opener)
    return timed and not place.view.has("restore", "hand_over", "will", "may", "asks", "says", "threat", "blackmail")


def _reported_order(place: Place) -> list[Hit]:
    """«He said pay double», «she told me change the review or …»: the other side's order, without a «to»."""
    if place.hit.concept == "feedback_word" or place.hit.last == place.hit.first or not place.part.reports:
        return []
    heard = {hit.last for hit in place.before("me", "says")}
    said = [hit for hit in place.clause.find("says") if 0 < place.hit.first - hit.last <= 2 and place.hit.first - 1 in heard]
    between = [hit for hit in place.before(*SUBJECTS) if said and hit.first > said[-1].last]
    mine = [hit for hit in place.before("i") if said and hit.first < said[-1].first]
    return [] if between or mine else said[-1:]


def _list_head(place: Place) -> Place:
    """The wish that a list begins with: «unless we give them five stars and a bonus»."""
    clause = place.clause
    while place.number > 0 and clause.link in ("and_", "comma") and place.hit.first - clause.first <= _ITEM_REACH:
        if place.before(*SUBJECTS, *_OPENERS):
            break
        earlier = place.part.clauses[place.number - 1]
        wishes = [hit for hit in earlier.hits if hit.concept in WANTS]
        if not wishes:
            break
        place, clause = Place(place.view, place.part, place.number - 1, earlier, wishes[0]), earlier
    return place


def _is_shadowed(hit: Hit, hits: Sequence[Hit]) -> bool:
    """True where a more telling wish covers the same words."""
    rank = _ORDER.index(hit.concept)
    for other in hits:
        if other.concept in ("bad_feedback", "bad_feedback_done") and other.first <= hit.first and hit.last <= other.last:
            return True
        if other.concept in _ORDER[:rank] and other.first <= hit.last and hit.first <= other.last:
            return True
    return False
