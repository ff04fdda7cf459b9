"""What two tickets can have in common: the harms, assets and demands that counted, as words of the closed vocabulary.

Comes in: the facts of a suggestion. Goes out: `(kind, value)` pairs, and the extraction that the facts were. A value that says
nothing, such as `not_stated`, is no sign.
"""

from collections.abc import Iterable

from copilot.core.extraction import Extraction
from copilot.core.vocabulary import Asset, DemandKind, Harm
from copilot.output.suggestion import DamageClaimView, DemandView, FactView, Suggestion, ThreatView

Sign = tuple[str, str]
HARM, ASSET, DEMAND = "harm", "asset", "demand"
_SAYS_NOTHING = frozenset({Harm.UNSPECIFIED, Asset.OTHER, Asset.NOT_STATED, DemandKind.OTHER, DemandKind.NOT_STATED})


def signs_of(facts: Iterable[FactView]) -> frozenset[Sign]:
    """The signs of the facts that counted."""
    found: set[tuple[str, Harm | Asset | DemandKind]] = set()
    for fact in facts:
        if not fact.counted:
            continue
        if isinstance(fact, ThreatView | DamageClaimView):
            found |= {(HARM, fact.harm), (ASSET, fact.asset)}
        elif isinstance(fact, DemandView):
            found.add((DEMAND, fact.kind))
    return frozenset((kind, value.value) for kind, value in found if value not in _SAYS_NOTHING)


def extraction_behind(suggestion: Suggestion) -> Extraction:
    """The extraction that gives these facts again; what was dropped from it stays out."""
    lists: dict[str, list[object]] = {"threats": [], "demands": [], "damage_claims": [], "disputes": []}
    for fact in suggestion.facts:
        lists[f"{fact.type}s"].append(fact.model_dump(mode="json", exclude={"id", "type", "counted", "reason", "confidence"}))
    return Extraction.model_validate(lists | {"parties": [party.model_dump(mode="json") for party in suggestion.parties]})
