"""What insights count, as SQL that SQLite and PostgreSQL both take: decisions, first choices and readings, each with its group.

Everything hangs on the first reading of a text of a ticket: its time, route and reader place what was decided about it. All of it
is in columns that stay when the text is gone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from copilot.core.vocabulary import Route
from copilot.policy.decide import ESCALATIONS
from copilot.store.decided import has_name, stands
from copilot.store.insights.shapes import By
from copilot.store.tables import FEEDBACK, FIRST_CHOICES, OUTCOMES, SUGGESTIONS

Base = Literal["decisions", "choices", "readings"]
SHOWN = ("suggestion_id", "ticket_id", "created_at", "suggested", "agent")
"""Columns of every row that name the case; those beside them and `key` are what figures are told by."""
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Period:
    """From when up to and without when, and by what; None: there are no groups. `by_month`: a group by time is a month."""

    since: datetime
    until: datetime
    by: By | None
    by_month: bool = False


def rows(base: Base, period: Period) -> Subquery:
    """Each decision, first choice or reading of a period, with the key of its group; null: it is in none."""
    return {"decisions": _decisions, "choices": _choices, "readings": _readings}[base](period).subquery()


def _words(period: Period, about: Select[Any] | None = None) -> CTE:
    """The last feedback of each agent on each text of a ticket, with the team that it names; dismissed ones name none.

    `about`: only on these texts.
    """
    first, on_a_text = SUGGESTIONS.alias(), (SUGGESTIONS.c.first_of_text, FEEDBACK.c.agent)
    place = func.row_number().over(partition_by=on_a_text, order_by=(FEEDBACK.c.created_at.desc(), FEEDBACK.c.id.desc()))
    accepted = FEEDBACK.c.action == "accepted"
    asked = (
        select(
            *(FEEDBACK.c[name] for name in ("agent", "suggestion_id", "created_at", "action", "edited", "reason", "first_route")),
            FEEDBACK.c.route,
            FEEDBACK.c.labels,
            SUGGESTIONS.c.first_of_text,
            SUGGESTIONS.c.route.label("suggested"),
            _chosen().label("chosen"),
            case((accepted, FEEDBACK.c.labels), else_=FEEDBACK.c.changed_labels).label("chosen_labels"),
            place.label("place"),
        )
        .join(SUGGESTIONS, SUGGESTIONS.c.id == FEEDBACK.c.suggestion_id)
        .join(first, first.c.id == SUGGESTIONS.c.first_of_text)
        .where(_in_time(period, first), stands(FEEDBACK))
    )
    all_words = (asked if about is None else asked.where(SUGGESTIONS.c.first_of_text.in_(about))).subquery()
    return select(all_words).where(all_words.c.place == 1).cte("words")


def _last_of_several(words: CTE) -> Subquery:
    """Of each text that several agents had a word on, the last word that names a team."""
    several = select(words.c.first_of_text).group_by(words.c.first_of_text).having(func.count() > 1)
    order = (case((words.c.chosen.is_(None), 1), else_=0), words.c.created_at.desc(), words.c.agent.desc())
    place = func.row_number().over(partition_by=words.c.first_of_text, order_by=order).label("place_on_text")
    found = select(words, place).where(words.c.first_of_text.in_(several)).subquery()
    return select(found).where(found.c.place_on_text == 1).subquery("last_word")


def _last_outcome(words: CTE) -> ScalarSelect[str]:
    """The suggestion under which the last outcome of a word's text was recorded; looked up by index, one by one."""
    asked = select(OUTCOMES.c.suggestion_id).join(SUGGESTIONS, SUGGESTIONS.c.id == OUTCOMES.c.suggestion_id)
    on_it = asked.where(SUGGESTIONS.c.first_of_text == words.c.first_of_text)
    return (
        on_it.order_by(OUTCOMES.c.recorded_at.desc(), OUTCOMES.c.suggestion_id.desc()).limit(1).correlate(words).scalar_subquery()
    )


def _decisions(period: Period) -> Select[Any]:
    words, first = _words(period), SUGGESTIONS.alias("first_reading")
    last, known = _last_of_several(words), OUTCOMES.alias("known")
    by_another = and_(last.c.agent != words.c.agent, last.c.created_at > words.c.created_at)
    return (
        select(
            _key(period, first, words).label("key"),
            *_named(words.c.suggestion_id, first, words.c.suggested, words.c.agent),
            *(words.c[name] for name in ("action", "edited", "route", "labels", "chosen", "first_route")),
            func.coalesce(known.c.route, case((by_another, last.c.chosen))).label("right_route"),
            func.coalesce(known.c.labels, case((by_another, last.c.chosen_labels))).label("right_labels"),
        )
        .select_from(words)
        .join(first, first.c.id == words.c.first_of_text)
        .outerjoin(last, last.c.first_of_text == words.c.first_of_text)
        .outerjoin(known, known.c.suggestion_id == _last_outcome(words))
    )


