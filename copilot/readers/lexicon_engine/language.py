"""Which languages a ticket and each of its sentences are written in.

A ticket may mix several. A language counts when its function words are there; a sentence is read with the
languages of the ticket that show in it, or with all of the ticket's where none does.
"""

import re
from collections.abc import Sequence

from copilot.readers.lexicon_engine.lexicon import codes, common_words
from copilot.readers.lexicon_engine.text import Token

_SHARE_OF_BEST = 0.35
_LEAST_SHARE = 0.06
_SENTENCE_SHARE_OF_BEST = 0.5
_HAS_LETTER = re.compile(r"[^\W\d_]")


def scores(tokens: Sequence[Token]) -> dict[str, int]:
    """Function words of each language among the tokens."""
    texts = [token.text for token in tokens if token.kind == "word"]
    return {code: sum(text in common_words(code) for text in texts) for code in codes()}


def of_ticket(tokens: Sequence[Sequence[Token]]) -> tuple[str, ...]:
    """The languages of a ticket, the strongest first; empty where none is known."""
    total: dict[str, int] = dict.fromkeys(codes(), 0)
    words = 0
    for sentence in tokens:
        words += sum(token.kind == "word" and bool(_HAS_LETTER.search(token.text)) for token in sentence)
        for code, score in scores(sentence).items():
            total[code] += score
    best = max(total.values(), default=0)
    if not words or best < max(1, _LEAST_SHARE * words):
        return ()
    found = [code for code, score in total.items() if score >= max(_SHARE_OF_BEST * best, 1) or score >= max(4, 0.1 * best)]
    return tuple(sorted(found, key=lambda code: -total[code]))


def of_sentence(tokens: Sequence[Token], languages: Sequence[str]) -> tuple[str, ...]:
    """The ticket's languages that show in one sentence; the first two of them where none does."""
    texts = [token.text for token in tokens if token.kind == "word"]
    counted = {code: sum(text in common_words(code) for text in texts) for code in languages}
    best = max(counted.values(), default=0)
    if not best:
        return tuple(languages[:2])
    return tuple(code for code in languages if counted[code] >= _SENTENCE_SHARE_OF_BEST * best)


def is_readable(tokens: Sequence[Token]) -> bool:
    """False for a sentence of several words in which no known language shows."""
    words = [token for token in tokens if token.kind == "word" and _HAS_LETTER.search(token.text)]
    if len(words) < 4 and sum(len(word.text) for word in words) < 60:
        return True
    return max(scores(tokens).values(), default=0) > 0
