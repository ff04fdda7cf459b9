"""What the service keeps: suggestions, corrected decisions, feedback, outcomes, and who may call.

Comes in: checked values of the contract. Goes out: records with an id and a time, never acknowledged before they are on
the disk. It keeps the text of a ticket no longer than it is told to, and keys as digests only.
"""

from copilot.store.arrivals import Arrival, Taken, Told
from copilot.store.facade import Store
from copilot.store.insights.figures import FigureName
from copilot.store.insights.shapes import By, CountedTickets, InsightGroup, Insights, ShadowFigures
from copilot.store.metrics import AgentMetrics, Share
from copilot.store.principal import ApiKey, Principal, Scope
from copilot.store.queue import Wanted
from copilot.store.records import (
    Before,
    ChangedField,
    Claim,
    Feedback,
    FeedbackAction,
    FeedbackReason,
    Finished,
    FirstChoice,
    LastDecision,
    Outcome,
    Queue,
    StoredFeedback,
    StoredOutcome,
    StoredSuggestion,
)
from copilot.store.reviewed import Reviewed
from copilot.store.sights import look_of
from copilot.store.suggestions import Look

__all__ = [
    "AgentMetrics",
    "ApiKey",
    "Arrival",
    "Before",
    "By",
    "ChangedField",
    "Claim",
    "CountedTickets",
    "Feedback",
    "FeedbackAction",
    "FeedbackReason",
    "FigureName",
    "Finished",
    "FirstChoice",
    "InsightGroup",
    "Insights",
    "LastDecision",
    "Look",
    "Outcome",
    "Principal",
    "Queue",
    "Reviewed",
    "Scope",
    "ShadowFigures",
    "Share",
    "Store",
    "StoredFeedback",
    "StoredOutcome",
    "StoredSuggestion",
    "Taken",
    "Told",
    "Wanted",
    "look_of",
]
