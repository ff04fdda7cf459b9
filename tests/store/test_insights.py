"""Insights: each figure counts what its definition says, with its n, in every kind of group, on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import cut
from copilot.core.vocabulary import Route
from copilot.output.suggestion import Suggestion
from copilot.pipeline import suggest
from copilot.store import By, Feedback, FigureName, FirstChoice, Insights, Outcome, Store, StoredSuggestion
from copilot.store.insights.insights import period_of
from copilot.store.tables import SUGGESTIONS
from tests.builders import extraction, threat, ticket

Say = Callable[..., None]
Read = Callable[..., StoredSuggestion]
CE, CLEAR = Route.CONTENT_ENFORCEMENT, Route.NO_ESCALATION
LABELS = ["coercion_and_retaliation"]
ELSEWHERE = Outcome(route=Route.MEDIATION_DISPUTES, labels=[])
START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def read(store: Store) -> Read:
    """Puts a suggestion into the store; without a threat it is called clear."""

    def read(id: str, *texts: str, clear: bool = False, by: str = "agent-1", **reading: object) -> StoredSuggestion:
        given = ticket(*texts).model_copy(update={"id": id})
        return store.suggestions.add(given, _suggested(given, clear, **reading), by)

    return read


@pytest.fixture
def say(store: Store) -> Say:
    """Gives feedback on a suggestion."""

    def say(about: StoredSuggestion, by: str = "agent-1", to: Outcome | None = None, reason: str | None = None) -> None:
        action = "changed" if to else "dismissed" if reason else "accepted"
        reason = reason or ("wrong_team" if to else None)
        given = Feedback.model_validate({"action": action, "changed_to": to, "reason": reason})
        store.feedback.add(about.id, given, by)

    return say


def _suggested(given: object, clear: bool, **reading: object) -> Suggestion:
    found = extraction() if clear else extraction(threat())
    known = {"extractor": "openai", "seconds": 1.0} | reading
    return suggest(given, cut(given), Reading(found, ReadOutcome.OK, **known))  # type: ignore[arg-type]


def _over_all(store: Store, by: By = By.TIME) -> Insights:
    return store.used.insights(START, END, by)


def _counted(store: Store, figure: FigureName, by: By = By.TIME, key: str | None = None) -> list[str | None]:
    found = store.used.tickets(figure, period_of(START, END, by), key, 100)
    assert not found.is_cut
    return sorted(str(one.ticket_id) for one in found.tickets)


@pytest.mark.parametrize("by", By)
def test_an_empty_store_knows_nothing_and_says_so(store: Store, by: By) -> None:
    found = _over_all(store, by)

    assert (found.groups, found.all.key, found.all.readings) == ([], None, 0)
    for name in FigureName:
        assert getattr(found.all, name).model_dump() == {"count": 0, "n": 0, "share": None, "low": None, "high": None}
    assert found.all.seconds.model_dump() == {"n": 0, "p50": None, "p90": None}


def test_each_agents_last_word_on_a_text_counts_once_however_often_the_panel_was_opened(
    store: Store, read: Read, say: Say
) -> None:
    first, again = read("T-1", "He threatens me."), read("T-1", "He threatens me.")
    say(first, reason="too_slow")
    say(again)
    say(first, by="agent-2", to=ELSEWHERE)

    found = _over_all(store).all

    assert (found.readings, found.decisions.count) == (1, 2)
    assert (found.accepted.count, found.changed.count, found.dismissed.count) == (1, 1, 0)
    assert found.accepted.n == 2


def test_accepted_though_wrong_is_told_by_the_final_outcome_whichever_suggestion_on_the_text_it_stands_on(
    store: Store, read: Read, say: Say
) -> None:
    right, wrong, mislabelled, unknown = (read(f"T-{n}", "He threatens me.") for n in range(4))
    for one in (right, wrong, mislabelled, unknown):
        say(one)
    store.outcomes.put(right.id, Outcome(route=CE, labels=LABELS), "lead")
    store.outcomes.put(read("T-1", "He threatens me.").id, ELSEWHERE, "lead")
    store.outcomes.put(mislabelled.id, Outcome(route=CE, labels=["retaliation"]), "lead")

    figure = _over_all(store).all.accepted_though_wrong

    assert (figure.count, figure.n) == (2, 3)
    assert _counted(store, FigureName.ACCEPTED_THOUGH_WRONG) == ["T-1", "T-2"]


def test_where_no_outcome_is_known_a_team_that_another_agent_chose_later_tells(store: Store, read: Read, say: Say) -> None:
    overruled, upheld, changed_my_mind, put_aside = (read(f"T-{n}", "He threatens me.") for n in range(4))
    say(overruled)
    say(overruled, by="agent-2", to=ELSEWHERE)
    say(upheld)
    say(upheld, by="agent-2")
    say(changed_my_mind)
    say(changed_my_mind, to=ELSEWHERE)
    say(put_aside)
    say(put_aside, by="agent-2", reason="too_slow")

    figure = _over_all(store).all.accepted_though_wrong

    assert (figure.count, figure.n) == (1, 2)
    assert _counted(store, FigureName.ACCEPTED_THOUGH_WRONG) == ["T-0"]


def test_an_earlier_word_of_another_agent_does_not_make_a_later_one_wrong(store: Store, read: Read, say: Say) -> None:
    made = read("T-1", "He threatens me.")
    say(made, by="agent-2", to=ELSEWHERE)
    say(made)

    assert _over_all(store).all.accepted_though_wrong.n == 0


def test_called_clear_and_later_escalated_needs_a_persons_word_on_that_text_or_a_later_one(
    store: Store, read: Read, say: Say
) -> None:
    by_outcome, by_change, by_message, still_clear, judged = (read(f"T-{n}", "Hello.", clear=True) for n in range(5))
    store.outcomes.put(by_outcome.id, ELSEWHERE, "lead")
    say(by_change, to=ELSEWHERE)
    say(read("T-2", "Hello.", "He threatens me."))
    read("T-3", "Hello.", "He threatens me.")
    store.outcomes.put(judged.id, Outcome(route=Route.AGENT_REVIEW, labels=[]), "lead")
    say(still_clear)

    figure = _over_all(store).all.clear_then_escalated

    assert (figure.count, figure.n) == (3, 5)
    assert _counted(store, FigureName.CLEAR_THEN_ESCALATED) == ["T-0", "T-1", "T-2"]
    assert by_message.route is CLEAR


def test_tickets_without_an_id_of_their_own_are_never_taken_for_one_another(store: Store, read: Read, say: Say) -> None:
    read("ticket", "Hello.", clear=True)
    say(read("ticket", "He threatens me."))
    read("ticket", "He threatens me.")

    found = _over_all(store).all

    assert (found.readings, found.clear_then_escalated.count, found.clear_then_escalated.n) == (3, 0, 1)


def test_degraded_readings_and_times_are_of_the_first_reading_of_each_text(store: Store, read: Read) -> None:
    for number in range(1, 11):
        read(f"T-{number}", "He threatens me.", seconds=float(number), degraded=number > 8)
    read("T-1", "He threatens me.", seconds=99.0, degraded=True)

    found = _over_all(store).all

    assert (found.degraded.count, found.degraded.n) == (2, 10)
    assert found.seconds.model_dump() == {"n": 10, "p50": 5.0, "p90": 9.0}
    assert _counted(store, FigureName.DEGRADED) == ["T-10", "T-9"]


def test_agreement_is_told_apart_by_whether_the_agent_had_seen_the_suggestion(store: Store, read: Read, say: Say) -> None:
    made = [read(f"T-{n}", "He threatens me.") for n in range(6)]
    for one, route in zip(made, [CE, Route.MEDIATION_DISPUTES, Route.AGENT_REVIEW, None], strict=False):
        store.first_choices.add(one.id, FirstChoice(route=route), "agent-1", share=1.0)
    say(made[0])
    say(made[1])  # took the suggestion over
    say(made[2], to=Outcome(route=Route.AGENT_REVIEW, labels=[]))  # kept to the own choice
    say(made[3])  # looked first: with sight
    say(made[4], to=ELSEWHERE)
    say(made[5], reason="too_slow")

    found = _over_all(store).all

    assert (found.agreed_without_sight.count, found.agreed_without_sight.n) == (1, 3)
    assert (found.agreed_with_sight.count, found.agreed_with_sight.n) == (1, 2)
    assert (found.took_over.count, found.took_over.n) == (1, 2)
    assert (found.looked_first.count, found.looked_first.n) == (1, 4)
    assert _counted(store, FigureName.TOOK_OVER) == ["T-1"]


def test_groups_are_by_route_reason_reader_and_agent(store: Store, read: Read, say: Say) -> None:
    threatening, clear = read("T-1", "He threatens me."), read("T-2", "Hello.", clear=True, extractor="embedded")
    say(threatening)
    say(threatening, by="agent-2", to=ELSEWHERE)
    say(clear, reason="already_handled")

    keys = {by: [(one.key, one.decisions.count, one.readings) for one in _over_all(store, by).groups] for by in By}

    assert keys[By.ROUTE] == [("content_enforcement", 2, 1), ("no_escalation", 1, 1)]
    assert keys[By.READER] == [("openai", 2, 1), ("embedded", 1, 1)]
    assert keys[By.AGENT] == [("agent-1", 2, 2), ("agent-2", 1, 1)]
    assert keys[By.REASON] == [("already_handled", 1, 1), ("wrong_team", 1, 1)]
    assert {one.decisions.n for by in By for one in _over_all(store, by).groups} == {3}


def test_groups_by_time_are_days_and_over_a_quarter_months(store: Store, read: Read, say: Say) -> None:
    times = [datetime(2026, 2, 27, 23, 59, 59, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)]
    for number, time in enumerate(times):
        say(made := read(f"T-{number}", "He threatens me."))
        with store.database.writing() as connection:
            connection.execute(update(SUGGESTIONS).where(SUGGESTIONS.c.id == made.id).values(created_at=time))

    a_quarter = store.used.insights(times[1], times[1] + timedelta(days=92), By.TIME)
    longer = store.used.insights(times[0], times[0] + timedelta(days=93), By.TIME)
    without_the_last = store.used.insights(times[0], times[2], By.TIME)

    assert (a_quarter.step, [one.key for one in a_quarter.groups]) == ("day", ["2026-02-28", "2026-03-01"])
    assert (longer.step, [(one.key, one.readings) for one in longer.groups]) == ("month", [("2026-02", 2), ("2026-03", 1)])
    assert [one.key for one in without_the_last.groups] == ["2026-02-27", "2026-02-28"]


@pytest.mark.parametrize("by", By)
def test_every_figure_lists_as_many_tickets_as_it_counts(store: Store, read: Read, say: Say, by: By) -> None:
    for number in range(12):
        made = read(f"T-{number}", "Hello.", clear=number % 3 == 0, degraded=number % 4 == 0, by=f"agent-{number % 2}")
        agent = f"agent-{number % 2}"
        store.first_choices.add(made.id, FirstChoice(route=[CE, None, ELSEWHERE.route][number % 3]), agent, share=0.7)
        say(made, by=agent, to=ELSEWHERE if number % 5 == 0 else None)
        say(made, by="agent-3", to=ELSEWHERE if number % 2 else None, reason="too_slow" if number % 7 == 0 else None)

    found = _over_all(store, by)

    listed = {
        (one.key, name): len(_counted(store, name, by, one.key)) for one in [found.all, *found.groups] for name in FigureName
    }
    assert listed == {(one.key, name): getattr(one, name).count for one in [found.all, *found.groups] for name in FigureName}
    assert sum(listed.values()) > 20


def test_no_more_tickets_are_listed_than_asked_for_and_the_latest_come_first(store: Store, read: Read, say: Say) -> None:
    for number in range(4):
        say(read(f"T-{number}", "He threatens me."))

    listed = store.used.tickets(FigureName.ACCEPTED, period_of(START, END, By.TIME), None, 3)
    whole = store.used.tickets(FigureName.ACCEPTED, period_of(START, END, By.TIME), None, 4)

    assert ([one.ticket_id for one in listed.tickets], listed.is_cut) == (["T-3", "T-2", "T-1"], True)
    assert (len(whole.tickets), whole.is_cut) == (4, False)


def test_figures_stay_as_they_were_when_text_is_purged(store: Store, read: Read, say: Say) -> None:
    made = read("T-1", "He threatens me.")
    say(made)
    say(read("T-1", "He threatens me."), by="agent-2", to=ELSEWHERE)
    read("T-2", "Hello.", clear=True)
    say(read("T-2", "Hello.", "He threatens me."))
    before = {by: _over_all(store, by) for by in By}

    store.retention.purge(datetime.now(UTC) + timedelta(days=31))

    assert {by: _over_all(store, by) for by in By} == before
    assert before[By.TIME].all.accepted_though_wrong.count == before[By.TIME].all.clear_then_escalated.count == 1


def test_an_erased_ticket_is_counted_and_listed_without_its_id(store: Store, read: Read, say: Say) -> None:
    say(read("T-1", "He threatens me."))
    assert store.retention.erase("maria") == 1

    listed = store.used.tickets(FigureName.ACCEPTED, period_of(START, END, By.TIME), None, 10)

    assert _over_all(store).all.accepted.count == 1
    assert [one.ticket_id for one in listed.tickets] == [None]
