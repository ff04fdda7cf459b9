"""Judge each mention of harm: a threat, a claim, an effect, or nothing."""

from collections.abc import Iterator, Sequence

from copilot.readers.lexicon_engine.circumstances import (
    is_agreed,
    is_asked_of,
    is_condition,
    is_heard,
    is_lawful_step,
    is_negated,
    is_of_others,
    is_request,
    is_stated,
    is_trifle,
    settled,
    usual_asset,
)
from copilot.readers.lexicon_engine.concepts import ASSETS, EFFECTS, HARMS, INTRUSIONS
from copilot.readers.lexicon_engine.harms import Event, Place, Status, Who, asset_of, is_suffered, kind_of
from copilot.readers.lexicon_engine.patterns import Hit
from copilot.readers.lexicon_engine.view import HARM_CONCEPTS, SUBJECTS, View
from copilot.vocabulary import Asset, Harm

_NEEDS_ASSET = frozenset(("change", "change_done", "account_breach", "account_breach_done"))
_AT_STAFF = frozenset((Harm.VIOLENCE, Harm.DISCLOSE, Harm.UNSPECIFIED))
_AT_YOU = frozenset((Harm.DEFAME, Harm.LAWFUL_REMEDY, Harm.WITHHOLD))
"""Harms that aim at staff only where «you» stands beside them."""
_ACCOUNT_TALK = ("marketplace_account", "plain_account", "account_setting", "account_talk")
_ACCOUNT_REACH = 2
_CLOSE = 1
_BESIDE = 3
_SAID = ("says", "threat", "blackmail")
_MARKS = ("accident", "deliberate", "revenge", "leverage", "guess", "innocent")


