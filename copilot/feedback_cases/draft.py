"""Reviewed tickets become draft cases: those whose right answer somebody gave, without personal data that a check finds.

The gold facts are an agent's corrected facts, and only where the policy gives the recorded answer on them; otherwise the
case has a route and labels alone. What cannot become a case is counted under the reason.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from copilot.core.vocabulary import Label, Route
from copilot.evaluation.cases import personal
from copilot.evaluation.cases.case import Expectation, LabelledCase, decide_on
from copilot.evaluation.cases.tags import FEEDBACK_TAG
from copilot.feedback_cases.pseudonyms import Hidden, pseudonymised
from copilot.store.records import Outcome
from copilot.store.reviewed import Reviewed

LANGUAGE_NOT_KNOWN = "lang:und"
_WHY = "From an agent's feedback, pseudonymised by a program: needs a person's review before it joins a set."
_RULES = {
    Route.ACCOUNT_SECURITY: "R1_account_security",
    Route.MEDIATION_DISPUTES: "R2_mediation",
    Route.AGENT_REVIEW: "R6_judgement",
    Route.NO_ESCALATION: "R7_outside",
}


class Skipped(StrEnum):
    """Why a reviewed ticket became no case."""

    NO_ANSWER = "nobody said where it should have gone"
    PERSONAL = "personal data could not be replaced with certainty"


@dataclass(slots=True)
class Drafts:
    """The cases, how many of them have no facts, and how many tickets were skipped for which reason."""

    cases: list[LabelledCase] = field(default_factory=list)
    skipped: Counter[Skipped] = field(default_factory=Counter)

    @property
    def without_facts(self) -> int:
        """Cases that say route and labels alone."""
        return sum(case.expect.extraction is None for case in self.cases)


def drafts(reviewed: Iterable[Reviewed]) -> Drafts:
    """A draft case of each ticket that can become one."""
    made = Drafts()
    for one in reviewed:
        case = _case(one)
        if isinstance(case, Skipped):
            made.skipped[case] += 1
        else:
            made.cases.append(case)
    return made


def _case(one: Reviewed) -> LabelledCase | Skipped:
    if one.said is None:
        return Skipped.NO_ANSWER
    id = "feedback-" + hashlib.sha256(one.suggestion_id.encode()).hexdigest()[:12]
    hidden = pseudonymised(one.ticket, one.corrected, one.names, id)
    if any(True for text in _texts(hidden) for _ in personal.find(text)):
        return Skipped.PERSONAL
    return LabelledCase(
        id=id, tags=(FEEDBACK_TAG, LANGUAGE_NOT_KNOWN), ticket=hidden.ticket, expect=_expected(hidden, one.said), why=_WHY
    )


def _expected(hidden: Hidden, said: Outcome) -> Expectation:
    """What was said, with the facts where the policy says the same on them and drops none."""
    if hidden.extraction is not None:
        decision, dropped = decide_on(hidden.ticket, hidden.extraction)
        if not dropped and decision.route is said.route and set(decision.labels) == set(said.labels):
            labels = list(decision.labels)
            return Expectation(route=said.route, labels=labels, rule=decision.rule, extraction=hidden.extraction)
    labels = [label for label in Label if label in said.labels]
    return Expectation(route=said.route, labels=labels, rule=_rule(said), extraction=None)


def _rule(said: Outcome) -> str:
    """The rule that leads there: each route has one, but for content enforcement, where the labels tell."""
    if said.route is not Route.CONTENT_ENFORCEMENT:
        return _RULES[said.route]
    if not said.labels:
        return "R5_suspicion"
    return "R4_retaliation" if said.labels == [Label.RETALIATION] else "R3_coercion"


def _texts(hidden: Hidden) -> list[str]:
    ticket = hidden.ticket
    return [ticket.subject, *(one.name or "" for one in ticket.participants), *(one.text for one in ticket.messages)]
