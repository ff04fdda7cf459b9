"""The closed vocabulary that every part shares: values as they stand in JSON.

Their meaning is in `policy/handbook.md`. No module may invent a value that is not here.
"""

from enum import StrEnum


class Origin(StrEnum):
    """Why the ticket exists: somebody reported, or an agent noticed."""

    CUSTOMER_REPORT = "customer_report"
    AGENT_OBSERVATION = "agent_observation"


class Role(StrEnum):
    """What a person is on the marketplace."""

    CLIENT = "client"
    FREELANCER = "freelancer"
    AGENCY = "agency"
    SUPPORT = "support"
    UNKNOWN = "unknown"


CUSTOMERS = frozenset((Role.CLIENT, Role.FREELANCER, Role.AGENCY))
"""Roles of those who trade with each other on the marketplace."""


class Harm(StrEnum):
    """What a threat threatens, or what a damage claim claims."""

    DESTROY = "destroy"
    LOCK_OUT = "lock_out"
    ACCOUNT_BREACH = "account_breach"
    DISCLOSE = "disclose"
    DEFAME = "defame"
    VIOLENCE = "violence"
    BAD_FEEDBACK = "bad_feedback"
    WITHHOLD = "withhold"
    LAWFUL_REMEDY = "lawful_remedy"
    UNSPECIFIED = "unspecified"


class Asset(StrEnum):
    """What the harm falls on."""

    WEBSITE = "website"
    CODE_OR_FILES = "code_or_files"
    OUTSIDE_ACCOUNT = "outside_account"
    MARKETPLACE_ACCOUNT = "marketplace_account"
    BUSINESS_LISTING = "business_listing"
    DOMAIN_OR_HOSTING = "domain_or_hosting"
    PRIVATE_INFORMATION = "private_information"
    REPUTATION = "reputation"
    PERSON = "person"
    OTHER = "other"
    NOT_STATED = "not_stated"


class DemandKind(StrEnum):
    """What is asked of another party."""

    FEEDBACK = "feedback"
    MONEY = "money"
    WORK = "work"
    CONTRACT = "contract"
    INFORMATION = "information"
    OTHER = "other"
    NOT_STATED = "not_stated"


class Intent(StrEnum):
    """Whether claimed damage was done on purpose, as the ticket tells it."""

    DELIBERATE = "deliberate"
    ACCIDENTAL = "accidental"
    UNCLEAR = "unclear"


class Motive(StrEnum):
    """Why claimed damage was done, as the ticket tells it."""

    RETALIATION = "retaliation"
    LEVERAGE = "leverage"
    NOT_STATED = "not_stated"


class DisputeKind(StrEnum):
    """What an ordinary disagreement is about."""

    PAYMENT = "payment"
    REFUND = "refund"
    QUALITY = "quality"
    SCOPE = "scope"
    DEADLINE = "deadline"
    OWNERSHIP = "ownership"
    OTHER = "other"


class Route(StrEnum):
    """Where a ticket goes."""

    ACCOUNT_SECURITY = "account_security"
    MEDIATION_DISPUTES = "mediation_disputes"
    CONTENT_ENFORCEMENT = "content_enforcement"
    AGENT_REVIEW = "agent_review"
    NO_ESCALATION = "no_escalation"


class Label(StrEnum):
    """What the note to content enforcement is filed under, in the order labels are listed."""

    COERCION_AND_RETALIATION = "coercion_and_retaliation"
    FEEDBACK_BUILDING = "feedback_building"
    RETALIATION = "retaliation"


class Caution(StrEnum):
    """What an agent should know beside the route; a caution informs and never routes."""

    NO_REPORT_RECEIVED = "no_report_received"
    CLAIMS_UNVERIFIED = "claims_unverified"
    ALSO_COERCION = "also_coercion"
    ALSO_RETALIATION = "also_retaliation"
    CHECK_MEDIATION = "check_mediation"
    SAFETY_RISK = "safety_risk"
    THREAT_TO_STAFF = "threat_to_staff"
    UNVERIFIED_FACT = "unverified_fact"
    SECOND_READER_DISAGREES = "second_reader_disagrees"
    DEGRADED_EXTRACTOR = "degraded_extractor"
    TRUNCATED_TICKET = "truncated_ticket"


CONTENT_ENFORCEMENT_QUEUE = "Content_Engagement_Tier_1_TS425"
"""The only queue that the source names; account security and mediation have directories, not queues."""
