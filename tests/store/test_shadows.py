"""What contenders decide: once a text, none forgotten, gone with its ticket, and counted as the definitions say."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from copilot.store import Store, StoredSuggestion
from copilot.store.shadows import LATE, ShadowDecision, ShadowOutcome
from copilot.store.tables import SHADOW_DECISIONS, SHADOWS, SUGGESTIONS
from tests.builders import suggested, threat, ticket

NAME = "policy:1a2b3c4d5e6f"
START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
Read = Callable[..., StoredSuggestion]


@pytest.fixture
def read(store: Store) -> Read:
    def read(id: str, *texts: str) -> StoredSuggestion:
        given = ticket(*texts).model_copy(update={"id": id})
        return store.suggestions.add(given, suggested(threat(), given=given), "agent-1")

    return read


def decision(about: StoredSuggestion, route: str = "agent_review") -> ShadowDecision:
    return ShadowDecision(about.id, ShadowOutcome.DECIDED, route, (), "R")


def unseen(store: Store, most: int = 10) -> list[str]:
    return [one.suggestion_id for one in store.shadows.unseen(NAME, most)]


def test_a_contender_begins_now_or_where_it_is_told_and_goes_on_where_it_was(store: Store, read: Read) -> None:
    before = read("T-1")
    started = store.shadows.follow(NAME, None)
    after = read("T-2")

    assert unseen(store) == [after.id]
    assert store.shadows.follow(NAME, None) == started
    assert store.shadows.follow(NAME, END) == started, "what it looked at already stays looked at"
    assert store.shadows.follow(NAME, START) == START
    assert unseen(store) == [before.id, after.id]


def test_a_text_is_looked_at_once_and_its_decision_kept_once(store: Store, read: Read) -> None:
    store.shadows.follow(NAME, START)
    first, again = read("T-1"), read("T-1")

    kept = [store.shadows.put(NAME, [decision(first, route)]) for route in ("agent_review", "no_escalation")]

    assert again.id != first.id
    assert (kept, unseen(store)) == ([1, 0], [])
    assert store.shadows.decisions(NAME, [first.id, again.id]) == {first.id: decision(first)}


def test_what_was_written_late_is_looked_at_though_later_ones_are_settled(store: Store, read: Read) -> None:
    store.shadows.follow(NAME, START)
    late, later = read("T-1"), read("T-2")
    store.shadows.put(NAME, [decision(later)])
    store.shadows.saw(NAME, later.created_at)

    assert unseen(store) == [late.id]
    store.shadows.saw(NAME, late.created_at + LATE)
    assert unseen(store) == [late.id]
    store.shadows.saw(NAME, late.created_at + LATE + timedelta(seconds=1))
    assert unseen(store) == []


def test_a_contender_never_looks_back_by_itself(store: Store, read: Read) -> None:
    store.shadows.follow(NAME, START)
    store.shadows.saw(NAME, END)
    store.shadows.saw(NAME, START)

    with store.database.reading() as connection:
        assert connection.execute(SHADOWS.select()).one().seen_until == END


def test_text_past_its_time_is_handed_on_without_facts(store: Store, read: Read) -> None:
    store.shadows.follow(NAME, START)
    about = read("T-1")
    with store.database.writing() as connection:
        connection.execute(update(SUGGESTIONS).values(text_until=datetime.now(UTC) - timedelta(seconds=1)))

    assert [(one.suggestion_id, one.facts) for one in store.shadows.unseen(NAME, 10)] == [(about.id, None)]
    store.retention.purge()
    assert [(one.suggestion_id, one.facts) for one in store.shadows.unseen(NAME, 10)] == [(about.id, None)]


def test_an_erasure_takes_what_contenders_decided_and_nothing_is_kept_after_it(store: Store, read: Read) -> None:
    store.shadows.follow(NAME, START)
    about, held = read("T-1"), read("T-2")
    store.shadows.put(NAME, [decision(about)])

    store.retention.erase("maria")

    assert store.shadows.put(NAME, [decision(held)]) == 0
    assert unseen(store) == []
    with store.database.reading() as connection:
        assert list(connection.execute(SHADOW_DECISIONS.select())) == []


def test_a_purge_leaves_what_contenders_decided_because_it_is_codes(store: Store, read: Read) -> None:
    store.shadows.follow(NAME, START)
    about = read("T-1")
    store.shadows.put(NAME, [decision(about)])

    store.retention.purge(datetime.now(UTC) + timedelta(days=31))

    assert store.shadows.decisions(NAME, [about.id]) == {about.id: decision(about)}


def test_figures_count_agreement_of_what_was_decided_and_tell_the_rest_apart(store: Store, read: Read) -> None:
    store.shadows.follow(NAME, START)
    store.shadows.follow("reader:silent", START)
    same, other, *rest = (read(f"T-{number}") for number in range(5))
    agreeing = ShadowDecision(same.id, ShadowOutcome.DECIDED, same.route.value, tuple(same.labels), same.rule)
    without = [
        ShadowDecision(about.id, outcome)
        for about, outcome in zip(rest, (ShadowOutcome.GONE, ShadowOutcome.DEGRADED, ShadowOutcome.UNDECIDED), strict=True)
    ]
    store.shadows.put(NAME, [agreeing, decision(other), *without])

    (found,) = store.shadows.figures(START, END).contenders

    assert (found.contender, found.agreed.count, found.agreed.n) == (NAME, 1, 2)
    assert (found.gone, found.degraded, found.undecided) == (1, 1, 1)
    assert [(one.suggested.value, one.contender, one.count) for one in found.by_route] == [
        ("content_enforcement", "agent_review", 1)
    ]
    assert [one.ticket_id for one in found.differing] == ["T-1"]
    assert store.shadows.figures(START, START).contenders == []


def test_other_labels_on_the_same_team_differ_and_their_order_does_not(store: Store, read: Read) -> None:
    store.shadows.follow(NAME, START)
    one, two = read("T-1"), read("T-2")
    labels = ("coercion_and_retaliation", "feedback_coercion")
    with store.database.writing() as connection:
        connection.execute(update(SUGGESTIONS).values(labels=f'["{labels[0]}", "{labels[1]}"]'))

    for about, given in ((one, labels[::-1]), (two, labels[:1])):
        store.shadows.put(NAME, [ShadowDecision(about.id, ShadowOutcome.DECIDED, about.route.value, given, "R")])

    (found,) = store.shadows.figures(START, END).contenders
    assert [one.ticket_id for one in found.differing] == ["T-2"]


def test_only_one_at_a_time_does_what_a_name_says(store: Store, url: str) -> None:
    other = Store.open(url, 30)

    with store.database.alone("a") as first, other.database.alone("a") as second, other.database.alone("b") as third:
        assert (first, second, third) == (True, False, True)
    with other.database.alone("a") as free:
        assert free
    other.close()
