"""What desks and mail programs really write: senders by number, parts between pictures, quotes in any language, further pages."""
# ruff: noqa: E501 - exports have long rows

import json
from collections import Counter
from pathlib import Path

import pytest

from copilot.cli import main
from copilot.core.errors import TicketError
from copilot.importers import Source, tickets
from copilot.importers.shape import Imported
from tests.importers import exports
from tests.importers.exports import ASKED, NOTE, REPLY, mail
from tests.importers.test_importers import imported, said, written

HEAD = b"From: Ana <ana@example.org>\nSubject: Shop\nDate: Mon, 2 Mar 2026 09:12:00 +0000\nMIME-Version: 1.0\n"
BEGINS = b"From ana@example.org Mon Mar  2 09:12:00 2026\n"


def _article(id: int, sender: str, text: str, *, by: int = 3, **more: object) -> dict:
    return {
        **exports._article(id, sender, text),
        "body": text,
        "content_type": "text/plain",
        "attachments": [],
        "created_by_id": by,
        **more,
    }


def test_zammads_assets_name_senders_and_types_by_number(tmp_path: Path) -> None:
    articles = [
        _article(12, "Customer", ASKED),
        _article(13, "Agent", REPLY, by=4),
        _article(14, "Agent", NOTE, by=4, internal=True),
    ]
    numbers = {"Customer": 2, "Agent": 1}
    for one in articles:
        one.update(sender_id=numbers[one.pop("sender")], type_id={"email": 1, "note": 10}[one.pop("type")])
    assets = {**exports.ZAMMAD["assets"], "TicketArticle": {str(one["id"]): one for one in articles}}

    [ticket] = imported("zammad", written(tmp_path, {"ticket_id": 9, "assets": assets}))

    assert said(ticket) == [("m", "unknown", ASKED), ("m", "support", REPLY), ("n", "support", NOTE)]


def test_an_article_without_a_sender_is_told(tmp_path: Path) -> None:
    [fault] = tickets(Source("zammad", [str(written(tmp_path, [{"ticket_id": 9, "body": ASKED}]))]))

    assert "has neither sender nor a sender_id from 1 to 3" in str(fault)


def test_articles_of_a_ticket_are_one_ticket_wherever_they_stand_and_a_call_is_the_customers_words(tmp_path: Path) -> None:
    call = _article(12, "Customer", ASKED, by=4, type="phone", internal="false")
    articles = [call, _article(13, "Customer", "Another", ticket_id=10), _article(14, "Agent", NOTE, by=4, internal="true")]

    first, second = imported("zammad", written(tmp_path, articles))

    assert said(first) == [("m", "", ASKED), ("n", "support", NOTE)]
    assert (first.id, second.id, first.origin.value) == ("9", "10", "customer_report")


@pytest.mark.parametrize(
    ("format", "export", "count"),
    [
        (
            "chatwoot",
            {"data": {"payload": [{"id": 1, "messages": []}, exports.CHATWOOT | {"messages": exports.CHATWOOT["payload"]}]}},
            1,
        ),
        ("intercom", {"conversations": [{"id": 1}, exports.INTERCOM, {"source": {}}, exports.INTERCOM]}, 2),
        ("zendesk", {"tickets": [{"subject": "x"}, exports.ZENDESK_LINE]}, 1),
    ],
)
def test_a_bad_conversation_in_a_list_costs_that_one_alone(tmp_path: Path, format: str, export: object, count: int) -> None:
    found = list(tickets(Source(format, [str(written(tmp_path, export))])))

    assert sum(isinstance(one, Imported) for one in found) == count
    assert sum(isinstance(one, TicketError) for one in found) >= 1


@pytest.mark.parametrize("first", [b"", b"\n\n", b'{"ticket": \n'])
def test_lines_are_read_whatever_stands_above_or_between_them(tmp_path: Path, first: bytes) -> None:
    line = exports.LINES["zendesk"].encode()

    found = list(tickets(Source("zendesk", [str(written(tmp_path, first + line + b"\r\n\r\n" + line + b"\n"))])))

    assert sum(isinstance(one, Imported) for one in found) == 2
    assert [str(one).partition(",")[2][:7] for one in found if isinstance(one, TicketError)] == (
        [" line 1"] if b"{" in first else []
    )


