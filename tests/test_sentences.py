"""The cut: every character kept, nothing over 400, the same every time, in any script, in linear time."""

import sys
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copilot.core.sentences import MAX_SENTENCE_CHARACTERS, Sentences, cut, cut_text
from copilot.core.short_forms import BEFORE_A_FIGURE, HOST_ENDS, MAY_BE_LAST, NEVER_LAST
from copilot.core.ticket import Ticket

MARKS = st.sampled_from(list(".!?…。！？।؟۔ \n\r\t\u2028\u3000\"'”»)]*_<>:;,，、-|#@/\u200d\ufe0f\u0301\0👩🏽กไa1AбЯ漢字עא"))
messy = st.lists(
    MARKS | st.text(max_size=3) | st.sampled_from(["no.", "e.g.", "3.", "> ", "[10:02] ", "x" * 60]), max_size=300
).map("".join)


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in cut_text(text)]


def trimmed(text: str) -> list[str]:
    return [piece.strip() for piece in pieces(text)]


def ticket(*texts: str) -> Ticket:
    return Ticket.model_validate({"messages": [{"text": text} for text in texts]})


@given(messy)
@example("x" * 399)
@example("x" * 400)
@example("x" * 401)
@example(" " * 401)
@example("." * 1_201)
@example("a" + "\u0301" * 900)
@example("👩\u200d" * 500)
def test_the_pieces_rebuild_the_text_and_none_is_too_long_or_empty(text: str) -> None:
    bounds = cut_text(text)

    assert "".join(text[start:end] for start, end in bounds) == text
    assert all(0 < end - start <= MAX_SENTENCE_CHARACTERS for start, end in bounds)
    assert all(one[1] == other[0] for one, other in pairwise(bounds))


@given(messy)
def test_the_same_text_is_cut_the_same_way(text: str) -> None:
    assert cut_text(text) == cut_text(str(bytes(text, "utf-8", "surrogatepass"), "utf-8", "surrogatepass"))


@given(messy)
def test_no_piece_is_blank_unless_blanks_alone_fill_it(text: str) -> None:
    """Every number names something to read; a run of over 400 blanks cannot be helped."""
    if text.strip() and "  " * 100 not in " ".join(text.splitlines()):
        assert all(piece.strip() for piece in pieces(text))


@given(st.lists(messy.filter(str.strip), min_size=1, max_size=5))
def test_sentences_are_numbered_by_message_from_one_and_carry_their_offsets(texts: list[str]) -> None:
    given_ticket = ticket(*texts)

    sentences = cut(given_ticket)

    for message in given_ticket.messages:
        own = sentences.of_message(message.id)
        assert [sentence.id for sentence in own] == [f"{message.id}.{number}" for number in range(1, len(own) + 1)]
        assert all(sentence.text == message.text[sentence.start : sentence.end] for sentence in own)
        assert "".join(sentence.text for sentence in own) == message.text
    assert len(sentences.by_id) == len(sentences) == len(list(sentences))


def test_ids_of_messages_cannot_make_two_sentences_share_an_id() -> None:
    given_ticket = Ticket.model_validate({"messages": [{"id": "a", "text": "1. x! y!"}, {"id": "a.1", "text": "z! w!"}]})

    ids = [sentence.id for sentence in cut(given_ticket)]

    assert len(ids) == len(set(ids))


def test_sentences_know_their_ids_their_message_and_their_author() -> None:
    given_ticket = Ticket.model_validate(
        {
            "reporter": "a",
            "participants": [{"id": "a"}, {"id": "b"}],
            "messages": [{"text": "Hi. "}, {"text": "Ho.", "author": "b"}],
        }
    )

    sentences = cut(given_ticket)

    assert [(one.id, one.message, one.author, one.text) for one in sentences] == [
        ("m1.1", "m1", "a", "Hi. "),
        ("m2.1", "m2", "b", "Ho."),
    ]
    assert "m1.1" in sentences
    assert "m1.2" not in sentences
    assert sentences.of_message("m9") == ()
    assert Sentences(()).by_id == {}


