"""A long ticket in parts: nothing is left out when it is cut, and nothing is lost when the parts become one."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.core.extraction import Extraction
from copilot.core.sentences import Sentence
from copilot.readers.model import chunking

LIMIT, OVERLAP = 100, 3


def sentences(count: int) -> list[Sentence]:
    return [Sentence(f"m1.{n}", "m1", None, n, n + 1, "x") for n in range(count)]


@settings(max_examples=200)
@given(st.lists(st.integers(1, 150), max_size=60), st.integers(1, 200), st.integers(0, 9))
def test_windows_cover_every_sentence_in_order_and_always_go_on(sizes: list[int], limit: int, overlap: int) -> None:
    given_ = sentences(len(sizes))
    size_of = {sentence.id: size for sentence, size in zip(given_, sizes, strict=True)}

    runs = chunking.plan(given_, size_of, limit, overlap)

    assert [id for run in new_in_each(runs) for id in run] == [sentence.id for sentence in given_]
    for run in runs:
        assert sum(size_of[one.id] for one in run) <= limit or len(run) == 1 or is_one_long_after_overlap(run, size_of, limit)


def new_in_each(runs: list[tuple[Sentence, ...]]) -> list[list[str]]:
    seen: set[str] = set()
    found = []
    for run in runs:
        fresh = [one.id for one in run if one.id not in seen]
        assert fresh, "a window with nothing new in it"
        seen.update(fresh)
        found.append(fresh)
    return found


def is_one_long_after_overlap(run: tuple[Sentence, ...], size_of: dict[str, int], limit: int) -> bool:
    return size_of[run[-1].id] > limit - limit // 4


def test_a_ticket_at_the_limit_is_one_window_and_past_it_two() -> None:
    given_ = sentences(10)
    size_of = {one.id: 10 for one in given_}

    assert [len(chunking.plan(given_, size_of, limit, 0)) for limit in (101, 100, 99)] == [1, 1, 2]


def test_windows_share_some_sentences() -> None:
    given_ = sentences(30)

    runs = chunking.plan(given_, {one.id: 5 for one in given_}, LIMIT, OVERLAP)

    assert runs[0][-OVERLAP:] == runs[1][:OVERLAP]


def test_what_has_nothing_to_read_is_in_no_window() -> None:
    given_ = sentences(3)

    runs = chunking.plan(given_, {"m1.0": 1, "m1.2": 1}, LIMIT, OVERLAP)

    assert [[one.id for one in run] for run in runs] == [["m1.0", "m1.2"]]


def party(id: str, role: str = "unknown", reports: bool = False, name: str | None = None) -> dict[str, Any]:
    return {"id": id, "role": role, "is_reporter": reports, "name": name}


def part(parties: list[dict[str, Any]], *demands: tuple[str, str, str, str]) -> Extraction:
    made = [{"by": by, "of": of, "kind": kind, "evidence": [id]} for by, of, kind, id in demands]
    return Extraction.model_validate({"parties": parties, "threats": [], "demands": made, "damage_claims": [], "disputes": []})


CLIENT = party("p1", "client", True)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (party("p2", "freelancer"), party("x", "freelancer"), True),
        (party("p2", "freelancer"), party("x"), True),
        (party("p2", "freelancer", name="Ana"), party("x", "freelancer"), True),
        (party("p2", "freelancer", name="Ana"), party("x", "agency", name="ana"), True),
        (party("p2", "freelancer", name="Ana"), party("x", "freelancer", name="Bo"), False),
        (party("p2", "freelancer"), party("x", "support"), False),
        (party("p2"), party("x"), True),
    ],
)
def test_people_of_two_parts_are_one_where_nothing_tells_them_apart(
    first: dict[str, Any], second: dict[str, Any], same: bool
) -> None:
    merged = chunking.joined([part([CLIENT, first]), part([party("a", "client", True), second])])

    assert len(merged.parties) == (2 if same else 3)


def test_two_people_of_one_part_stay_two() -> None:
    two = [CLIENT, party("p2", "freelancer"), party("p3", "freelancer")]

    merged = chunking.joined([part([CLIENT, party("p2", "freelancer")]), part(two)])

    assert len(merged.parties) == 4


def test_what_one_part_knows_of_a_person_completes_the_other() -> None:
    merged = chunking.joined([part([CLIENT, party("p2")]), part([CLIENT, party("p9", "agency", name="Ana")])])

    assert merged.parties[1].model_dump(mode="json") == party("p2", "agency", name="Ana")


def test_the_same_fact_in_two_parts_is_handed_on_as_often_as_it_was_told() -> None:
    other = party("p2", "freelancer")

    merged = chunking.joined(
        [part([CLIENT, other], ("p2", "p1", "money", "m1.1")), part([CLIENT, other], ("p2", "p1", "money", "m9.1"))]
    )

    assert [(one.kind, one.evidence) for one in merged.demands] == [("money", ["m1.1"]), ("money", ["m9.1"])]


def test_facts_that_differ_are_all_kept_with_their_parties_renamed() -> None:
    first = part([CLIENT, party("p2", "freelancer")], ("p2", "p1", "money", "m1.1"))
    second = part([party("r", "client", True), party("s", "agency", name="Bo")], ("s", "r", "work", "m2.1"))

    merged = chunking.joined([first, second])

    assert [(one.by, one.of, one.kind) for one in merged.demands] == [("p2", "p1", "money"), ("p3", "p1", "work")]


def test_a_fact_about_nobody_stays_about_nobody() -> None:
    bad = part([CLIENT], ("p2", "p1", "money", "m1.1"))
    good = part([CLIENT, party("z", "freelancer")])

    merged = chunking.joined([good, bad])

    assert merged.demands[0].by not in {one.id for one in merged.parties}


def test_one_part_is_handed_on_as_it_is() -> None:
    only = part([CLIENT])

    assert chunking.joined([only]) is only