@pytest.mark.parametrize(("count", "is_partial"), [(19, False), (20, True), (21, False)])
def test_a_page_of_a_chat_is_marked_as_not_whole(tmp_path: Path, count: int, is_partial: bool) -> None:
    [ticket] = imported("chatwoot", written(tmp_path, {"meta": {}, "payload": [exports._chat(1, 0, ASKED)] * count}))

    assert ticket.is_partial is is_partial


def test_a_chat_that_comes_with_its_last_message_alone_is_marked_as_not_whole(tmp_path: Path) -> None:
    [ticket] = imported("chatwoot", written(tmp_path, {"id": 7, "can_reply": True, "messages": [exports._chat(1, 0, ASKED)]}))

    assert ticket.is_partial


def test_intercoms_plain_text_keeps_its_lines_and_a_note_that_reopens_is_internal(tmp_path: Path) -> None:
    text = "He deleted it.\nPrice < 5 & more > 3."
    parts = {"total_count": 1, "conversation_parts": [exports._part(1, "note_and_reopen", NOTE, "admin")]}
    source = {"body": text, "author": {"type": "user", "id": "9"}}

    [ticket] = imported("intercom", written(tmp_path, {"id": "8", "source": source, "conversation_parts": parts}))

    assert ticket.messages[0].text == text
    assert ticket.messages[1].id == "n2"


def test_a_slack_zip_with_its_folder_in_it_has_programs_words_and_shared_messages(tmp_path: Path) -> None:
    shared = {"is_share": True, "author_name": "Ivo", "text": "Pay me or it goes."}
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "He deleted it."}}]
    days = [
        {"user": "U1", "text": "See this", "ts": "3.0", "attachments": [shared, {"text": "preview of a page"}]},
        {"subtype": "bot_message", "bot_id": "B1", "text": "", "ts": "1.0", "attachments": [{"fallback": "Shop is gone"}]},
        {"subtype": "bot_message", "bot_id": "B1", "text": "", "ts": "2.0", "blocks": blocks},
        {"subtype": "tombstone", "text": "This message was deleted.", "ts": "4.0"},
    ]
    for name, content in {**exports.SLACK, "help/2026-03-02.json": days, "help/2026-03-03.json": []}.items():
        written(tmp_path / "My export", content, name)

    found = list(tickets(Source("slack", [str(tmp_path)])))

    texts = [[message.text for message in one.ticket.messages] for one in found if isinstance(one, Imported)]
    assert texts == [["See this", "Ivo\nPay me or it goes."], ["Shop is gone"], ["He deleted it."]]
    assert [sum(one.values()) for one in found if isinstance(one, Counter)] == [1]


def test_a_table_with_two_columns_of_a_name_is_refused_and_excels_first_line_is_none(tmp_path: Path) -> None:
    [fault] = tickets(Source("csv", [str(written(tmp_path, b"id,text,text\n1,a,b\n", "a.csv"))]))
    [ticket] = imported("csv", written(tmp_path, b'sep=;\r\n"a,b,c";text\r\nx;Hello\r\n', "b.csv"))
    [quoted] = imported("csv", written(tmp_path, b'"a,b,c";text\nx;Hello\n', "c.csv"))

    assert "has more than one column 'text'; give each a name of its own" in str(fault)
    assert ticket.messages[0].text == quoted.messages[0].text == "Hello"


def _multipart(kind: str, *parts: bytes) -> bytes:
    body = b"".join(b"--B\n" + part + b"\n" for part in parts)
    return HEAD + f"Content-Type: multipart/{kind}; boundary=B\n\n".encode() + body + b"--B--\n"


PLAIN = b"Content-Type: text/plain\n\n"
PICTURE = b"Content-Type: image/png; name=a.png\nContent-Disposition: inline; filename=a.png\n\nx"


def test_words_on_both_sides_of_a_picture_are_kept(tmp_path: Path) -> None:
    raw = _multipart("mixed", PLAIN + b"Before it.", PICTURE, PLAIN + b"After it.")

    [ticket] = imported("eml", written(tmp_path, raw))

    assert ticket.messages[0].text == "Before it.\n\nAfter it.\n[attachment: a.png]"


def test_a_mail_that_cannot_be_taken_apart_is_read_as_it_stands(tmp_path: Path) -> None:
    [ticket] = imported("eml", written(tmp_path, HEAD + b"Content-Type: multipart/mixed\n\nHe deleted it.\n"))

    assert ticket.messages[0].text.strip() == "He deleted it."
    assert ticket.is_partial


