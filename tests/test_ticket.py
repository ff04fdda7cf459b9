"""A ticket is checked on the way in: each bound before, at and after it, each fault by field, and never with its text."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from copilot.core.ticket import MAX_CHARACTERS, MAX_MESSAGES, Message, Ticket
from copilot.core.vocabulary import Origin, Role

CANARY = "canary-9f2"


def taken(**given: Any) -> Ticket:
    return Ticket.model_validate({"messages": [{"text": "He deleted it."}]} | given)


def refused(**given: Any) -> str:
    with pytest.raises(ValidationError) as error:
        taken(**given)
    return str(error.value)


def test_the_contracts_example_is_taken() -> None:
    ticket = taken(
        id="T-1001",
        subject="Freelancer took my site down",
        origin="customer_report",
        reporter="maria",
        participants=[{"id": "maria", "role": "client", "name": "Maria L."}, {"id": "dev", "role": "freelancer", "name": None}],
        messages=[{"id": "m1", "author": "maria", "sent_at": "2026-03-01T10:00:00Z", "text": "He deleted my shop."}],
        context={"mediation_eligible": None},
    )

    assert ticket.messages[0].sent_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert ticket.participants[1].role is Role.FREELANCER
    assert Ticket.model_validate_json(ticket.model_dump_json()) == ticket


def test_only_the_text_of_a_message_is_required() -> None:
    ticket = taken(messages=[{"text": "One."}, {"text": "Two."}])

    assert [message.id for message in ticket.messages] == ["m1", "m2"]
    assert (ticket.origin, ticket.reporter, ticket.participants, ticket.subject) == (Origin.CUSTOMER_REPORT, None, (), "")
    assert ticket.context.mediation_eligible is None


def test_null_for_what_may_be_left_out_is_the_same_as_leaving_it_out() -> None:
    optional = {"id", "subject", "origin", "reporter", "participants", "is_partial", "context"}
    message = {"id": None, "author": None, "sent_at": None, "text": "x"}
    somebody = {"id": "a", "role": None, "name": None}

    given = taken(messages=[message], **dict.fromkeys(optional))
    with_people = taken(participants=[somebody], context={"mediation_eligible": None})

    assert given == taken(messages=[{"text": "x"}])
    assert with_people == taken(participants=[{"id": "a"}])
    assert optional == {name for name, field in Ticket.model_fields.items() if not field.is_required()}


@pytest.mark.parametrize(
    "given", [{"messages": [{"text": "x"}, None]}, {"participants": [None]}, {"participants": [{"id": None}]}]
)
def test_null_in_the_place_of_what_is_needed_is_refused(given: dict[str, Any]) -> None:
    assert refused(**given)


def test_the_schema_of_a_ticket_takes_what_the_ticket_takes() -> None:
    schema = Ticket.model_json_schema()
    shapes = {"Ticket": schema, **schema["$defs"]}
    takes_null = {
        (name, key): {"type": "null"} in shape.get("anyOf", ())
        for name, of in shapes.items()
        for key, shape in of.get("properties", {}).items()
    }
    needed = {("Ticket", "messages"), ("Message", "text"), ("Participant", "id")}

    assert {place for place, takes in takes_null.items() if not takes} == needed
    assert {(name, key) for name, of in shapes.items() for key in of.get("required", ())} == needed


def test_a_message_alone_needs_its_id() -> None:
    with pytest.raises(ValidationError, match="id"):
        Message.model_validate({"text": "x"})


def test_messages_are_numbered_by_position_beside_messages_that_have_an_id() -> None:
    ticket = taken(messages=[{"text": "a"}, {"id": "x", "text": "b"}, {"text": "c"}])

    assert [message.id for message in ticket.messages] == ["m1", "x", "m3"]


def test_a_given_id_that_meets_a_numbered_one_is_refused() -> None:
    assert "messages[1].id 'm2' is used twice" in refused(messages=[{"id": "m2", "text": "a"}, {"text": "b"}])


def test_a_message_without_an_author_is_by_the_reporter() -> None:
    people = [{"id": "a"}, {"id": "b"}]
    ticket = taken(reporter="a", participants=people, messages=[{"text": "x"}, {"text": "y", "author": "b"}])

    assert [ticket.author_of(message) for message in ticket.messages] == ["a", "b"]
    assert taken().author_of(taken().messages[0]) is None


@pytest.mark.parametrize("count", [1, MAX_MESSAGES - 1, MAX_MESSAGES])
def test_up_to_two_thousand_messages_are_taken(count: int) -> None:
    assert len(taken(messages=[{"text": "x"}] * count).messages) == count


def test_one_message_more_is_refused() -> None:
    assert "messages: 2001 are more than 2000" in refused(messages=[{"text": "x"}] * (MAX_MESSAGES + 1))


@pytest.mark.parametrize("lengths", [[MAX_CHARACTERS - 1], [MAX_CHARACTERS], [MAX_CHARACTERS // 2] * 2])
def test_up_to_a_million_characters_are_taken(lengths: list[int]) -> None:
    ticket = taken(messages=[{"text": "ж" * length} for length in lengths])

    assert sum(len(message.text) for message in ticket.messages) == sum(lengths)


@pytest.mark.parametrize("lengths", [[MAX_CHARACTERS + 1], [MAX_CHARACTERS // 2, MAX_CHARACTERS // 2 + 1]])
def test_one_character_more_is_refused_over_all_messages_together(lengths: list[int]) -> None:
    message = refused(messages=[{"text": "x" * length} for length in lengths])

    assert "1000001 characters are more than 1000000" in message


@pytest.mark.parametrize("length", [1, 199, 200])
def test_an_id_has_one_to_two_hundred_characters(length: int) -> None:
    id = "x" * length

    ticket = taken(id=id, reporter=id, participants=[{"id": id}], messages=[{"id": id, "author": id, "text": "x"}])

    assert ticket.id == ticket.messages[0].id == ticket.participants[0].id == id


@pytest.mark.parametrize("id", ["", "x" * 201])
@pytest.mark.parametrize("field", ["id", "participants.0.id", "messages.0.id"])
def test_an_empty_or_longer_id_is_refused_by_field(field: str, id: str) -> None:
    given: dict[str, Any] = {
        "id": {"id": id},
        "participants.0.id": {"participants": [{"id": id}]},
        "messages.0.id": {"messages": [{"id": id, "text": "x"}]},
    }[field]

    assert refused(**given).splitlines()[1] == field


@pytest.mark.parametrize("field", ["reporter", "author"])
def test_an_overlong_reporter_or_author_is_refused_by_field(field: str) -> None:
    id = "x" * 201
    given: dict[str, Any] = {"reporter": id} if field == "reporter" else {"messages": [{"author": id, "text": "x"}]}

    assert field in refused(**given)


@pytest.mark.parametrize("length", [0, 9_999, 10_000])
def test_a_subject_has_up_to_ten_thousand_characters(length: int) -> None:
    assert len(taken(subject="s" * length).subject) == length


def test_a_longer_subject_is_refused() -> None:
    assert refused(subject="s" * 10_001).splitlines()[1] == "subject"


@pytest.mark.parametrize(
    "messages", [[], [{"text": ""}], [{"text": " \n\t\u3000\u2028"}], [{"text": " "}, {"text": ""}]], ids=repr
)
def test_a_ticket_with_nothing_to_read_is_refused(messages: list[dict[str, str]]) -> None:
    assert "the ticket is empty; give at least one message with text" in refused(messages=messages)


def test_a_blank_message_beside_a_written_one_is_taken() -> None:
    assert len(taken(messages=[{"text": ""}, {"text": "x"}]).messages) == 2


def test_a_ticket_without_messages_is_refused_even_with_a_subject() -> None:
    with pytest.raises(ValidationError, match="messages"):
        Ticket.model_validate({"subject": "Help"})


def test_participants_with_one_id_are_refused_by_place() -> None:
    assert "participants[2].id 'a' is used twice" in refused(participants=[{"id": "a"}, {"id": "b"}, {"id": "a"}])


def test_an_author_or_reporter_who_is_no_participant_is_refused_by_place() -> None:
    assert "messages[0].author 'dev' is not a participant" in refused(messages=[{"author": "dev", "text": "x"}])
    assert "reporter 'maria' is not a participant" in refused(reporter="maria", participants=[{"id": "dev"}])


@pytest.mark.parametrize("value", ["true", "false", "", 1, 0, [], "yes"], ids=repr)
def test_eligibility_is_true_false_or_null_and_nothing_like_it(value: object) -> None:
    assert "context.mediation_eligible" in refused(context={"mediation_eligible": value})


@pytest.mark.parametrize("value", [True, False, None])
def test_eligibility_is_kept_as_given(value: bool | None) -> None:
    assert taken(context={"mediation_eligible": value}).context.mediation_eligible is value


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"id": 7}, "id"),
        ({"subject": ["x"]}, "subject"),
        ({"origin": CANARY}, "origin"),
        ({"origin": "Customer_Report"}, "origin"),
        ({"reporter": 1}, "reporter"),
        ({"participants": {"id": "a"}}, "participants"),
        ({"participants": ["a"]}, "participants.0"),
        ({"participants": [{"role": "client"}]}, "participants.0.id"),
        ({"participants": [{"id": "a", "role": CANARY}]}, "participants.0.role"),
        ({"participants": [{"id": "a", "name": 3}]}, "participants.0.name"),
        ({"messages": None}, "messages"),
        ({"messages": CANARY}, "messages"),
        ({"messages": {"text": "x"}}, "messages"),
        ({"messages": [CANARY]}, "messages.0"),
        ({"messages": [{}]}, "messages.0.text"),
        ({"messages": [{"text": None}]}, "messages.0.text"),
        ({"messages": [{"text": 5}]}, "messages.0.text"),
        ({"messages": [{"text": [CANARY]}]}, "messages.0.text"),
        ({"messages": [{"text": b"bytes"}]}, "messages.0.text"),
        ({"messages": [{"text": "x", "id": 1}]}, "messages.0.id"),
        ({"messages": [{"text": "x", "author": 1}]}, "messages.0.author"),
        ({"messages": [{"text": "x", "sent_at": CANARY}]}, "messages.0.sent_at"),
        ({"messages": [{"text": "x", "sent_at": 1700000000}]}, "messages.0.sent_at"),
        ({"messages": [{"text": "x", "sent_at": "1700000000"}]}, "messages.0.sent_at"),
        ({"messages": [{"text": "x", "sent_at": True}]}, "messages.0.sent_at"),
        ({"messages": [{"text": "x", "sent_at": "2026-13-01T00:00:00Z"}]}, "messages.0.sent_at"),
        ({"context": []}, "context"),
        ({"context": {"eligible": True}}, "context.eligible"),
        ({"priority": CANARY}, "priority"),
        ({"messages": [{"text": "x", "quote": CANARY}]}, "messages.0.quote"),
        ({"participants": [{"id": "a", "mail": CANARY}]}, "participants.0.mail"),
    ],
    ids=repr,
)
def test_a_wrong_type_or_an_unknown_key_is_refused_by_field(given: dict[str, Any], field: str) -> None:
    message = refused(**given)

    assert field in message.splitlines()
    assert CANARY not in message


@pytest.mark.parametrize("value", [None, [], "text", 3, True], ids=repr)
def test_anything_but_an_object_is_no_ticket(value: object) -> None:
    with pytest.raises(ValidationError):
        Ticket.model_validate(value)


@pytest.mark.parametrize("field", ["id", "subject", "reporter", "name", "text"])
def test_half_of_a_surrogate_pair_is_refused_by_field(field: str) -> None:
    """It could be written to no file, log or reply."""
    broken = f"{CANARY} \ud83d"
    given: dict[str, Any] = {
        "id": {"id": broken},
        "subject": {"subject": broken},
        "reporter": {"reporter": broken},
        "name": {"participants": [{"id": "a", "name": broken}]},
        "text": {"messages": [{"text": broken}]},
    }[field]

    message = refused(**given)

    assert any(line.endswith(field) for line in message.splitlines())
    assert "surrogate pair" in message or "unicode string" in message
    assert CANARY not in message


@pytest.mark.parametrize("text", ["a\0b", "a\x07b", "a\x1b[31mb", "a\u202eb", "a\ufffeb", "\ufeffa", "😀", "a\r\nb"], ids=ascii)
def test_control_characters_are_ticket_text_like_any_other_and_are_kept(text: str) -> None:
    ticket = taken(messages=[{"text": text}])

    assert ticket.messages[0].text == text
    assert json.loads(ticket.model_dump_json())["messages"][0]["text"] == text


@pytest.mark.parametrize(
    "given",
    [
        {"subject": CANARY, "reporter": "nobody"},
        {"messages": [{"text": CANARY, "author": "nobody"}]},
        {"messages": [{"text": CANARY, "id": ""}]},
        {"messages": [{"text": CANARY}, {"text": 5}]},
        {"messages": [{"text": CANARY * 200_000}]},
        {"messages": [{"text": CANARY, "id": "a"}, {"text": CANARY, "id": "a"}]},
        {"participants": [{"id": "a", "name": CANARY}, {"id": "a", "name": CANARY}]},
        {"messages": [{"text": CANARY}], "context": {"mediation_eligible": CANARY}},
    ],
    ids="+".join,
)
def test_no_error_shows_what_the_ticket_says(given: dict[str, Any]) -> None:
    message = refused(**given)

    assert CANARY not in message


def test_a_ticket_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        taken().subject = "other"


def test_a_participant_is_found_by_id() -> None:
    ticket = taken(participants=[{"id": "a", "role": "agency"}])

    assert ticket.participant("a").role is Role.AGENCY
    assert ticket.participant("b") is None
    assert ticket.participant(None) is None
