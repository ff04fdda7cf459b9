"""The queue tells each ticket once, the most urgent first; and before a ticket stands what was before it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from copilot.core.errors import NotFound
from copilot.core.extraction import Extraction
from copilot.core.facts import Fact
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Route
from copilot.output.urgency import Urgency
from copilot.pipeline import decide
from copilot.store import Feedback, Store, StoredSuggestion, Wanted
from copilot.store.records import Part
from copilot.store.tables import SUGGESTIONS
from tests.builders import demand, extraction, threat, ticket
from tests.store.conftest import DAYS

Keep = Callable[..., StoredSuggestion]


@pytest.fixture
def keep(store: Store) -> Keep:
    """Keeps a suggestion on a ticket of that id, with these facts."""

    def keep(id: str, *facts: Fact, given: Ticket | None = None, by: str = "agent-1") -> StoredSuggestion:
        about = (given or ticket()).model_copy(update={"id": id})
        return store.suggestions.add(about, decide(about, extraction(*facts) if facts else Extraction.empty()), by)

    return keep


def ids(store: Store, **wanted: object) -> list[str]:
    return [one.ticket_id for one in store.queue.page(Wanted(**wanted), None, 100).tickets]  # type: ignore[arg-type]


def accept(store: Store, kept: StoredSuggestion, by: str = "agent-1") -> None:
    store.feedback.add(kept.id, Feedback(action="accepted"), by)


def people(*given: tuple[str, str]) -> Ticket:
    """A ticket of these people, reported by the first."""
    participants = [{"id": id, "role": role} for id, role in given]
    return Ticket.model_validate(
        {"reporter": given[0][0], "participants": participants, "messages": [{"text": ticket().messages[0].text}]}
    )


def test_a_safety_risk_comes_first_then_an_account_then_escalations_by_age_then_the_rest(store: Store, keep: Keep) -> None:
    keep("calm")
    keep("older", threat())
    keep("newer", threat())
    keep("account", threat("account_breach", "marketplace_account"))
    keep("safety", threat("violence", "person"))

    tickets = store.queue.page(Wanted(), None, 100).tickets

    assert [one.ticket_id for one in tickets] == ["safety", "account", "older", "newer", "calm"]
    assert [one.urgency for one in tickets] == [
        Urgency.SAFETY_RISK, Urgency.ACCOUNT_AT_RISK, Urgency.ESCALATION, Urgency.ESCALATION, Urgency.ORDINARY,
    ]  # fmt: skip


def test_a_ticket_stands_once_as_its_last_suggestion_has_it_and_keeps_its_age(store: Store, keep: Keep) -> None:
    first = keep("T-1", threat())
    keep("T-2", threat())
    last = keep("T-1", threat(), demand())

    tickets = store.queue.page(Wanted(), None, 100).tickets

    assert (tickets[0].ticket_id, tickets[0].suggestion_id) == ("T-1", last.id)
    assert tickets[0].waiting_since == first.created_at
    assert len(tickets) == 2


def test_a_ticket_without_an_id_of_its_own_stands_for_each_suggestion(store: Store, keep: Keep) -> None:
    keep("new")
    keep("ticket")
    keep("new")

    assert sorted(ids(store)) == ["new", "new", "ticket"]


def test_a_decision_holds_for_the_text_it_was_about_and_a_new_message_opens_the_ticket_again(store: Store, keep: Keep) -> None:
    accept(store, keep("T-1", threat()), by="agent-7")
    looked_again = keep("T-1", threat(), by="agent-2")
    decided = store.queue.page(Wanted(is_open=False), None, 100).tickets
    before = ids(store, is_open=True)
    grown = keep("T-1", threat(), given=ticket("He deleted my shop. He wants $500 to put it back. No. No.", "More."))

    after = store.queue.page(Wanted(is_open=True), None, 100).tickets

    assert (before, [one.suggestion_id for one in decided]) == ([], [looked_again.id])
    assert decided[0].decided is not None
    assert (decided[0].decided.agent, decided[0].decided.is_of_this_text) == ("agent-7", True)
    assert [one.suggestion_id for one in after] == [grown.id]
    assert after[0].waiting_since == grown.created_at, "it has waited since the new message"
    assert after[0].decided is not None
    assert after[0].decided.is_of_this_text is False


def test_a_decided_ticket_stays_decided_when_its_text_is_gone(store: Store, keep: Keep) -> None:
    accept(store, keep("T-1", threat()))
    keep("T-1", threat(), by="agent-2")

    store.retention.purge(datetime.now(UTC) + timedelta(days=DAYS))

    assert (ids(store, is_open=False), ids(store, is_open=True)) == (["T-1"], [])
    with store.database.reading() as connection:
        assert set(connection.scalars(select(SUGGESTIONS.c.told_sha256))) == {None}


def test_the_queue_is_narrowed_by_team_urgency_agent_and_the_beginning_of_an_id(store: Store, keep: Keep) -> None:
    accept(store, keep("T-1", threat()), by="agent-7")
    keep("T-10", threat("violence", "person"))
    keep("U%_1")
    keep("U\\2")

    assert ids(store, route=Route.NO_ESCALATION) == ["U%_1", "U\\2"]
    assert ids(store, urgency=Urgency.SAFETY_RISK) == ["T-10"]
    assert ids(store, decided_by="agent-7") == ["T-1"]
    assert ids(store, decided_by="agent-1") == []
    assert ids(store, ticket_id="T-1") == ["T-10", "T-1"]
    assert ids(store, ticket_id="U%") == ["U%_1"]
    assert ids(store, ticket_id="U\\") == ["U\\2"]
    assert ids(store, ticket_id="%") == []


def test_pages_hold_every_ticket_once_also_where_some_have_waited_equally_long(store: Store, keep: Keep) -> None:
    for number in range(7):
        keep(f"T-{number}", threat())
    with store.database.writing() as connection:
        connection.execute(update(SUGGESTIONS).values(waiting_since=datetime(2026, 3, 1, 9, tzinfo=UTC)))

    told = list(_pages(store, 3))

    assert [len(page) for page in told] == [3, 3, 1]
    assert sorted(id for page in told for id in page) == [f"T-{number}" for number in range(7)]


def test_an_erased_ticket_stands_nowhere(store: Store, keep: Keep) -> None:
    keep("T-1", threat())
    keep("T-2", threat(), given=people(("ana", "client")))

    store.retention.erase("maria")

    assert ids(store) == ["T-2"]
    assert store.earlier.than("T-2").same_people == []


def test_what_was_kept_by_an_earlier_version_is_in_the_queue(store: Store, keep: Keep) -> None:
    accept(store, keep("T-1", threat()))
    keep("T-2", threat())
    with store.database.writing() as connection:
        connection.execute(update(SUGGESTIONS).values(told_sha256=None))

    assert (ids(store, is_open=False), ids(store, is_open=True)) == (["T-1"], ["T-2"])


def test_before_a_ticket_stand_those_of_the_same_people_by_id_and_as_what_they_were_in_it(store: Store, keep: Keep) -> None:
    staff = ("help", "support")
    accept(store, keep("as reporter", given=people(("maria", "client"), staff)), by="agent-7")
    keep("as counterpart", given=people(("ana", "client"), ("maria", "freelancer")))
    keep("only staff", given=people(("ana", "client"), staff))
    keep("T-1", given=people(("maria", "client"), ("dev", "freelancer"), staff))
    keep("later", given=people(("maria", "client"), staff))

    found = store.earlier.than("T-1").same_people

    assert [one.ticket_id for one in found] == ["as counterpart", "as reporter"]
    assert [(meeting.here, meeting.there) for one in found for meeting in one.people] == [
        (Part.REPORTER, Part.COUNTERPART),
        (Part.REPORTER, Part.REPORTER),
    ]
    assert [one.decided.agent if one.decided else None for one in found] == [None, "agent-7"]


def test_similar_are_decided_tickets_that_share_a_harm_and_those_first_that_share_more(store: Store, keep: Keep) -> None:
    accept(store, keep("harm", threat("destroy", "code_or_files")))
    accept(store, keep("harm and more", threat("destroy", "website"), demand("money")))
    accept(store, keep("another harm", threat("disclose", "website"), demand("money")))
    keep("open", threat("destroy", "website"), demand("money"))
    keep("T-1", threat("destroy", "website"), demand("money"))

    found = store.earlier.than("T-1").similar

    assert [one.ticket_id for one in found] == ["harm and more", "harm"]
    assert [[(sign.kind, sign.value) for sign in one.shared] for one in found] == [
        [("asset", "website"), ("demand", "money"), ("harm", "destroy")],
        [("harm", "destroy")],
    ]


def test_what_says_nothing_makes_no_two_tickets_similar(store: Store, keep: Keep) -> None:
    accept(store, keep("vague", threat("unspecified", "not_stated")))
    keep("T-1", threat("unspecified", "not_stated"))
    accept(store, keep("calm"))
    keep("T-2")

    assert store.earlier.than("T-1").similar == []
    assert store.earlier.than("T-2").similar == []


@pytest.mark.parametrize("id", ["unheard-of", "new", "ticket"])
def test_before_a_ticket_that_nobody_knows_there_is_nothing_to_tell(store: Store, keep: Keep, id: str) -> None:
    keep("new")

    with pytest.raises(NotFound):
        store.earlier.than(id)


def _pages(store: Store, most: int) -> Iterator[list[str]]:
    after = None
    while True:
        page = store.queue.page(Wanted(), after, most)
        yield [one.ticket_id for one in page.tickets]
        after = page.next
        if after is None:
            return
