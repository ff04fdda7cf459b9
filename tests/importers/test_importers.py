"""Every export becomes the ticket that it holds: who said it, in public or not, with what attached, and what was quoted."""
# ruff: noqa: E501 - quoted mail has long rows

import json
import zipfile
from pathlib import Path

import pytest

from copilot.cli import main
from copilot.core.errors import TicketError
from copilot.core.ticket import Ticket
from copilot.importers import Source, tickets
from copilot.importers.shape import Imported
from copilot.importers.table import Form
from tests.importers import exports
from tests.importers.exports import ASKED, NOTE, REPLY, mail

COLUMNS = {"text": "Body", "id": "Ticket ID", "subject": "Subject", "author": "From", "private": "Internal"}


def imported(format: str, *paths: Path, agents: tuple[str, ...] = (), **given: object) -> list[Ticket]:
    """The tickets; an error fails the test."""
    found = list(tickets(Source(format, [str(path) for path in paths], frozenset(agents), **given)))
    assert [one for one in found if isinstance(one, TicketError)] == []
    return [one.ticket for one in found if isinstance(one, Imported)]


def written(folder: Path, content: object, name: str = "export.json") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def said(ticket: Ticket) -> list[tuple[str, str, str]]:
    """Each message: m, n or q; the role of its author; its first line."""
    roles = {person.id: person.role.value for person in ticket.participants}
    return [
        (message.id[0], roles.get(ticket.author_of(message), ""), message.text.partition("\n")[0]) for message in ticket.messages
    ]


@pytest.mark.parametrize("format", exports.DESKS)
def test_a_desks_ticket_has_its_customer_its_agent_and_its_note_told_apart(tmp_path: Path, format: str) -> None:
    path = written(tmp_path, exports.DESKS[format])

    [ticket] = imported(format, path)

    assert said(ticket)[:3] == [("m", "unknown", ASKED), ("m", "support", REPLY), ("n", "support", NOTE)]
    assert ticket.messages[0].text == f"{ASKED}\n[attachment: shop gone.png]"
    assert ticket.participant(ticket.reporter).name == "Ana"
    assert (ticket.origin.value, ticket.is_partial) == ("customer_report", False)
    assert all(message.sent_at for message in ticket.messages)


@pytest.mark.parametrize("format", exports.LINES)
def test_lines_of_an_export_are_tickets_and_notes_can_be_left_out(tmp_path: Path, format: str) -> None:
    path = written(tmp_path, "\n".join([exports.LINES[format]] * 3).encode(), "export.ndjson")

    found = imported(format, path, with_private=False)

    assert len(found) == 3
    assert all(NOTE not in message.text for ticket in found for message in ticket.messages)


def test_a_list_of_articles_and_a_list_of_comments_are_tickets(tmp_path: Path) -> None:
    [by_articles] = imported("zammad", written(tmp_path, exports.ARTICLES))
    [by_comments] = imported("zendesk", written(tmp_path, {"comments": exports.ZENDESK_COMMENTS, "next_page": None}, "35.json"))

    assert said(by_articles) == [("m", "unknown", ASKED), ("m", "support", REPLY), ("n", "support", NOTE)]
    assert (by_comments.id, len(by_comments.messages)) == ("35", 4)


@pytest.mark.parametrize(
    ("format", "export"),
    [
        ("zendesk", {"tickets": [exports.ZENDESK_TICKET], "count": 1}),
        ("zendesk", {**exports.ZENDESK, "next_page": "https://acme.zendesk.com/api/v2/tickets/35/comments.json?page=2"}),
        ("intercom", {**exports.INTERCOM, "conversation_parts": {"conversation_parts": [], "total_count": 600}}),
    ],
)
def test_what_is_not_whole_in_the_export_is_marked_so(tmp_path: Path, format: str, export: object) -> None:
    [ticket] = imported(format, written(tmp_path, export))

    assert ticket.is_partial
    assert ticket.messages[0].text.startswith(ASKED)


def test_a_ticket_of_internal_notes_alone_is_an_agents_observation(tmp_path: Path) -> None:
    note = {**exports.ZENDESK_COMMENTS[2], "author_id": 201}

    [ticket] = imported("zendesk", written(tmp_path, {**exports.ZENDESK, "comments": [note]}))

    assert ticket.origin.value == "agent_observation"


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_slack_thread_is_one_ticket_over_its_days(tmp_path: Path, as_zip: bool) -> None:
    folder, archive = tmp_path / "export", tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name, content in exports.SLACK.items():
            written(folder, content, name)
            file.writestr(name, json.dumps(content))

    thread, alone = imported("slack", archive if as_zip else folder, agents=("U2",))

    assert said(thread) == [("m", "unknown", ASKED), ("m", "support", REPLY)]
    assert thread.messages[0].text.endswith("\n[attachment: shop gone.png]")
    assert alone.messages[0].text == "Thanks & bye @Ana"


def test_rows_of_one_id_are_one_ticket_by_the_map_of_columns(tmp_path: Path) -> None:
    path = written(tmp_path, exports.CSV.encode(), "desk.csv")

    first, second = imported("csv", path, agents=("kim",), table=Form(COLUMNS))

    assert said(first) == [("m", "unknown", ASKED), ("m", "support", REPLY), ("n", "support", NOTE)]
    assert (first.id, second.id, second.subject) == ("35", "36", "Payout")


