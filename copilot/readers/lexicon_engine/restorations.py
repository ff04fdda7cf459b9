"""What somebody will only give back for something, they have taken: «it is up again once I pay».

Comes in: the marked sentences. Goes out: a claim that it was taken, and the wish it is given back for. An outage
that somebody mends, or finished work that waits for its pay, is neither.
"""

from collections.abc import Iterator, Sequence

from copilot.readers.lexicon_engine.concepts import ASSETS, WANTS
from copilot.readers.lexicon_engine.demands import Demand
from copilot.readers.lexicon_engine.harms import Event, Status, Who
from copilot.readers.lexicon_engine.patterns import Hit
from copilot.readers.lexicon_engine.view import Clause, Part, View
from copilot.vocabulary import Asset, DemandKind, Harm

_CONDITIONS = ("if_", "unless", "exchange")
_IDLE = ("ask_support", "hypothetical", "permission", "innocent", "fear", "retract")
_OTHERS = ("third", "third_object", "client", "freelancer", "agency", "named", "says", "asks", "someone")
_NO_THING = ("person", "plain_account", "reputation")


def restorations(who: Who, views: Sequence[View]) -> Iterator[tuple[Event, Demand]]:
    """Each bargain for giving back, as a claim and a demand."""
    for view in views:
        if view.has(*_IDLE) or not view.has("restore"):
            continue
        for part in view.parts:
            actor = _keeper(who, views, view, part)
            wish = _wish(part)
            of = who.victim(actor)
            if actor is None or of is None or wish is None or who.cast.is_support(actor):
                continue
            marks = frozenset(("leverage",))
            asset = _last_asset([hit for clause in part.clauses if clause.has("restore") for hit in clause.hits])
            if asset in (Asset.NOT_STATED, Asset.MARKETPLACE_ACCOUNT):
                near = [hit for one in views[max(0, view.number - 2) : view.number + 1] for hit in one.hits]
                asset = _last_asset([hit for hit in near if hit.concept != "marketplace_account"])
            harm = Harm.DESTROY if any(clause.has("mend") for clause in part.clauses) else Harm.LOCK_OUT
            claim = Event(Status.CLAIM, harm, asset, actor, of, view, "restore", True, marks, [view.id])
            yield claim, Demand(actor, of, wish, view, True)


def _keeper(who: Who, views: Sequence[View], view: View, part: Part) -> str | None:
    """Who gives back: whoever speaks in a quotation, else the other side where one is spoken of."""
    if not part.reports:
        return part.speaker
    near = views[max(0, view.number - 1) : view.number + 1]
    return who.cast.opponent(part.speaker) if any(one.has(*_OTHERS) for one in near) else None


def _wish(part: Part) -> DemandKind | None:
    """What it is given back for, or None where it is not given back under a condition of the other side's."""
    restored = [clause for clause in part.clauses if any(_is_restored(hit, clause, part) for hit in clause.find("restore"))]
    openers = [(clause, hit) for clause in part.clauses for hit in clause.find(*_CONDITIONS)]
    if not restored:
        return None
    for one, following in zip(part.clauses, part.clauses[1:], strict=False):
        if not part.reports and following in restored and following.link == "and_" and one.has(*WANTS):
            return next(WANTS[hit.concept] for hit in one.hits if hit.concept in WANTS)
    for clause, opener in openers:
        inside = [hit for hit in clause.hits if hit.first > opener.last or hit.first == opener.first]
        wants = [hit for hit in inside if hit.concept in WANTS]
        if wants:
            return WANTS[wants[0].concept] if wants[0].concept != "want_undo" else DemandKind.OTHER
        payer = [hit for hit in inside if hit.concept in ("i", "you") and hit.first >= opener.first]
        payer += [hit for hit in clause.hits if hit.concept in ("i", "you") and opener.first <= hit.first <= opener.last]
        if payer and (payer[0].concept == "i") == part.reports and opener.concept != "exchange":
            return DemandKind.OTHER
    return None


def _is_restored(hit: Hit, clause: Clause, part: Part) -> bool:
    own = part.reports and any(one.concept == "i" and one.first < hit.first for one in clause.hits)
    paid = any(one.concept in WANTS and one.first <= hit.last and hit.first <= one.last for one in clause.hits)
    return not own and not paid


def _last_asset(hits: Sequence[Hit]) -> Asset:
    things = [hit for hit in hits if hit.concept in ASSETS and hit.concept not in _NO_THING]
    return ASSETS[things[-1].concept] if things else Asset.NOT_STATED
