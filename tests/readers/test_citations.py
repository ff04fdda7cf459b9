"""Sentence ids as models write them: read where they can mean one thing, left alone where they cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.readers.model.citations import LONGEST_RANGE, cited, same_party

SHOWN = ("m1.1", "m1.2", "m1.3", "m2.1", "m2.2")


@pytest.mark.parametrize(
    ("entry", "ids"),
    [
        ("m1.3", ["m1.3"]),
        ("[m1.3]", ["m1.3"]),
        (" m1.3\n", ["m1.3"]),
        ("M1.3", ["m1.3"]),
        ("m1.3.", ["m1.3"]),
        ("ｍ１.３", ["m1.3"]),
        ("m1.2-m2.1", ["m1.2", "m1.3", "m2.1"]),
        ("m1.2–m1.3", ["m1.2", "m1.3"]),
        ("m1.1-3", ["m1.1", "m1.2", "m1.3"]),
        ("m1.1 to m1.3", ["m1.1", "m1.2", "m1.3"]),
        ("m1.1, m1.3", ["m1.1", "m1.3"]),
        ("m1.1-m1.2, m2.2", ["m1.1", "m1.2", "m2.2"]),
        ("[m1.3] He deleted it (see m9.9).", ["m1.3"]),
        ("m1.2-m9.9", ["m1.2", "m9.9"]),
        ("m1.3-m1.1", ["m1.3", "m1.1"]),
        ("m9.9", ["m9.9"]),
        ("he said m1.3", ["he said m1.3"]),
        ("am1.3", ["am1.3"]),
        ("m1.33333333", ["m1.33333333"]),
        ("1.3", ["1.3"]),
        ("", [""]),
    ],
)
def test_an_entry_means_the_ids_that_it_holds_or_only_itself(entry: str, ids: list[str]) -> None:
    assert cited(entry, SHOWN) == ids


@pytest.mark.parametrize(("length", "count"), [(LONGEST_RANGE, LONGEST_RANGE + 1), (LONGEST_RANGE + 1, 2)])
def test_a_range_of_many_sentences_is_only_its_two_ends(length: int, count: int) -> None:
    shown = [f"m1.{number}" for number in range(1, 60)]

    assert len(cited(f"m1.1-m1.{length + 1}", shown)) == count


@given(st.text(alphabet="m123.[]-–, to", max_size=40))
def test_no_entry_brings_up_an_id_that_is_neither_shown_nor_written_in_it(entry: str) -> None:
    for id in cited(entry, SHOWN):
        assert id in SHOWN or id == entry or id.partition(".")[2] in entry


@pytest.mark.parametrize(("given_", "meant"), [("p2", "p2"), ("[p2]", "p2"), ("P2", "p2"), ("p9", "p9"), ("p", "p"), ("X", "X")])
def test_a_party_is_meant_by_its_id_however_it_is_dressed(given_: str, meant: str) -> None:
    assert same_party(given_, ["p1", "p2", "x", "X"]) == meant
