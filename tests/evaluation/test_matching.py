"""Gold facts beside read facts: which are the same, whatever ids and order a reader chose."""

import pytest

from copilot.core.extraction import Extraction
from copilot.evaluation.score.matching import FACT_LISTS, Confusion, FactComparison, compare
from tests.evaluation.labelled import CLIENT, FREELANCER, claim, demand, dispute, extraction, party, threat


def _confusions(compared: FactComparison) -> list[str | None]:
    return [pairing.confusion and pairing.confusion.value for pairing in compared.pairings]


def test_facts_are_the_same_under_other_party_ids_and_in_another_order() -> None:
    gold = extraction(threats=[threat("destroy"), threat("disclose")], demands=[demand()])
    own_ids = (party("him", "freelancer"), party("me", "client", reporter=True))

    read = extraction(
        parties=own_ids,
        threats=[threat("disclose", "him", "me"), threat("destroy", "him", "me")],
        demands=[demand("money", "him", "me")],
    )

    assert _confusions(compare(gold, read)) == [None, None, None]
    assert compare(gold, read).parties == {"him": "p2", "me": "p1"}


@pytest.mark.parametrize(
    ("read", "confusion"),
    [
        (threat("lock_out"), Confusion.WRONG_KIND),
        (threat("destroy", by="p3"), Confusion.WRONG_ACTOR),
        (threat("destroy", by="p1", against="p2"), Confusion.WRONG_ACTOR),
        (threat("destroy", against="p3"), Confusion.WRONG_VICTIM),
    ],
)
def test_a_single_difference_is_named(read: dict[str, object], confusion: Confusion) -> None:
    three = (CLIENT, FREELANCER, party("p3", "agency"))
    anchors = [demand("money"), demand("work", by="p3")]

    compared = compare(
        extraction(parties=three, threats=[threat()], demands=anchors), extraction(parties=three, threats=[read], demands=anchors)
    )

    assert _confusions(compared)[0] == confusion


def test_a_fact_with_nothing_in_common_is_missed_and_another_one_invented() -> None:
    gold, read = extraction(disputes=[dispute("payment")]), extraction(disputes=[dispute("quality")])

    assert _confusions(compare(gold, read)) == ["missed", "invented"]


def test_facts_are_paired_so_that_as_many_as_can_be_are_the_same() -> None:
    """Two gold threats, one read threat of the second kind: it is the second, and the first was missed."""
    gold = extraction(threats=[threat("destroy"), threat("lock_out")])

    compared = compare(gold, extraction(threats=[threat("lock_out")]))

    assert _confusions(compared) == ["missed", None]


def test_the_pairing_is_the_mildest_on_the_whole() -> None:
    """One read threat has the wrong kind, the other the wrong victim; neither pair is torn apart for the other's sake."""
    three = (CLIENT, FREELANCER, party("p3", "agency"))
    anchors = [demand("money"), demand("work", by="p3")]
    gold = extraction(parties=three, threats=[threat("destroy"), threat("disclose", against="p3")], demands=anchors)
    read = extraction(parties=three, threats=[threat("disclose"), threat("disclose", against="p3")], demands=anchors)

    assert _confusions(compare(gold, read))[:2] == ["wrong_kind", None]


def test_a_fact_that_is_repeated_is_one_fact_with_all_its_evidence() -> None:
    compared = compare(extraction(threats=[threat()]), extraction(threats=[threat(), threat(evidence="m1.2")]))

    assert _confusions(compared) == [None]
    assert compared.pairings[0].read is not None
    assert compared.pairings[0].read.evidence == ("m1.1", "m1.2")


def test_harm_to_a_marketplace_account_is_never_merged_with_harm_to_a_site() -> None:
    both = extraction(threats=[threat(), threat(asset="marketplace_account", evidence="m1.2")])

    assert len(compare(both, both).pairings) == 2


def test_a_party_that_lines_up_with_nobody_makes_its_facts_invented() -> None:
    gold = extraction(threats=[threat()])
    crowd = (CLIENT, FREELANCER, party("p3", "unknown"))

    compared = compare(gold, extraction(parties=crowd, threats=[threat(), threat("defame", by="p3")]))

    assert sorted(map(str, _confusions(compared))) == ["None", "invented"]


def test_a_crowd_is_lined_up_by_role_and_reporter() -> None:
    crowd = (CLIENT, FREELANCER, *(party(f"x{number}", "unknown") for number in range(6)))
    gold = extraction(parties=crowd, threats=[threat()])
    read = extraction(parties=tuple(reversed(crowd)), threats=[threat()])

    compared = compare(gold, read)

    assert _confusions(compared) == [None]
    assert (compared.parties["p1"], compared.parties["p2"]) == ("p1", "p2")


def test_no_reading_at_all_misses_everything_and_invents_nothing() -> None:
    gold = extraction(threats=[threat()], damage_claims=[claim()], demands=[demand()], disputes=[dispute()])

    compared = compare(gold, Extraction.empty())

    assert _confusions(compared) == ["missed"] * len(FACT_LISTS)
    assert (compared.gold_parties, compared.read_parties, compared.same_parties) == (2, 0, 0)


def test_a_party_with_another_role_is_not_the_same_party() -> None:
    compared = compare(extraction(), extraction(parties=(CLIENT, party("p2", "agency"))))

    assert (compared.same_parties, compared.read_parties) == (1, 2)