def test_a_blank_sentence_says_so() -> None:
    assert [one.is_blank for one in cut(ticket("x", " " * 401))] == [False, True, True]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("He deleted my shop.| He wants $500!| Why?| Please help", id="English"),
        pytest.param("Он удалил сайт.| Требует деньги!| Что делать?", id="Russian"),
        pytest.param("Він видалив сайт… |Я нічого не винен.", id="Ukrainian"),
        pytest.param("حذف الموقع.| هل يريد المال؟| نعم", id="Arabic"),
        pytest.param("کیا اس نے دھمکی دی؟|ہاں۔ |پیسے مانگے۔", id="Urdu"),
        pytest.param("उसने साइट हटा दी।| वह पैसे माँगता है॥| क्यों?", id="Hindi"),
        pytest.param("उसने हटा दी।|वह पैसे माँगता है।", id="Hindi without spaces"),
        pytest.param("他删除了我的网站。|他要钱！|为什么？|请帮忙", id="Chinese"),
        pytest.param("サイトを消された。|お金を払えと言う。|助けて", id="Japanese"),
        pytest.param("「払わないと消す。」と言われた。|怖い。", id="Japanese speech inside a sentence"),
        pytest.param("「払え。」|彼は怒った。", id="Japanese speech on its own"),
        pytest.param("그가 사이트를 지웠어요.| 돈을 달라고 해요.", id="Korean"),
        pytest.param("เขาลบเว็บไซต์ของฉันเมื่อวานนี้แล้ว |เขาขอเงินห้าร้อยบาทจากฉันวันนี้ |ช่วยด้วย", id="Thai"),
        pytest.param("Նա ջնջեց կայքը։| Փող է ուզում։", id="Armenian"),
        pytest.param("ድረገጹን አጠፋው።| ገንዘብ ይፈልጋል።", id="Amharic"),
        pytest.param("¿Qué hago?| ¡Ayuda!| Gracias.", id="Spanish"),
        pytest.param("Er hat gelöscht.| Am 5. März kam die Forderung.| Bitte helfen.", id="German date"),
        pytest.param("Il a dit « payez ! » puis rien.| Il a dit « payez ! »| Puis rien.", id="French quotes"),
        pytest.param("Wait... he took it… and then he asked.| Help.", id="ellipses that go on"),
        pytest.param("He took it...| Then he asked.", id="an ellipsis that ends"),
        pytest.param("What?!| No!!!| Really…?| Yes", id="runs of marks"),
        pytest.param('"Pay me!" he wrote.| "Or else."| He left.', id="speech inside a sentence"),
        pytest.param("He wrote (and I quote: pay.)| Then nothing.", id="a bracket that closes behind the mark"),
        pytest.param("*Pay now.*| _Or else._| Ok", id="emphasis"),
        pytest.param("😡 he deleted it!| 😭 help", id="emoji"),
    ],
)
def test_each_script_is_cut_where_its_sentences_end(text: str) -> None:
    expected = [piece.strip() for piece in text.split("|")]

    assert trimmed(text.replace("|", "")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Lee and Dr. Ortiz, e.g. my agent, met Mrs. Q.",
        "Acme Inc. was paid, etc. and so on",
        "See fig. 3 and no. 5 on p. 12",
        "He lives in St. Louis with J. Smith",
        "It was Mr. J. R. Tolk",
        "At 5 p.m. on Monday, approx. 300 USD",
        "La Sra. Gómez y el Sr. García pagaron aprox. 40 €",
        "z.B. die Seite, d.h. alles, vgl. oben",
        "т.е. сайт, т.к. он удалил, и т.д. и т.п. совсем",
        "version 2.0.1 costs 3.50 and 1.200,00 €",
        "see https://shop.example.com/a.b?x=1.2&Y=Z.Q now",
        "write to J.Doe@Example.com or www.Example.Com/Page.Html",
        "we use Node.js, Node.JS, ASP.NET and example.Com here",
        "the U.S. agency and the U.K. one",
    ],
)
def test_a_stop_that_ends_no_sentence_cuts_nothing(text: str) -> None:
    assert pieces(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "I said no.| He left.",
        "i told him no.| then he took it",
        "That is the max.| He wants more.",
        "Give me a min.| Ok",
        "I was at the st.| He came.",
        "Is it Al.| No, it is co.| Yes",
        "He works at Acme Inc.| He deleted it.",
        "It was 5 p.m.| He came.",
        "I hired Maria L.| She deleted it.",
        "Plan B.| Then he left.",
        "It was he and I.| We left.",
        "Это сделал я.| Потом ушёл.",
        "и т.д.| Потом ушёл.",
        "I paid 500.| Then he asked for 5.| Why",
    ],
)
def test_a_word_that_looks_like_a_short_form_can_end_a_sentence(text: str) -> None:
    assert trimmed(text.replace("|", "")) == [piece.strip() for piece in text.split("|")]


