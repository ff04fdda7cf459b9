"""Every value that the rules can be given: profiles of one actor, flags of a ticket, and the way into the oracle."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

from copilot.core.facts import Facts
from copilot.core.vocabulary import Origin
from copilot.output.cautions import cautions as all_cautions
from copilot.policy.case import Actor, Case
from copilot.policy.decide import Decision, decide_case
from tests.builders import READ_WELL
from tests.policy import oracle

TRUTH = (False, True)
PROFILES = tuple(Actor(False, *bits) for bits in product(TRUTH, repeat=6))
"""All that an actor other than the reporter can be said to do: 64."""
REPORTER_PROFILES = tuple(Actor(True, *bits) for bits in product(TRUTH, repeat=6))
FLAGS = tuple(
    {
        "origin": origin,
        "mediation_eligible": eligible,
        "reliable": reliable,
        "tells_dispute": dispute,
        "tells_bad_feedback": poor_feedback,
        "threat_to_staff": staff,
    }
    for origin, eligible, reliable, dispute, poor_feedback, staff in product(
        Origin, (True, False, None), TRUTH, TRUTH, TRUTH, TRUTH
    )
)
"""All that a ticket can be besides its actors: 96."""

_WORDS = {
    "is_reporter": "reporter",
    "threatens": "threat",
    "damages": "damage",
    "threatens_account": "account threat",
    "breached_account": "account claim",
    "asks_feedback": "asks feedback",
    "asks_other": "asks other",
}


def cases(actors: tuple[Actor, ...]) -> Iterator[Case]:
    """A ticket of these actors under all flags."""
    return (Case(actors=actors, **flags) for flags in FLAGS)


def expected(case: Case) -> tuple[object, ...]:
    """What the oracle decides on a case."""
    signs = _flag_signs(
        case.origin, case.mediation_eligible, case.reliable, case.tells_dispute, case.tells_bad_feedback, case.threat_to_staff
    )
    return oracle.decision(signs.union(*map(_actor_signs, case.actors)))


def told(case: Case, decide: Callable[[Case], Decision] = decide_case, cautions: Callable[..., object] = all_cautions) -> tuple:
    """What the code decides on a case, in the oracle's order, compared as plain strings."""
    decision = decide(case)
    return (
        decision.route,
        decision.queue,
        decision.labels,
        decision.rule,
        decision.statements,
        decision.report_received,
        cautions(case, decision.route, Facts(), READ_WELL, False),
    )


@cache
def _actor_signs(actor: Actor) -> frozenset[str]:
    return oracle.actor_signs(frozenset(word for field, word in _WORDS.items() if getattr(actor, field)))


@cache
def _flag_signs(*flags: object) -> frozenset[str]:
    origin, eligible, reliable, dispute, poor_feedback, staff = flags
    words = {
        "observed": origin == "agent_observation",
        "eligible": eligible is True,
        "eligibility not known": eligible is None,
        "not reliable": not reliable,
        "dispute": dispute,
        "poor feedback": poor_feedback,
        "staff": staff,
    }
    return frozenset(word for word, holds in words.items() if holds)
