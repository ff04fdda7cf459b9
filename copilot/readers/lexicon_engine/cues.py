"""Strong cues: sentences that say a threat, a demand under threat, or a breach of an account in so many words.

Denied, feared and merely imagined harm gives none, nor does an ordinary dispute.
"""

from copilot.readers.lexicon_engine.harms import Status, Who
from copilot.readers.lexicon_engine.judge import Judge
from copilot.readers.lexicon_engine.reader import Marked
from copilot.vocabulary import Harm

_STRONG = frozenset(
    (Harm.DESTROY, Harm.LOCK_OUT, Harm.ACCOUNT_BREACH, Harm.DISCLOSE, Harm.DEFAME, Harm.VIOLENCE, Harm.UNSPECIFIED)
)
_WEAKENED = ("negation", "fear", "hypothetical", "permission", "loose", "innocent", "retract")


def strong_sentences(marked: Marked) -> tuple[str, ...]:
    """Ids of the sentences with a strong cue."""
    judge = Judge(Who(marked.cast), marked.views)
    found: list[str] = []
    for view in marked.views:
        events = list(judge.events(view))
        threat = any(event.status is Status.THREAT and event.harm in _STRONG for event in events)
        breach = any(event.status is Status.CLAIM and event.harm is Harm.ACCOUNT_BREACH for event in events)
        bargain = view.has("bad_feedback", "withhold") and view.has("if_", "unless", "exchange") and view.has("want_feedback")
        force = view.has("blackmail", "threat") and not view.has(*_WEAKENED)
        if threat or breach or bargain or force:
            found.append(view.id)
    return tuple(found)
