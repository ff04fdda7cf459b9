"""Beside the service: a contender looks at each new text once, keeps what it decides, and changes nothing."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from copilot.core.reading import Reading, ReadOutcome
from copilot.shadow.contenders import Keep, ReaderContender, ReaderStopped
from copilot.shadow.follow import AlreadyFollowed, Follower, Pace
from copilot.shadow.report import report
from copilot.store import Store
from copilot.store.past import PastFacts
from copilot.store.shadows import ShadowDecision, ShadowOutcome, Unseen
from copilot.store.tables import SHADOWS, SUGGESTIONS
from tests.builders import demand, extraction, threat
from tests.scripted_reader import Scripted
from tests.shadow.conftest import Read, Run, Say

START = datetime(2020, 1, 1, tzinfo=UTC)
COERCION = (threat(), demand())
FOUND = Reading(extraction(*COERCION), ReadOutcome.OK, extractor="openai", model="m")
ONCE = Pace(once=True, every_seconds=1, limit=None)


class Reviews:
    """A contender that sends everything to a person, two at a time."""

    name = "policy:reviews"
    at_a_time = 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def decide(self, texts: Sequence[tuple[Unseen, PastFacts]], keep: Keep) -> None:
        for text, _ in texts:
            self.asked.append(text.suggestion_id)
            await keep([ShadowDecision(text.suggestion_id, ShadowOutcome.DECIDED, "agent_review", (), "R")])


def follow(store: Store, contender: object, pace: Pace = ONCE) -> Follower:
    follower = Follower(store, contender, pace, pytest.fail)  # type: ignore[arg-type]
    follower.follow(START, lambda _: None)
    return follower


def test_each_text_is_decided_on_once_and_the_suggestions_stay_as_they_are(store: Store, read: Read) -> None:
    made = [read(f"T-{number}", *COERCION) for number in range(5)]
    with store.database.reading() as connection:
        before = list(connection.execute(SUGGESTIONS.select()))
    contender = Reviews()

    counts = [follow(store, contender).kept for _ in range(2)]

    assert (counts, contender.asked) == ([5, 0], [one.id for one in made])
    with store.database.reading() as connection:
        assert list(connection.execute(SUGGESTIONS.select())) == before


def test_a_limit_ends_a_run_and_the_next_one_goes_on(store: Store, read: Read) -> None:
    for number in range(5):
        read(f"T-{number}", *COERCION)
    contender = Reviews()

    counts = [follow(store, contender, Pace(once=False, every_seconds=1, limit=3)).kept, follow(store, contender).kept]

    assert counts == [3, 2]
    assert len(set(contender.asked)) == 5


def test_a_reader_that_was_stood_in_for_made_no_decision(store: Store, read: Read) -> None:
    for number in range(2):
        read(f"T-{number}")
    fallen_back = Reading(extraction(*COERCION), ReadOutcome.TIMEOUT, extractor="embedded", degraded=True)

    follow(store, ReaderContender("openai:m", Scripted(fallen_back), 1))

    found = report(store, store.shadows.contenders()[0], None, None)
    assert (found.compared.n, found.without) == (0, {ShadowOutcome.DEGRADED: 2})


def test_a_reader_that_cannot_be_used_ends_the_run_and_keeps_nothing_of_it(store: Store, read: Read) -> None:
    read("T-1")
    refused = Reading(extraction(), ReadOutcome.AUTH, extractor="embedded", degraded=True)

    with pytest.raises(ReaderStopped, match="auth"):
        follow(store, ReaderContender("openai:m", Scripted(refused), 1))

    assert [one.suggestion_id for one in store.shadows.unseen(store.shadows.contenders()[0], 10)] != []


def test_another_reader_reads_the_ticket_as_it_was_handed_over(store: Store, read: Read, say: Say) -> None:
    for number in range(8):
        say(read(f"T-{number}"), to="content_enforcement")

    follow(store, ReaderContender("openai:m", Scripted(FOUND), 3))

    found = report(store, store.shadows.contenders()[0], None, None).compared
    assert (found.n, len(found.differences)) == (8, 8)
    assert found.by_route == {("no_escalation", "content_enforcement"): 8}


def test_only_one_process_follows_for_a_contender(store: Store, url: str, read: Read) -> None:
    other = Store.open(url, 30)

    with other.database.alone("shadow policy:reviews"), pytest.raises(AlreadyFollowed, match="another process follows"):
        follow(store, Reviews())

    other.close()


def test_the_command_decides_by_a_revision_and_its_report_tells_what_would_differ(
    read: Read, say: Say, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(7):
        say(read(f"T-{number}", *COERCION), to="agent_review")
    read("T-clear")

    codes = [run("shadow", "--policy-from", "other", "--since", "2020-01-01", "--once"), run("shadow", "list")]
    shown = capsys.readouterr().out
    codes.append(run("shadow", "report", "--json"))
    told = json.loads(capsys.readouterr().out)

    assert codes == [0, 0, 0]
    assert "8 decided" in shown
    assert "T-3" in shown
    assert "T-clear" not in shown
    assert "shop" not in shown
    assert (told["n"], len(told["differences"]), told["paired"]["better"]) == (8, 7, 7)


def test_a_first_run_without_a_time_begins_now(store: Store, read: Read, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    read("T-1", *COERCION)

    codes = [run("shadow", "--policy-from", "same", "--once")]
    read("T-2", *COERCION)
    codes.append(run("shadow", "--policy-from", "same", "--once"))

    assert codes == [0, 0]
    assert [line.partition(";")[0] for line in capsys.readouterr().out.splitlines()][1::2] == ["0 decided", "1 decided"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "--policy-from REV or --reader NAME, one of them"),
        (["--policy-from", "same", "--reader", "embedded"], "one of them"),
        (["--policy-from", "nowhere"], "git knows no such revision"),
        (["--policy-from", "broken"], "its policy cannot be loaded"),
        (["--reader", "openai"], "OPENAI_API_KEY"),
        (["report"], "nothing was decided in the shadow yet"),
        (["list", "--contender", "x"], "there is no contender 'x'"),
    ],
)
def test_what_cannot_be_followed_is_told_with_the_next_step(
    run: Run, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("COPILOT_MODEL", "m")

    assert run("shadow", *arguments) == 2
    assert told in capsys.readouterr().err


def test_a_locked_store_ends_a_single_run_with_a_message_and_a_long_one_goes_on(
    store: Store, url: str, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    read("T-1", *COERCION)
    monkeypatch.setattr("copilot.store.database.BUSY_SECONDS", 0.2)
    impatient = Store.open(url, 30)
    follow(impatient, Reviews(), Pace(once=True, every_seconds=1, limit=None))
    read("T-2", *COERCION)
    holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    warned: list[str] = []

    def release(warning: str) -> None:
        warned.append(warning)
        holder.rollback()

    follower = Follower(impatient, Reviews(), Pace(once=False, every_seconds=0.1, limit=1), release)
    monkeypatch.setattr(type(impatient.shadows), "follow", lambda *_: START)
    follower.follow(None, lambda _: None)

    assert "locked" in warned[0]
    assert follower.kept == 1
    holder.close()
    impatient.close()


def test_nothing_is_lost_of_what_came_while_nobody_followed(store: Store, read: Read) -> None:
    contender = Reviews()
    for number in range(3):
        read(f"T-{number}", *COERCION)
        follow(store, contender)
    with store.database.reading() as connection:
        assert len(list(connection.execute(SHADOWS.select()))) == 1
    assert len(contender.asked) == len(set(contender.asked)) == 3
