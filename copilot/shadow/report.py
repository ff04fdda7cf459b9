"""What a contender decided beside the service, compared with what was suggested at first and with what people chose."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from copilot.core.errors import InputError
from copilot.evaluation.compare.other_policy import Decided
from copilot.shadow.versus import Versus, versus
from copilot.store import Store
from copilot.store.past import PastText
from copilot.store.shadows import ShadowDecision, ShadowOutcome

_AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """One contender over a period. `without` counts texts that it came to no decision on, by why."""

    contender: str
    compared: Versus
    without: Counter[ShadowOutcome]


def chosen(store: Store, contender: str | None) -> list[str]:
    """That contender, or all for None. Raises `InputError` where there is none of that name, or none at all."""
    known = store.shadows.contenders()
    if contender is None and not known:
        raise InputError("nothing was decided in the shadow yet; run `copilot shadow --policy-from REV` or `--reader NAME` first")
    if contender is not None and contender not in known:
        raise InputError(f"there is no contender {contender!r}; use one of {', '.join(known) or 'none, as nothing followed yet'}")
    return known if contender is None else [contender]


def report(store: Store, contender: str, since: datetime | None, until: datetime | None) -> ShadowReport:
    """Compare everything that a contender decided on in a period."""
    without: Counter[ShadowOutcome] = Counter()

    def pairs() -> Iterator[tuple[PastText, Decided]]:
        for text, decision in _looked_at(store, contender, since, until):
            if decision.route is None or decision.rule is None:
                without[decision.outcome] += 1
            else:
                yield text, Decided(decision.route, decision.labels, decision.rule)

    return ShadowReport(contender, versus(pairs()), without)


def _looked_at(
    store: Store, contender: str, since: datetime | None, until: datetime | None
) -> Iterator[tuple[PastText, ShadowDecision]]:
    texts = store.past.as_suggested(since, until)
    while some := list(islice(texts, _AT_A_TIME)):
        made = store.shadows.decisions(contender, [text.suggestion_id for text in some])
        yield from ((text, made[text.suggestion_id]) for text in some if text.suggestion_id in made)
