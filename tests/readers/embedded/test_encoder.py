"""Windows hold every sentence, in bounded work, and hidden characters change nothing that the model sees."""

from itertools import pairwise

import pytest

from copilot.core.vocabulary import Origin, Role
from copilot.readers.embedded.encoder import OVERLAP_SENTENCES, WINDOW_TOKENS, Encoder, Text, pooling
from copilot.readers.embedded.model import FOLDER, TOKENIZER
from copilot.readers.embedded.plain import plain
from copilot.readers.embedded.readable import is_readable

ENCODER = Encoder(FOLDER / TOKENIZER)


def text(*sentences: str, role: Role | None = None) -> Text:
    return Text(Origin.CUSTOMER_REPORT, Role.CLIENT, tuple((role, sentence) for sentence in sentences))


@pytest.mark.parametrize("sentences", [1, 40, 400])
def test_every_sentence_stands_in_a_window_and_neighbours_overlap(sentences: int) -> None:
    windows = list(ENCODER.windows(text(*["He says he will delete the shop unless we pay."] * sentences)))

    covered = [place for window in windows for place in range(window.first, window.first + window.sentences)]
    assert set(covered) == set(range(sentences))
    assert all(len(window.ids) == len(window.owners) <= WINDOW_TOKENS for window in windows)
    overlaps = [one.first + one.sentences - other.first for one, other in pairwise(windows)]
    assert overlaps == [OVERLAP_SENTENCES] * (len(windows) - 1)


def test_what_the_model_is_shown_grows_with_the_text_and_no_faster() -> None:
    tokens = [
        sum(len(window.ids) for window in ENCODER.windows(text(*["He wants 500 more, or else the shop stays down."] * size)))
        for size in (100, 1_000)
    ]

    assert tokens[1] < 11 * tokens[0]


def test_a_sentence_longer_than_a_window_is_cut_and_a_blank_one_has_a_place() -> None:
    (window,) = ENCODER.windows(text("x" * 400, "   ", "pay " * 500))

    assert window.sentences == 3
    assert pooling(window.owners, window.sentences).sum(1).round(3).tolist() == [1, 1, 1]


def test_an_author_other_than_the_reporter_is_shown_to_the_model() -> None:
    (own,), (other,) = (ENCODER.windows(text("Pay me.", role=role)) for role in (None, Role.FREELANCER))

    assert len(other.ids) > len(own.ids)


@pytest.mark.parametrize(
    "typed",
    [
        "I will de\u200blete your si\u00adte",
        "I w\u0456ll delet\u0435 your s\u0456te",
        "I will d-e-l-e-t-e your site",
        "I will d e l e t e your site",
        "I w1ll del3te your s1te",
        "Ｉ ｗｉｌｌ ｄｅｌｅｔｅ ｙｏｕｒ ｓｉｔｅ",
        "\u202eetis ruoy eteled lliw I\u202c",
        "I\u200bwill\u200bdelete\u200byour\u200bsite",
    ],
)
def test_what_looks_like_a_sentence_is_read_as_that_sentence(typed: str) -> None:
    assert plain(typed) == "I will delete your site"


@pytest.mark.parametrize(
    "typed",
    [
        "می\u200cخواهم پول بدهد",
        "Er löscht meine Seite",
        "मेरी वेबसाइट",
        "a 4K video in mp4",
        "Ошибка в коде",
        "naïve café",
        "I am 3 a.m. $5",
    ],
)
def test_ordinary_text_stays_as_it_is(typed: str) -> None:
    assert plain(typed) == typed


@pytest.mark.parametrize(
    ("sentence", "readable"),
    [
        ("He deleted my shop.", True),
        ("Er hat meine Website gelöscht und will Geld.", True),
        ("उसने मेरी दुकान मिटा दी और पैसे माँगे।", True),
        ("他删除了我的网站，还要钱。", True),
        ("เขาลบเว็บไซต์ของฉัน", True),
        ("$500 / 2026-11-30", True),
        ("aGVsbG8gd29ybGQgdGhpcyBpcyBhIGJsb2Igb2YgdGV4dA9xZ3Jk", False),
        ("qzxvkj wpqrfgh zzxcvbnm qqwrtp lkjhgf xcvbzq", False),
        ("መለያዬን ሰረቀ እና ገንዘብ ይፈልጋል", False),
        ("ჩემი საიტი წაშალა", False),
    ],
)
def test_a_script_that_was_not_learned_and_a_blob_are_not_called_read(sentence: str, readable: bool) -> None:
    assert is_readable(sentence, ENCODER.pieces(sentence)) is readable
