"""Files become tickets and extractions, or one line that names file, line and field, and never what the ticket says."""

import json
from pathlib import Path
from typing import Any

import pytest

from copilot.core.errors import ExtractionError, InputError, TicketError
from copilot.files.loading import MAX_BYTES, Location, load_extraction, load_ticket, ticket_in_line

SECRET = "the customer's own words"


def saved(folder: Path, content: bytes | str | dict[str, Any], name: str = "ticket.json") -> str:
    path = folder / name
    if isinstance(content, dict):
        content = json.dumps(content, indent=1)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def told(path: str) -> str:
    """What is said about a ticket file that cannot be used, without its folder."""
    with pytest.raises(TicketError) as caught:
        load_ticket(path)
    message = str(caught.value)
    assert "\n" not in message
    assert SECRET not in message
    return message.removeprefix(str(Path(path).parent) + "/")


def test_a_json_file_is_a_ticket(tmp_path: Path) -> None:
    path = saved(tmp_path, {"id": "T-7", "messages": [{"text": "Hello."}]})

    ticket = load_ticket(path)

    assert (ticket.id, ticket.messages[0].id, ticket.messages[0].text) == ("T-7", "m1", "Hello.")


def test_a_text_file_is_a_ticket_of_one_message_named_after_the_file(tmp_path: Path) -> None:
    path = saved(tmp_path, "Line one.\r\nLine two: {not json}.\n", "T-8 draft.txt")

    ticket = load_ticket(path)

    assert ticket.id == "T-8 draft"
    assert [message.text for message in ticket.messages] == ["Line one.\r\nLine two: {not json}.\n"]


def test_a_text_file_whose_name_is_longer_than_an_id_keeps_its_beginning(tmp_path: Path) -> None:
    path = saved(tmp_path, "Hello.", "n" * 250 + ".txt")

    assert load_ticket(path).id == "n" * 200


@pytest.mark.parametrize("text", ['{"messages": [{"text": "Hi."}]}', '\n {"messages": [{"text": "Hi."}]}'])
def test_a_file_without_a_telling_name_that_opens_like_an_object_is_json(tmp_path: Path, text: str) -> None:
    assert load_ticket(saved(tmp_path, text, "ticket")).messages[0].text == "Hi."


@pytest.mark.parametrize("text", ['{"messages": [{"text": "Hi."}]}', '{"messages": [{"text": "Hi."}], "id": "T"}\n'])
def test_a_ticket_as_json_is_one_whatever_its_name_says(tmp_path: Path, text: str) -> None:
    assert load_ticket(saved(tmp_path, text, "ticket.txt")).messages[0].text == "Hi."


@pytest.mark.parametrize("text", ['{"error": "gone"}', '{"messages": 3} is what it says.', '{"messages": "none"}'])
def test_other_json_in_a_text_is_what_somebody_wrote(tmp_path: Path, text: str) -> None:
    assert load_ticket(saved(tmp_path, text, "ticket.txt")).messages[0].text == text


@pytest.mark.parametrize("text", ["{messages: [{text: 'Hi.'}]}", "{'messages': [{'text': 'Hi.'}]}"])
def test_a_ticket_in_the_notation_of_a_language_is_no_text_and_is_told_where_it_is_no_json(tmp_path: Path, text: str) -> None:
    assert told(saved(tmp_path, text, "ticket")).startswith("ticket, line 1, column 2: not JSON")


@pytest.mark.parametrize("text", ["[10:31] Maria: hi", "{name}, you owe me", "I said {hi}"])
def test_a_file_without_a_telling_name_that_opens_like_prose_is_text(tmp_path: Path, text: str) -> None:
    assert load_ticket(saved(tmp_path, text, "ticket")).messages[0].text == text


def test_a_byte_order_mark_is_taken_off(tmp_path: Path) -> None:
    as_json = saved(tmp_path, b'\xef\xbb\xbf{"messages": [{"text": "Hi."}]}')
    as_text = saved(tmp_path, b"\xef\xbb\xbfHi.", "ticket.txt")

    assert load_ticket(as_json).messages[0].text == load_ticket(as_text).messages[0].text == "Hi."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_named(tmp_path: Path, encoding: str) -> None:
    path = saved(tmp_path, '{"messages": []}'.encode(encoding))

    assert told(path) == "ticket.json: looks like UTF-16 or UTF-32; save it as UTF-8"


@pytest.mark.parametrize(("mark", "offset"), [(b"", 5), (b"\xef\xbb\xbf", 8)])
def test_a_byte_that_is_not_utf_8_is_named_by_line_and_offset(tmp_path: Path, mark: bytes, offset: int) -> None:
    path = saved(tmp_path, mark + b"abc\nd\xe9f", "ticket.txt")

    assert told(path) == f"ticket.txt, line 2: not UTF-8 at byte offset {offset}; save it as UTF-8"


def test_a_missing_file_a_directory_and_an_empty_file_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    assert told(str(tmp_path / "nothing.json")) == "nothing.json: there is no such file"
    assert told(str(tmp_path / "folder")) == "folder: is a directory; name a file in it"
    assert told(saved(tmp_path, "")) == "ticket.json: is empty"
    assert told(saved(tmp_path, " \n\t", "blank.txt")) == "blank.txt: is empty"


def test_a_jsonl_file_is_sent_to_batch(tmp_path: Path) -> None:
    path = saved(tmp_path, '{"messages": [{"text": "Hi."}]}\n', "tickets.jsonl")

    assert told(path) == "tickets.jsonl: is a JSONL file of many tickets; use `copilot batch`"


