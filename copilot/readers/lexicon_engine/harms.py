"""What was done and what was announced: each harm seen, with who did it to whom and whether it counts as said.

A harm that is denied, asked about, feared or only considered gives nothing.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from copilot.readers.lexicon_engine.cast import OTHER, SUPPORT, Cast
from copilot.readers.lexicon_engine.concepts import ASSETS, EFFECTS, HARMS
from copilot.readers.lexicon_engine.patterns import Hit
from copilot.readers.lexicon_engine.view import HARM_CONCEPTS, SUBJECTS, Clause, Part, View
from copilot.vocabulary import Asset, Harm

SOMEONE = "\0someone"
_AGENT_REACH = 8
_TOLD_REACH = 2
_PASSIVE_REACH = 3
_ACCOUNTS = ("marketplace_account", "outside_account")
_PROPERTY = ("website", "domain", "business_listing")
_VAGUE_THINGS = ("plain_account", "account_setting", "private_information", "person")
_ENTERED = frozenset((*_ACCOUNTS, *_PROPERTY, "plain_account", "account_setting"))
"""What somebody can get into; a thing of another kind counts as entered only right beside the word."""
_VERB_PERSONS = ("i", "you", "third")
_AGENTS = frozenset(("third", "client", "freelancer", "agency", "named", "someone", "third_object", "me", "you", "support"))
_OTHERS = frozenset(("third", "client", "freelancer", "agency", "named", "someone"))


class Status(Enum):
    """What a mention of harm amounts to."""

    THREAT = auto()
    CLAIM = auto()
    EFFECT = auto()


@dataclass
class Event:
    """One harm at one place."""

    status: Status
    harm: Harm
    asset: Asset
    actor: str | None
    victim: str | None
    view: View
    concept: str
    explicit_actor: bool
    marks: frozenset[str] = frozenset()
    evidence: list[str] = field(default_factory=list)


@dataclass
class Place:
    """A hit with all that surrounds it."""

    view: View
    part: Part
    number: int
    clause: Clause
    hit: Hit

    def before(self, *concepts: str) -> list[Hit]:
        """Hits of the concepts before this one in its clause."""
        return [hit for hit in self.clause.hits if hit.concept in concepts and hit.first < self.hit.first]

    def earlier(self, *concepts: str, stop: tuple[str, ...] = ("but",)) -> list[Hit]:
        """Hits of the concepts before this one in its clause and the clauses before it, up to a stopping joint."""
        found = self.before(*concepts)
        clause = self.clause
        for number in range(self.number - 1, -1, -1):
            if clause.link in stop or clause.link == "hard":
                break
            clause = self.part.clauses[number]
            found = [hit for hit in clause.hits if hit.concept in concepts] + found
        return found


class Who:
    """Works out persons from what stands around a hit."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.last_account = Asset.MARKETPLACE_ACCOUNT
        self.last_owned = Asset.MARKETPLACE_ACCOUNT
        self.is_owned_named = False

    def notice_accounts(self, clause: Clause) -> None:
        """Remember which account was last spoken of, for a later «the account», and what else has a login."""
        for hit in clause.find(*_ACCOUNTS, *_PROPERTY):
            self.last_owned = ASSETS[hit.concept]
            self.is_owned_named = True
            if hit.concept in _ACCOUNTS:
                self.last_account = ASSETS[hit.concept]

    def person(self, hit: Hit, part: Part) -> str | None:
        """The person a subject hit means, as the part's speaker says it."""
        if hit.concept in ("client", "freelancer", "agency"):
            return self.cast.by_role(hit.concept, part.speaker)
        if hit.concept == "named":
            return part.names.get(hit.first)
        plain = {"i": part.speaker, "me": part.speaker, "you": part.addressee, "your": part.addressee}
        plain |= {"someone": SOMEONE, "support": SUPPORT}
        return plain[hit.concept] if hit.concept in plain else self._third(part)

    def _third(self, part: Part) -> str | None:
        """Whom «he» means: the one last named, else the other side."""
        if part.third is not None and part.third != part.speaker:
            return part.third
        return self.cast.opponent(part.speaker)

    def actor(self, place: Place) -> tuple[str | None, bool]:
        """Who does what the hit says, and whether that stands in words."""
        agent = self._passive_agent(place)
        if agent is not None:
            return agent, True
        own = [
            hit
            for hit in place.clause.hits
            if hit.concept in _VERB_PERSONS and hit.first <= place.hit.last and place.hit.first <= hit.last
        ]
        if place.view.languages == ("en",):
            own = [hit for hit in own if hit.first <= place.hit.first]
        openers = place.before("unless", "if_")
        subjects = own or [
            hit
            for hit in place.clause.hits
            if hit.concept in SUBJECTS
            and hit.last < place.hit.first
            and not any(one.first < hit.first <= one.last for one in openers)
        ]
        subjects = [hit for hit in subjects if not _is_told(hit, place.clause)] or subjects
        if subjects and is_suffered(place):
            return (SOMEONE if place.hit.concept.startswith("account_breach") else self._third(place.part)), False
        if subjects and subjects[-1].concept == "i" and place.hit.concept == "account_breach_done" and _is_own_account(place):
            return self._intruder(place)
        if subjects:
            return self.person(subjects[-1], place.part), True
        if openers and place.part.reports:
            return self._third(place.part), True
        return (SUPPORT, True) if place.hit.concept in HARM_CONCEPTS and _is_by_staff(place) else self._carried(place)

    def _intruder(self, place: Place) -> tuple[str | None, bool]:
        """Who got into the speaker's own account: «I caught him using my account», «a friend I trusted»."""
        doers = place.earlier("insider", "relative", *SUBJECTS, stop=())
        doers = [hit for hit in doers if hit.concept not in ("i", "you", "support")]
        if not doers:
            return place.part.speaker, True
        known = doers[-1].concept in SUBJECTS
        return (self.person(doers[-1], place.part) if known else SOMEONE), True

    def _carried(self, place: Place) -> tuple[str | None, bool]:
        """The subject of an earlier clause, else whom the text is about."""
        for number in range(place.number - 1, -1, -1):
            clause = place.part.clauses[number]
            earlier = [hit for hit in clause.hits if hit.concept in SUBJECTS]
            if earlier and not (earlier[0].concept == "i" and _is_aside(place.part.clauses, number)):
                return self.person(earlier[0], place.part), True
        speaker = place.part.speaker
        if place.hit.concept == "account_breach_done":
            return SOMEONE, False
        if self.cast.is_support(speaker) or speaker == self.cast.reporter:
            return self._third(place.part), False
        return speaker, False

    def _passive_agent(self, place: Place) -> str | None:
        if place.hit.concept not in HARM_CONCEPTS:
            return None
        for by in place.clause.find("by_agent"):
            if 0 < by.first - place.hit.last <= _AGENT_REACH:
                for hit in place.clause.hits:
                    if by.last < hit.first <= by.last + 3 and hit.concept in _AGENTS:
                        return self.person(hit, place.part)
        return None

    def victim(self, actor: str | None) -> str | None:
        """Whom a harm by somebody falls on."""
        if actor == SOMEONE:
            return self.cast.reporter if self.cast.reporter is not None else OTHER
        return self.cast.opponent(actor)


