"""Judge each mention of harm: a threat, a claim, an effect, or nothing."""

from collections.abc import Iterator

from copilot.readers.lexicon_engine.concepts import EFFECTS
from copilot.readers.lexicon_engine.harms import Event, Place, Status, Who, asset_of, kind_of
from copilot.readers.lexicon_engine.patterns import Hit
from copilot.readers.lexicon_engine.view import HARM_CONCEPTS, SUBJECTS, Clause, Part, View
from copilot.vocabulary import Asset, Harm

_NEGATION_REACH = 4
_NEEDS_ASSET = frozenset(("change", "change_done", "account_breach", "account_breach_done"))
_AT_STAFF = frozenset((Harm.VIOLENCE, Harm.DISCLOSE, Harm.UNSPECIFIED))
_SAID = ("says", "threat", "blackmail")
_MARKS = ("accident", "deliberate", "revenge", "leverage", "guess", "innocent")
_MARKETPLACE = (Asset.MARKETPLACE_ACCOUNT,)
_OWN_WORDS = ("me",)


class Judge:
    """Reads the harms of a ticket, sentence by sentence."""

    def __init__(self, who: Who) -> None:
        self._who = who
        self._cast = who.cast

    def events(self, view: View) -> Iterator[Event]:
        """The events of one sentence."""
        self._who.notice_accounts(view)
        for part, number, clause in view.clauses():
            if self._cast.is_support(part.speaker) and part.speaker is not None:
                continue
            for hit in clause.hits:
                if hit.concept in HARM_CONCEPTS or hit.concept in EFFECTS:
                    event = self._event(Place(view, part, number, clause, hit))
                    if event is not None:
                        yield event

    def _event(self, place: Place) -> Event | None:
        concept = place.hit.concept
        status = Status.EFFECT if concept in EFFECTS else self._status(place)
        if status is None or (status is Status.EFFECT and not _is_stated(place)):
            return None
        harm, asset = kind_of(concept), self._asset(place)
        if concept in _NEEDS_ASSET and asset is Asset.NOT_STATED:
            return None
        if _is_trifle(place):
            return None
        harm = _settled(harm, asset)
        actor, explicit = self._who.actor(place)
        if place.hit.concept.startswith("vague") and not place.part.quoted and actor == self._cast.reporter:
            actor = self._cast.opponent(actor)
        if status is Status.THREAT:
            actor = self._threatener(place, actor)
            if self._is_at_staff(place, harm):
                actor, victim = place.part.speaker, self._cast.staff()
                return Event(status, harm, _usual_asset(harm, asset), actor, victim, place.view, concept, True, frozenset(), [place.view.id])
        if actor is None or self._cast.is_support(actor):
            return None
        if actor == self._cast.reporter and self._is_own_business(place, harm, status):
            return None
        asset = _usual_asset(harm, asset)
        marks = frozenset(hit.concept for hit in place.view.hits if hit.concept in _MARKS)
        return Event(status, harm, asset, actor, self._who.victim(actor), place.view, concept, explicit, marks, [place.view.id])

    def _is_at_staff(self, place: Place, harm: Harm) -> bool:
        """The reporter's threat to whoever reads the ticket."""
        if not place.part.reports or place.part.speaker != self._cast.reporter or place.earlier("says", "third", "client", "freelancer", "named", stop=()):
            return False
        own = any(hit.concept == "me" and hit.last >= place.hit.first for hit in place.clause.hits)
        return harm in _AT_STAFF and place.view.has("you", "your") and not own and self._intends(place)

    def _threatener(self, place: Place, actor: str | None) -> str | None:
        """Whoever announces a harm does it: «you'll get one star» is the speaker's threat, «she said I'd get» is hers."""
        part = place.part
        if not part.reports:
            return part.speaker if actor == part.addressee else actor
        if actor == part.speaker or self._cast.is_support(actor):
            said = place.earlier(*_SAID, stop=())
            subjects = [hit for hit in place.earlier(*SUBJECTS, stop=()) if said and hit.first <= said[-1].first]
            if subjects:
                return self._who.person(subjects[-1], part)
            return self._cast.opponent(part.speaker) if said else actor
        return actor

    def _asset(self, place: Place) -> Asset:
        if place.hit.concept.startswith(("account_effect",)):
            return Asset.MARKETPLACE_ACCOUNT
        asset = asset_of(place)
        if asset is Asset.MARKETPLACE_ACCOUNT and not place.clause.has("marketplace_account"):
            return self._who.last_account
        return asset

    def _status(self, place: Place) -> Status | None:
        if _is_negated(place) or self._is_idle(place):
            return None
        done = place.hit.concept.endswith("_done")
        if done:
            return self._done_status(place)
        return None if _is_asked_of(place) else self._base_status(place)

    def _is_idle(self, place: Place) -> bool:
        """Asked, feared, considered, or in the condition of an «if»: nobody said it and nobody did it."""
        done = place.hit.concept.endswith("_done")
        said = place.earlier(*_SAID)
        asked = place.earlier("hypothetical", "permission", "ask_support")
        if asked and place.part.reports and not any(hit.first > asked[-1].first for hit in said):
            if not (done and asked[-1].concept == "ask_support"):
                return not place.view.has("veiled") or place.part.speaker == self._cast.reporter
        if not done and place.earlier("fear"):
            fear = place.earlier("fear")[-1]
            if not any(hit.first > fear.first or hit.concept == "threat" for hit in said) and place.part.reports:
                return True
        return _is_condition(place)

    def _done_status(self, place: Place) -> Status | None:
        if place.view.tense_folds and not place.before("past") and self._is_tied(place):
            return Status.THREAT
        wills = [hit for hit in place.before("will") if place.hit.first - hit.last <= 5]
        if wills and not place.before("past"):
            return Status.THREAT if self._is_announced(place) or wills else None
        return Status.CLAIM

    def _base_status(self, place: Place) -> Status | None:
        if self._is_announced(place):
            return Status.THREAT
        if place.hit.concept == "withhold" and not place.before("may") and place.before("third", "client", "freelancer", "agency", "named"):
            return Status.CLAIM
        if place.hit.concept == "vague":
            return None
        if [hit for hit in place.clause.find("past") if -place.length <= place.hit.first - hit.last <= 3 and hit.first <= place.hit.last]:
            return Status.CLAIM
        return None

    def _is_tied(self, place: Place) -> bool:
        """True where a condition stands beside the harm."""
        if place.clause.link == "or_else" or place.before("if_", "unless", "or_else"):
            return True
        earlier = place.part.clauses[place.number - 1 : place.number] if place.number else []
        return any(clause.has("if_", "unless") for clause in earlier)

    def _is_announced(self, place: Place) -> bool:
        part, view = place.part, place.view
        if self._intends(place) or place.earlier(*_SAID, stop=()):
            return not (place.part.speaker == self._cast.reporter and not part.quoted and not place.earlier(*_SAID) and self._only_plans(place))
        if place.clause.link in ("or_else",) or view.has("or_else") and place.clause.has("or_else"):
            return True
        if part.quoted or (part.speaker != self._cast.reporter and part.speaker is not None):
            subject = any(hit.concept in ("i", "third") and hit.first <= place.hit.last for hit in place.clause.hits)
            return subject or place.hit.concept == "vague" or view.has("if_", "unless", "veiled")
        return view.has("if_", "unless", "veiled", "threat", "blackmail")

    def _intends(self, place: Place) -> bool:
        """A word of intent before the harm, in it, or right behind it where the verb stands last."""
        for hit in place.clause.find("will"):
            if hit.first <= place.hit.last:
                return True
            between = [one for one in place.clause.find("i", "you", "third") if place.hit.last < one.first < hit.first]
            if hit.first - place.hit.last <= 2 and not between and place.view.negation != "before":
                return True
        return False

    def _only_plans(self, place: Place) -> bool:
        """The reporter's own plan, told to support and to nobody else, with no condition tied to it."""
        subjects = [hit for hit in place.earlier("i", "third", "client", "freelancer", "named", "you")]
        return bool(subjects) and subjects[-1].concept == "i" and not place.view.has("if_", "unless", "or_else")

    def _is_own_business(self, place: Place, harm: Harm, status: Status) -> bool:
        """The reporter's dealings with what is the reporter's own, or lawful steps not held over anybody."""
        own = any(hit.concept == "me" and place.hit.first <= hit.first <= place.hit.last + 3 for hit in place.clause.hits)
        if status is Status.CLAIM and harm in (Harm.BAD_FEEDBACK, Harm.LAWFUL_REMEDY, Harm.DISCLOSE, Harm.UNSPECIFIED):
            return True
        if harm is Harm.ACCOUNT_BREACH and not place.clause.has("third_object", "client", "freelancer"):
            return True
        return own and harm in (Harm.DESTROY, Harm.LOCK_OUT, Harm.ACCOUNT_BREACH)


