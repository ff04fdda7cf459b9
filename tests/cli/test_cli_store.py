"""Commands around the store: keys, care, and cases from feedback."""

import json
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from copilot.core.vocabulary import Route
from copilot.pipeline import decide
from copilot.store import Outcome, Scope, Store
from tests.builders import claim, extraction, suggested, threat, ticket
from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the store of these tests lies."""
    for name in ("COPILOT_DATABASE_URL", "COPILOT_RETENTION_DAYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COPILOT_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{folder / 'copilot.db'}", 30)
    yield opened
    opened.close()


def keep(store: Store) -> str:
    given = ticket()
    return store.suggestions.add(given, suggested(threat(), given=given), "agent-1").id


def test_a_new_key_is_printed_once_alone_on_standard_output_and_works(run: Run, store: Store) -> None:
    ran = run("keys", "create", "--name", "console", "--scopes", "triage, feedback", "--days", "90")

    principal = store.keys.check(ran.out.strip())
    assert ran.code == 0
    assert principal is not None
    assert (principal.agent, principal.scopes) == ("console", {Scope.TRIAGE, Scope.FEEDBACK})
    assert principal.expires_at is not None
    assert abs(principal.expires_at - datetime.now(UTC) - timedelta(days=90)) < timedelta(minutes=1)
    assert ran.out.strip() not in ran.err + run("keys", "list").out + run("keys", "list", "--json").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--name", "n", "--scopes", "everything"], "--scopes takes triage"),
        (["--name", "n", "--scopes", ","], "--scopes takes triage"),
        (["--name", " ", "--scopes", "triage"], "--name must be"),
        (["--name", "x" * 101, "--scopes", "triage"], "--name must be"),
        (["--name", "a\x1b[31m", "--scopes", "triage"], "--name must be"),
        (["--name", "n", "--scopes", "triage", "--days", "0"], "--days"),
        (["--scopes", "triage"], "--name"),
    ],
)
def test_a_key_that_cannot_be_made_is_refused_in_one_line(run: Run, folder: Path, arguments: list[str], says: str) -> None:
    ran = run("keys", "create", *arguments)

    assert ran.code == 2
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert not folder.exists()


def test_keys_are_listed_with_what_became_of_them(run: Run, store: Store) -> None:
    used, _ = store.keys.create("used", [Scope.TRIAGE])
    past, _ = store.keys.create("past", [Scope.EXPORT], datetime.now(UTC))
    gone, _ = store.keys.create("gone", [Scope.ADMIN])
    assert run("keys", "revoke", gone.id).code == 0

    shown, listed = run("keys", "list").out, json.loads(run("keys", "list", "--json").out)

    assert [(key["id"], key["usable"]) for key in listed] == [(used.id, True), (past.id, False), (gone.id, False)]
    assert [word in line for word, line in zip(("until revoked", "expired", "revoked 2"), shown.splitlines(), strict=True)] == [
        True
    ] * 3


def test_no_keys_at_all_says_how_to_make_one(run: Run) -> None:
    assert "copilot keys create" in run("keys", "list").out


def test_an_unknown_key_cannot_be_revoked(run: Run) -> None:
    ran = run("keys", "revoke", "nosuchid")

    assert (ran.code, ran.err.count("\n")) == (2, 1)


def test_the_store_is_made_and_found_in_order(run: Run, folder: Path) -> None:
    made, checked = run("store", "migrate"), run("store", "check")

    assert (made.code, checked.code) == (0, 0)
    assert "in order; 0 tickets are past" in checked.out
    assert stat.S_IMODE((folder / "copilot.db").stat().st_mode) == 0o600


def test_a_store_that_cannot_be_used_is_told_in_one_line(run: Run, folder: Path) -> None:
    folder.mkdir()
    (folder / "copilot.db").write_bytes(b"no database. " * 500)

    ran = run("store", "check")

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "no SQLite database" in ran.err


def test_a_purge_says_first_what_it_would_do(run: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.database.writing() as connection:
        pass
    id = keep(store)
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE suggestions SET text_until = '2026-01-01 00:00:00.000000'")

    would, did, again = run("store", "purge", "--dry-run"), run("store", "purge"), run("store", "purge")

    assert (would.out, did.out, again.out) == ("1 ticket would lose text\n", "1 ticket lost text\n", "0 tickets lost text\n")
    assert id.startswith("sug_")


def test_an_erasure_needs_a_yes(run: Run, store: Store) -> None:
    keep(store)

    refused, done = run("store", "erase", "maria"), run("store", "erase", "maria", "--yes")

    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert (done.code, done.out) == (0, "1 ticket erased\n")


def test_an_erasure_whose_bytes_are_left_ends_with_a_code_and_says_what_to_do(
    run: Run, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copilot.store.bytes.PATIENCE_SECONDS", 0.0)
    keep(store)
    other = sqlite3.connect(folder / "copilot.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM suggestions").fetchone()

    failed = run("store", "erase", "maria", "--yes")
    checked = run("store", "check")
    other.execute("ROLLBACK")
    other.close()
    done = run("store", "purge")

    assert (failed.code, failed.out, failed.err.count("\n")) == (1, "", 1)
    assert "the text of 1 ticket was removed" in failed.err
    assert "copilot store purge" in failed.err
    assert "bytes of removed text may still be in the file" in checked.out
    assert done.code == 0
    held = b"".join(path.read_bytes() for path in folder.iterdir())
    assert ticket().messages[0].text.encode() not in held


def test_a_check_of_no_store_makes_none(run: Run, folder: Path) -> None:
    ran = run("store", "check")

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert not folder.exists()


def test_agents_are_signed_out_one_or_all(run: Run, store: Store) -> None:
    tokens = [store.sessions.create(agent, 15, 60)[0] for agent in ("agent-1", "agent-1", "agent-2")]

    neither = run("keys", "signout")
    one, rest = run("keys", "signout", "--agent", "agent-1"), run("keys", "signout", "--all")

    assert (neither.code, one.out, rest.out) == (2, "2 sessions ended\n", "1 session ended\n")
    assert [store.sessions.check(token) for token in tokens] == [None] * 3


def test_cases_are_written_for_eval_lint_to_read(run: Run, store: Store, tmp_path: Path) -> None:
    given = ticket(eligible=False)
    kept = store.suggestions.add(given, suggested(given=given), "agent-1")
    store.decisions.add(kept.id, extraction(claim()), None, decide(given, extraction(claim())), "agent-1")
    store.outcomes.put(keep(store), Outcome(route=Route.AGENT_REVIEW, labels=[]), "agent-1")
    out = tmp_path / "drafts.jsonl"

    ran = run("cases", "export", "--out", out, "--since", "2026-01-01")

    assert (ran.code, ran.err) == (0, "")
    assert "2 cases written" in ran.out
    assert "1 of them without facts" in ran.out
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    linted = run("eval", "lint", out)
    assert linted.out.startswith("2 cases, ")
    assert linted.code in (0, 1)


def test_a_file_that_is_there_is_not_written_over(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "drafts.jsonl"
    out.write_text("mine", encoding="utf-8")

    ran = run("cases", "export", "--out", out)

    assert (ran.code, ran.err.count("\n"), out.read_text(encoding="utf-8")) == (2, 1, "mine")


def test_without_feedback_there_is_no_file(run: Run, tmp_path: Path) -> None:
    ran = run("cases", "export", "--out", tmp_path / "drafts.jsonl")

    assert (ran.code, ran.out) == (0, "no case to write\n")
    assert not (tmp_path / "drafts.jsonl").exists()


def test_a_place_that_cannot_be_written_is_bad_input(run: Run, store: Store, tmp_path: Path) -> None:
    store.outcomes.put(keep(store), Outcome(route=Route.AGENT_REVIEW, labels=[]), "agent-1")

    ran = run("cases", "export", "--out", tmp_path / "nowhere" / "drafts.jsonl")

    assert (ran.code, ran.err.count("\n")) == (2, 1)


@pytest.mark.parametrize("group", ["keys", "store", "cases"])
def test_a_group_alone_shows_its_help(run: Run, group: str) -> None:
    assert run(group).out == run(group, "--help").out


def test_a_store_that_is_not_installed_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot.cli.open_store.find_spec", lambda name: None)

    ran = run("store", "check")

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "pip install '.[service]'" in ran.err
