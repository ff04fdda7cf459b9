"""What hooks told of waits in the store, one row a ticket, until a suggestion is kept for it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from copilot.core.errors import StoreFull
from copilot.core.ticket import Ticket
from copilot.store import Arrival, Store, Told
from copilot.store import arrivals as arrivals_module
from copilot.store.tables import SUGGESTIONS
from tests.builders import suggested, threat, ticket
from tests.store.conftest import DAYS
from tests.store.everything import everything_in

NOW = datetime.now(UTC)


def told(text: str = "He deleted my shop.", mark: str = "m1", at: datetime = NOW, id: str = "T-1") -> Told:
    return Told(ticket(text).model_copy(update={"id": id}), "hook:ticket", mark, at)


def finish(store: Store, seconds: float = 60) -> str | None:
    """Read the next one."""
    taken = store.arrivals.take(seconds)
    assert taken is not None
    return store.arrivals.done(taken, suggested(threat(), given=taken.ticket))


def count(store: Store) -> int:
    with store.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(SUGGESTIONS)) or 0


def test_what_is_put_in_survives_a_restart_and_comes_out_as_it_was(store: Store, url: str) -> None:
    given = told()
    store.arrivals.put(given)

    again = Store.open(url, DAYS)
    taken = again.arrivals.take(60)
    again.close()

    assert taken is not None
    assert (taken.ticket, taken.source) == (given.ticket, "hook:ticket")


def test_a_ticket_that_is_held_is_nobody_elses_until_its_time_is_over(store: Store) -> None:
    store.arrivals.put(told())

    first, second = store.arrivals.take(0.0), store.arrivals.take(60)
    third = store.arrivals.take(60)

    assert first is not None
    assert second is not None
    assert third is None
    assert store.arrivals.done(first, suggested(threat(), given=first.ticket)) is None
    assert store.arrivals.done(second, suggested(threat(), given=second.ticket)) is not None
    assert count(store) == 1


def test_what_a_killed_process_held_is_taken_up_at_the_next_start(store: Store) -> None:
    store.arrivals.put(told())
    store.arrivals.take(600)

    store.arrivals.let_go()

    assert finish(store) is not None
    assert store.arrivals.take(60) is None


def test_a_text_that_comes_while_an_older_one_is_read_is_read_next(store: Store) -> None:
    store.arrivals.put(told("First."))
    taken = store.arrivals.take(60)
    assert taken is not None
    store.arrivals.put(told("Second.", "m2", NOW + timedelta(seconds=1)))

    store.arrivals.done(taken, suggested(threat(), given=taken.ticket))
    following = store.arrivals.take(60)

    assert following is not None
    assert following.ticket.messages[0].text == "Second."


def test_many_readers_at_once_read_each_ticket_once(store: Store) -> None:
    for number in range(12):
        store.arrivals.put(told(mark=f"m{number}", id=f"T-{number}"))

    with ThreadPoolExecutor(6) as pool:
        taken = [one for one in pool.map(lambda _: store.arrivals.take(60), range(18)) if one is not None]
        kept = list(pool.map(lambda one: store.arrivals.done(one, suggested(threat(), given=one.ticket)), taken))

    assert sorted(one.ticket.id for one in taken) == sorted(f"T-{number}" for number in range(12))
    assert None not in kept


def test_a_message_that_was_refused_for_want_of_room_may_come_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals_module, "MOST_WAITING", 1)
    store.arrivals.put(told())

    with pytest.raises(StoreFull, match="1 tickets wait"):
        store.arrivals.put(told(mark="m2", id="T-2"))
    finish(store)

    assert store.arrivals.put(told(mark="m2", id="T-2")) is Arrival.WAITING


def test_a_ticket_that_ended_every_process_is_left_alone_until_it_is_sent_anew(store: Store) -> None:
    store.arrivals.put(told())
    for _ in range(arrivals_module.MOST_ATTEMPTS):
        assert store.arrivals.take(0.0) is not None

    assert store.arrivals.take(0.0) is None
    store.arrivals.put(told(mark="m2"))
    assert store.arrivals.take(0.0) is not None


@pytest.mark.parametrize("is_read", [True, False])
def test_after_an_erasure_nothing_is_left_of_what_a_hook_told(store: Store, url: str, is_read: bool) -> None:
    given = Ticket.model_validate(
        {
            "id": "zyzzyva-1",
            "reporter": "zyzzyva",
            "participants": [{"id": "zyzzyva", "role": "client"}],
            "messages": [{"text": "zyzzyva words"}],
        }
    )
    store.arrivals.put(Told(given, "hook:ticket", "m1", NOW))
    if is_read:
        finish(store)

    store.retention.erase("zyzzyva")

    assert b"zyzzyva" not in everything_in(store, url)
    assert store.arrivals.take(60) is None


def test_what_was_erased_while_it_was_read_is_not_kept(store: Store) -> None:
    store.arrivals.put(told())
    taken = store.arrivals.take(60)
    assert taken is not None

    store.retention.erase("maria")

    assert store.arrivals.done(taken, suggested(threat(), given=taken.ticket)) is None
    assert count(store) == 0


def test_a_purge_forgets_what_waited_past_its_time(store: Store, url: str) -> None:
    store.arrivals.put(told("zyzzyva words"))

    store.retention.purge(datetime.now(UTC) + timedelta(days=DAYS, seconds=1))

    assert b"zyzzyva" not in everything_in(store, url)


def test_the_suggestion_stands_under_the_hooks_name(store: Store, add: Callable[..., object]) -> None:
    add("He deleted my shop.")
    store.arrivals.put(told("He deleted my shop. Again."))
    finish(store)

    read_ahead = store.suggestions.read_ahead("T-1")

    assert read_ahead is not None
    assert read_ahead[0].messages[0].text == "He deleted my shop. Again."