@pytest.mark.parametrize(("encoding", "told"), [("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")])
def test_a_table_is_read_in_the_encoding_that_is_named(tmp_path: Path, encoding: str, told: str) -> None:
    path = written(tmp_path, "text;id\nEr löscht alles, sagt er.;7\n".encode(encoding), "desk.csv")

    [ticket] = imported("csv", path, table=Form(encoding=told))

    assert ticket.messages[0].text == "Er löscht alles, sagt er."


def test_mails_that_answer_each_other_are_one_ticket_and_a_quote_that_repeats_is_left_out(tmp_path: Path) -> None:
    paths = [written(tmp_path, one.as_bytes(), f"{number}.eml") for number, one in enumerate(reversed(exports.MAILS))]
    box = tmp_path / "inbox.mbox"
    box.write_bytes(b"".join(b"From x Mon Mar  2 09:12:00 2026\n" + one.as_bytes() + b"\n\n" for one in exports.MAILS))

    for found in (imported("eml", *paths, agents=("help@example.org",)), imported("mbox", box, agents=("help@example.org",))):
        [ticket] = found
        assert [(kind, role, text.strip()) for kind, role, text in said(ticket)] == [
            ("m", "unknown", ASKED),
            ("m", "support", REPLY),
            ("m", "unknown", "It is the shop contract."),
        ]
        assert ticket.subject == "Löschung"
        assert "[attachment: shop gone.png]" in ticket.messages[0].text


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 2 Mar 2026 at 10:12, Ivo <ivo@example.org> wrote:\n> Pay me or it goes.",
        "From: Ivo <ivo@example.org>\nSent: Monday, March 2, 2026 9:12 AM\nTo: Ana\nSubject: Re: shop\n\nPay me or it goes.",
        "Am Mo., 2. März 2026 um 09:12 Uhr schrieb Ivo <ivo@example.org>:\n> Pay me or it goes.",
        "---------- Forwarded message ---------\nFrom: Ivo <ivo@example.org>\nDate: Mon, 2 Mar 2026\nSubject: x\nTo: Ana\n\nPay me or it goes.",
    ],
)
def test_quoted_mail_that_says_something_new_is_kept_by_nobody_known(tmp_path: Path, quoted: str) -> None:
    [ticket] = imported("eml", written(tmp_path, mail("<1@a>", "ana@example.org", f"See below.\n\n{quoted}\n").as_bytes()))

    assert said(ticket)[0] == ("m", "unknown", "See below.")
    assert (ticket.messages[1].id, ticket.messages[1].author) == ("q2", "quoted")
    assert ticket.messages[1].text == quoted


@pytest.mark.parametrize(
    "text",
    [
        "On Monday he wrote:\nPay me or it goes.\nI did not pay.",
        "He wrote to me:\n> Pay me or it goes\nWhat can I do?",
        "He deleted it.\n\nBest regards\nAna\nHe also said he will leak my files.",
        "He deleted it.\n-- \nAna\nAnd he wants $500.",
    ],
)
def test_in_doubt_a_mail_stays_whole(tmp_path: Path, text: str) -> None:
    [ticket] = imported("eml", written(tmp_path, mail("<1@a>", "ana@example.org", text).as_bytes()))

    assert [message.text.strip() for message in ticket.messages] == [text]


def test_the_html_is_read_where_the_plain_part_says_next_to_nothing(tmp_path: Path) -> None:
    page = f"<html><body><style>p{{}}</style><p>Hello,</p><p>{ASKED}</p></body></html>"
    sent = mail("<1@a>", "ana@example.org", "See the HTML part.")
    sent.add_alternative(page, subtype="html")

    [ticket] = imported("eml", written(tmp_path, sent.as_bytes()))

    assert ticket.messages[0].text.split("\n\n") == ["Hello,", ASKED]


def test_a_mail_that_was_cut_is_kept_and_marked_as_not_whole(tmp_path: Path) -> None:
    raw = exports.MAILS[0].as_bytes()

    [ticket] = imported("eml", written(tmp_path, raw[: raw.index(b"filename") + 30]))

    assert ticket.is_partial


def test_the_copilots_own_note_in_an_export_is_no_evidence(tmp_path: Path) -> None:
    asked = tmp_path / "asked.txt"
    asked.write_text("How do I change my payout currency?", encoding="utf-8")
    from copilot import decide
    from copilot.core.extraction import Extraction
    from copilot.core.sentences import cut
    from copilot.files.loading import load_ticket

    note = decide(load_ticket(str(asked)), Extraction.empty()).note
    comments = [
        {**exports.ZENDESK_COMMENTS[0], "attachments": [], "plain_body": None, "body": "How do I change my payout currency?"},
        {
            **exports.ZENDESK_COMMENTS[2],
            "plain_body": None,
            "body": None,
            "html_body": "<p>" + note.replace("\n", "<br>") + "</p>",
        },
    ]

    [ticket] = imported("zendesk", written(tmp_path, {**exports.ZENDESK, "comments": comments}))

    assert note.split()[0] in ticket.messages[1].text
    assert {sentence.message for sentence in cut(ticket)} == {"m1"}


def test_the_command_writes_what_batch_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = written(tmp_path, exports.CSV.encode(), "desk.csv"), tmp_path / "tickets.jsonl"
    columns = [word for ours, theirs in COLUMNS.items() for word in ("--column", f"{ours}={theirs}")]

    code = main(["import", "csv", str(path), "--out", str(out), "--agent", "kim", *columns])

    assert (code, capsys.readouterr().err) == (
        0,
        f"copilot: 2 tickets written to {out} (4 messages, 1 of them internal notes)\n",
    )
    assert [Ticket.model_validate_json(line).id for line in out.read_text().splitlines()] == ["35", "36"]