def _choices(period: Period) -> Select[Any]:
    first, shown = SUGGESTIONS.alias("first_reading"), SUGGESTIONS.alias("shown")
    words = _words(period, select(shown.c.first_of_text).join(FIRST_CHOICES, FIRST_CHOICES.c.suggestion_id == shown.c.id))
    same = and_(words.c.agent == FIRST_CHOICES.c.agent, words.c.first_of_text == shown.c.first_of_text)
    return (
        select(
            _key(period, first, words, FIRST_CHOICES.c.agent).label("key"),
            *_named(shown.c.id, first, shown.c.route, FIRST_CHOICES.c.agent),
            FIRST_CHOICES.c.route.label("first_route"),
            words.c.chosen,
        )
        .select_from(FIRST_CHOICES)
        .join(shown, shown.c.id == FIRST_CHOICES.c.suggestion_id)
        .join(first, first.c.id == shown.c.first_of_text)
        .outerjoin(words, same)
        .where(_in_time(period, first))
    )


def _readings(period: Period) -> Select[Any]:
    """First readings; by agent or reason, those that somebody's decision, or one for that reason, was about, once a group."""
    first, clear = SUGGESTIONS.alias("first_reading"), Route.NO_ESCALATION.value
    escalated = case((and_(first.c.route == clear, _escalated_later(first)), true()), else_=false())
    columns = (*_named(first.c.id, first, first.c.route, None), first.c.route, first.c.degraded, first.c.reading_seconds)
    if period.by in (By.AGENT, By.REASON):
        words = _words(period)
        keys = select(words.c.first_of_text, _key(period, first, words).label("key")).distinct()
        groups = keys.subquery()
        found = select(groups.c.key, *columns, escalated.label("escalated")).join(groups, groups.c.first_of_text == first.c.id)
    else:
        found = select(_key(period, first, None).label("key"), *columns, escalated.label("escalated"))
    return found.where(first.c.first_of_text == first.c.id, _in_time(period, first))


def _escalated_later(first: FromClause) -> ColumnElement[bool]:
    """A person sent this text of the ticket, or what the ticket told later, to a team."""
    teams = [route.value for route in ESCALATIONS]
    found = []
    for table, chosen in ((OUTCOMES, OUTCOMES.c.route), (FEEDBACK, _chosen())):
        other = SUGGESTIONS.alias()
        said = and_(table.c.suggestion_id == other.c.id, chosen.in_(teams))
        later = and_(other.c.ticket_id == first.c.ticket_id, has_name(other), other.c.created_at >= first.c.created_at)
        found += [
            exists().where(said, other.c.first_of_text == first.c.id).correlate(first),
            exists().where(said, later).correlate(first),
        ]
    return or_(*found)


def _chosen() -> ColumnElement[str]:
    accepted = FEEDBACK.c.action == "accepted"
    return case((accepted, FEEDBACK.c.route), else_=FEEDBACK.c.changed_route)


def _named(id: Any, first: FromClause, suggested: Any, agent: Any) -> tuple[Any, ...]:
    who = literal(None, String) if agent is None else agent
    values = (id, first.c.ticket_id, first.c.created_at, suggested, who)
    return tuple(value.label(name) for name, value in zip(SHOWN, values, strict=True))


def _key(period: Period, first: FromClause, words: FromClause | None, agent: Any = None) -> ColumnElement[Any]:
    match period.by:
        case None:
            return literal(None, String)
        case By.TIME:
            return func.substr(cast(func.date(first.c.created_at), String), 1, 7 if period.by_month else 10)
        case By.ROUTE:
            return first.c.route
        case By.READER:
            return func.coalesce(first.c.extractor, _UNKNOWN)
        case By.AGENT | By.REASON if words is None:
            raise ValueError("a group by agent or reason is made of decisions")
        case By.AGENT:
            return words.c.agent if agent is None else agent
        case By.REASON:
            return words.c.reason


def _in_time(period: Period, first: FromClause) -> ColumnElement[bool]:
    return and_(first.c.created_at >= period.since, first.c.created_at < period.until)
