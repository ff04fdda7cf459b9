"""A contender that nobody asks about goes with what it decided, and nothing else does."""

import json

import pytest

from copilot.store import Store, shadows
from tests.builders import demand, threat
from tests.shadow.conftest import Read, Run
from tests.shadow.test_follow import Reviews, follow

FACTS = (threat(), demand())


class Others(Reviews):
    """Another contender."""

    name = "policy:others"


@pytest.fixture(params=[1, 2, 3, 4])
def _some_at_a_time(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadows, "_FORGOTTEN_AT_A_TIME", request.param)


@pytest.mark.usefixtures("_some_at_a_time")
def test_a_contender_is_forgotten_with_its_decisions_and_others_stay(
    store: Store, read: Read, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [read(f"T-{number}", *FACTS) for number in range(3)]
    for contender in (Reviews(), Others()):
        follow(store, contender)

    code = run("shadow", "forget", "policy:reviews", "--yes")

    assert (code, capsys.readouterr().out) == (0, "policy:reviews is forgotten, with 3 decisions\n")
    assert store.shadows.contenders() == ["policy:others"]
    ids = [one.id for one in made]
    assert (len(store.shadows.decisions("policy:reviews", ids)), len(store.shadows.decisions("policy:others", ids))) == (0, 3)
    assert all(store.suggestions.get(id) for id in ids)


def test_a_forgotten_contender_is_in_no_report_and_begins_anew(
    store: Store, read: Read, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    read("T-1", *FACTS)
    follow(store, Reviews())
    run("shadow", "forget", "policy:reviews", "--yes")

    code = run("shadow", "report")
    kept = follow(store, Reviews()).kept

    assert (code, kept) == (2, 1)
    assert run("shadow", "report", "--json") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["contender"] == "policy:reviews"


def test_without_yes_and_by_a_wrong_name_nothing_is_forgotten(
    store: Store, read: Read, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    read("T-1", *FACTS)
    follow(store, Reviews())

    codes = [run("shadow", "forget", "policy:reviews"), run("shadow", "forget", "policy:x", "--yes")]

    told = capsys.readouterr().err.splitlines()
    assert (codes, store.shadows.contenders()) == ([2, 2], ["policy:reviews"])
    assert "say --yes" in told[0]
    assert "use one of policy:reviews" in told[-1]


def test_a_contender_that_follows_is_not_forgotten(
    store: Store, read: Read, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    read("T-1", *FACTS)
    follow(store, Reviews())

    with store.database.alone("shadow policy:reviews"):
        code = run("shadow", "forget", "policy:reviews", "--yes")

    assert (code, store.shadows.contenders()) == (1, ["policy:reviews"])
    assert "a process follows for policy:reviews; stop it first" in capsys.readouterr().err
