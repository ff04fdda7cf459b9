"""The policy: verified facts and the marketplace's context in, exactly one decision out.

Pure: no clock, network, file or log. Total: the last rule always holds. It weighs no credibility (S11) and
predicts no outcome (S12).
"""

from dataclasses import dataclass, replace

from copilot.facts import Fact, Facts, Party
from copilot.policy.case import Case
from copilot.policy.rules import RULES
from copilot.policy.weigh import Weighed, weigh
from copilot.vocabulary import Caution, Harm, Label, Origin, Route

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
    """What one rule decided, with the cautions that go along."""

    route: Route
    queue: str | None
    labels: tuple[Label, ...]
    rule: str
    statements: tuple[str, ...]
    report_received: bool
    cautions: tuple[Caution, ...]

    @property
    def destination(self) -> tuple[Route, tuple[Label, ...]]:
        """What counts as the same decision: route and labels."""
        return self.route, self.labels


def decide_case(case: Case) -> Decision:
    """The first rule that holds, over the reduced input; total and deterministic."""
    rule, outcome = next((rule, outcome) for rule in RULES if (outcome := rule.decide(case)))
    cautions = {
        Caution.NO_REPORT_RECEIVED: not case.report_received,
        Caution.CLAIMS_UNVERIFIED: outcome.route in ESCALATIONS,
        Caution.ALSO_COERCION: case.coercion and outcome.route in (Route.ACCOUNT_SECURITY, Route.MEDIATION_DISPUTES),
        Caution.ALSO_RETALIATION: case.retaliation and outcome.route in (Route.ACCOUNT_SECURITY, Route.MEDIATION_DISPUTES),
        Caution.CHECK_MEDIATION: case.mediation_eligible is None and (case.coercion or case.retaliation),
        Caution.THREAT_TO_STAFF: case.threat_to_staff,
    }
    return Decision(
        route=outcome.route,
        queue=outcome.queue,
        labels=outcome.labels,
        rule=rule.id,
        statements=outcome.statements,
        report_received=case.report_received,
        cautions=tuple(caution for caution, holds in cautions.items() if holds),
    )


def decide_facts(facts: Facts, circumstances: Circumstances) -> tuple[Decision, Weighed]:
    """Decide on verified facts, and say what each fact weighed."""
    reliable = not circumstances.reading_failed and not _drop_matters(facts, circumstances)
    weighed = weigh(facts, circumstances.origin, circumstances.mediation_eligible, reliable)
    decision = decide_case(weighed.case)
    found = {*decision.cautions}
    if facts.dropped:
        found.add(Caution.UNVERIFIED_FACT)
    if any(fact.harm is Harm.VIOLENCE for fact in facts.harms):
        found.add(Caution.SAFETY_RISK)
    return replace(decision, cautions=in_caution_order(found)), weighed


def in_caution_order(cautions: set[Caution]) -> tuple[Caution, ...]:
    """Cautions in the order in which they are listed everywhere."""
    return tuple(caution for caution in Caution if caution in cautions)


def _drop_matters(facts: Facts, circumstances: Circumstances) -> bool:
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
    without = _destination(facts, circumstances)
    return any(_destination(_restore(facts, attempt), circumstances) != without for attempt in attempts)


def _restore(facts: Facts, dropped: list[Fact]) -> Facts:
    for fact in dropped:
        facts = facts.with_fact(fact)
    return facts


def _destination(facts: Facts, circumstances: Circumstances) -> tuple[Route, tuple[Label, ...]]:
    return decide_case(weigh(facts, circumstances.origin, circumstances.mediation_eligible).case).destination
