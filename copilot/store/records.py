"""The shapes that the store takes and gives, as the HTTP interface shows them.

What comes in is checked here; what goes out is built by the store. No shape holds a key.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from copilot.core.closed import Closed, WholeText
from copilot.core.vocabulary import Label, Route
from copilot.output.suggestion import Suggestion
from copilot.output.urgency import Urgency

MAX_COMMENT_CHARACTERS = 2_000
MAX_NOTE_CHARACTERS = 100_000


class FeedbackAction(StrEnum):
    """What the agent did with a suggestion. `undone`: they took back what they had said of it before."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    DISMISSED = "dismissed"
    UNDONE = "undone"


class FeedbackReason(StrEnum):
    """Why a suggestion was not taken as it was."""

    WRONG_TEAM = "wrong_team"
    WRONG_LABEL = "wrong_label"
    MISSED_FACT = "missed_fact"
    INVENTED_FACT = "invented_fact"
    WRONG_PERSON = "wrong_person"
    WRONG_KIND = "wrong_kind"
    NOT_ENOUGH_INFORMATION = "not_enough_information"
    DUPLICATE_TICKET = "duplicate_ticket"
    ALREADY_HANDLED = "already_handled"
    NOTE_UNSUITABLE = "note_unsuitable"
    TOO_SLOW = "too_slow"
    TEST_TICKET = "test_ticket"
    OTHER = "other"


class Outcome(Closed):
    """Where a ticket went, and under which labels: what an agent chose instead, or what it came to in the end."""

    route: Route
    labels: list[Label]

    @model_validator(mode="after")
    def _labels_fit(self) -> Self:
        if len(set(self.labels)) != len(self.labels):
            raise ValueError("labels: one is given twice")
        if self.labels and self.route is not Route.CONTENT_ENFORCEMENT:
            raise ValueError("labels: only content_enforcement has labels; leave the list empty")
        return self


class Feedback(Closed):
    """What an agent says about a suggestion. `note` is the note as sent; None: as suggested, or not sent at all.

    `decision_id` names the corrected decision that it is about; None: the first suggestion.
    """

    action: FeedbackAction
    decision_id: WholeText | None = Field(default=None, max_length=40)
    changed_to: Outcome | None = None
    reason: FeedbackReason | None = None
    comment: WholeText | None = Field(default=None, max_length=MAX_COMMENT_CHARACTERS)
    note: WholeText | None = Field(default=None, max_length=MAX_NOTE_CHARACTERS)

    @model_validator(mode="after")
    def _parts_fit_the_action(self) -> Self:
        has_reason = self.action in (FeedbackAction.CHANGED, FeedbackAction.DISMISSED)
        if (self.action is FeedbackAction.CHANGED) != (self.changed_to is not None):
            raise ValueError("changed_to: belongs to the action changed, and to no other")
        if has_reason != (self.reason is not None):
            raise ValueError("reason: belongs to the actions changed and dismissed, and to no other")
        if self.reason is FeedbackReason.OTHER and not (self.comment or "").strip():
            raise ValueError("comment: the reason other needs one")
        return self


class FirstChoice(Closed):
    """Where an agent would send a ticket before they see the suggestion; null: they looked without choosing."""

    route: Route | None


class ChangedField(Closed):
    """One difference between the first suggestion and a corrected one. For the note, `from` and `to` are null."""

    field: Literal["route", "queue", "labels", "rule", "statements", "cautions", "report_received", "note", "ask_next"]
    from_: Any = Field(alias="from", serialization_alias="from")
    to: Any


class LastDecision(Closed):
    """The last word that an agent had on a ticket and did not take back, whichever of its suggestions it was about.

    `id` is the feedback's. `route` and `labels` are where the ticket was to go by it; for a dismissed suggestion, what was
    suggested. `is_of_this_text`: it was said about the same messages.
    """

    id: str
    suggestion_id: str
    created_at: datetime
    agent: str
    action: FeedbackAction
    route: Route
    labels: list[Label]
    is_of_this_text: bool


