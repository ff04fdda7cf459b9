"""The one path: whatever a reader answers or fails to, a suggestion comes out."""

import asyncio
import inspect
import logging
from dataclasses import replace
from importlib.metadata import version

import pytest

import copilot
from copilot import pipeline
from copilot.core.errors import CopilotError
from copilot.core.extraction import Extraction
from copilot.core.facts import Party
from copilot.core.reading import Reading, ReadOutcome, Usage
from copilot.core.vocabulary import Caution, Role, Route
from copilot.output.suggestion import Suggestion
from copilot.pipeline import atriage, decide, decide_again, triage
from copilot.policy import POLICY_VERSION
from tests.builders import demand, dispute, extraction, threat, ticket
from tests.scripted_reader import Scripted

TICKET = ticket()
ANSWER = Reading(extraction(threat(), demand()), ReadOutcome.OK, extractor="embedded")


def both_ways(reader: Scripted) -> list[Suggestion]:
    return [triage(TICKET, reader), asyncio.run(atriage(TICKET, reader))]


def test_triage_decides_what_decide_decides_on_the_same_extraction() -> None:
    given = decide(TICKET, ANSWER.extraction)

    for suggestion in both_ways(Scripted(ANSWER)):
        assert suggestion.model_copy(update={"provenance": given.provenance}) == given


def test_deciding_twice_gives_the_same_suggestion_to_the_byte() -> None:
    one, other = (decide(TICKET, ANSWER.extraction).model_dump_json() for _ in range(2))

    assert one == other


@pytest.mark.parametrize("outcome", [outcome for outcome in ReadOutcome if outcome.failed])
def test_a_reading_that_failed_goes_to_a_person_with_the_reason(outcome: ReadOutcome) -> None:
    for suggestion in both_ways(Scripted(Reading(None, outcome, extractor="openai"))):
        assert (suggestion.route, suggestion.rule, suggestion.queue) == (Route.AGENT_REVIEW, "R6_judgement", None)
        assert Caution.DEGRADED_EXTRACTOR in suggestion.cautions
        assert suggestion.provenance.outcome == outcome.value
        assert f"could not be read ({outcome.value})" in suggestion.note


