"""The same story about nobody: people, addresses and numbers are replaced alike, and the facts still fit."""

import pytest

from copilot.core.extraction import Extraction
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.core.verification import verify
from copilot.evaluation.cases import personal
from copilot.feedback_cases.masks import Masks
from copilot.feedback_cases.names import SPARE, Names
from copilot.feedback_cases.pseudonyms import pseudonymised

STORY = (
    "Maria here. Ivo Kestrelmann deleted my shop at https://maria-shop.com/de?x=1. Ivo wants $12,500 by 2026-03-04 at 10:30! "
    "Write to maria.l@mail.com or @maria_l, phone +49 170 1234567. Ivo's card is 4111 1111 1111 1111. "
    "His IBAN is DE89 3704 0044 0532 0130 00. "
    "Order #88213, contract UPW-20931, again Order #88213. MARIA is upset."
)
TICKET = Ticket.model_validate(
    {
        "id": "ZD-99812",
        "subject": "Ivo Kestrelmann and maria-shop.com",
        "reporter": "maria_l77",
        "participants": [
            {"id": "maria_l77", "role": "client", "name": "Maria Lindqvist"},
            {"id": "dev", "role": "freelancer", "name": None},
        ],
        "messages": [
            {"id": "zd1", "author": "maria_l77", "sent_at": "2026-03-01T10:00:00Z", "text": STORY},
            {"id": "zd2", "author": "dev", "text": "I did nothing. maria_l77 owes me 300 EUR."},
        ],
        "context": {"mediation_eligible": False},
    }
)
FACTS = Extraction.model_validate(
    {
        "parties": [
            {"id": "p1", "role": "client", "is_reporter": True, "name": "Maria"},
            {"id": "p2", "role": "freelancer", "is_reporter": False, "name": "Ivo Kestrelmann"},
        ],
        "threats": [],
        "demands": [{"by": "p2", "of": "p1", "kind": "money", "evidence": ["zd1.3", "zd1.2"]}],
        "damage_claims": [],
        "disputes": [],
    }
)


def hidden_text() -> str:
    hidden = pseudonymised(TICKET, FACTS, ["Ivo Kestrelmann"], "case-1")
    return hidden.ticket.model_dump_json() + (hidden.extraction or Extraction.empty()).model_dump_json()


@pytest.mark.parametrize(
    "personal_data",
    [
        "maria",
        "lindqvist",
        "ivo",
        "kestrelmann",
        "shop.com",
        "mail.com",
        "170",
        "4111",
        "3704",
        "88213",
        "20931",
        "99812",
        "zd1",
        "l77",
    ],
)
def test_nothing_that_is_somebodys_is_left(personal_data: str) -> None:
    assert personal_data not in hidden_text().casefold()


@pytest.mark.parametrize("told", ["$12,500", "2026-03-04", "10:30", "300 EUR", "deleted my shop"])
def test_what_the_story_hangs_on_stays(told: str) -> None:
    assert told in hidden_text()


def test_the_same_is_replaced_by_the_same() -> None:
    text = pseudonymised(TICKET, FACTS, ["Ivo Kestrelmann"], "case-1").ticket.messages[0].text

    first, second = (part.split(",")[0].split(".")[0] for part in text.split("Order ")[1:])
    assert first == second
    hidden = pseudonymised(TICKET, FACTS, ["Ivo Kestrelmann"], "case-1")
    assert hidden.extraction is not None
    name = hidden.extraction.parties[1].name
    assert name is not None
    assert hidden.ticket.subject.startswith(name)
    assert text.count(name.split()[0]) == 3


def test_the_facts_verify_against_the_new_ticket_with_evidence_in_order() -> None:
    hidden = pseudonymised(TICKET, FACTS, ["Ivo Kestrelmann"], "case-1")

    assert hidden.extraction is not None
    facts = verify(hidden.ticket, cut(hidden.ticket), hidden.extraction)
    assert facts.dropped == ()
    assert hidden.extraction.demands[0].evidence == ["m1.2", "m1.3"]


def test_who_wrote_what_and_what_the_records_say_stays() -> None:
    ticket = pseudonymised(TICKET, None, [], "case-1").ticket

    assert [ticket.author_of(message) for message in ticket.messages] == [ticket.reporter, ticket.participants[1].id]
    assert [person.role for person in ticket.participants] == [person.role for person in TICKET.participants]
    assert (ticket.origin, ticket.context) == (TICKET.origin, TICKET.context)
    assert [message.sent_at for message in ticket.messages] == [None, None]


def test_no_detector_of_the_evaluation_finds_anything() -> None:
    ticket = pseudonymised(TICKET, FACTS, ["Ivo Kestrelmann"], "case-1").ticket

    assert [problem for message in ticket.messages for problem in personal.find(message.text)] == []


def test_many_numbers_of_each_kind_stay_nobodys() -> None:
    """Placeholders are numbered, and no number may happen to be a valid card, account or telephone."""
    masks = Masks()
    for number in range(1, 120):
        originals = (
            f"+49 170 {1000000 + number}",
            f"4111 1111 1111 {1000 + number}",
            f"DE89 3704 0044 0532 01{number:02}",
            f"10.1.1.{number % 250}",
        )
        for original in originals:
            assert list(personal.find(f"it is {masks.hide(original)}, yes")) == []


@pytest.mark.parametrize(
    ("name", "text", "stays"),
    [
        ("Will", "Will says he will pay", "he will pay"),
        ("Иван", "я заплатил Ивану вчера", "вчера"),
        ("田中", "田中さんが消した", "さんが消した"),
        ("Bo", "bo took it, the boat did not. BO!", "the boat did not"),
    ],
)
def test_a_name_is_found_in_its_forms_and_other_words_stay(name: str, text: str, stays: str) -> None:
    hidden = Names([name], text).hide(text)

    assert name not in hidden
    assert stays in hidden


def test_capitals_stay_as_they_were() -> None:
    first = SPARE[0]

    assert Names(["Maria"], "").hide("Maria, maria and MARIA") == f"{first}, {first.lower()} and {first.upper()}"


def test_a_spare_name_that_stands_in_the_text_is_not_used() -> None:
    assert SPARE[0] not in Names(["Maria"], f"the {SPARE[0].lower()} tree").hide("Maria")


def test_more_names_than_there_are_spare_ones_are_still_told_apart() -> None:
    names = [f"Name{'abcdefghijklmnopqrstuvwxyz'[n % 26]}{'xyz'[n // 26]}" for n in range(40)]

    hidden = Names(names, "").hide(" ".join(names)).split()

    assert len(set(hidden)) == 40
