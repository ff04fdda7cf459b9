"""The shapes of insights: figures with their n and interval, and the tickets that a figure counts. No shape holds text."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from copilot.core.closed import Closed
from copilot.core.vocabulary import Route
from copilot.store.metrics import Share


class By(StrEnum):
    """What groups are made by: when a text of a ticket was first read, what was suggested, why not, who read, who decided."""

    TIME = "time"
    ROUTE = "route"
    REASON = "reason"
    READER = "reader"
    AGENT = "agent"


class Seconds(Closed):
    """How long reading took, over n readings: half took no longer than p50, nine of ten no longer than p90; null of none."""

    n: int
    p50: float | None
    p90: float | None


class InsightGroup(Closed):
    """Figures of one group; `key` null: of everything. A text of a ticket is what it told until a new message came.

    readings: texts of tickets. decisions: of all decisions, those of this group; a decision is the last feedback of an agent on a
    text. accepted, changed, dismissed: of the decisions. edited: of the accepted, those with a note of other words or corrected
    facts.
    accepted_though_wrong: of the accepted whose right answer is known, those whose team or labels were others. The right answer
    is the final outcome; where none is recorded, the last team that another agent chose later on the same text.
    clear_then_escalated: of the readings that were called clear, those whose ticket a person sent to a team later.
    degraded: of the readings of which that is known. seconds: how long they took.
    agreed_with_sight: of the decisions for a team by somebody who saw the suggestion first, those for the suggested team.
    agreed_without_sight: of the first choices, the same. took_over: of those who first chose another team, those who then decided
    for the suggested one. looked_first: of those who were asked for a first choice, those who looked without choosing.
    """

    key: str | None
    readings: int
    decisions: Share
    accepted: Share
    edited: Share
    changed: Share
    dismissed: Share
    accepted_though_wrong: Share
    clear_then_escalated: Share
    degraded: Share
    agreed_with_sight: Share
    agreed_without_sight: Share
    took_over: Share
    looked_first: Share
    seconds: Seconds


class Insights(Closed):
    """Figures over texts of tickets first read from `since` up to and without `until`; `step` is how long a group by time is."""

    since: datetime
    until: datetime
    by: By
    step: Literal["day", "month"] | None
    all: InsightGroup
    groups: list[InsightGroup]


class CountedTicket(Closed):
    """One case that a figure counts. `agent`: who decided or chose; null for a figure of readings. An erased ticket has no id."""

    suggestion_id: str
    ticket_id: str | None
    created_at: datetime
    route: Route
    agent: str | None


class CountedTickets(Closed):
    """The latest cases that a figure counts; `is_cut`: there are more."""

    tickets: list[CountedTicket]
    is_cut: bool


class RouteChange(Closed):
    """How often a contender names the team `contender` where `suggested` was; the same team: with other labels.

    A contender's team and labels are in its own vocabulary, which may be of another version.
    """

    suggested: Route
    contender: str
    count: int


class ShadowCase(Closed):
    """A text on which a contender decides otherwise than was suggested at first."""

    suggestion_id: str
    ticket_id: str | None
    created_at: datetime
    suggested: Route
    suggested_labels: list[str]
    contender: str
    contender_labels: list[str]


class ContenderFigures(Closed):
    """How a policy or reader beside the service compares with it.

    agreed: of the texts that it decided on, those with the same team and labels. gone: texts that were purged before it looked.
    undecided: its policy could not decide on the facts. degraded: another reader answered in its place. differing: the latest
    100; `is_cut`: there are more.
    """

    contender: str
    followed_from: datetime
    agreed: Share
    by_route: list[RouteChange]
    gone: int
    undecided: int
    degraded: int
    differing: list[ShadowCase]
    is_cut: bool


class ShadowFigures(Closed):
    """Every contender that looked at texts of tickets first read from `since` up to and without `until`."""

    since: datetime
    until: datetime
    contenders: list[ContenderFigures]
