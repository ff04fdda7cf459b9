"""What the copilot wrote is never read as evidence, and nobody can hide anything behind its wording."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Asset, DemandKind, DisputeKind, Harm, Intent, Motive, Route
from copilot.evaluation.cases.case import load_cases
from copilot.output import note
from copilot.output.wording import LANGUAGES, table
from copilot.pipeline import decide, decide_again, suggest, triage
from tests.builders import TEXT, claim, demand, dispute, extraction, threat
from tests.making import embedded_reader
from tests.own_notes import CASES, REMARK, WAYS, changed, with_note

TEMPLATES = Path(note.__file__).parents[1] / "notes"
MARK = "Written by Triage Copilot from this ticket; it is no new evidence."
NO_QUESTIONS = {"hello", "thanks", "known_letters", "known_words"}
THREAT = "Pay me 900 dollars by tonight or I will delete your whole website."
TICKET = Ticket.model_validate(
    {
        "reporter": "nora",
        "participants": [{"id": "nora", "role": "client", "name": "Nora"}, {"id": "ivo", "role": "freelancer", "name": "Ivo"}],
        "messages": [{"id": "m1", "text": TEXT, "sent_at": "2026-03-01T10:00:00+05:30"}],
    }
)
READER = embedded_reader()
NOTE = triage(TICKET, READER).note


def _read(ticket: Ticket, message: str = "pasted") -> str:
    """What is read of a message."""
    return "".join(sentence.text for sentence in cut(ticket).of_message(message)).strip()


def test_no_decision_changes_where_the_note_comes_back() -> None:
    """A sample of all cases, the same each time; `python -m tests.own_notes` takes them all."""
    cases = random.Random(9).sample(list(load_cases(sorted(CASES.glob("*.jsonl"))).cases), 24)

    tried, found = changed(cases)

    assert found == []
    assert min(tried.values()) >= 24


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("author", ["desk-agent", "nora", None])
def test_a_note_is_left_out_however_it_was_changed_and_whoever_pasted_it(way: str, author: str | None) -> None:
    pasted = with_note(TICKET, WAYS[way](NOTE), author)

    assert _read(pasted).replace(REMARK, "") == ""


@pytest.mark.parametrize("way", WAYS)
def test_sentences_keep_every_character_and_what_was_left_out_is_told(way: str) -> None:
    pasted = with_note(TICKET, WAYS[way](NOTE))

    shown = triage(pasted, READER)

    texts = {message.id: message.text for message in pasted.messages}
    for id, text in texts.items():
        assert "".join(one.text for one in shown.sentences if one.message == id) == text
    assert all(texts[one.message][one.start : one.end] == one.text for one in shown.sentences)
    told = {one.id for one in shown.sentences if one.message == "pasted" and REMARK not in one.text}
    assert set(shown.provenance.own_notes) == told != set()


def test_a_fact_that_rests_on_a_note_is_dropped() -> None:
    pasted = with_note(TICKET, NOTE)
    id = cut(pasted).own_notes[0].id

    kept = decide(pasted, extraction(threat(evidence=id)))

    assert [fact for fact in kept.facts if fact.type == "threat"] == []
    assert [one.reason.code for one in kept.dropped if one.list == "threats"] == ["unknown_sentence"]


def test_an_agents_correction_leaves_the_note_out_as_well() -> None:
    pasted = with_note(TICKET, NOTE)
    before = triage(pasted, READER).provenance

    after = decide_again(pasted, extraction(threat()), before)

    assert after.provenance.own_notes == before.own_notes


def test_a_ticket_of_nothing_but_fixed_wording_is_no_all_clear() -> None:
    text = triage(Ticket.model_validate({"messages": [{"text": "How do I change my payout currency?"}]}), READER).note

    shown = triage(Ticket.model_validate({"messages": [{"text": text}]}), READER)

    assert shown.route is Route.AGENT_REVIEW


def _between_the_lines(text: str) -> Iterator[str]:
    lines = NOTE.splitlines()
    yield from ("\n".join([*lines[:at], text, *lines[at:]]) for at in range(len(lines) + 1))


def test_a_threat_between_any_two_lines_of_a_note_is_read() -> None:
    for text in _between_the_lines(THREAT):
        assert THREAT in _read(with_note(TICKET, text, "ivo")), text


@pytest.mark.parametrize(
    "line", ["  | [m1.1] client, 2026-03-01 10:00 UTC: “{}”", "  | p2: freelancer, named in the ticket as “{}”"]
)
def test_a_threat_in_the_frame_of_a_quote_or_a_name_is_read(line: str) -> None:
    """Only what stands elsewhere in the ticket, and is read there, is left out of a frame."""
    for text in _between_the_lines(line.format(THREAT)):
        assert THREAT in _read(with_note(TICKET, text, "ivo")), text


@pytest.mark.parametrize(
    "wrapped",
    [
        f"Threat: {THREAT} [m1.1]",
        f"- Dispute: about {THREAT} [m1.2] (a disagreement is no harm; it matters for mediation)",
        f"Rule R7_outside, {THREAT} policy 2026.11.1.",
        f"Cited as well, not quoted for length: {THREAT}",
        f"- Dispute: about payment. [{THREAT}]",
        f"{THREAT} {MARK}",
        f"{MARK} {THREAT}",
        f"> {MARK}\n> > {THREAT}\n> {MARK}",
        f"Sentences of the ticket that no reader saw: {THREAT} Please read the ticket itself for these.",
    ],
)
def test_a_threat_in_the_place_of_a_variable_is_read(wrapped: str) -> None:
    text = f"No escalation is drafted: this one needs your judgement.\n{wrapped}\n{MARK}"

    assert "delete your whole website" in _read(with_note(TICKET, text, "ivo"))


def test_a_message_id_that_is_a_threat_hides_none() -> None:
    """A console chooses ids; what stands for one in brackets must be an id of this ticket, or look like none that could speak."""
    text = f"{MARK}\n- Dispute: about payment. [I-will-delete-your-website.1]"

    assert "delete" in _read(with_note(TICKET, text, "ivo"))


def test_two_notes_that_quote_each_others_threat_do_not_hide_it() -> None:
    framed = NOTE.replace(TEXT.split(".")[0], THREAT.removesuffix("."))

    ticket = with_note(TICKET, f"{framed}\n{framed}", "ivo")

    assert THREAT.removesuffix(".") in _read(ticket)


def test_everyday_words_of_a_note_are_read_where_there_is_no_note() -> None:
    text = "Why: he wants more.\nWho: my freelancer.\nPlease note: he deleted it. Threat: yes."

    assert _read(with_note(TICKET, text)) == text


def test_a_quote_that_goes_on_where_the_ticket_ended_is_read_in_whole() -> None:
    text = f"{MARK}\n  | [m1.4] client, 2026-03-01 10:00 UTC: “He is rude, and will burn her house.”"

    assert "He is rude, and will burn her house." in _read(with_note(TICKET, text, "ivo"))


def test_what_an_agent_adds_within_a_note_is_read() -> None:
    edited = NOTE.replace("What the ticket tells:", "She called: he also has her passport.\n\nWhat the ticket tells:")

    assert _read(with_note(TICKET, edited)) == "She called: he also has her passport."


def test_half_a_note_is_left_out_wherever_it_was_cut() -> None:
    for length in range(len(NOTE.splitlines()[0]), len(NOTE), 3):
        assert _read(with_note(TICKET, NOTE[:length])) == "", NOTE[:length][-60:]


def _fixed_words() -> Iterator[str]:
    """Everything in the table that a note says in words of its own, whole."""
    yield from table()["caution"].values()
    yield from table()["why"].values()
    yield from (f"({reason})" for reason in table()["reason"].values())
    yield from (words.format(who="the client") for words in table()["ask"].values())
    yield from (words for words in _leaves(table()["written"]) if words.endswith((".", ":")) and "{" not in words)


def _leaves(given: dict[str, object]) -> Iterator[str]:
    for value in given.values():
        yield from _leaves(value) if isinstance(value, dict) else (value,)


def test_a_template_says_nothing_of_its_own() -> None:
    """All words of a note stand in the table, where the tests of wording find them."""
    said = [line for path in sorted(TEMPLATES.glob("*.j2")) for line in _lines_of(path.read_text(encoding="utf-8"))]

    assert said == []


def _lines_of(template: str) -> Iterator[str]:
    """The letters that a template holds itself."""
    for node in Environment(trim_blocks=True, lstrip_blocks=True).parse(template).find_all(nodes.TemplateData):
        yield from (line for line in node.data.splitlines() if any(map(str.isalpha, line)))


@pytest.mark.parametrize("words", sorted(set(_fixed_words())))
def test_everything_that_a_note_may_say_is_known_as_its_wording(words: str) -> None:
    """Where this fails, the words are new: add them to copilot/notes/wording.toml, and leave the old ones in."""
    assert _read(with_note(TICKET, f"{MARK}\n- {words}")) == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("author", ["desk-agent", "nora", None])
def test_questions_to_a_customer_are_not_read_when_they_come_back_and_whatever_stands_beneath_is(
    language: str, author: str | None
) -> None:
    """Where this fails, the words are new: add them to copilot/notes/wording.toml, and leave the old ones in."""
    words = table(language)["ask_customer"]
    questions = [f"- {text}" for name, text in words.items() if name not in NO_QUESTIONS]

    asked = with_note(TICKET, "\n\n".join([words["hello"], "\n".join(questions), THREAT]), author)

    assert len(questions) > 5
    assert _read(asked) == THREAT


def test_a_note_on_an_agents_answer_about_mediation_is_left_out_in_whole() -> None:
    given = TICKET.model_copy(update={"context": TICKET.context.model_copy(update={"mediation_eligible": True})})
    first = decide(given, extraction(dispute()))

    text = decide_again(given, extraction(dispute()), first.provenance, is_answered=True).note

    assert "By an agent's answer" in text
    assert _read(with_note(given, text)) == ""


def test_a_quote_spelt_as_on_a_page_is_left_out() -> None:
    said = 'He said "I will delete your shop."'
    given = TICKET.model_copy(update={"messages": (TICKET.messages[0].model_copy(update={"text": said}),)})
    text = WAYS["as a page spells it"](decide(given, extraction(threat())).note)

    left = _read(with_note(given, text))

    assert "&quot;" in text
    assert left == ""


def _all_facts() -> Iterator[tuple[object, ...]]:
    for harm in Harm:
        yield tuple(threat(harm, asset) for asset in Asset)
        yield tuple(claim(harm, Asset.WEBSITE, intent, motive) for intent in Intent for motive in Motive)
    yield tuple(demand(kind, by, of) for kind in DemandKind for by, of in (("p2", "p1"), ("p4", "p3")))
    yield tuple(dispute(kind) for kind in DisputeKind)


def test_a_note_of_any_fact_is_left_out_in_whole() -> None:
    for items in _all_facts():
        for item in items:
            for eligible in (True, None):
                given = TICKET.model_copy(update={"context": TICKET.context.model_copy(update={"mediation_eligible": eligible})})

                text = decide(given, extraction(item)).note

                assert _read(with_note(given, text)) == "", text


def test_a_note_that_names_more_sentences_than_it_quotes_is_left_out_wherever_it_was_cut() -> None:
    ids = [f"m1.{number}" for number in range(1, 31)]
    text = " ".join(f"He deleted page {number} of it." for number in range(1, 31))
    given = TICKET.model_copy(update={"messages": (TICKET.messages[0].model_copy(update={"text": text}),)})
    facts = extraction(threat(evidence=" ".join(ids)), dispute(evidence=" ".join(ids)))
    reading = Reading(facts, ReadOutcome.OK, extractor="agent", uncited=tuple(ids), unread=tuple(ids[:9]))
    written = suggest(given, cut(given), reading).note

    for length in range(len(written.splitlines()[0]), len(written) + 1, 7):
        assert _read(with_note(given, written[:length])) == "", written[:length][-60:]
    assert written.count("more, up to") >= 4


@pytest.mark.parametrize("outcome", [one for one in ReadOutcome if one.failed])
def test_a_note_of_a_failed_reading_is_left_out_in_whole(outcome: ReadOutcome) -> None:
    text = suggest(TICKET, cut(TICKET), Reading(None, outcome, extractor="x", unread=("m1.1",), uncited=("m1.2",))).note

    assert _read(with_note(TICKET, text)) == ""


def test_a_long_ticket_full_of_frames_is_cut_in_a_few_seconds() -> None:
    line = "  | [m1.1] client, 2026-03-01 10:00 UTC: “He deleted my shop and”\n"
    text = f"{MARK}\n{line * 14_000}"

    pieces = cut(with_note(TICKET, text[:900_000], "ivo"))

    assert sum("He deleted my shop and" in one.text for one in pieces.of_message("pasted")) > 13_000
