"""Nobody is accused whom the ticket does not speak of: an extraction in, the same facts with unknown actors out.

A customer's role as the actor needs somebody in a cited sentence who could be that customer; the reporter as the actor
needs to say so in the first person. Where neither stands, the fact is kept, since it is a claim all the same, and its actor
becomes somebody whose role is unknown. It drops no fact and leaves alone what it cannot judge.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from copilot.core.extraction import ExtractedDamageClaim, ExtractedDemand, ExtractedParty, ExtractedThreat, Extraction
from copilot.core.mentions import Mentions
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import CUSTOMERS, Asset, Harm, Intent, Role

_Act = ExtractedThreat | ExtractedDemand | ExtractedDamageClaim
_LISTS = ("threats", "demands", "damage_claims")
_ALWAYS_COUNTED = (Harm.DESTROY, Harm.LOCK_OUT, Harm.ACCOUNT_BREACH, Harm.DISCLOSE, Harm.VIOLENCE, Harm.UNSPECIFIED)


def without_accusations(ticket: Ticket, sentences: Sentences, extraction: Extraction) -> Extraction:
    """The same facts, in the same places, by somebody unknown where the ticket names no actor."""
    check = _Check(extraction, sentences, Mentions(ticket, sentences))
    acts = [act for name in _LISTS for act in getattr(extraction, name)]
    by: dict[str, list[_Act]] = {party.id: [] for party in extraction.parties}
    for act in acts:
        by.setdefault(act.by, []).append(act)
    uses = Counter(id for act in acts for id in (act.by, _victim(act)))
    parties: list[ExtractedParty] = []
    added: list[ExtractedParty] = []
    moved: dict[int, _Act] = {}
    for party in extraction.parties:
        wrong = check.wrongly_said_of(party, by[party.id])
        is_free = bool(wrong) and not party.is_reporter and uses[party.id] == len(wrong)
        somebody = ExtractedParty(id=party.id if is_free else check.fresh_id(), role=Role.UNKNOWN, is_reporter=False, name=None)
        moved |= {id(act): check.by_somebody(somebody, party, act) for act in wrong}
        parties.append(somebody if is_free else party)
        added += [somebody] if wrong and not is_free else []
    if not moved:
        return extraction
    lists = {name: [moved.get(id(act), act) for act in getattr(extraction, name)] for name in _LISTS}
    return extraction.model_copy(update={"parties": [*parties, *added], **lists})


@dataclass
class _Check:
    """One extraction beside the words of its ticket."""

    extraction: Extraction
    sentences: Sentences
    mentions: Mentions

    def __post_init__(self) -> None:
        self._parties = {party.id: party for party in self.extraction.parties}
        self._ids = self._fresh_ids()

    def fresh_id(self) -> str:
        """An id that no party has."""
        return next(self._ids)

    def wrongly_said_of(self, party: ExtractedParty, own: Sequence[_Act]) -> list[_Act]:
        """Those of a party's facts in which nothing names it as the actor.

        Threats, demands and damage of one party are one story, and what it is called hangs on all of them: they stay with the
        party as long as the ticket bears out any. Damage is looked at by itself where it is all there is, or hit an account.
        """
        if party.role is Role.SUPPORT or not (party.is_reporter or party.role in CUSTOMERS):
            return []
        unnamed = [act for act in own if not self._names(party, act)]
        if len(unnamed) == len(own):
            return unnamed
        is_story = any(not isinstance(act, ExtractedDamageClaim) for act in own)
        return [act for act in unnamed if _stands_alone(act) and (act.asset is Asset.MARKETPLACE_ACCOUNT or not is_story)]

    def by_somebody(self, somebody: ExtractedParty, party: ExtractedParty, act: _Act) -> _Act:
        """The fact with another actor. What befell a reporter's other side, whom nothing names either, befell the reporter."""
        update: dict[str, object] = {"by": somebody.id}
        meant = isinstance(act, ExtractedDamageClaim) and act.intent is Intent.DELIBERATE
        if meant and not self.mentions.of_a_stranger(act.evidence):
            update["intent"] = Intent.UNCLEAR
        other = self._parties.get(_victim(act))
        if party.is_reporter and other is not None and other.role in CUSTOMERS and not self._names(other, act):
            update["of" if isinstance(act, ExtractedDemand) else "against"] = party.id
        return act.model_copy(update=update)

    def _names(self, party: ExtractedParty, act: _Act) -> bool:
        """False only where the sentences can be judged, and speak of nobody who could be the party."""
        cited = [id for id in act.evidence if id in self.sentences]
        other = self._parties.get(_victim(act))
        if not cited or act.by == _victim(act) or (other is not None and other.role is Role.SUPPORT):
            return True
        if party.is_reporter:
            spoken = not isinstance(act, ExtractedDamageClaim)
            return self.mentions.of_the_reporter(cited, party.name, spoken) is not False
        return self.mentions.of_another(cited, party.role, party.name) is not False

    def _fresh_ids(self) -> Iterator[str]:
        return (id for number in range(1, 10**9) if (id := f"nobody{number}") not in self._parties)


def _victim(act: _Act) -> str:
    return act.of if isinstance(act, ExtractedDemand) else act.against


def _stands_alone(act: _Act) -> TypeGuard[ExtractedDamageClaim]:
    """True for damage that counts whatever else its actor did."""
    return isinstance(act, ExtractedDamageClaim) and act.harm in _ALWAYS_COUNTED
