"""Redaction: what leads to a person stays out of the prompt, and the agent sees the ticket's own words."""

import json

import pytest

from copilot import Ticket, triage
from copilot.config.settings import Settings
from copilot.core.errors import SettingsError
from copilot.core.sentences import cut
from copilot.readers.model.numbered_lines import NumberedTicket
from copilot.readers.model.openai import OpenAIReader
from copilot.readers.model.prompt import Chunk, user_text
from copilot.readers.redaction import Redaction
from tests.fault_server import FaultServer, says

PEOPLE = [
    {"id": "a", "role": "client", "name": "María Lopez"},
    {"id": "b", "role": "freelancer", "name": "Tibor Nagel"},
    {"id": "c", "role": "freelancer", "name": "Nils Lopez"},
    {"id": "d", "role": "agency", "name": "Blue Web Studio"},
]


def shown(text: str, subject: str = "", people: list[dict[str, str]] = PEOPLE) -> str:
    """What a model is shown of a ticket of one message."""
    ticket = Ticket.model_validate(
        {"subject": subject, "reporter": people[0]["id"], "participants": people, "messages": [{"text": text}]}
    )
    sentences = cut(ticket)
    return user_text(Chunk(NumberedTicket.of(ticket, sentences, Settings(redact=True)), sentences.all))


@pytest.mark.parametrize(
    "secret",
    [
        "tibor.n+work@mail.example.org",
        "tibor (at) mail [dot] example",
        "tib\u200bor@mail.example.org",
        "tibor＠mail.example.org",
        "+49 171 2345678",
        "0049 171 2345678",
        "(202) 555-0143",
        "+44 7700 900123",
        "٠٩٨٧٦٥٤٣٢١٠",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "４１１１１１１１１１１１１１１１",
        "DE89 3704 0044 0532 0130 00",
        "de89370400440532013000",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "https://shop.example/reset?token=ab12cd",
        "https://maria:geheim@shop.example/",
        "shop.example/invite/aB3xY9kLmN",
        "https://chat.example/#access_token=abcdef",
        "030/901820",
        "0171 / 123 45 67",
        "512 345 678",
        "+48 512 345 000",
        "tibor.o'nagel@mail.example.org",
        "María Lopez",
        "maria",
        "MARIA",
        "Mari\u0301a",
        "Ma\u200bría",
        "Tibor",
        "Blue Web Studio",
    ],
)
@pytest.mark.parametrize("around", ["Write to {}. He waits.", "{}", "({}), he said", "It was “{}”!"])
def test_what_leads_to_a_person_is_not_in_the_prompt(secret: str, around: str) -> None:
    printed = shown(around.format(secret), subject=around.format(secret))

    assert secret.casefold() not in printed.casefold()
    assert secret.replace("\u200b", "").casefold() not in printed.casefold()
    assert "_1" in printed


@pytest.mark.parametrize(
    "kept",
    [
        "He wants $1,500,000 or 3.500.000 pesos.",
        "On 2024-05-12 at 10:30, and on 12.05.2024, she gave 5 stars.",
        "See https://shop.example/how-to-get-stars-in-2024?page=2 for it.",
        "The web is large, and the studio small.",
        "He broke contract 12345678.",
        "He broke contract (23456789), and 234567890123 too.",
        "He wants 3 000 000 руб, 512 345 678 €, 1 500 000 or 50 000 now.",
        "From 2019-2023, and in 2024 2026, she gave 5 stars.",
        "See invoice 2024/123456, row 12/3456789.",
    ],
)
def test_what_a_story_hangs_on_stays(kept: str) -> None:
    printed = shown(kept)

    assert kept in printed


def test_one_person_has_one_placeholder_and_a_word_that_two_share_is_neithers() -> None:
    printed = shown("María Lopez wrote. Then Maria called Nils, and Lopez paid.")

    assert "NAME_1 wrote." in printed
    assert "Then NAME_1 called NAME_3, and NAME_5 paid." in printed
    assert '"NAME_3"' in printed