def is_suffered(place: Place) -> bool:
    """«I am locked out», «we got hacked»: the subject is the one it was done to, and the doer is not named."""
    if not place.hit.concept.endswith("_done") or place.clause.has("by_agent"):
        return False
    subjects = place.before(*SUBJECTS)
    if not subjects or subjects[-1].concept != "i":
        return False
    for hit in place.clause.find("suffers"):
        starts = hit.first == place.hit.first and place.hit.concept == "lock_out_done"
        inside = place.hit.first < hit.first < place.hit.last and hit.first - place.hit.first <= _PASSIVE_REACH
        if (subjects[-1].last < hit.first or subjects[-1].first == hit.first) and (
            starts or inside or hit.last == place.hit.first - 1
        ):
            return True
    return False


def _is_by_staff(place: Place) -> bool:
    """Where a verb comes before its subject, the marketplace right behind it is the one that does it."""
    behind = range(place.hit.first + 1, place.hit.last + 3)
    return any(hit.first in behind for hit in place.clause.find("support"))


def _is_aside(clauses: list[Clause], number: int) -> bool:
    """«The client, angry because I left, posted it»: the clause between a doer and the deed has a doer of its own."""
    joined = clauses[number].link == "because" or clauses[number].has("revenge", "parting")
    return joined and any(clause.has(*_OTHERS) for clause in clauses[:number])


def _is_own_account(place: Place) -> bool:
    return any(place.hit.first <= hit.first <= place.hit.last + 2 for hit in place.clause.find("me"))


def _is_told(subject: Hit, clause: Clause) -> bool:
    """«I told the client»: the one told does nothing."""
    for said in clause.find("says"):
        if 0 < subject.first - said.last <= _TOLD_REACH and subject.concept in ("client", "freelancer", "agency", "named"):
            return any(hit.concept in SUBJECTS and hit.last < said.first for hit in clause.hits)
    return False


def asset_of(place: Place) -> Asset:
    """The thing nearest to a harm in its clause, then in the rest of its part."""
    hits = [hit for hit in place.clause.hits if hit.concept in ASSETS]
    if place.hit.concept.startswith("account_breach"):
        beside = range(place.hit.first, place.hit.last + 3)
        hits = [hit for hit in hits if hit.concept in _ENTERED or (hit.concept == "files" and hit.first in beside)]
    if any(hit.concept not in _VAGUE_THINGS for hit in hits):
        hits = [hit for hit in hits if hit.concept not in ("plain_account", "account_setting")]
    after = [hit for hit in hits if hit.last >= place.hit.first]
    nearest = after[:1] or hits[-1:]
    if not nearest and place.number + 1 < len(place.part.clauses):
        following = place.part.clauses[place.number + 1]
        if following.link in ("and_", "comma"):
            nearest = [hit for hit in following.hits if hit.concept in ASSETS][:1]
    if not nearest and place.hit.concept.startswith("account_breach"):
        accounts = [hit for clause in place.part.clauses[: place.number] for hit in clause.hits if hit.concept in _ACCOUNTS]
        nearest = accounts[-1:]
    if not nearest:
        return Asset.NOT_STATED
    return ASSETS[_most_telling(nearest[0], hits).concept]


_TELLING = (
    "marketplace_account",
    "outside_account",
    "business_listing",
    "domain",
    "private_information",
    "website",
    "files",
    "plain_account",
    "account_setting",
)


def _most_telling(nearest: Hit, hits: list[Hit]) -> Hit:
    """Of the readings of the same words, the most particular one."""
    same = [hit for hit in hits if hit.first <= nearest.last and nearest.first <= hit.last]
    near = [hit for hit in hits if abs(hit.first - nearest.last) <= 2]
    longest = max(same or [nearest], key=lambda hit: hit.last - hit.first)
    if longest.concept in ("plain_account", "files", "website"):
        for concept in _TELLING[:4]:
            for hit in near:
                if hit.concept == concept:
                    return hit
    return longest


def kind_of(concept: str) -> Harm:
    """The harm a concept stands for."""
    return EFFECTS.get(concept) or HARMS[concept.removesuffix("_done")]