def test_a_mail_that_is_attached_stands_quoted(tmp_path: Path) -> None:
    inner = b"Content-Type: message/rfc822\n\nFrom: Ivo <ivo@example.org>\nSubject: Pay\n\nPay me or it goes."

    [ticket] = imported("eml", written(tmp_path, _multipart("mixed", PLAIN + b"See it.", inner)))
    [alone] = imported("eml", written(tmp_path, _multipart("mixed", inner)))

    quoted = "From: Ivo <ivo@example.org>\nSubject: Pay\n\nPay me or it goes."
    assert [(message.id, message.text) for message in ticket.messages] == [("m1", "See it."), ("q2", quoted)]
    assert [(message.id, message.text) for message in alone.messages] == [("q1", quoted)]
    assert (alone.origin.value, alone.reporter) == ("customer_report", "ana@example.org")


def test_a_bad_mail_costs_itself_and_the_thread_is_marked(tmp_path: Path) -> None:
    good = written(tmp_path, HEAD + b"Message-ID: <1@a>\n\n" + ASKED.encode(), "1.eml")
    bad = written(
        tmp_path, HEAD + b"Message-ID: <2@a>\nIn-Reply-To: <1@a>\nContent-Type: text/plain; charset=utf-8\n\nl\xf6scht", "2.eml"
    )

    fault, ticket = tickets(Source("eml", [str(good), str(bad)]))

    assert str(fault).startswith(f"{bad}: its text is not in the encoding")
    assert isinstance(ticket, Imported)
    assert (ticket.ticket.messages[0].text, ticket.ticket.is_partial) == (ASKED, True)


def test_latin_1_is_read_as_windows_1252_where_it_has_its_signs(tmp_path: Path) -> None:
    raw = HEAD + b"Content-Type: text/plain; charset=iso-8859-1\n\n\x93l\xf6scht\x94 \x80"

    [ticket] = imported("eml", written(tmp_path, raw))

    assert ticket.messages[0].text == "“löscht” €"


def test_a_line_that_begins_with_from_in_a_mailbox_is_no_new_mail(tmp_path: Path) -> None:
    words = b"\n\nFrom Monday on he threatens me\nand wants $500.\n>From here on, too.\n>>From: him\n\n"

    first, second = imported("mbox", written(tmp_path, (BEGINS + HEAD + words) * 2, "inbox.mbox"))

    assert first.messages[0].text.strip() == "From Monday on he threatens me\nand wants $500.\nFrom here on, too.\n>>From: him"
    assert (first.id, second.id) == ("inbox-1", "inbox-2")


WROTE = [
    "On 2 Mar 2026, at 10:12, Ivo <ivo@example.org> wrote:",
    "Am Mo., 2. März 2026 um 10:12 Uhr schrieb Ivo <ivo@example.org>:",
    "Le lun. 2 mars 2026 à 10:12, Ivo <ivo@example.org> a écrit\xa0:",
    "El lun, 2 mar 2026 a las 10:12, Ivo (<ivo@example.org>) escribió:",
    "Em seg., 2 de mar. de 2026 às 10:12, Ivo <ivo@example.org>\nescreveu:",
    "пн, 2 мар. 2026 г. в 10:12, Ivo <ivo@example.org>:",
    "सोम, 2 मार्च 2026 को 10:12 am बजे Ivo <ivo@example.org> ने लिखा:",
    "\u202bفي الاثنين، 2 مارس 2026 في 10:12 ص تمت كتابة ما يلي بواسطة \u202aIvo\u202c\u200f <\u202aivo@example.org\u202c\u200f>:\u202c",
    "Pada Sen, 2 Mar 2026 pukul 10.12 Ivo <ivo@example.org> menulis:",
    "Noong Lun, Mar 2, 2026 nang 10:12 AM, sinulat ni Ivo <ivo@example.org> ang:",
    "2026年3月2日(月) 10:12 Ivo <ivo@example.org>:",
]
HEADERS = [
    "De : Ivo <ivo@example.org>\nEnvoyé : lundi 2 mars 2026 09:12\nÀ : Ana\nObjet : RE: shop",
    "От: Ivo <ivo@example.org>\nОтправлено: понедельник, 2 марта 2026 г. 9:12\nКому: Ana\nТема: RE: shop",
    "من: Ivo <ivo@example.org>\nتم الإرسال: 02/مارس/2026 09:12 ص\nإلى: Ana\nالموضوع: shop",
    "प्रेषक: Ivo <ivo@example.org>\nभेजा गया: 2 मार्च 2026 09:12\nप्रति: Ana\nविषय: shop",
]