@pytest.mark.parametrize(
    ("name", "text", "printed"),
    [
        ("राहुल वर्मा", "राहुल ने कहा, राहुलजी। मेरी पूरी वेबसाइट", "NAME_1 ने कहा, NAME_1जी। मेरी पूरी वेबसाइट"),
        ("राम", "आराम राम", "आराम NAME_1"),
        ("রহিম", "রহিমের আমার দোকান", "NAME_1ের আমার দোকান"),
        ("สมชาย", "คุณสมชายครับ", "คุณNAME_1ครับ"),
        ("محمد علي", "قال مُحَمَّد ومحمـد لعلي", "قال NAME_1 وNAME_1 لNAME_1"),
        ("Ivo", "Ivos Seite, Ivo’s site, IVO'S", "NAME_1 Seite, NAME_1’s site, NAME_1'S"),
    ],
)
def test_a_name_is_found_in_the_script_that_it_is_written_in_and_nothing_else_is(name: str, text: str, printed: str) -> None:
    """A vowel sign is no letter, and a name is not what stands between two of them."""
    ticket = Ticket.model_validate({"participants": [{"id": "a", "name": name}], "messages": [{"text": text}]})

    assert Redaction(ticket, "Upwork").part("m1", 0, len(text)) == printed


def test_two_spellings_of_one_number_are_one_thing() -> None:
    printed = shown("Call +49 171 2345678 or +491712345678, not +49 171 2345679.")

    assert "Call PHONE_1 or PHONE_1, not PHONE_2." in printed


def test_a_placeholder_is_never_a_word_that_the_ticket_holds_itself() -> None:
    """Else a customer could have a name put into somebody's mouth."""
    printed = shown("NAME_1 is nobody, name_2 neither. Tibor is.")

    assert "NAME_1 is nobody, name_2 neither." in printed
    assert "] NAMEX_2 is." in printed


def test_sentences_keep_their_numbers_where_a_link_is_cut_in_two() -> None:
    text = "See https://shop.example/reset?token=" + "a1" * 400 + " now. He said no."
    ticket = Ticket.model_validate({"messages": [{"text": text}]})
    sentences = cut(ticket)
    plain, hidden = NumberedTicket(ticket, sentences), NumberedTicket(ticket, sentences, Redaction(ticket, "Upwork"))

    assert list(hidden.lines) == list(plain.lines)
    assert "a1a1" not in hidden.body(sentences.all)


@pytest.mark.parametrize(
    ("given", "name"), [("NAME_2", "Tibor Nagel"), ("name_2", "Tibor Nagel"), ("EMAIL_1", "tib@mail.example"), ("NAME_9", None)]
)
def test_the_agent_sees_the_tickets_own_words_and_never_a_placeholder(given: str, name: str | None) -> None:
    text = "Tibor (tib@mail.example) deleted my shop. He wants $500."
    ticket = Ticket.model_validate({"reporter": "a", "participants": PEOPLE, "messages": [{"text": text}]})
    claim = {"by": "p2", "against": "p1", "harm": "destroy", "asset": "website", "intent": "deliberate", "motive": "leverage"}
    said = {
        "parties": [
            {"id": "p1", "role": "client", "is_reporter": True, "name": None},
            {"id": "p2", "role": "freelancer", "is_reporter": False, "name": given},
        ],
        **{"threats": [], "demands": [], "disputes": []},
        "damage_claims": [claim | {"evidence": ["m1.1"]}],
    }

    with FaultServer([says(json.dumps(said))]) as server:
        reader = OpenAIReader(Settings(model="m", base_url=server.url, redact=True))
        suggestion = triage(ticket, reader)
        reader.close()

    sent, printed = json.dumps(server.requests[0].body), suggestion.model_dump_json()
    assert "Tibor" not in sent
    assert "tib@" not in sent
    assert suggestion.parties[1].name == name
    assert "“Tibor (tib" in suggestion.note
    assert not any(f"{kind}_" in printed for kind in ("NAME", "EMAIL"))


def test_redaction_without_its_libraries_asks_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot.readers.redaction.find_spec", lambda name: None)

    with pytest.raises(SettingsError, match=r"COPILOT_REDACT=1 needs .*\[redact\]"):
        OpenAIReader(Settings(model="m", api_key="k", redact=True))


def test_past_so_many_numbers_what_looks_like_one_is_replaced_unchecked() -> None:
    """A check takes milliseconds, and a ticket may hold a hundred thousand numbers."""
    ticket = Ticket.model_validate({"messages": [{"text": "; ".join(["1000000"] * 300)}]})

    redaction = Redaction(ticket, "Upwork")

    assert redaction.part("m1", 0, 7) == "1000000"
    assert redaction.part("m1", 9 * 299, 9 * 299 + 7) == "PHONE_1"
