"""The policy: verified facts and the marketplace's context in, exactly one decision out.

Pure: no clock, network, file or log. Total: the last rule always holds. It weighs no credibility (S11) and
predicts no outcome (S12).
"""

from dataclasses import dataclass, replace
from functools import reduce

from copilot.core.facts import Facts, Party
from copilot.core.vocabulary import Label, Origin, Route
from copilot.policy.assess import Assessment, assess
from copilot.policy.case import Case
from copilot.policy.rules import RULES

POLICY_VERSION = "2026.11.2"
"""Changes whenever a decision, a label or a caution changes for any input."""

MAX_DROPPED_TRIED = 16
"""So many different dropped facts are tried one by one."""

ESCALATIONS = (Route.ACCOUNT_SECURITY, Route.MEDIATION_DISPUTES, Route.CONTENT_ENFORCEMENT)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the policy takes besides the facts. `mediation_eligible` None means not known."""

    origin: Origin = Origin.CUSTOMER_REPORT
    mediation_eligible: bool | None = None
    reading_failed: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What one rule decided."""

    route: Route
    queue: str | None
    labels: tuple[Label, ...]
    rule: str
    statements: tuple[str, ...]
    report_received: bool

    @property
    def destination(self) -> tuple[Route, tuple[Label, ...]]:
        """What counts as the same decision: route and labels."""
        return self.route, self.labels


def decide_case(case: Case) -> Decision:
    """The first rule that holds, over the reduced input; total and deterministic."""
    rule, outcome = next((rule, outcome) for rule in RULES if (outcome := rule.decide(case)))
    return Decision(
        route=outcome.route,
        queue=outcome.queue,
        labels=outcome.labels,
        rule=rule.id,
        statements=outcome.statements,
        report_received=case.report_received,
    )


def decide_facts(facts: Facts, circumstances: Circumstances) -> tuple[Decision, Assessment]:
    """Decide on verified facts, and say what each fact weighed.

    Whether the reading is reliable is asked only where it can matter: no escalation hangs on it.
    """
    is_read = not circumstances.reading_failed
    assessment = assess(facts, circumstances.origin, circumstances.mediation_eligible, is_read)
    decision = decide_case(assessment.case)
    if not is_read or decision.route in ESCALATIONS or not _drop_matters(facts, circumstances, decision):
        return decision, assessment
    doubtful = replace(assessment.case, reliable=False)
    return decide_case(doubtful), replace(assessment, case=doubtful)


def _drop_matters(facts: Facts, circumstances: Circumstances, without: Decision) -> bool:
    """Whether a dropped fact, kept alone or with all the others, would have changed the decision.

    Too many to try count as if they did: a reading that could not be verified so often is none to rely on.
    """
    if not facts.dropped:
        return False
    dropped = [replace(drop.item, evidence=()) for drop in facts.dropped if not isinstance(drop.item, Party)]
    distinct = list(dict.fromkeys(dropped))
    if len(distinct) > MAX_DROPPED_TRIED:
        return True
    attempts = [*([fact] for fact in distinct), distinct]
    restored = (reduce(Facts.with_fact, attempt, facts) for attempt in attempts)
    cases = (assess(found, circumstances.origin, circumstances.mediation_eligible).case for found in restored)
    return any(decide_case(case).destination != without.destination for case in cases)
