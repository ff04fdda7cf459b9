"""The past decided again: what another policy would have made of stored facts, compared with what was suggested and said."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from copilot.core.errors import InputError
from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import cut
from copilot.core.vocabulary import Route
from copilot.evaluation.compare.other_policy import PolicyError
from copilot.pipeline import decide_again, suggest
from copilot.shadow.backtest import StoreBacktest, policy_of, store_backtest
from copilot.store import Outcome, Store
from copilot.store.tables import SUGGESTIONS
from tests.builders import claim, demand, extraction, threat, ticket
from tests.shadow.conftest import Read, Run, Say

COERCION = (threat(), demand())


def made(store: Store, repository: Path, revision: str | None = None) -> StoreBacktest:
    with policy_of(revision, repository) as policy:
        return store_backtest(store.past.texts(None, None), policy)


def test_this_programs_policy_agrees_with_what_it_suggested(store: Store, repository: Path, read: Read) -> None:
    for number, facts in enumerate(((), COERCION, (claim(),))):
        read(f"T-{number}", *facts)

    found = made(store, repository)

    assert (found.compared.n, found.compared.differences) == (3, ())


def test_another_policys_differences_are_listed_with_both_decisions_and_what_people_said(
    store: Store, repository: Path, read: Read, say: Say
) -> None:
    said, silent, _ = read("T-1", *COERCION), read("T-2", *COERCION), read("T-3")
    say(said, to="agent_review")

    found = made(store, repository, "other")

    differences = found.compared.differences
    assert [(one.text.ticket_id, one.suggested.route, one.contender.route) for one in differences] == [
        ("T-1", "content_enforcement", "agent_review"),
        ("T-2", "content_enforcement", "agent_review"),
    ]
    assert [one.right and (one.right.route, one.right.how) for one in differences] == [("agent_review", "changed"), None]
    assert found.compared.n == 3
    assert silent.id == differences[1].text.suggestion_id


def test_the_paired_test_finds_the_policy_that_people_agree_with(store: Store, repository: Path, read: Read, say: Say) -> None:
    for number in range(12):
        say(read(f"T-{number}", *COERCION), to="agent_review")

    found = made(store, repository, "other").compared

    assert found.paired is not None
    assert (found.paired.before, found.paired.after, found.paired.n) == (0.0, 1.0, 12)
    assert found.paired.verdict.startswith("The contender is better")
    assert not found.is_worse


def test_a_policy_that_people_disagree_with_is_worse_and_so_is_the_exit_code(
    read: Read, say: Say, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(12):
        say(read(f"T-{number}", *COERCION))

    code = run("store", "backtest", "--policy-from", "other", "--json")

    told = json.loads(capsys.readouterr().out)
    assert (code, told["n"], told["paired"]["worse"], told["paired"]["sources"]) == (1, 12, 12, {"accepted": 12})
    assert told["paired"]["verdict"].startswith("The contender is worse")


def test_the_outcome_outweighs_what_an_agent_chose(store: Store, repository: Path, read: Read, say: Say) -> None:
    one = read("T-1", *COERCION)
    say(one)
    store.outcomes.put(one.id, Outcome(route=Route.MEDIATION_DISPUTES, labels=[]), "lead")

    (text,) = store.past.texts(None, None)

    assert text.right is not None
    assert (text.right.route, text.right.how) == ("mediation_disputes", "outcome")


def test_where_an_agent_corrected_the_facts_theirs_are_decided_on(store: Store, repository: Path, read: Read, say: Say) -> None:
    one = read("T-1")
    corrected = extraction(*COERCION)
    decision = decide_again(store.suggestions.with_ticket(one.id)[0], corrected, one.provenance)
    kept = store.decisions.add(one.id, corrected, None, decision, "agent-1")
    say(one, decision=kept.decision_id)

    same, other = made(store, repository, "same"), made(store, repository, "other")

    assert (same.corrected, same.compared.differences) == (1, ())
    assert [(one.suggested.route, one.contender.route) for one in other.compared.differences] == [
        ("content_enforcement", "agent_review")
    ]


def test_a_reading_that_was_not_whole_is_decided_as_one(store: Store, repository: Path) -> None:
    """A person judges what nobody could read; facts that are not there do not make it clear."""
    for number, reading in enumerate(
        (
            Reading(None, ReadOutcome.UNREADABLE, extractor="none"),
            Reading(extraction(), ReadOutcome.OK, extractor="embedded", unread=("m1.2",)),
            Reading(extraction(*COERCION), ReadOutcome.OK, extractor="embedded", unsure=("m1.1",)),
        )
    ):
        given = ticket().model_copy(update={"id": f"T-{number}"})
        store.suggestions.add(given, suggest(given, cut(given), reading), "agent-1")

    found = made(store, repository, "same")

    assert (found.compared.n, found.compared.differences) == (3, ())


def test_one_text_counts_once_however_often_it_was_opened(store: Store, repository: Path, read: Read) -> None:
    read("T-1", *COERCION), read("T-1", *COERCION)

    assert made(store, repository).compared.n == 1


def test_text_that_is_gone_is_counted_and_an_empty_period_is_told(store: Store, repository: Path, read: Read) -> None:
    gone = read("T-1", *COERCION)
    past = datetime.now(UTC) - timedelta(seconds=1)
    with store.database.writing() as connection:
        connection.execute(update(SUGGESTIONS).where(SUGGESTIONS.c.id == gone.id).values(text_until=past))

    with pytest.raises(InputError, match=r"no ticket of that time to decide again \(1 are past"):
        made(store, repository)
    read("T-2")
    assert made(store, repository).gone == 1


@pytest.mark.parametrize(("revision", "told"), [("nowhere", "no such revision"), ("broken", "cannot be loaded")])
def test_a_policy_that_cannot_be_had_is_named_before_the_store_is_read(
    store: Store, repository: Path, revision: str, told: str
) -> None:
    with pytest.raises(PolicyError, match=told):
        made(store, repository, revision)


def test_a_policy_that_decides_nothing_is_incomplete(read: Read, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    one = read("T-1", *COERCION)

    code = run("store", "backtest", "--policy-from", "none")

    assert code == 2
    assert f"not decided by that policy: {one.id}" in capsys.readouterr().out


def test_a_period_is_of_the_first_reading_and_no_ticket_text_is_shown(
    read: Read, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    read("T-1", *COERCION)

    codes = [run("store", "backtest", "--policy-from", "other", option, "2026-01-01") for option in ("--since", "--until")]

    shown = capsys.readouterr()
    assert codes == [0, 2]
    assert "T-1" in shown.out
    assert "widen --since and --until" in shown.err
    assert "shop" not in shown.out


def test_a_store_that_another_program_locks_is_told_and_nothing_is_decided(
    read: Read, run: Run, url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read("T-1", *COERCION)
    monkeypatch.setattr("copilot.store.database.BUSY_SECONDS", 0.2)
    holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    code = run("store", "backtest")

    holder.close()
    shown = capsys.readouterr()
    assert (code, shown.out) == (1, "")
    assert "locked by another program" in shown.err
