"""What keeps a case set honest."""

import json
from pathlib import Path

import pytest

from copilot.evaluation.cases import personal
from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.cases.lint import Sources, lint
from copilot.evaluation.cases.tags import MEANINGS, is_known
from tests.evaluation.labelled import case, case_set, extraction, shipped_cases, threat

STORY = "The beekeeper in our village hired a lad from the valley to paint his hives in seven colours before the fair."


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """An empty prompt and no training tickets."""
    for name in ("prompts", "training"):
        (tmp_path / name).mkdir()
    return Sources(tmp_path / "prompts", tmp_path / "training")


def _told(text: str, id: str = "case-1", tags: tuple[str, ...] = ("lang:en",)) -> LabelledCase:
    return case(extraction(), id=id, tags=tags, messages=[{"text": text}])


def _found(sources: Sources, *cases: LabelledCase) -> list[str]:
    return [str(finding) for finding in lint(case_set(*cases), sources)]


def test_an_honest_set_has_no_findings(sources: Sources) -> None:
    assert _found(sources, _told(STORY), _told("How do I change my photo?", id="case-2")) == []


def test_the_same_story_twice_is_a_near_duplicate_whatever_its_accents_and_capitals(sources: Sources) -> None:
    again = _told(STORY.upper().replace("E", "É"), id="case-2")

    assert _found(sources, _told(STORY), again) == ["case-2: near-duplicate: shares 100% of its word shingles with case-1"]


def test_the_two_sides_of_a_minimal_pair_may_be_alike(sources: Sources) -> None:
    tags = ("lang:en", "minimal-pair:hives")
    threatened = case(extraction(threats=[threat()]), id="case-2", tags=tags, messages=[{"text": STORY}])

    assert _found(sources, _told(STORY, tags=tags), threatened) == []


def test_a_pair_that_changes_nothing_is_found(sources: Sources) -> None:
    assert "changes no route and no label" in _found(sources, _told(STORY, tags=("lang:en", "minimal-pair:hives")))[0]


@pytest.mark.parametrize("name", ["extract.j2", "example.json"])
def test_five_words_in_a_row_from_a_prompt_are_found(sources: Sources, name: str) -> None:
    quoted = "He shall paint his hives in seven colours, she said."
    (sources.prompts / name).write_text(f'["{quoted}"]' if name.endswith("json") else quoted, encoding="utf-8")

    found = _found(sources, _told(STORY))

    assert found == [f"case-1: in the prompt: shares «paint his hives in seven» with {name}"]


def test_four_words_in_a_row_are_no_copy(sources: Sources) -> None:
    (sources.prompts / "extract.j2").write_text("paint his hives in six colours", encoding="utf-8")

    assert _found(sources, _told(STORY)) == []


def test_a_ticket_that_poses_as_an_answer_copies_nothing(sources: Sources) -> None:
    (sources.prompts / "extract.j2").write_text('{"by": "p2", "against": "p1", "harm": "…"}', encoding="utf-8")

    assert _found(sources, _told('{"by": "p2", "against": "p1", "harm": "violence"}')) == []


@pytest.mark.parametrize(
    ("sentences", "copies"),
    [
        ([STORY], True),
        (["Once the Beekeeper in our village hired", "a lad from the válley to paint his hives."], True),
        (["The beekeeper in our village hired nobody.", "A lad from the valley came all the same."], False),
    ],
)
def test_a_training_ticket_that_repeats_ten_words_of_a_case_is_found(
    sources: Sources, sentences: list[str], copies: bool
) -> None:
    ticket = {"sents": [[sentence, []] for sentence in sentences]}
    (sources.training / "files.jsonl").write_text(json.dumps(ticket) + "\n", encoding="utf-8")  # type: ignore[operator]

    assert bool(_found(sources, _told(STORY))) is copies


def test_tags_outside_the_list_and_a_missing_language_are_found(sources: Sources) -> None:
    found = _found(sources, _told(STORY, tags=("hostil", "ordinary", "ordinary")))

    assert found == [
        "case-1: tags: 'hostil' not known; use one of copilot.evaluation.cases.tags",
        "case-1: tags: one is given twice",
        "case-1: tags: needs exactly one lang:…",
    ]


@pytest.mark.parametrize(
    ("evidence", "problem"),
    [("m1.2 m1.1", "out of order"), ("m1.1 m1.1", "one twice"), ("m1.3", "nothing to read"), ("m1.1 m1.2", "")],
)
def test_odd_evidence_is_found(sources: Sources, evidence: str, problem: str) -> None:
    odd = case(extraction(threats=[threat(evidence=evidence)]), messages=[{"text": f"{STORY}\nHe will burn them.\n***"}])

    found = _found(sources, odd)

    assert (problem in found[0]) if problem else found == []


def test_a_fact_that_cites_everything_points_at_nothing(sources: Sources) -> None:
    many = " ".join(f"Number {number} is red." for number in range(7))
    odd = case(extraction(threats=[threat(evidence=" ".join(f"m1.{n}" for n in range(1, 8)))]), messages=[{"text": many}])

    assert _found(sources, odd) == ["case-1: evidence: expect.extraction.threats[0] cites 7 sentences, more than 6"]


def test_a_case_without_gold_facts_or_a_reason_is_found(sources: Sources) -> None:
    bare = case(None, messages=[{"text": STORY}]).model_copy(update={"why": " "})

    assert [line.split(": ")[1] for line in _found(sources, bare)] == ["gold facts", "reason"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("write to ana@mail-provider.com", "a mail address"),
        ("see https://shop.ana-design.net/x", "a web address"),
        ("ring +44 20 7946 0958 please", "telephone"),
        ("IBAN DE89 3704 0044 0532 0130 00", "a bank account"),
        ("card 4111 1111 1111 1111", "a card number"),
    ],
)
def test_data_that_could_be_somebodys_is_found(sources: Sources, text: str, problem: str) -> None:
    found = _found(sources, _told(text))

    assert problem in found[0]
    assert text not in found[0]


@pytest.mark.parametrize(
    "text",
    [
        "ana@example.com and bo@shop.example.org, www.rank.example.net",
        "paid 1,250.00 on 2026-02-11, invoice 20260211, 14:30",
        "DE89 3704 0044 0532 0130 01",
        "order 4111 1111 1111 1112",
        "12.03.2026 10:15",
    ],
)
def test_what_can_be_nobodys_is_left_alone(text: str) -> None:
    assert not [problem for problem in personal.find(text) if "telephone" not in problem]


def test_every_tag_has_a_meaning_and_prefixes_need_a_rest() -> None:
    assert all(meaning and not meaning.endswith(".") for meaning in MEANINGS.values())
    assert is_known("minimal-pair:x")
    assert not is_known("minimal-pair:")


def test_the_shipped_cases_are_honest() -> None:
    findings = lint(shipped_cases(), Sources.usual())

    assert [str(finding) for finding in findings] == []
