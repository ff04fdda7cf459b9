"""A file that is no ticket is told by what it is, whatever its name; and what a person wrote is read, whatever it looks like."""

import bz2
import gzip
import io
import json
import lzma
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from copilot.files.foreign import HEAD_CHARACTERS, foreign
from copilot.files.loading import load_ticket

TICKETS = [{"messages": [{"text": "Where is my payout?"}]}, {"messages": [{"text": "He will delete my shop."}]}]


def mail(encoding: str = "quoted-printable", subtype: str = "plain") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ana@example.org", "help@example.org", "My shop"
    message.set_content("Er löscht meinen Shop, wenn ich nicht zahle.\n", subtype=subtype, cte=encoding)
    return message.as_bytes()


def archive() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("word/document.xml", "<w:document/>")
    return held.getvalue()


TABLES = {
    "names": "id,subject,body\n1,Payout,Where is it?\n2,Shop,He will delete it.\n3,Thanks,All good.\n",
    "spaces after commas": "id, subject, body\n1, Payout, Where is it?\n2, Shop, He will delete it.\n",
    "one row": 'id,subject,description\n7,"Shop","He says, ""pay me"", or it goes."\n',
    "a break in a cell": 'Ticket ID,Subject,Comment\n1,Shop,"First line\nsecond, line"\n2,Payout,"Where?\n\nThanks"\n',
    "semicolons": "Nummer;Betreff;Nachricht\n1;Auszahlung;Wo ist sie?\n2;Shop;Er will ihn löschen.\n",
    "semicolons, two columns, no number": "Betreff;Nachricht\nAuszahlung;Wo ist sie?\nShop;Er will ihn löschen.\n",
    "tabs": "id\tsubject\tbody\n1\tPayout\tWhere, please?\n2\tShop\tHe will delete it.\n",
    "bars": "id|subject|body\n1|Payout|Where is it?\n2|Shop|He will delete it.\n",
    "names of another language": "número,asunto,mensaje\n1,Pago,¿Dónde está?\n2,Tienda,La borrará.\n",
    "no names": '1,Payout,"Where is it, please?"\n2,Shop,"He will delete it."\n3,Thanks,All good.\n',
    "byte order mark and Windows line ends": "\ufeffid,subject,body\r\n1,Payout,Where?\r\n2,Shop,He will delete it.\r\n",
    "an empty last column": "id,subject,body,\n1,Payout,Where?,\n2,Shop,He will delete it.,\n",
    "rows of other lengths": "id,subject,body\n1,Payout,Where?,please\n2,Shop,He will.\n",
    "a line that tells the separator": "sep=;\nid;subject;body\n1;Payout;Where?\n",
    "longer than what is looked at": "id,subject,body\n" + "1,Payout,Where is it?\n" * HEAD_CHARACTERS,
}
OTHERS: dict[str, tuple[bytes, str]] = {
    "array": (json.dumps(TICKETS).encode(), "JSON array"),
    "array over lines": (json.dumps(TICKETS, indent=2).encode(), "JSON array"),
    "array that is cut": (json.dumps(TICKETS).encode()[:-5], "JSON array"),
    "array of strings": (b'["a", "b"]', "JSON array"),
    "empty array": (b" [ ]\n", "JSON array"),
    "lines": ("\n".join(map(json.dumps, TICKETS)).encode(), "JSONL file of many tickets; use `copilot batch`"),
    "mail, quoted-printable": (mail(), "e-mail"),
    "mail, base64": (mail("base64"), "e-mail"),
    "mail, HTML": (mail("base64", "html"), "e-mail"),
    "mail, as it was received": (b"Received: from a by b; Mon, 2 Mar 2026 09:12:00 +0000\r\n" + mail(), "e-mail"),
    "mailbox": (b"From ana@example.org Mon Mar  2 09:12:00 2026\n" + mail(), "mailbox"),
    "page": (b"<!DOCTYPE html>\n<html><body><p>He will delete my shop.</p></body></html>", "HTML"),
    "page behind a remark": (b"<!-- saved -->\n<HTML><body>He will.</body></HTML>", "HTML"),
    "part of a page": (b'<div class="comment"><p>He will delete my shop.</p></div>\n', "HTML"),
    "XML": (b'<?xml version="1.0"?><tickets><ticket/></tickets>', "XML"),
    "page that begins with its style": (b"<style>p{}</style>\n<p>He will delete it.</p>", "HTML"),
    "page without its head": (b'<meta charset="utf-8"><p>He will delete it.</p>', "HTML"),
    "XML of any name": (b"<ticket>\n<body>He will delete it.</body>\n</ticket>\n", "XML"),
    "XML behind a remark": (b"<!-- export --><ns:ticket a='1'><b>He</b></ns:ticket>", "XML"),
    "drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"><text>He</text></svg>', "XML"),
    "YAML": (b"---\nid: T-1\nmessages:\n  - text: He will delete it.\n", "YAML"),
    "RTF": (b"{\\rtf1\\ansi He will delete my shop.}", "RTF"),
    "PDF behind a line end": (b"\n%PDF-1.7\nx", "PDF"),
    "Outlook data": (b"!BDN\x01\x02\x03", "Outlook data file"),
    "sound": (b"OggS" + bytes(60), "binary file"),
    "text that has lost its encoding": ("\u041e\u043d \u0443\u0434\u0430\u043b\u0438\u043b".encode("utf-16-le"), "binary file"),
    "lines with separators in their text": (
        "\n".join(json.dumps({"messages": [{"text": "a\u2028b"}]}, ensure_ascii=False) for _ in "12").encode(),
        "JSONL",
    ),
    "ZIP": (archive(), "Office document or a ZIP archive"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
    "gzip": (gzip.compress(b"He will delete my shop."), "archive"),
    "xz": (lzma.compress(b"He will delete my shop."), "archive"),
    "bzip2": (bz2.compress(b"He will delete my shop."), "archive"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture"),
    "old Office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "Office"),
    "anything else": (b"MZ\x90\x01\x03" + bytes(9) + b"\xff\xfe\xff", "binary file"),
}
PROSE = {
    "commas": "Hello, team\nhe broke it, really\nthanks, Bob\n",
    "a greeting and a comma at each end": "Dear team,\nI have a problem,\nplease help,\nBob\n",
    "three parts a line": "Well, yes, no\nOr, then, again\nSo, it, is\n",
    "a list": "Shop, site, domain\nAll gone, all deleted, all lost\n",
    "semicolons": "He deleted it; I saw it; he laughed.\nI paid; he did not stop.\nHelp; please.\n",
    "a pasted mail": (
        "From: Ivo Example <ivo@example.org>\nSent: Monday, March 2, 2026 9:12 AM\nTo: Ana\nSubject: Re: the shop\n\n"
        "Pay me $500 or I delete it.\n"
    ),
    "a pasted mail with its date": (
        "From: Ivo <ivo@example.org>\nDate: Mon, 2 Mar 2026 09:12:00 +0000\nTo: Ana <ana@example.org>\nSubject: Re\n\nPay.\n"
    ),
    "a mail's source behind a sentence": f"He sent me this:\n\n{mail().decode()}",
    "a subject line": "Re: my shop\nHe will delete it.\n",
    "from somebody": "From Monday on he did not answer.\nNote: he has my keys.\n",
    "a table among sentences": "These are my payments:\nDate,Amount,To\n2026-03-01,500,Ivo\n2026-03-02,600,Ivo\nHe wants more.\n",
    "a Markdown table": "| Date | Amount |\n|---|---|\n| 1 March | $500 |\n| 2 March | $600 |\n",
    "a chat with times and tabs": "10:31\tAna\tHello\n10:32\tIvo\tPay me\n10:33\tAna\tNo\n",
    "a chat in brackets": "[10:31] Ana: hello\n[10:32] Ivo: pay me\n",
    "a tag in brackets": "[URGENT] he will delete my shop",
    "a list in brackets and prose": '["ana", "ivo"] is what the log says. He deleted it.',
    "an object among sentences": 'The server says {"error": "gone"}.\n{"error": "gone"}\nHelp.\n',
    "a name in arrows, twice": "<Ivo> pay me\n<Ana> no, never\n<Ivo> then it goes\n",
    "a chat export": "12/03/2026, 10:31 - Ana: Hello, you\n12/03/2026, 10:32 - Ivo: Pay me\n12/03/2026, 10:33 - Ana: No\n",
    "a chat export of dots": "12.03.26, 10:31 - Ana: Hello\n12.03.26, 10:32 - Ivo: Pay me\n",
    "messages with a colon": "Messages:\n- he wants $500\n- he deletes my shop\n",
    "front matter": "---\ntitle: x\n---\nHe deleted it.\n",
    "a zero in a long text": "He deleted it. " * 9 + "\0 He laughed.",
    "a tag of markup": "<3 my old shop. He deleted it.",
    "markup told of": "<div> is what is left of my page. He deleted all the rest.",
    "an arrow mark": "<Ivo> pay me\n<Ana> no\n",
    "a PDF told of": "The file begins with %PDF-1.7 and he broke it.",
    "one line": "id, subject, body",
    "numbers of money": "I paid 1,000 to him\nand 2,000 to her\nthen 3,000 to all\n",
    "numbered points": "1. He took it, then left\n2. He came back, then asked for $500\n3. He said, pay\n",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_a_table_of_records_is_no_ticket_whatever_its_delimiter_and_names(text: str) -> None:
    told = str(foreign(text.encode()))

    assert told.startswith("is a table (CSV or alike), not one ticket; ")
    assert "`copilot batch`" in told


@pytest.mark.parametrize(("raw", "told"), OTHERS.values(), ids=OTHERS)
def test_a_file_of_another_kind_is_told_by_what_it_holds(raw: bytes, told: str) -> None:
    assert told in str(foreign(raw))


@pytest.mark.parametrize("text", PROSE.values(), ids=PROSE)
def test_what_a_person_writes_is_read_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "letter"
    path.write_text(text, encoding="utf-8")

    ticket = load_ticket(str(path))

    assert [message.text for message in ticket.messages] == [text]


@pytest.mark.parametrize(
    ("suffix", "told"),
    [
        (".csv", "table"),
        (".TSV", "table"),
        (".eml", "e-mail"),
        (".yml", "YAML"),
        (".svg", "HTML or XML"),
        (".mhtml", "HTML"),
        (".mbox", "mailbox"),
        (".html", "HTML"),
        (".ndjson", "JSONL"),
    ],
)
def test_a_name_that_says_what_it_is_is_believed(suffix: str, told: str) -> None:
    assert told in str(foreign(b"Hello.", suffix.lower()))
