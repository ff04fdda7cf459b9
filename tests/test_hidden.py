"""One table of what nobody sees, over all of Unicode, and everybody who uses it."""

import re
import sys
import unicodedata
from pathlib import Path

import pytest

from copilot.core.hidden import HIDDEN, is_hidden, is_of_an_emoji, joins_letters
from copilot.output.note import framed
from copilot.readers.embedded.plain import plain
from copilot.readers.model.numbered_lines import visible

PANEL = Path(__file__).parent.parent / "copilot" / "sidebar" / "panel" / "hidden.js"
DRAWN_AS_NOTHING = (
    "00AD 034F 061C 115F-1160 17B4-17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164 FE00-FE0F FEFF FFA0 FFF0-FFF8 "
    "1BCA0-1BCA3 1D173-1D17A E0000-E0FFF"
)
"""Unicode's Default_Ignorable_Code_Point, which Python's tables do not have."""
NOT_IN_IT = "\t\n\r"


def _ranges(spelt: str) -> set[int]:
    found: set[int] = set()
    for item in spelt.split():
        first, _, last = item.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
UNSEEN = [one for one in EVERY if unicodedata.category(one) in CATEGORIES and one not in NOT_IN_IT]
UNSEEN += [
    chr(code) for code in sorted(_ranges(DRAWN_AS_NOTHING) | {0x2800}) if unicodedata.category(chr(code)) not in CATEGORIES
]


def test_the_table_holds_every_control_format_and_ignorable_character() -> None:
    table = re.compile(f"[{HIDDEN}]")

    assert [f"{ord(one):04X}" for one in UNSEEN if not table.match(one)] == []
    assert [one for one in EVERY if table.match(one) and one.isalnum() and one not in "\u115f\u1160\u3164\uffa0"] == []


def test_none_of_them_reaches_a_model_a_note_or_the_embedded_reader_within_a_word() -> None:
    """A model is shown a non-joiner between letters, which print keeps apart; text that an override turns is read turned."""
    for one in UNSEEN:
        word = f"de{one}lete"
        assert one not in visible(word) or one == "\u200c", f"U+{ord(one):04X}"
        assert one not in framed(word), f"U+{ord(one):04X}"
        assert plain(word) == ("deetel" if one == "\u202e" else "delete") or one.isspace(), f"U+{ord(one):04X}"


@pytest.mark.parametrize("word", ["می\u200cخواهم", "क्\u200dष", "ক্\u200c"])
def test_joiners_in_scripts_that_join_are_spelling(word: str) -> None:
    at = next(place for place, one in enumerate(word) if one in "\u200c\u200d")

    assert joins_letters(word, at)
    assert not is_hidden(word, at)
    assert visible(word) == framed(word) == word


@pytest.mark.parametrize("emoji", ["👩\u200d💻", "❤\ufe0f", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3", "🏽\u200d🦰"])
def test_what_belongs_to_an_emoji_is_shown_to_a_model_as_it_is(emoji: str) -> None:
    assert visible(f"ok {emoji}!") == f"ok {emoji}!"


@pytest.mark.parametrize("text", ["\u200d", "\ufe0f", "a\ufe0f", "1\ufe0f", "a\u200d", "👩\u200c", "\u3164\u200d"])
def test_the_same_signs_anywhere_else_only_hide(text: str) -> None:
    at = len(text) - 1

    assert not joins_letters(text, at)
    assert not is_of_an_emoji(text, at)


def test_the_panel_has_the_same_tables() -> None:
    script = PANEL.read_text(encoding="utf-8")

    def codes(name: str) -> set[int]:
        found = re.search(rf'const {name} =\n((?:  "[^"]*"(?: \+\n|;))+)', script)
        assert found is not None
        return {
            code
            for first, last in re.findall(r"\\\\u\{([0-9a-f]+)\}(?:-\\\\u\{([0-9a-f]+)\})?", found[1])
            for code in range(int(first, 16), int(last or first, 16) + 1)
        }

    table = re.compile(f"[{HIDDEN}]")
    assert codes("HIDDEN_CHARACTERS") == {ord(one) for one in EVERY if table.match(one)}
    assert codes("EMOJI_CHARACTERS") == {ord(one) for one in EVERY if is_of_an_emoji(f"{one}\ufe0f", 1)}