def _is_negated(place: Place) -> bool:
    reach = [
        hit
        for hit in place.clause.find("negation")
        if hit.last < place.hit.first
        and place.hit.first - hit.last <= _NEGATION_REACH
        and not any(opener.first <= hit.first for opener in place.before("if_", "unless"))
    ]
    if place.view.negation in ("after", "both"):
        reach += [hit for hit in place.clause.find("negation") if 0 < hit.first - place.hit.last <= 2]
        if place.view.negation == "both":
            reach += [hit for hit in place.clause.find("negation") if place.hit.first < hit.first <= place.hit.last and not place.hit.concept.startswith("withhold")]
    return bool(reach) and not place.clause.has("veiled")


def _is_condition(place: Place) -> bool:
    """True inside the «if» half of a sentence: «if he deletes it, I will …»."""
    opener = place.before("if_", "unless")
    if not opener:
        return False
    between = [hit for hit in place.clause.hits if opener[-1].last < hit.first < place.hit.first]
    if any(hit.concept in ("will", "or_else") for hit in between):
        return False
    if any(hit.concept == "will" and hit.first <= place.hit.last and opener[-1].last < hit.first for hit in place.clause.hits):
        return False
    wanted = any(hit.concept.startswith("want_") or hit.concept == "feedback_word" for hit in between)
    return not wanted


