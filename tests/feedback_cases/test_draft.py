"""Feedback becomes draft cases that the evaluation can load."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from copilot.core.extraction import Extraction
from copilot.core.ticket import Context
from copilot.core.vocabulary import Label, Route
from copilot.evaluation.cases.case import LabelledCase, load_cases
from copilot.evaluation.cases.lint import Sources, lint
from copilot.feedback_cases import Skipped, drafts
from copilot.pipeline import decide
from copilot.store import Feedback, FeedbackReason, Outcome, Store, StoredSuggestion
from tests.builders import claim, demand, extraction, suggested, threat, ticket

NOTHING = Outcome(route=Route.NO_ESCALATION, labels=[])
COERCION = Outcome(route=Route.CONTENT_ENFORCEMENT, labels=[Label.COERCION_AND_RETALIATION])
MENDED = extraction(threat(), demand())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'state' / 'copilot.db'}", 30)
    yield opened
    opened.close()


def keep(store: Store) -> StoredSuggestion:
    """A suggestion that missed everything."""
    given = ticket(eligible=False)
    return store.suggestions.add(given, suggested(given=given), "agent-1")


def correct(store: Store, kept: StoredSuggestion, facts: Extraction = MENDED, context: Context | None = None) -> StoredSuggestion:
    again = decide(ticket(eligible=context.mediation_eligible if context else False), facts)
    return store.decisions.add(kept.id, facts, context, again, "agent-1")


def only(store: Store) -> LabelledCase:
    (case,) = drafts(store.reviewed.rows()).cases
    return case


def test_corrected_facts_become_the_gold_facts(store: Store) -> None:
    correct(store, keep(store))

    case = only(store)

    assert (case.expect.route, case.expect.labels, case.expect.rule) == (COERCION.route, COERCION.labels, "R3_coercion")
    assert case.expect.extraction is not None
    assert len(case.expect.extraction.threats) == 1
    assert "from-feedback" in case.tags
    assert "person's review" in case.why


def test_the_eligibility_that_the_agent_gave_is_in_the_case(store: Store) -> None:
    correct(store, keep(store), extraction(claim()), Context(mediation_eligible=True))

    case = only(store)

    assert case.ticket.context.mediation_eligible is True
    assert case.expect.rule == "R2_mediation"


def test_facts_are_left_out_where_the_policy_says_otherwise_on_them(store: Store) -> None:
    kept = keep(store)
    correct(store, kept)
    store.outcomes.put(kept.id, NOTHING, "agent-9")

    case = only(store)

    assert (case.expect.route, case.expect.rule, case.expect.extraction) == (Route.NO_ESCALATION, "R7_outside", None)


@pytest.mark.parametrize(
    ("outcome", "rule"),
    [
        (NOTHING, "R7_outside"),
        (COERCION, "R3_coercion"),
        (
            Outcome(route=Route.CONTENT_ENFORCEMENT, labels=[Label.FEEDBACK_BUILDING, Label.COERCION_AND_RETALIATION]),
            "R3_coercion",
        ),
        (Outcome(route=Route.CONTENT_ENFORCEMENT, labels=[Label.RETALIATION]), "R4_retaliation"),
        (Outcome(route=Route.CONTENT_ENFORCEMENT, labels=[]), "R5_suspicion"),
        (Outcome(route=Route.AGENT_REVIEW, labels=[]), "R6_judgement"),
        (Outcome(route=Route.MEDIATION_DISPUTES, labels=[]), "R2_mediation"),
        (Outcome(route=Route.ACCOUNT_SECURITY, labels=[]), "R1_account_security"),
    ],
)
def test_an_outcome_alone_gives_a_case_without_facts(store: Store, outcome: Outcome, rule: str) -> None:
    store.outcomes.put(keep(store).id, outcome, "agent-9")

    case = only(store)

    assert (case.expect.route, set(case.expect.labels), case.expect.rule) == (outcome.route, set(outcome.labels), rule)
    assert case.expect.extraction is None


def test_what_the_agent_chose_instead_counts_where_no_outcome_is_known(store: Store) -> None:
    kept = keep(store)
    correct(store, kept)
    changed = Feedback(action="changed", reason=FeedbackReason.WRONG_TEAM, changed_to=NOTHING)
    store.feedback.add(kept.id, changed, "agent-1")

    assert only(store).expect.route is Route.NO_ESCALATION


def test_a_dismissed_correction_gives_no_answer(store: Store) -> None:
    kept = keep(store)
    correct(store, kept)
    store.feedback.add(kept.id, Feedback(action="dismissed", reason=FeedbackReason.TEST_TICKET), "agent-1")

    made = drafts(store.reviewed.rows())

    assert made.cases == []
    assert made.skipped == {Skipped.NO_ANSWER: 1}


def test_the_decision_that_feedback_names_counts_and_not_a_later_try(store: Store) -> None:
    kept = keep(store)
    accepted = correct(store, kept)
    correct(store, kept, extraction())
    store.feedback.add(kept.id, Feedback(action="accepted", decision_id=accepted.decision_id), "agent-1")

    assert only(store).expect.rule == "R3_coercion"


def test_a_suggestion_that_nobody_said_more_about_is_no_case(store: Store) -> None:
    kept = keep(store)
    store.feedback.add(kept.id, Feedback(action="accepted"), "agent-1")

    assert drafts(store.reviewed.rows()).cases == []


def test_a_ticket_whose_text_is_gone_is_no_case(store: Store) -> None:
    correct(store, keep(store))
    store.retention.purge(datetime.now(UTC) + timedelta(days=30))

    assert list(store.reviewed.rows()) == []


def test_only_tickets_from_since_on_are_taken(store: Store) -> None:
    kept = keep(store)
    correct(store, kept)

    assert len(list(store.reviewed.rows(kept.created_at))) == 1
    assert list(store.reviewed.rows(kept.created_at + timedelta(microseconds=1))) == []


def test_the_cases_load_and_a_case_with_facts_has_no_lint(store: Store, tmp_path: Path) -> None:
    correct(store, keep(store))
    without_facts = keep(store)
    store.outcomes.put(without_facts.id, NOTHING, "agent-9")
    file = tmp_path / "drafts.jsonl"
    file.write_text("".join(case.model_dump_json() + "\n" for case in drafts(store.reviewed.rows()).cases), encoding="utf-8")

    loaded = load_cases([file])

    with_facts = next(case for case in loaded.cases if case.expect.extraction)
    assert len(loaded) == 2
    assert not [
        found for found in lint(loaded, Sources.usual()) if found.case_id == with_facts.id and found.check not in _OF_THE_SET
    ]


_OF_THE_SET = ("near-duplicate", "in the prompt", "in the training tickets")
"""Both tickets tell one story here."""
