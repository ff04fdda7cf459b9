"""Nothing that leaves for a terminal or a file holds a character that a terminal would obey."""

import json

import pytest
from pydantic import BaseModel

from copilot.output.shown import json_text, one_line, printable

HOSTILE = "a\x1b]52;c;aGk=\x07b\u202ec\x9bd\u2028e\x85f\x00g\x7fh\ufeffi\U000e0041j\r\nk\u200d"


class Holder(BaseModel):
    text: str


def test_hostile_text_becomes_visible_marks() -> None:
    shown = printable(HOSTILE)

    assert all(character.isprintable() or character == "\n" for character in shown)
    assert "‹U+001B›]52;c;aGk=‹U+0007›" in shown


def test_an_error_line_is_one_line() -> None:
    assert one_line("a\nb\r\n\x1b[2Jc") == "a b ‹U+001B›[2Jc"


@pytest.mark.parametrize("text", [HOSTILE, "日本語 😀 é", '\\u202e "quoted" \\', ""])
def test_json_is_the_same_json_with_nothing_unprintable_in_it(text: str) -> None:
    shown = json_text(Holder(text=text))

    assert json.loads(shown) == {"text": text}
    assert shown.isprintable()


def test_other_scripts_stay_readable_in_json() -> None:
    assert json_text(Holder(text="威胁 угроза 😀")) == '{"text":"威胁 угроза 😀"}'