def _is_asked_of(place: Place) -> bool:
    """«They want me to take it down»: what the other side is asked to do is a demand, no threat."""
    asks = place.before("asks")
    return bool(asks) and any(hit.concept == "me" and asks[-1].last <= hit.first < place.hit.first for hit in place.clause.hits)


def _is_stated(place: Place) -> bool:
    return not (place.earlier("hypothetical", "fear", "permission", "if_", "threat", "will") or place.view.has("innocent"))


def _is_trifle(place: Place) -> bool:
    if not place.hit.concept.startswith(("destroy", "change")):
        return False
    near = [hit for hit in place.clause.find("trifle") if abs(hit.first - place.hit.last) <= 3]
    return bool(near) and not place.clause.has("website", "domain", "business_listing", "outside_account", "marketplace_account")


def _settled(harm: Harm, asset: Asset) -> Harm:
    if asset is Asset.MARKETPLACE_ACCOUNT and harm in (Harm.DESTROY, Harm.LOCK_OUT):
        return Harm.ACCOUNT_BREACH
    if harm is Harm.ACCOUNT_BREACH and asset not in (Asset.MARKETPLACE_ACCOUNT, Asset.NOT_STATED):
        return Harm.LOCK_OUT
    return harm


_USUAL = {
    Harm.DISCLOSE: Asset.PRIVATE_INFORMATION,
    Harm.DEFAME: Asset.REPUTATION,
    Harm.VIOLENCE: Asset.PERSON,
    Harm.BAD_FEEDBACK: Asset.REPUTATION,
    Harm.LAWFUL_REMEDY: Asset.NOT_STATED,
    Harm.UNSPECIFIED: Asset.NOT_STATED,
}


def _usual_asset(harm: Harm, asset: Asset) -> Asset:
    return _USUAL.get(harm, asset)


def first_hit(clause: Clause, *concepts: str) -> Hit | None:
    """The first hit of the concepts in a clause."""
    found = clause.find(*concepts)
    return found[0] if found else None


def parts_with(view: View, *concepts: str) -> list[Part]:
    """Parts of a sentence in which one of the concepts is seen."""
    return [part for part in view.parts if any(clause.has(*concepts) for clause in part.clauses)]
