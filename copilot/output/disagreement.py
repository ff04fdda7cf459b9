"""Where a second reading of the same ticket asks for more care than the facts that were decided on.

Comes in: verified facts with the decision on them, and the reading they came from, which carries the embedded reader's
own extraction. Goes out: the sentences that a person should read again, in ticket order; none where both agree. It
informs, and changes no fact and no route. A reading, and facts that an agent corrected, are compared here and nowhere else.

A sentence is told
- where the decision on the second reading is the more careful one: the sentences that led there;
- where the second reading holds a threat or damage claim that counts, and no threat, demand or damage claim cites any of
  its sentences, wherever the ticket goes: else a ticket could talk a graver harm away behind a lesser one;
- where it was told before an agent corrected the facts, and none of them cites it.
"""

from copilot.core.facts import Facts
from copilot.core.reading import Reading
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.core.verification import verify
from copilot.core.vocabulary import Route
from copilot.policy import Assessment, Circumstances, Decision, decide_facts, within_bounds
from copilot.policy.decide import ESCALATIONS


def disagreement(ticket: Ticket, sentences: Sentences, facts: Facts, decision: Decision, reading: Reading) -> tuple[str, ...]:
    """Ids of the sentences in which a second reading saw more than `facts`, in ticket order."""
    told = set(reading.uncited) - facts.cited()
    if reading.second is not None:
        second, _ = within_bounds(verify(ticket, sentences, reading.second))
        theirs, assessment = decide_facts(second, Circumstances(ticket.origin, ticket.context.mediation_eligible))
        told |= _left_out(second, assessment, facts)
        if care(decision.route) < care(theirs.route):
            told |= _led_there(second, assessment, facts)
    return tuple(sentence.id for sentence in sentences if sentence.id in told)


def care(route: Route) -> int:
    """How careful a route is: no escalation, then a person's judgement, then any team."""
    return 2 if route in ESCALATIONS else int(route is Route.AGENT_REVIEW)


def _left_out(second: Facts, assessment: Assessment, facts: Facts) -> set[str]:
    """Sentences of each counted threat and damage claim that the facts do not touch."""
    answered = _answered(facts)
    untouched = (fact for fact in second.harms if assessment.counts(fact) and answered.isdisjoint(fact.evidence))
    return {id for fact in untouched for id in fact.evidence}


def _led_there(second: Facts, assessment: Assessment, facts: Facts) -> set[str]:
    """Sentences of the facts that count, or of all where none counts; of these, the ones that nothing answers, if any."""
    counted = {id for fact in second.all if assessment.counts(fact) for id in fact.evidence}
    led = counted or set(second.cited())
    return led - _answered(facts) or led


def _answered(facts: Facts) -> frozenset[str]:
    """Sentences that a threat, demand or damage claim cites; a dispute alone does not answer for harm."""
    return frozenset(id for fact in facts.acts for id in fact.evidence)