def test_a_file_over_the_limit_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "ticket.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    assert told(str(path)) == "ticket.txt: is over 32 MB; split it"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{\n oops}", "ticket.json, line 2, column 2: not JSON: expecting property name enclosed in double quotes"),
        ('"x"', "ticket.json, line 1: the ticket must be an object"),
        ("{}", "ticket.json, line 1: messages is missing"),
        ('{"messages": []}', "ticket.json, line 1: messages: the ticket is empty; give at least one message with text"),
        ('{"messages":\n {}}', "ticket.json, line 2: messages must be a list"),
        ('{"messages": [\n{"text": 5}]}', "ticket.json, line 2: messages[0].text must be a string"),
        ('{"messages": [\n{}]}', "ticket.json, line 2: messages[0].text is missing"),
        ('{"messages": [{"text": "a",\n"sentAt": 1}]}', "ticket.json, line 2: messages[0].sentAt is not a known key"),
        (
            '{"messages": [{"text": "a",\n"sent_at": 5}]}',
            "ticket.json, line 2: messages[0].sent_at must be an ISO 8601 time such as 2026-03-01T10:00:00Z",
        ),
        ('{"id":\n"", "messages": [{"text": "a"}]}', "ticket.json, line 2: id is empty"),
        (
            '{"origin":\n"x", "messages": [{"text": "a"}]}',
            "ticket.json, line 2: origin must be 'customer_report' or 'agent_observation'",
        ),
        (
            '{"messages": [{"text": "a",\n"author": "bob"}]}',
            "ticket.json, line 2: messages[0].author 'bob' is not a participant; add it to participants, or leave author out",
        ),
        (
            '{"messages": [{"text": "a"}],\n"reporter": "bob"}',
            "ticket.json, line 2: reporter 'bob' is not a participant; add it to participants, or leave reporter out",
        ),
        (
            '{"messages": [{"id": "m", "text": "a"},\n{"id": "m", "text": "b"}]}',
            "ticket.json, line 2: messages[1].id 'm' is used twice; ids must be unique",
        ),
        (
            '{"messages": [{"text": "a"}], "context": {\n"mediation_eligible": "yes"}}',
            "ticket.json, line 2: context.mediation_eligible must be true or false",
        ),
        ('{"id": "a", "id": "b"}', "ticket.json, line 1: id is given twice"),
        ('{"id": NaN}', "ticket.json, line 1: holds NaN, which is not JSON"),
        ("[" * 100_000, "ticket.json, line 1: nested too deeply"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_file_line_and_field(tmp_path: Path, text: str, message: str) -> None:
    assert told(saved(tmp_path, text)) == message


def test_no_message_holds_what_the_ticket_says(tmp_path: Path) -> None:
    tickets: list[dict[str, Any]] = [
        {"messages": SECRET},
        {"messages": [{"text": [SECRET]}]},
        {"messages": [{"text": "a", SECRET: 1}]},
        {"messages": [{"text": "a", "sent_at": SECRET}]},
        {"messages": [{"text": "a"}], "origin": SECRET},
        {"messages": [{"text": "a"}], "context": {"mediation_eligible": SECRET}},
        {"messages": [{"text": SECRET}], "subject": 5},
    ]

    for ticket in tickets:
        assert told(saved(tmp_path, ticket))


def test_further_faults_are_counted(tmp_path: Path) -> None:
    path = saved(tmp_path, {"messages": [{"text": 1}, {"text": 2}, {"text": 3}]})

    assert told(path).endswith("messages[0].text must be a string (and 2 more)")


@pytest.mark.parametrize(("count", "passes"), [(1_999, True), (2_000, True), (2_001, False)])
def test_a_ticket_holds_two_thousand_messages(tmp_path: Path, count: int, passes: bool) -> None:
    path = saved(tmp_path, {"messages": [{"text": "a"}] * count})

    if passes:
        assert len(load_ticket(path).messages) == count
    else:
        assert told(path) == "ticket.json, line 2: messages: 2001 are more than 2000; split the ticket"


@pytest.mark.parametrize(("count", "passes"), [(999_999, True), (1_000_000, True), (1_000_001, False)])
def test_a_ticket_holds_a_million_characters_however_they_are_escaped(tmp_path: Path, count: int, passes: bool) -> None:
    path = saved(tmp_path, {"messages": [{"text": "😀" * count}]})

    if passes:
        assert len(load_ticket(path).messages[0].text) == count
    else:
        assert "1000001 characters are more than 1000000" in told(path)


def test_a_file_name_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    message = told(str(tmp_path / "a\x1b[31m\nb.json"))

    assert message.isprintable()


def test_a_line_of_many_is_named_by_its_number_and_called_after_it() -> None:
    ticket = ticket_in_line(b'{"messages": [{"text": "Hi."}]}', Location("tickets.jsonl", 7))

    assert ticket.id == "line-7"
    with pytest.raises(TicketError, match=r"^tickets.jsonl, line 8, column 2: not JSON"):
        ticket_in_line(b"{oops", Location("tickets.jsonl", 8))
    with pytest.raises(TicketError, match=r"^tickets.jsonl, line 9: messages is missing"):
        ticket_in_line(b"{}", Location("tickets.jsonl", 9))


def test_an_extraction_that_is_wrong_is_told_by_field(tmp_path: Path) -> None:
    given = {"parties": [], "threats": [{"by": "p1"}], "demands": [], "damage_claims": [], "disputes": []}
    path = saved(tmp_path, given, "extraction.json")

    with pytest.raises(ExtractionError, match=r"extraction.json, line 4: threats\[0\].against is missing \(and 3 more\)"):
        load_extraction(path)


def test_every_loading_error_counts_as_bad_input() -> None:
    assert issubclass(TicketError, InputError)
    assert issubclass(ExtractionError, InputError)