class StoredSuggestion(Suggestion):
    """A suggestion as kept. With a `decision_id` it is a corrected one, made at `created_at`.

    `changed` tells it from the first suggestion. `text_until` is when its text will be gone. `decided` is the ticket's last
    decision; null where there is none, or where the ticket has no id of its own. `blind`: the agent who asks is to make a choice
    of their own before they see it. `first_choice` is the one that they made; null: none.
    """

    id: str
    created_at: datetime
    decision_id: str | None = None
    changed: tuple[ChangedField, ...] = ()
    text_until: datetime | None
    decided: LastDecision | None = None
    blind: bool = False
    first_choice: Route | None = None


class WaitingTicket(Closed):
    """A ticket in the queue, as its last suggestion has it. `waiting_since`: since when it waits for a decision.

    `is_open`: nobody has decided on it as it stands; `decided` is then the last word on an earlier text of it, or null.
    """

    suggestion_id: str
    ticket_id: str
    created_at: datetime
    waiting_since: datetime
    urgency: Urgency
    route: Route
    labels: list[Label]
    rule: str
    is_open: bool
    decided: LastDecision | None


class Queue(Closed):
    """A page of the queue. `next` is the cursor of the page after it; null: this is the last one."""

    tickets: list[WaitingTicket]
    next: str | None


class Part(StrEnum):
    """What somebody is in a ticket."""

    REPORTER = "reporter"
    COUNTERPART = "counterpart"


class EarlierTicket(Closed):
    """Another ticket, as its last suggestion has it, with the last word of an agent on it."""

    suggestion_id: str
    ticket_id: str
    created_at: datetime
    route: Route
    labels: list[Label]
    decided: LastDecision | None


class Meeting(Closed):
    """Somebody of a ticket is in another one: as what here, as what there."""

    here: Part
    there: Part


class TicketOfTheSame(EarlierTicket):
    """Another ticket that somebody of this one is in."""

    people: list[Meeting]


class SharedSign(Closed):
    """A fact that two tickets have in common, as a word of the closed vocabulary."""

    kind: Literal["harm", "asset", "demand"]
    value: str


class SimilarTicket(EarlierTicket):
    """A decided ticket with some of the same facts."""

    shared: list[SharedSign]


class Before(Closed):
    """What was before a ticket. `same_people`: earlier tickets that its reporter or a counterpart is in, by their ids, the latest
    first. `similar`: decided tickets of anybody, those first that share the most.
    """

    ticket_id: str
    same_people: list[TicketOfTheSame]
    similar: list[SimilarTicket]


class StoredFeedback(Closed):
    """Feedback as kept, with what it is about: `route`, `labels` and `rule` are what the agent was shown.

    `edited`: the note differs from the suggested one, or facts were corrected. `outcome` is the final one, where known.
    `first_choice` is what the agent chose before they saw the suggestion; `with_sight`: they saw it first. `taken_back`: the
    agent undid it later. Ticket id, comment and note are null once they were purged or erased.
    """

    id: str
    suggestion_id: str
    decision_id: str | None
    created_at: datetime
    agent: str
    action: FeedbackAction
    ticket_id: str | None
    route: Route
    labels: list[Label]
    rule: str
    changed_to: Outcome | None
    reason: FeedbackReason | None
    edited: bool
    outcome: Outcome | None
    first_choice: Route | None
    with_sight: bool
    taken_back: bool
    comment: str | None
    note: str | None


class StoredOutcome(Outcome):
    """The final outcome of a ticket, as recorded last."""

    suggestion_id: str
    recorded_at: datetime
    agent: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer one request that has an idempotency key; the `add` that gets it makes the answer known."""

    id: str
    token: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The request was answered before, with this resource: `kind` is suggestion, decision or feedback."""

    kind: str
    resource_id: str
