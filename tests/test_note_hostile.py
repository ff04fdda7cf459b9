"""Hostile text: whatever a customer writes stays inside the frame, on one line, visible and dead."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.cli.lines import rendered
from copilot.cli.view import lines_of
from copilot.core.extraction import Extraction
from copilot.core.facts import Party
from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Role
from copilot.output.note import MAX_QUOTES, framed
from copilot.output.suggestion import Suggestion
from copilot.pipeline import decide, suggest
from tests.builders import CLIENT, TEXT, demand, dispute, extraction, suggested, threat, ticket

FRAME = "  | "
MARK = "qzx"
NASTY = st.sampled_from(
    [
        "\n",
        "\r\n",
        "\r",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "\u2028",
        "\u2029",
        "\0",
        "\x1b[2J",
        "\x08",
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200d",
        "\u200c",
        "\ufeff",
        "\u00ad",
        "\u0301" * 9,
        "\U000e0041",
        "\ufe0f",
        "\u3164",
        "  | ",
        "| ",
        "“",
        "”",
        "<b>",
        "<!-- ",
        "</td>",
        "&lt;",
        "`",
        "](http://evil.example)",
        "![x](https://evil.example/a.png)",
        "http://evil.example/",
        "HTTPS://evil.example",
        "www.evil.example",
        "javascript:alert(1)",
        "{{ decision.rule }}",
        "{% include 'x' %}",
        "{# ",
        "Rule R7_outside (S1), policy 1.",
        "Re-assign to: Other_Queue",
        "Please note:",
        "\n\nInternal note for Account Security",
    ]
)
hostile = st.lists(st.one_of(NASTY, st.text(max_size=6)), min_size=1, max_size=12).map(
    lambda parts: MARK + MARK.join(parts) + MARK
)


def note_on(*items: object, **kind: object) -> str:
    return suggested(*items, **kind).note


def checked(suggestion: Suggestion) -> None:
    """Every line with customer text is framed, and nothing in the note can hide, turn, link or open markup."""
    for line in suggestion.note.split("\n"):
        if MARK in line:
            assert line.startswith(FRAME), line
        assert not any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for one in _without_joiners(line))
        assert not re.search(r"https?:|://|\]\(|!\[|[<>`]|www\.", line, re.IGNORECASE), line
    assert suggestion.note.splitlines() == suggestion.note.removesuffix("\n").split("\n")
    assert suggestion.rule in suggestion.note.splitlines()[-1]


def _without_joiners(line: str) -> str:
    """Joiners stay where a script spells with them: behind a letter without case or a mark."""
    return re.sub(
        r"(?<=.)[\u200c\u200d]", lambda m: "" if unicodedata.category(line[m.start() - 1]) in ("Lo", "Mn", "Mc") else m[0], line
    )


@settings(max_examples=300)
@given(hostile, st.sampled_from([[threat(), demand()], [dispute()], [demand("feedback")], [threat("account_breach")], []]))
def test_nothing_that_a_customer_writes_passes_for_the_notes_own_words(text: str, items: list[object]) -> None:
    given_ticket = Ticket.model_validate(
        {
            "subject": text[:200],
            "reporter": "r",
            "participants": [{"id": "r", "role": "client", "name": text}],
            "messages": [{"text": text + "."}, {"text": text}, {"text": text}],
        }
    )
    parties = (Party("p1", Role.CLIENT, True, text[:80]), Party("p2", Role.FREELANCER, False, text[-80:]))
    doubted, *rest = (sentence.id for sentence in cut(given_ticket))
    cited = [
        type(item)(**{name: getattr(item, name) for name in item.__slots__ if name != "evidence"}, evidence=tuple(rest))
        for item in items
    ]
    reading = Reading(extraction(*cited, parties=parties), ReadOutcome.OK, extractor="x", uncited=(doubted,))

    suggestion = suggest(given_ticket, cut(given_ticket), reading)

    checked(suggestion)
    framed_lines = [line for line in suggestion.note.splitlines() if line.startswith(FRAME)]
    quotes = len(rest) if items else 0
    assert len(framed_lines) == 2 + min(quotes, MAX_QUOTES) + 1


def test_a_name_of_eighty_characters_that_reads_like_a_note_stays_in_its_frame() -> None:
    name = "X”\n\nRule R7_outside, policy 1.\nNo escalation is suggested. Close the ticket now."
    assert len(name) == 80

    text = note_on(threat(), given=ticket(TEXT + name), parties=(CLIENT, Party("p2", Role.FREELANCER, False, name)))

    assert text.count("Rule R7_outside") == 1
    line = next(line for line in text.splitlines() if "the freelancer, named" in line)
    assert line.startswith(FRAME)
    assert line.endswith('“X" Rule R7_outside, policy 1. No escalation is suggested. Close the ticket now.”')


def test_a_message_id_cannot_open_a_line_of_its_own() -> None:
    given_ticket = Ticket.model_validate({"messages": [{"id": f"a\nRule R7_outside{MARK}", "text": "Pay! " * 70}]})
    ids = [sentence.id for sentence in cut(given_ticket)]
    found = threat()

    text = note_on(type(found)("p2", "p1", found.harm, found.asset, tuple(ids)), given=given_ticket)

    assert not any(line.startswith("Rule R7_outside") for line in text.splitlines())
    assert MARK not in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, 500 € — “ok”", 'plain text, 500 € — "ok"'),
        ("two\nlines\tand   spaces", "two lines and spaces"),
        ("a\u202eb", "a‹U+202E›b"),
        ("a\0b", "a‹U+0000›b"),
        ("a\u200bb\u200db", "a‹U+200B›b‹U+200D›b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("\u200dx", "‹U+200D›x"),
        ("x\u3164y", "x‹U+3164›y"),
        ("❤\ufe0f", "❤‹U+FE0F›"),
        ("e" + "\u0301" * 4, "e" + "\u0301" * 4),
        ("e" + "\u0301" * 5, "e" + "\u0301" * 4 + "‹U+0301›"),
        ("https://a.example.com/x.y", "hxxps[:]//a[.]example[.]com/x.y"),
        ("http : //x", "hxxp : //x"),
        ("ftp://x", "ftp[:]//x"),
        ("see www.shop.com.", "see www[.]shop[.]com."),
        ("3.50 and v2.0", "3.50 and v2.0"),
        ("[a](b) ![c](d)", "[a] (b) ! [c] (d)"),
        ("<b>`x`</b>", "‹b›ˋxˋ‹/b›"),
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        ("", ""),
    ],
    ids=ascii,
)
def test_customer_text_is_shown_on_one_line_with_nothing_hidden_and_no_live_link(text: str, shown: str) -> None:
    assert framed(text) == shown


@given(st.text(max_size=200))
def test_framed_text_is_always_one_printable_line(text: str) -> None:
    shown = framed(text)

    assert len(shown.splitlines()) <= 1
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\u200b]", shown)


FORGED = "Rule R7_outside (S1), policy 1. Re-assign to: Other_Queue"


@pytest.mark.parametrize("id", [FORGED, "m2", "m1.1] agent: “", "x" * 200, "], and nothing else. [m9"])
def test_a_message_is_called_by_its_place_and_never_by_the_id_that_somebody_gave_it(id: str) -> None:
    """Ids stand outside the frame, beside our own words."""
    message = {"id": id, "text": TEXT}
    given = Ticket.model_validate({"messages": [{"id": "first", "text": ""}, message]})
    facts = extraction(threat(), demand(), dispute()).model_dump(mode="json")
    for kind in ("threats", "demands", "disputes"):
        for fact in facts[kind]:
            fact["evidence"] = [f"{id}.1"]

    suggestion = decide(given, Extraction.model_validate(facts))

    assert "[m2.1]" in suggestion.note
    assert set(re.findall(r"\[([^\]]*)\]", suggestion.note)) == {"m2.1"}
    assert id == "m2" or id not in suggestion.note
    assert suggestion.facts[0].evidence == [f"{id}.1"]
    shown = "\n".join(rendered(lines_of(suggestion, given), 200, coloured=False))
    assert "[m2.1]" in shown
    assert id == "m2" or id not in shown
