"""How text is seen before anything is looked up, and the pattern language."""

import pytest

from copilot.readers.lexicon_engine.check import faults
from copilot.readers.lexicon_engine.lexicon import codes
from copilot.readers.lexicon_engine.pattern_syntax import Element, PatternError, parse
from copilot.readers.lexicon_engine.patterns import Table, compiled
from copilot.readers.lexicon_engine.text import tokenise
from tests.readers.lexical_reading import facts, read


def words(text: str) -> list[str]:
    return [token.text for token in tokenise(text)]


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("d3lete", ["delete"]),
        ("bl4ckm4il", ["blackmail"]),
        ("d e l e t e", ["delete"]),
        ("d.e.l.e.t.e it", ["delete", "it"]),
        ("del\u200bete", ["delete"]),
        ("dеlеtе", ["delete"]),  # Cyrillic е
        ("pleeeease", ["please"]),
        ("ＤＥＬＥＴＥ", ["delete"]),
        ("José's", ["jose", "s"]),
        ("5*", ["5", "★"]),
        ("⭐⭐⭐⭐⭐", ["★"] * 5),
        ("pay $1,500.00 now", ["pay", "$1,500.00", "now"]),
        ("in 2019 and 24h", ["in", "2019", "and", "24h"]),
        ("\u202eetis ruoy eteled\u202c", ["delete", "your", "site"]),
    ],
)
def test_disguised_text_is_seen_as_it_is_meant(typed: str, seen: list[str]) -> None:
    assert words(typed) == seen


def test_a_disguised_threat_is_read_like_a_plain_one() -> None:
    plain = read("He said he will delete my site if I don't pay $90.")
    hidden = read("He said he will d3l\u200bеte my s i t e if I dont pay $90.")

    assert facts(plain) == facts(hidden) != set()


def found(patterns: list[str], text: str) -> list[tuple[int, int]]:
    tokens = tokenise(text)
    table = Table(compiled({"it": patterns}, {"my": "my|our own"}, "Big Gig"))
    return [(hit.first, hit.last) for hit in table.find(tokens, [(token.text,) for token in tokens])]


@pytest.mark.parametrize(
    ("pattern", "text", "place"),
    [
        ("delet*", "he deleted it", [(1, 1)]),
        ("delet{e,ing}", "he deleted it", []),
        ("a|b c", "b c", [(0, 1)]),
        ("(a|b c) d", "b c d", [(0, 2)]),
        ("the? site", "site", [(0, 0)]),
        ("lock _ out", "lock them out", [(0, 2)]),
        ("lock ... out", "lock one two three four out", [(0, 5)]),
        ("lock ... out", "lock one two three four five out", []),
        ("lock ... out", "lock me, get out", []),
        ("<my> site", "our own site", [(0, 2)]),
        ("pay $", "pay $50", [(0, 1)]),
        ("pay #", "pay 50", [(0, 1)]),
        ("{marketplace} account", "big gig account", [(0, 2)]),
        ("take ... (all|now)?", "take the big one", [(0, 0)]),
    ],
)
def test_a_pattern_finds_what_the_guide_says_it_finds(pattern: str, text: str, place: list[tuple[int, int]]) -> None:
    assert found([pattern], text) == place


@pytest.mark.parametrize("pattern", ["...", "... word", "(open", "shut)", "<nobody> site", "a*", "|"])
def test_a_pattern_that_cannot_be_used_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        parse(pattern, {})


@pytest.mark.parametrize("code", codes())
def test_a_shipped_lexicon_has_no_faults(code: str) -> None:
    assert faults(code) == []


@pytest.mark.parametrize("unit", ["if ", "a", "(", "he said ", "delete my site ", "pay $5 or ", "\u200b", "> "])
def test_twice_the_text_takes_twice_the_steps(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0
    takes = Element.takes

    def counting(self: Element, token: object, forms: tuple[str, ...]) -> bool:
        nonlocal steps
        steps += 1
        return takes(self, token, forms)  # type: ignore[arg-type]

    monkeypatch.setattr(Element, "takes", counting)
    read("he is here. " + unit * 300)
    once, steps = steps, 0
    read("he is here. " + unit * 600)

    assert steps <= 2.5 * once + 200