@pytest.mark.parametrize(
    "text",
    [
        "He deleted it.|Now he wants money.|I said no!|Really?|Yes",
        "удалил сайт.|Теперь требует!|Зачем?|Не знаю",
        "我付了钱.|他说不够",
    ],
)
def test_a_forgotten_space_does_not_hide_the_end_of_a_sentence(text: str) -> None:
    assert pieces(text.replace("|", "")) == text.split("|")


def test_the_lines_of_a_chat_log_are_cut_one_by_one() -> None:
    log = "[10:02] Anna: hi\n[10:03] Dev: pay me 500\nAnna: no\n10:05 Dev: then it is gone\n(10:06) Anna: what"

    assert pieces(log) == log.splitlines(keepends=True)


def test_the_lines_of_a_quoted_mail_are_cut_one_by_one() -> None:
    mail = (
        "From: Dev <dev@example.com>\nSubject: your site\n\n> pay me the rest of the money until Friday or else it will\n"
        "> be gone for good\n\nI did not answer him."
    )

    assert trimmed(mail) == [line for line in mail.splitlines() if line]


def test_the_items_of_a_list_are_cut_one_by_one_with_their_numbers() -> None:
    text = "He did this:\n1. deleted the site\n2) took the domain\n- asked for money\n• and a review\n\nHelp"

    assert trimmed(text) == [line for line in text.splitlines() if line]


def test_a_mail_that_was_hard_wrapped_reads_as_if_it_were_not() -> None:
    mail = (
        "I hired this man in March to build the shop and he was paid in full by\n"
        "Easter. Last night he wrote that he will switch everything off if I do\n"
        "not send another\n"
        "$800 today."
    )

    assert trimmed(mail) == [
        "I hired this man in March to build the shop and he was paid in full by\nEaster.",
        "Last night he wrote that he will switch everything off if I do\nnot send another",
        "$800 today.",
    ]


def test_a_full_line_goes_on_even_with_a_capital_or_a_figure() -> None:
    mail = (
        "Last night he wrote to me that he will switch the whole thing off if\n"
        "I do not pay him, and in the morning the shop had disappeared from\n"
        "Google as well, with all of my products and my orders, for which the\n"
        "$900 had been paid long before. Please help."
    )

    assert trimmed(mail) == [mail.removesuffix(" Please help."), "Please help."]


def test_short_lines_are_sentences_of_their_own() -> None:
    assert pieces("he deleted it\nhe wants money\ni said no") == ["he deleted it\n", "he wants money\n", "i said no"]


@pytest.mark.parametrize("length", [54, 55, 56])
def test_a_line_of_fifty_five_characters_or_more_that_goes_on_in_lower_case_was_wrapped(length: int) -> None:
    text = "x" * (length - 2) + " y\nand more"

    assert len(pieces(text)) == (1 if length >= 55 else 2)


@pytest.mark.parametrize(
    "opener", ["> and", "- and", "* and", "1. and", "2) and", "[10:02] and", "anna: and", "# and", "And", "", "5"]
)
def test_a_long_line_ends_where_the_next_one_opens_anew(opener: str) -> None:
    text = "x" * 60 + f"\n{opener} more"

    assert len(pieces(text)) == 2 if opener else True


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_every_kind_of_line_end_ends_a_line(line_end: str) -> None:
    assert pieces(f"one{line_end}two") == [f"one{line_end}", "two"]


def test_white_space_stays_with_the_sentence_before_it() -> None:
    assert pieces("  One.  \n\n Two. ") == ["  One.  \n\n ", "Two. "]