@pytest.mark.parametrize(
    "quoted",
    [
        *(f"{one}\n\n> Pay me or it goes.\n> Or else.\n> Now." for one in WROTE),
        *(f"{one}\n\nPay me or it goes." for one in HEADERS),
    ],
)
def test_quoted_mail_is_told_apart_in_any_language(tmp_path: Path, quoted: str) -> None:
    [ticket] = imported("eml", written(tmp_path, mail("<1@a>", "ana@example.org", f"It is the shop.\n\n{quoted}\n").as_bytes()))

    assert [(message.id, message.text.strip()) for message in ticket.messages] == [("m1", "It is the shop."), ("q2", quoted)]


@pytest.mark.parametrize(
    "text",
    [
        "Name: Ana <ana@example.org>\nShop: mine\nContract: 7\n\nHe deleted it.",
        "I wrote to him on 2 March <ivo@example.org>:\nPay me back.",
        "He said 2 things to <ivo@example.org>: pay\n\nand leave.",
    ],
)  # fmt: skip
def test_what_only_looks_like_the_head_of_a_quote_stays_whole(tmp_path: Path, text: str) -> None:
    [ticket] = imported("eml", written(tmp_path, mail("<1@a>", "ana@example.org", f"Hello\n\n{text}\n").as_bytes()))

    assert [message.text.strip() for message in ticket.messages] == [f"Hello\n\n{text}"]


@pytest.mark.parametrize(
    "page",
    [
        '<div>It is the shop.</div><br><div><div>On Mon, 2 Mar 2026 at 10:12, Ivo &lt;ivo@example.org&gt; wrote:<br></div><blockquote><div>Pay me or it goes.</div><div>Now.</div></blockquote></div>',
        '<body>It is the shop.<br><div><br><blockquote type="cite"><div>On 2 Mar 2026, at 10:12, Ivo &lt;ivo@example.org&gt; wrote:</div><br><div>Pay me or it goes.</div></blockquote></div></body>',
        '<p>It is the shop.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Ivo &lt;ivo@example.org&gt;<br><b>Sent:</b> Monday, March 2, 2026 9:12 AM<br><b>To:</b> Ana<br><b>Subject:</b> pay</p></div><p>Pay me or it goes.</p>',
    ],
)  # fmt: skip
def test_quoted_mail_is_told_apart_in_html(tmp_path: Path, page: str) -> None:
    [ticket] = imported("eml", written(tmp_path, HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + page.encode()))

    own, quoted = ticket.messages
    assert (own.text, quoted.id) == ("It is the shop.", "q2")
    assert "Pay me or it goes." in quoted.text


def test_whatever_is_left_out_is_counted_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    comments = [*exports.ZENDESK_COMMENTS, {"author_id": 101, "plain_body": " ", "public": True}]
    line = {**exports.ZENDESK_LINE, "comments": comments}
    path, out = (
        written(tmp_path, {"tickets": [line, line], "next_page": "https://acme.zendesk.com/2"}),
        tmp_path / "tickets.jsonl",
    )

    code = main(["import", "zendesk", str(path), "--out", str(out), "--without-notes"])

    told = capsys.readouterr().err
    assert code == 0
    assert "1 tickets have an id that another one above has" in told
    for count, what in (
        (2, "internal notes"),
        (2, "messages without words"),
        (2, "quoted mails that stand further up"),
        (1, "further pages of tickets, which the file only names"),
    ):
        assert f"{count} {what}" in told


@pytest.mark.parametrize("format", ["zendesk", "csv", "eml", "mbox"])
@pytest.mark.parametrize(("raw", "told"), [(b"\x89PNG\r\n\x1a\n", "is a picture"), (json.dumps(exports.CHATWOOT).encode(), "is a Chatwoot export; bring it in with `copilot import chatwoot")])  # fmt: skip
def test_a_file_of_another_kind_is_told_as_what_it_is(tmp_path: Path, format: str, raw: bytes, told: str) -> None:
    [fault] = tickets(Source(format, [str(written(tmp_path, raw))]))

    assert told in str(fault)
