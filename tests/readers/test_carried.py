"""A second answer may add and correct; what the first said that can be verified is never lost to it."""

import json
from typing import Any

import pytest

from copilot.core.extraction import ExtractedParty, Extraction
from copilot.readers.model.carried import joined, salvaged
from tests.quirk_table import shop

SHOP = Extraction.model_validate(shop())
NOBODY: frozenset[tuple[str, int]] = frozenset()


def said(extraction: Extraction) -> dict[str, int]:
    return {name: len(getattr(extraction, name)) for name in ("threats", "demands", "damage_claims", "disputes")}


def less(*names: str) -> Extraction:
    return Extraction.model_validate(shop(**{name: [] for name in names}))


@pytest.mark.parametrize("lost", [("threats",), ("demands",), ("damage_claims",), ("threats", "demands", "damage_claims")])
def test_a_fact_that_the_second_answer_lacks_is_kept(lost: tuple[str, ...]) -> None:
    assert said(joined(less(*lost), SHOP, NOBODY)) == said(SHOP)


def test_a_second_answer_that_says_the_same_stays_as_it_is() -> None:
    assert joined(SHOP, SHOP, NOBODY) is SHOP


def test_a_fact_whose_party_was_corrected_is_not_told_twice() -> None:
    """The two answers number the people otherwise, so only the kind tells whether a fact is lacking."""
    client, other = shop()["parties"]
    turned = Extraction.model_validate(json.loads(json.dumps(shop(parties=[other | {"id": "p1"}, client | {"id": "p2"}]))))

    assert said(joined(turned, SHOP, NOBODY)) == said(SHOP)


def test_people_numbered_otherwise_are_matched_before_a_fact_is_carried_over() -> None:
    client, other = shop()["parties"]
    cast = [other | {"id": "a"}, client | {"id": "b"}]
    second = less("threats", "demands", "damage_claims").model_copy(update={"parties": [ExtractedParty(**one) for one in cast]})

    both = joined(second, SHOP, NOBODY)

    reporter = next(party.id for party in both.parties if party.is_reporter)
    assert len(both.parties) == 2
    assert {fact.against for fact in both.threats} == {reporter}


@pytest.mark.parametrize(("second", "count"), [(SHOP, 1), (less("threats"), 1)])
def test_a_fact_that_could_not_be_verified_is_carried_only_where_nothing_stands_in_its_place(
    second: Extraction, count: int
) -> None:
    both = joined(second, SHOP, frozenset({("threats", 0)}))

    assert len(both.threats) == count


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        (json.dumps(shop()), (1, 1, 1)),
        (json.dumps(shop()).replace("money", "cash"), (1, 1, 1)),
        (json.dumps(shop(threats=["he threatened"], demands=[{}], damage_claims=[7])), (1, 1, 1)),
        (json.dumps(shop(route="no_escalation")), (1, 1, 1)),
        (json.dumps(shop())[:-4], (1, 1, 1)),
        ('{"threats": [{"by": "p2"', (1, 0, 0)),
        ('{"threats": [], "demands": [ ]', (0, 0, 0)),
        ("I will not.", (0, 0, 0)),
        ("", (0, 0, 0)),
        ("[]", (0, 0, 0)),
        ('{"threats": {"by": "p2"}, "parties": "x"}', (0, 0, 0)),
    ],
)
def test_every_fact_that_an_unusable_answer_names_is_known_of(content: str, facts: tuple[int, int, int]) -> None:
    found = salvaged(content)

    assert (len(found.threats), len(found.demands), len(found.damage_claims)) == facts


@pytest.mark.parametrize("field", ["harm", "asset", "by", "evidence"])
def test_a_broken_fact_cites_nothing_and_says_nothing_of_the_models_own(field: str) -> None:
    fact: dict[str, Any] = shop()["threats"][0] | {field: ["LEAK"] if field != "evidence" else "LEAK"}

    (broken,) = salvaged(json.dumps(shop(threats=[fact]))).threats

    assert broken.evidence == []
    assert "LEAK" not in broken.model_dump_json()
