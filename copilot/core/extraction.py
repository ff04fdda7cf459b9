"""What a reader returns: parties and facts in a closed vocabulary, evidence by sentence id.

Comes in: JSON from a model, a file or the embedded reader. Goes out: a validated `Extraction`.
It checks shape only; whether evidence and party ids are real is for `facts.verify`.
"""

from typing import Annotated, Self

from pydantic import Field, StrictBool, model_validator

from copilot.core.closed import Closed, WholeText
from copilot.core.vocabulary import Asset, DemandKind, DisputeKind, Harm, Intent, Motive, Role

Evidence = Annotated[list[WholeText], Field(description="ids of the sentences that say so, at least one, such as m1.2")]
PartyId = Annotated[WholeText, Field(description="the id of one of the parties")]


class ExtractedParty(Closed):
    """Somebody the ticket speaks of: `id` such as p1; `name` null or an exact substring of the ticket, at most 80 characters."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
    role: Role
    is_reporter: StrictBool
    name: WholeText | None


class ExtractedThreat(Closed):
    """Harm that `by` announced to `against`."""

    by: PartyId
    against: PartyId
    harm: Harm
    asset: Asset
    evidence: Evidence


class ExtractedDemand(Closed):
    """Something `by` asks of `of`, expecting to be given it."""

    by: PartyId
    of: PartyId
    kind: DemandKind
    evidence: Evidence


class ExtractedDamageClaim(Closed):
    """Harm that the ticket says `by` has already done to `against`."""

    by: PartyId
    against: PartyId
    harm: Harm
    asset: Asset
    intent: Intent
    motive: Motive
    evidence: Evidence


class ExtractedDispute(Closed):
    """An ordinary disagreement between the parties."""

    kind: DisputeKind
    evidence: Evidence


ExtractedFact = ExtractedThreat | ExtractedDemand | ExtractedDamageClaim | ExtractedDispute
FACT_LISTS = ("threats", "demands", "damage_claims", "disputes")
"""The lists of an extraction that hold facts, in their order."""


class Extraction(Closed):
    """All that was read out of one ticket. No prose: the model cannot speak to the agent.

    Raises `pydantic.ValidationError` for a value outside the vocabulary, a missing or unknown key,
    a party id used twice, or more than one reporter. Error texts never show the input.
    """

    parties: list[ExtractedParty]
    threats: list[ExtractedThreat]
    demands: list[ExtractedDemand]
    damage_claims: list[ExtractedDamageClaim]
    disputes: list[ExtractedDispute]

    @model_validator(mode="after")
    def _parties_are_distinct(self) -> Self:
        ids = [party.id for party in self.parties]
        if len(ids) != len(set(ids)):
            raise ValueError("parties: an id is used twice; give each party its own")
        if sum(party.is_reporter for party in self.parties) > 1:
            raise ValueError("parties: more than one is marked is_reporter; at most one party wrote the report")
        return self

    @property
    def facts(self) -> list[ExtractedFact]:
        """Every fact of all four lists."""
        return [*self.threats, *self.demands, *self.damage_claims, *self.disputes]

    @classmethod
    def empty(cls) -> Self:
        """An extraction that found nothing."""
        return cls(parties=[], threats=[], demands=[], damage_claims=[], disputes=[])
