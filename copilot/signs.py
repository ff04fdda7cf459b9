"""What two tickets can have in common: the harms, assets and demands that counted, as words of the closed vocabulary.

Comes in: the facts of a suggestion. Goes out: `(kind, value)` pairs, and the extraction that the facts were. A value that says
nothing, such as `not_stated`, is no sign.
"""

from copilot.extraction import Extraction
from copilot.suggestion import ShownFacts, WeighedDamageClaim, WeighedThreat
from copilot.vocabulary import Asset, DemandKind, Harm

Sign = tuple[str, str]
HARM, ASSET, DEMAND = "harm", "asset", "demand"
_SAYS_NOTHING = frozenset({Harm.UNSPECIFIED, Asset.OTHER, Asset.NOT_STATED, DemandKind.OTHER, DemandKind.NOT_STATED})


def signs_of(facts: ShownFacts) -> frozenset[Sign]:
    """The signs of the facts that counted."""
    told: list[WeighedThreat | WeighedDamageClaim] = [*facts.threats, *facts.damage_claims]
    harms = [fact for fact in told if fact.counted]
    found: set[tuple[str, Harm | Asset | DemandKind]] = {(HARM, fact.harm) for fact in harms}
    found |= {(ASSET, fact.asset) for fact in harms}
    found |= {(DEMAND, fact.kind) for fact in facts.demands if fact.counted}
    return frozenset((kind, value.value) for kind, value in found if value not in _SAYS_NOTHING)


def extraction_of(facts: ShownFacts) -> Extraction:
    """The extraction that gives these facts again; what was dropped from it stays out."""
    weighed = ("threats", "demands", "damage_claims", "disputes")
    plain: dict[str, object] = {
        name: [fact.model_dump(mode="json", exclude={"counted", "reason"}) for fact in getattr(facts, name)] for name in weighed
    }
    return Extraction.model_validate(plain | {"parties": [party.model_dump(mode="json") for party in facts.parties]})
