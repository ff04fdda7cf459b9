"""Small values for tests: facts, tickets and extractions in one line each, with the usual two parties."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from copilot.core.extraction import Extraction
from copilot.core.facts import DamageClaim, Demand, Dispute, Fact, Facts, Party, Threat, extraction_of, numbered
from copilot.core.reading import Reading, ReadOutcome
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Asset, Caution, DemandKind, DisputeKind, Harm, Intent, Motive, Origin, Role
from copilot.output.cautions import cautions
from copilot.output.suggestion import Suggestion
from copilot.pipeline import decide
from copilot.policy import Circumstances, Decision, decide_facts
from copilot.policy.case import Actor, Case

CLIENT = Party("p1", Role.CLIENT, is_reporter=True)
FREELANCER = Party("p2", Role.FREELANCER, is_reporter=False)
STAFF = Party("p3", Role.SUPPORT, is_reporter=False)
AGENCY = Party("p4", Role.AGENCY, is_reporter=False)
PARTIES = (CLIENT, FREELANCER, STAFF, AGENCY)

READ_WELL = Reading(Extraction.empty(), ReadOutcome.OK, extractor="a reader")

TEXT = "He deleted my shop. He wants $500 to put it back. We disagree about the price. He is rude."
"""Four sentences: m1.1 to m1.4."""


def threat(
    harm: str = "destroy", asset: str = "not_stated", by: str = "p2", against: str = "p1", evidence: str = "m1.1"
) -> Threat:
    return Threat(by, against, Harm(harm), Asset(asset), tuple(evidence.split()))


def demand(kind: str = "money", by: str = "p2", of: str = "p1", evidence: str = "m1.2") -> Demand:
    return Demand(by, of, DemandKind(kind), tuple(evidence.split()))


def claim(  # noqa: PLR0913  one argument a field
    harm: str = "destroy",
    asset: str = "not_stated",
    intent: str = "deliberate",
    motive: str = "not_stated",
    *,
    by: str = "p2",
    against: str = "p1",
    evidence: str = "m1.1",
) -> DamageClaim:
    return DamageClaim(by, against, Harm(harm), Asset(asset), Intent(intent), Motive(motive), tuple(evidence.split()))


def dispute(kind: str = "payment", evidence: str = "m1.3") -> Dispute:
    return Dispute(DisputeKind(kind), tuple(evidence.split()))


def facts(*items: Fact, parties: tuple[Party, ...] = PARTIES) -> Facts:
    return Facts(parties, numbered(items))


def case(*actors: Actor, **flags: object) -> Case:
    return Case(actors=actors, **flags)


@dataclass(frozen=True, slots=True)
class Decided(Decision):
    """A decision, and the cautions that go with it."""

    cautions: tuple[Caution, ...]


def decide_on(found: Facts, circumstances: Circumstances) -> Decided:
    """What the policy decides on facts that were read well, with its cautions."""
    decision, assessment = decide_facts(found, circumstances)
    found_cautions = cautions(assessment.case, decision.route, found, READ_WELL, is_partial=False)
    return Decided(*(getattr(decision, one.name) for one in fields(decision)), found_cautions)


def decided(*items: Fact, origin: str = "customer_report", eligible: bool | None = None) -> Decided:
    return decide_on(facts(*items), Circumstances(Origin(origin), eligible))


def ticket(*texts: str, origin: str = "customer_report", eligible: bool | None = None, people: bool = True) -> Ticket:
    """A ticket of the client's messages, on record with client, freelancer and a member of staff."""
    given: dict[str, object] = {
        "id": "T-1",
        "origin": origin,
        "messages": [{"text": text} for text in texts or (TEXT,)],
        "context": {"mediation_eligible": eligible},
    }
    if people:
        given |= {
            "reporter": "maria",
            "participants": [
                {"id": "maria", "role": "client"},
                {"id": "dev", "role": "freelancer"},
                {"id": "help", "role": "support"},
            ],
        }
    return Ticket.model_validate(given)


def extraction(*items: Fact, parties: Iterable[Party] = PARTIES) -> Extraction:
    """The extraction that says exactly these facts."""
    return extraction_of(parties, items)


def suggested(*items: Fact, given: Ticket | None = None, parties: Iterable[Party] = PARTIES, **kind: object) -> Suggestion:
    """What the copilot suggests on these facts."""
    return decide(given or ticket(**kind), extraction(*items, parties=parties))