@pytest.mark.parametrize("fault", [RuntimeError, ValueError, TimeoutError, CopilotError, KeyError, MemoryError, RecursionError])
def test_a_reader_that_raises_sends_the_ticket_to_a_person_and_logs_no_text(
    fault: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    raised = fault("canary")

    with caplog.at_level(logging.DEBUG):
        suggestions = both_ways(Scripted(raised))

    assert {suggestion.route for suggestion in suggestions} == {Route.AGENT_REVIEW}
    assert all("canary" not in suggestion.model_dump_json() for suggestion in suggestions)
    assert f"Scripted raised {fault.__name__}" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_stop_is_not_taken_for_a_fault(stop: type[BaseException]) -> None:
    with pytest.raises(stop):
        triage(TICKET, Scripted(stop()))


async def test_a_cancelled_triage_is_cancelled() -> None:
    with pytest.raises(asyncio.CancelledError):
        await atriage(TICKET, Scripted(asyncio.CancelledError()))


def test_a_reader_that_looks_empty_is_asked_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    class Shy(Scripted):
        def __len__(self) -> int:
            return 0

    monkeypatch.setattr(pipeline, "default_reader", lambda: pytest.fail("the default was asked"))

    assert [one.route for one in both_ways(Shy(ANSWER))] == [Route.CONTENT_ENFORCEMENT] * 2


def test_without_a_reader_the_default_one_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    default = Scripted(ANSWER)
    monkeypatch.setattr(pipeline, "default_reader", lambda: default)

    triage(TICKET)
    asyncio.run(atriage(TICKET))

    assert default.way == ["read", "aread"]


@pytest.mark.parametrize(
    ("changes", "caution"),
    [
        ({"uncited": ("m1.4",)}, Caution.SECOND_READER_DISAGREES),
        ({"second": extraction(threat("account_breach", evidence="m1.4"))}, Caution.SECOND_READER_DISAGREES),
        ({"degraded": True}, Caution.DEGRADED_EXTRACTOR),
        ({"extraction": None, "outcome": ReadOutcome.REFUSAL}, Caution.DEGRADED_EXTRACTOR),
        ({"unread": ("m1.4",)}, Caution.TRUNCATED_TICKET),
    ],
    ids=lambda one: "+".join(one) if isinstance(one, dict) else one.value,
)
def test_how_the_ticket_was_read_becomes_a_caution(changes: dict[str, object], caution: Caution) -> None:
    about_reading = {Caution.SECOND_READER_DISAGREES, Caution.DEGRADED_EXTRACTOR, Caution.TRUNCATED_TICKET}

    suggestion = triage(TICKET, Scripted(replace(ANSWER, **changes)))

    assert set(suggestion.cautions) & about_reading == {caution}
    assert list(suggestion.cautions) == [one for one in Caution if one in suggestion.cautions]
    assert not set(decide(TICKET, ANSWER.extraction).cautions) & about_reading


def test_provenance_tells_where_the_facts_came_from() -> None:
    reading = replace(
        ANSWER,
        extractor="openai",
        model="m",
        prompt_sha256="p",
        schema_sha256="s",
        usage=Usage(1, 2, 3, known=False),
        seconds=1.23456789,
        attempts=2,
        uncited=("m1.4",),
        unread=("m1.3",),
        unsure=("m1.2",),
        second=extraction(threat()),
        second_unread=("m1.4",),
        mode="json",
        adapted=("thinking_off",),
    )

    told = triage(TICKET, Scripted(reading)).provenance.model_dump()

    assert told == {
        "extractor": "openai",
        "model": "m",
        "prompt_sha256": "p",
        "schema_sha256": "s",
        "policy_version": POLICY_VERSION,
        "copilot_version": version("triage-copilot"),
        "usage": {"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3, "known": False},
        "seconds": 1.234568,
        "attempts": 2,
        "degraded": False,
        "outcome": "ok",
        "disagreement": ["m1.4"],
        "unread": ["m1.3"],
        "unsure": ["m1.2"],
        "left_out": 0,
        "second": extraction(threat()).model_dump(),
        "second_unread": ["m1.4"],
        "mode": "json",
        "adapted": ["thinking_off"],
        "own_notes": [],
    }
    assert decide(TICKET, ANSWER.extraction).provenance.extractor == "given"


def test_the_tickets_own_context_decides_and_never_the_reading() -> None:
    """Eligibility comes from the marketplace's records."""
    routes = [decide(ticket(eligible=eligible), extraction(dispute())).route for eligible in (True, False, None)]

    assert routes == [Route.MEDIATION_DISPUTES, Route.NO_ESCALATION, Route.AGENT_REVIEW]


def test_the_package_offers_what_the_contract_names() -> None:
    assert copilot.triage is triage
    assert copilot.decide is decide
    for name in ("Ticket", "Extraction", "Suggestion"):
        assert inspect.isclass(getattr(copilot, name))


FIRST = replace(
    ANSWER, extractor="openai", model="m", prompt_sha256="p", schema_sha256="s", usage=Usage(1, 2, 3), seconds=1.5, attempts=2
)


def test_corrected_facts_are_decided_as_given_ones_are() -> None:
    before = triage(TICKET, Scripted(FIRST)).provenance
    corrected = extraction(threat(asset="marketplace_account"))

    again = decide_again(TICKET, corrected, before)

    assert again.route is Route.ACCOUNT_SECURITY
    given = decide(TICKET, corrected)
    assert again.model_copy(update={"provenance": given.provenance}) == given


def test_a_correction_keeps_where_the_first_reading_came_from_and_names_the_agent() -> None:
    before = triage(TICKET, Scripted(replace(FIRST, degraded=True, outcome=ReadOutcome.TIMEOUT))).provenance

    again = decide_again(TICKET, extraction(), before)

    assert again.provenance == before.model_copy(update={"extractor": "agent"})
    assert Caution.DEGRADED_EXTRACTOR in again.cautions


@pytest.mark.parametrize(
    ("corrected", "left"),
    [
        (extraction(), ["m1.3", "m1.4"]),
        (extraction(demand(evidence="m1.3")), ["m1.4"]),
        (extraction(dispute(evidence="m1.4"), demand(evidence="m1.3")), []),
        (extraction(demand(evidence="m1.3", by="p2", of="p2")), ["m1.3", "m1.4"]),
    ],
    ids=["none cited", "one cited", "all cited", "cited by a fact that is dropped"],
)
def test_a_sentence_in_doubt_stays_told_until_a_corrected_fact_cites_it(corrected: Extraction, left: list[str]) -> None:
    before = triage(TICKET, Scripted(replace(FIRST, uncited=("m1.3", "m1.4")))).provenance

    again = decide_again(TICKET, corrected, before)

    assert again.provenance.disagreement == left
    assert (Caution.SECOND_READER_DISAGREES in again.cautions) is bool(left)


def test_a_correction_does_not_read_what_nobody_read() -> None:
    before = triage(TICKET, Scripted(replace(FIRST, unread=("m1.4",)))).provenance

    again = decide_again(TICKET, extraction(), before)

    assert again.provenance.unread == ["m1.4"]
    assert again.route is Route.AGENT_REVIEW
    assert Caution.TRUNCATED_TICKET in again.cautions


def test_after_a_reading_that_failed_a_correction_still_says_that_it_did() -> None:
    before = triage(TICKET, Scripted(Reading(None, ReadOutcome.LANGUAGE_UNSUPPORTED, extractor="embedded"))).provenance

    again = decide_again(TICKET, extraction(threat()), before)

    assert again.route is Route.CONTENT_ENFORCEMENT
    assert again.provenance.outcome == "language_unsupported"
    assert Caution.DEGRADED_EXTRACTOR in again.cautions


def test_facts_beyond_what_a_ticket_holds_are_counted_once_however_often_they_are_sent_back() -> None:
    parties = [Party(f"p{number}", Role.UNKNOWN, is_reporter=number == 1) for number in range(1, 32)]
    many = extraction(*(threat(by=party.id) for party in parties[1:]), parties=parties)
    first = decide(TICKET, many)

    second = decide_again(TICKET, many, first.provenance)
    third = decide_again(TICKET, many, second.provenance)

    assert first.provenance.left_out > 0
    assert second.provenance.left_out == third.provenance.left_out == first.provenance.left_out
    assert Caution.TRUNCATED_TICKET in third.cautions
