"""Who speaks: in quotations, chats and mails the persons turn round."""

import pytest

from tests.readers.lexical_reading import facts, read

PEOPLE = {
    "participants": [{"id": "ana", "role": "client"}, {"id": "bo", "role": "freelancer"}],
    "reporter": "ana",
}


def test_in_a_quotation_i_is_the_quoted_person() -> None:
    found = facts(read('He wrote: "I will delete your site tonight unless you pay me 200 USD".'))

    assert found == {("threat", "other", "destroy"), ("demand", "other", "money")}


def test_a_quotation_of_ones_own_words_stays_ones_own() -> None:
    found = facts(read('I wrote to him: "pay me or I will delete your site".'))

    assert ("threat", "reporter", "destroy") in found


def test_in_the_other_sides_message_i_is_that_side() -> None:
    found = facts(read(("ana", "Please finish the work."), ("bo", "I will delete your site if you don't pay me 200."), **PEOPLE))

    assert ("threat", "other", "destroy") in found


def test_chat_labels_say_who_speaks() -> None:
    found = facts(
        read("me: where are my files?\ndev: I will delete your database tonight unless you pay 300 usd\nme: please don't")
    )

    assert ("threat", "other", "destroy") in found


def test_an_arrow_quotes_the_other_side() -> None:
    found = facts(read("See what I got.\n\n> I will delete your database tonight unless you pay 300 usd\n\nWhat now?"))

    assert ("threat", "other", "destroy") in found


def test_support_makes_no_claims_of_its_own() -> None:
    people = {**PEOPLE, "participants": [*PEOPLE["participants"], {"id": "sam", "role": "support"}]}
    found = facts(read(("ana", "Where is my invoice?"), ("sam", "We will delete your account if you do not verify."), **people))

    assert found == set()


def test_an_agents_observation_has_no_reporter_and_two_parties() -> None:
    extraction = read(
        "The client told the freelancer that he will delete her portfolio site unless she refunds him.",
        origin="agent_observation",
    )

    assert [party.is_reporter for party in extraction.parties] == [False, False]
    assert "destroy" in [threat.harm.value for threat in extraction.threats]


@pytest.mark.parametrize(("speaker", "listener"), [("freelancer", "client"), ("client", "freelancer")])
def test_in_an_observation_a_quotation_is_the_words_of_whoever_is_said_to_have_written_it(speaker: str, listener: str) -> None:
    found = read(f"The {speaker} wrote to the {listener}: “Pay me $90 today or I delete your files.”", origin="agent_observation")
    role = {party.id: party.role.value for party in found.parties}

    assert {role[threat.by] for threat in found.threats} == {speaker}
    assert {role[demand.by] for demand in found.demands} == {speaker}