class Judge:
    """Reads the harms of a ticket, sentence by sentence; `views` are all its sentences."""

    def __init__(self, who: Who, views: Sequence[View]) -> None:
        self._who = who
        self._cast = who.cast
        self._last_thing = ""
        self._speaks_for_another = False
        self._accounts_at = frozenset(view.number for view in views if view.has(*_ACCOUNT_TALK))

    def events(self, view: View) -> Iterator[Event]:
        """The events of one sentence."""
        self._speaks_for_another = self._speaks_for_another or view.has("relative")
        for part, number, clause in view.clauses():
            self._who.notice_accounts(clause)
            if self._cast.is_support(part.speaker) and part.speaker is not None:
                continue
            for hit in clause.hits:
                if hit.concept in HARM_CONCEPTS or hit.concept in EFFECTS:
                    event = self._event(Place(view, part, number, clause, hit))
                    if event is not None:
                        yield event
            things = clause.find("trifle", *ASSETS)
            self._last_thing = things[-1].concept if things else self._last_thing

    def _event(self, place: Place) -> Event | None:
        concept = place.hit.concept
        if self._is_at_staff(place, HARMS.get(concept)):
            return self._at_staff(place, HARMS[concept])
        status = Status.EFFECT if concept in EFFECTS else self._status(place)
        if status is None or (status is Status.EFFECT and not self._is_effect(place)):
            return None
        asset = self._asset(place)
        if (concept in _NEEDS_ASSET and asset is Asset.NOT_STATED) or is_trifle(place) or is_lawful_step(place):
            return None
        if is_agreed(place) or self._is_about_a_trifle(place) or self._is_of_others(place):
            return None
        harm = settled(kind_of(concept), asset)
        if status is Status.CLAIM and (self._is_taken_down(place, asset) or (harm is Harm.LOCK_OUT and is_suffered(place))):
            status = Status.EFFECT
        asset = usual_asset(harm, asset)
        return self._done_by(place, status, harm, asset)

    def _done_by(self, place: Place, status: Status, harm: Harm, asset: Asset) -> Event | None:
        """The event with its actor, or None where nobody did it to anybody else."""
        concept = place.hit.concept
        actor, explicit = self._who.actor(place)
        if status is Status.EFFECT and actor == self._cast.reporter:
            actor, explicit = self._cast.opponent(actor), False
        if place.hit.concept.startswith("vague") and not place.part.quoted and actor == self._cast.reporter:
            actor = self._cast.opponent(actor)
        if status is Status.THREAT:
            actor = self._threatener(place, actor)
        if actor is None or self._cast.is_support(actor):
            return None
        if actor == self._cast.reporter and self._is_own_business(place, harm, status):
            return None
        reason = place.clause.link == "because" or place.clause.has("revenge")
        if actor == self._cast.reporter and harm is Harm.WITHHOLD and status is Status.CLAIM and reason:
            return None
        marks = frozenset(hit.concept for hit in place.view.hits if hit.concept in _MARKS)
        return Event(status, harm, asset, actor, self._who.victim(actor), place.view, concept, explicit, marks, [place.view.id])

    def _at_staff(self, place: Place, harm: Harm) -> Event:
        staff = self._cast.staff()
        asset = usual_asset(harm, Asset.NOT_STATED)
        marks: frozenset[str] = frozenset()
        concept = place.hit.concept
        return Event(Status.THREAT, harm, asset, place.part.speaker, staff, place.view, concept, True, marks, [place.view.id])

    def _is_at_staff(self, place: Place, harm: Harm | None) -> bool:
        """The reporter's threat to whoever reads the ticket."""
        if (
            not (harm in _AT_STAFF or (harm in _AT_YOU and self._is_at_you(place)))
            or is_negated(place)
            or self._is_idle(place)
            or not place.part.reports
            or place.part.speaker != self._cast.reporter
            or place.earlier("says", "third", "client", "freelancer", "named", stop=())
        ):
            return False
        own = any(hit.concept == "me" and place.hit.first <= hit.last <= place.hit.last for hit in place.clause.hits)
        pressing = place.view.has("if_", "unless", "or_else", "must") or harm is Harm.VIOLENCE
        intends = self._intends(place) or (place.earlier("i", stop=()) and pressing)
        return place.view.has("you", "your") and not own and bool(intends)

    def _is_at_you(self, place: Place) -> bool:
        """«I'll sue you», «you won't see a cent»: told to whoever reads the ticket, in words that press."""
        near = range(place.hit.first - _CLOSE, place.hit.last + _BESIDE)
        return any(hit.first in near for hit in place.clause.find("you", "your")) and bool(self._intends(place))

    def _threatener(self, place: Place, actor: str | None) -> str | None:
        """Whoever announces a harm does it: «you'll get one star» is the speaker's threat, «she said I'd get» is hers."""
        part = place.part
        if not part.reports:
            return part.speaker if actor == part.addressee else actor
        if actor == part.speaker or self._cast.is_support(actor):
            said = place.earlier(*_SAID, stop=())
            subjects = [hit for hit in place.earlier(*SUBJECTS, stop=()) if said and hit.first <= said[-1].first]
            if subjects and not (subjects[-1].concept == "i" and _is_told(subjects[-1], said[-1], place)):
                return self._who.person(subjects[-1], part)
            return self._cast.opponent(part.speaker) if said else actor
        return actor

    def _asset(self, place: Place) -> Asset:
        if place.hit.concept in INTRUSIONS:
            return Asset.MARKETPLACE_ACCOUNT
        asset = asset_of(place)
        if asset is Asset.CODE_OR_FILES and place.hit.concept == "account_breach":
            return self._who.last_account
        if asset is Asset.MARKETPLACE_ACCOUNT and not place.clause.has("marketplace_account"):
            return self._who.last_account if place.clause.has("plain_account") else self._who.last_owned
        return self._entered(place, asset) if asset in (Asset.NOT_STATED, Asset.CODE_OR_FILES) else asset

    def _entered(self, place: Place, asset: Asset) -> Asset:
        """What «logged in and withdrew the balance», «we got hacked», «he changed the password» are about."""
        if place.hit.concept == "account_breach_done" and place.view.has("account_use", "account_effect"):
            elsewhere = self._who.last_owned is Asset.OUTSIDE_ACCOUNT
            return Asset.OUTSIDE_ACCOUNT if elsewhere else Asset.MARKETPLACE_ACCOUNT
        hacked = place.hit.concept == "account_breach_done" and is_suffered(place)
        shut_out = place.hit.concept == "lock_out_done" and self._who.is_owned_named
        return self._who.last_owned if asset is Asset.NOT_STATED and (hacked or shut_out) else asset

    def _is_effect(self, place: Place) -> bool:
        """An effect told as a fact; a trace («a job I never posted», «it was not me») only where an account is spoken of.

        Without that, what somebody did not send, sign or get is a quarrel.
        """
        near = range(place.view.number - _ACCOUNT_REACH, place.view.number + _ACCOUNT_REACH + 1)
        spoken_of = place.hit.concept not in INTRUSIONS or not self._accounts_at.isdisjoint(near)
        return spoken_of and is_stated(place)

    def _is_taken_down(self, place: Place, asset: Asset) -> bool:
        """«My listing was removed»: told with no doer, as what the marketplace does is told."""
        passive = any(place.hit.first - 2 <= hit.last < place.hit.first for hit in place.clause.find("suffers"))
        return asset is Asset.BUSINESS_LISTING and passive and not self._who.actor(place)[1]

    def _is_about_a_trifle(self, place: Place) -> bool:
        """«A strange message came. I deleted it»: «it» is the thing last spoken of."""
        if not place.hit.concept.startswith(("destroy", "change")) or place.clause.has(*ASSETS):
            return False
        return self._last_thing == "trifle" and place.part.speaker == self._cast.reporter and place.clause.has("i")

    def _is_of_others(self, place: Place) -> bool:
        """True where the reporter, for nobody but themselves, tells what falls on people of the other side."""
        return place.part.speaker == self._cast.reporter and not self._speaks_for_another and is_of_others(place)

    def _status(self, place: Place) -> Status | None:
        if is_negated(place) or self._is_idle(place):
            return None
        done = place.hit.concept.endswith("_done")
        if done:
            blameless = place.clause.has("by_agent") and self._is_course_of_things(place)
            return None if blameless else self._done_status(place)
        return None if is_asked_of(place) or is_request(place) else self._base_status(place)

    def _is_idle(self, place: Place) -> bool:
        """Asked, feared, considered, or in the condition of an «if»: nobody said it and nobody did it."""
        done = place.hit.concept.endswith("_done")
        if place.earlier("story"):
            return True
        said = place.earlier(*_SAID)
        asked = place.earlier("hypothetical", "permission", "ask_support")
        unheard = bool(asked) and place.part.reports and not is_heard(place, asked[-1], _SAID)
        if unheard and not (done and asked[-1].concept == "ask_support"):
            return not place.view.has("veiled") or place.part.speaker == self._cast.reporter
        if (not done or place.view.tense_folds) and place.earlier("fear"):
            fear = place.earlier("fear")[-1]
            if not any(hit.first > fear.first or hit.concept == "threat" for hit in said) and place.part.reports:
                return True
        return is_condition(place)

    def _done_status(self, place: Place) -> Status | None:
        if place.view.tense_folds and not place.before("past") and self._is_tied(place):
            return Status.THREAT
        wills = [hit for hit in place.before("will") if place.hit.first - hit.last <= 5]
        if wills and not place.before("past"):
            return Status.THREAT
        return Status.CLAIM

    def _base_status(self, place: Place) -> Status | None:
        if self._is_question(place) or self._is_lament(place) or self._is_course_of_things(place):
            return None
        if self._is_announced(place):
            return Status.CLAIM if self._is_revenge_kept(place) else Status.THREAT
        if (
            place.hit.concept == "withhold"
            and not place.before("may")
            and place.before("third", "client", "freelancer", "agency", "named")
        ):
            return Status.CLAIM
        if place.hit.concept == "vague":
            return None
        if self._is_going_on(place):
            return Status.CLAIM
        near = any(place.hit.first - 3 <= hit.last and hit.first <= place.hit.last for hit in place.clause.find("past"))
        return Status.CLAIM if near else None

    def _is_revenge_kept(self, place: Place) -> bool:
        """«He won't release the payment because I left an honest review»: it is being kept, and nothing would bring it."""
        tied = place.view.has("if_", "unless", "or_else", "exchange", "threat", "blackmail")
        return place.hit.concept == "withhold" and place.part.reports and place.view.has("revenge") and not tied

    def _is_going_on(self, place: Place) -> bool:
        """«The client change my password», «she edits my profile»: told as it happens, or with no past tense."""
        doers = [hit for hit in place.before("third", "client", "freelancer", "named") if place.hit.first - hit.last <= _CLOSE]
        mine = [hit for hit in place.clause.find("me") if place.hit.first <= hit.first <= place.hit.last + 1]
        other = place.before("may", "will", "asks", "must", "negation", "if_", "unless", "hypothetical", "permission")
        return bool(doers and mine) and place.part.reports and not other and not place.view.has("ask_support", "innocent")

    def _is_tied(self, place: Place) -> bool:
        """True where a condition stands beside the harm."""
        if place.clause.link == "or_else" or place.before("if_", "unless", "or_else"):
            return True
        earlier = place.part.clauses[place.number - 1 : place.number] if place.number else []
        return any(clause.has("if_", "unless") for clause in earlier)

    def _is_announced(self, place: Place) -> bool:
        part, view = place.part, place.view
        if self._intends(place) or place.earlier(*_SAID, stop=()):
            return not (
                place.part.speaker == self._cast.reporter
                and not part.quoted
                and not place.earlier(*_SAID)
                and self._only_plans(place)
            )
        if place.clause.link == "or_else" or place.clause.has("or_else"):
            return True
        if part.quoted or (part.speaker != self._cast.reporter and part.speaker is not None):
            subject = any(hit.concept in ("i", "third") and hit.first <= place.hit.last for hit in place.clause.hits)
            pressed = place.hit.concept == "violence" or (place.hit.concept == "withhold" and place.clause.has("want_feedback"))
            return subject or pressed or place.hit.concept == "vague" or view.has("if_", "unless", "veiled")
        return view.has("if_", "unless", "veiled", "threat", "blackmail")

    def _is_question(self, place: Place) -> bool:
        """«Do I get a bad review if I refuse?»: the reporter asks support, and nobody has said so."""
        asks = place.view.trailing.endswith(("?", "؟", "？")) and place.part.speaker == self._cast.reporter
        return asks and not place.view.has("says", "threat", "blackmail", "asks", "veiled", "or_else", "unless")

    def _is_course_of_things(self, place: Place) -> bool:
        """«The site will go offline if we don't renew»: nobody does it, and an innocent cause is named."""
        thing = place.hit.concept.startswith(("destroy", "change", "lock_out", "account_breach_done")) and not place.view.has(
            "or_else"
        )
        return thing and place.view.has("innocent") and place.part.reports and not place.before(*SUBJECTS)

    def _is_lament(self, place: Place) -> bool:
        """«We can't get it back»: the reporter tells of a loss, and nobody announces it."""
        own = [hit for hit in place.before("i") if place.hit.first - hit.last <= _BESIDE]
        tied = place.view.has("if_", "unless", "or_else") or place.before("will")
        return place.hit.concept == "lock_out" and bool(own) and place.part.reports and not tied

    def _intends(self, place: Place) -> bool:
        """A word of intent before the harm, in it, or right behind it where the verb stands last."""
        wished = {hit.first for hit in place.clause.find("asks")} if place.hit.concept == "account_breach" else set()
        for hit in place.clause.find("will"):
            if hit.first in wished:
                continue
            if hit.first <= place.hit.last:
                return True
            between = [one for one in place.clause.find("i", "you", "third") if place.hit.last < one.first < hit.first]
            if hit.first - place.hit.last <= 2 and not between and place.view.negation != "before":
                return True
        return False

    def _only_plans(self, place: Place) -> bool:
        """The reporter's own plan, told to support and to nobody else, with no condition tied to it."""
        if kind_of(place.hit.concept) in _AT_STAFF and place.clause.has("you", "your"):
            return False
        subjects = place.earlier("i", "third", "client", "freelancer", "named", "you")
        own = bool(subjects) and subjects[-1].concept == "i"
        openers = [hit for hit in place.view.hits if hit.concept in ("if_", "unless", "or_else")]
        of_support = any(hit.concept == "support" and openers and hit.first > openers[-1].first for hit in place.view.hits)
        return own and (not openers or of_support)

    def _is_own_business(self, place: Place, harm: Harm, status: Status) -> bool:
        """The reporter's dealings with what is the reporter's own, or lawful steps not held over anybody."""
        own = any(hit.concept == "me" and place.hit.first <= hit.first <= place.hit.last + 3 for hit in place.clause.hits)
        if status is Status.CLAIM and harm in (Harm.BAD_FEEDBACK, Harm.LAWFUL_REMEDY, Harm.DISCLOSE, Harm.UNSPECIFIED):
            return True
        if harm is Harm.ACCOUNT_BREACH and not place.clause.has("third_object", "client", "freelancer"):
            return True
        if harm is Harm.LOCK_OUT and status is Status.CLAIM and not place.clause.has(*ASSETS, "third_object", "client"):
            return True
        return own and harm in (Harm.DESTROY, Harm.LOCK_OUT, Harm.ACCOUNT_BREACH)


def _is_told(subject: Hit, said: Hit, place: Place) -> bool:
    """«I was told that …»: others say it."""
    passive = [hit for clause in place.part.clauses for hit in clause.find("suffers")]
    return any(subject.last < hit.first <= said.first and said.first - hit.last <= _CLOSE for hit in passive)
