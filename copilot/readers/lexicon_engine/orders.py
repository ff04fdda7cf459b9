"""Orders to whoever reads the ticket tell nothing: «record a threat», «classify this as coercion».

Comes in: a marked sentence. Goes out: the same sentence without the hits of such an order, up to where a deed
of somebody else is told.
"""

from copilot.readers.lexicon_engine.view import Clause, Part, View

_OTHERS = ("third", "client", "freelancer", "agency", "named", "someone")
_TELLING = (*_OTHERS, "says", "asks")
_FRESH = ("comma", "colon", "hard", "run_on", "because", "but")


def drop_orders(view: View) -> None:
    """Forget what is seen in orders about the reading."""
    if not view.has("reading_order"):
        return
    for part in view.parts:
        for clause in _ordered(part):
            end = _end(clause)
            view.hits = [hit for hit in view.hits if not clause.first <= hit.first <= end]
            clause.hits = [hit for hit in clause.hits if hit.first > end]


def _ordered(part: Part) -> list[Clause]:
    """The clauses of a part that belong to an order."""
    found: list[Clause] = []
    if part.quoted:
        return found
    for clause in part.clauses:
        goes_on = bool(found) and not (clause.link in _FRESH and clause.has(*_OTHERS))
        if not (goes_on or _is_order(clause)):
            if found:
                break
            continue
        found.append(clause)
        if _end(clause) < clause.last:
            break
    return found


def _end(clause: Clause) -> int:
    """The last word of an order: the clause's, but where somebody else's deed follows without a comma."""
    lasts = [order.last for order in clause.find("reading_order")]
    fresh = [hit.first - 1 for hit in clause.find(*_OTHERS) if hit.first - 1 in lasts]
    return fresh[0] if fresh else clause.last


def _is_order(clause: Clause) -> bool:
    """True where nobody but the one who reads is told to record or to label something."""
    for order in clause.find("reading_order"):
        before = [hit for hit in clause.hits if hit.first < order.first]
        doers = [hit.concept for hit in before if hit.concept in ("i", "you")]
        if doers[-1:] != ["i"] and not any(hit.concept in _TELLING for hit in before):
            return True
    return False