@pytest.mark.parametrize("length", [399, 400, 401, 800, 801])
def test_a_text_without_an_end_is_cut_at_four_hundred_characters(length: int) -> None:
    assert [len(piece) for piece in pieces("x" * length)] == [400] * (length // 400) + ([length % 400] if length % 400 else [])


@pytest.mark.parametrize("soft", ["; ", ": ", ", ", ") ", " ", "；", "，", "、"])
def test_a_long_sentence_is_cut_at_the_softest_place_in_its_last_two_thirds(soft: str) -> None:
    first = pieces("x" * 200 + soft + "y" * 300)[0]

    assert first == "x" * 200 + (soft.rstrip() or soft)


def test_a_clause_is_a_softer_place_than_a_comma_and_a_comma_than_a_space() -> None:
    assert pieces("x" * 150 + "; " + "y" * 50 + ", " + "z" * 50 + " " + "w" * 300)[0] == "x" * 150 + ";"
    assert pieces("x" * 150 + ", " + "y" * 50 + " " + "w" * 300)[0] == "x" * 150 + ","


@pytest.mark.parametrize("mark", ["\u0301", "\u093e", "\u0e31", "\u200d", "\U0001f3fd", "\ufe0f"])
def test_a_character_is_not_parted_from_its_marks(mark: str) -> None:
    first, second = pieces("x" * 399 + "e" + mark + "y" * 20)

    assert (first, second) == ("x" * 399, "e" + mark + "y" * 20)


def test_no_short_form_stands_in_two_lists() -> None:
    assert not NEVER_LAST & MAY_BE_LAST
    assert not NEVER_LAST & BEFORE_A_FIGURE
    assert not MAY_BE_LAST & BEFORE_A_FIGURE
    assert all(word == word.lower() for word in NEVER_LAST | MAY_BE_LAST | BEFORE_A_FIGURE | HOST_ENDS)


HOSTILE = {
    "stops": ".",
    "closers": '.")',
    "ellipses": "... a",
    "line breaks": "\n",
    "spaces": " ",
    "letters": "a",
    "glued": "aa.Aa",
    "addresses": "ab.Cd/",
    "list numbers": "1. ",
    "accents": "a\u0301",
    "joiners": "\u200d",
    "wide stops": "。",
    "thai": "ก ",
    "long lines": "a" * 60 + "\n",
    "full lines": "aaaa " * 12 + "\n",
    "quotes": "> a\n",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_work_grows_with_the_length_of_the_text_and_no_faster(unit: str) -> None:
    """Counted in calls and lines run, not in seconds, so that a busy machine cannot fail it."""

    def lines_run(characters: int) -> int:
        text = (unit * characters)[:characters]
        count = 0

        def step(*_: object) -> object:
            nonlocal count
            count += 1
            return step

        sys.settrace(step)
        try:
            cut_text(text)
        finally:
            sys.settrace(None)
        return count

    small, large = lines_run(2_000), lines_run(8_000)

    assert large < 5 * small + 2_000


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_the_largest_ticket_is_cut_in_seconds(unit: str) -> None:
    """What no line count shows: a pattern that backtracks, or a slice that copies the rest of the text."""
    text = (unit * 1_000_000)[:300_000]
    start = perf_counter()

    cut_text(text)

    assert perf_counter() - start < 20


@settings(max_examples=30)
@given(messy)
def test_a_text_is_cut_alike_alone_and_as_a_message(text: str) -> None:
    if text.strip():
        assert [sentence.text for sentence in cut(ticket(text))] == pieces(text)


@pytest.mark.parametrize(("times", "coarse"), [(19_999, False), (20_000, False), (20_001, True)])
def test_a_ticket_of_very_many_tiny_sentences_is_cut_coarsely_and_loses_nothing(times: int, coarse: bool) -> None:
    text = "a. " * times

    found = (
        cut(Ticket.model_validate({"messages": [{"text": text}, {"text": "b. c."}]}))
        if coarse
        else cut(Ticket.model_validate({"messages": [{"text": text}]}))
    )

    assert "".join(one.text for one in found.of_message("m1")) == text
    assert max(len(one.text) for one in found) <= 400
    assert len(found) == (times * 3 // 399 + 2 if coarse else times)
