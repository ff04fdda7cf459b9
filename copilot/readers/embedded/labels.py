"""What the embedded model can mark in a sentence: one label a column, in the order of its output."""

from functools import cache

from copilot.core.vocabulary import Asset, DemandKind, DisputeKind, Harm, Intent, Motive, Role

REPORTER, OTHER, THIRD, STAFF = "reporter", "other", "third", "staff"
PEOPLE = (REPORTER, OTHER, THIRD, STAFF)
"""Who acts and who suffers: the reporter, the other party, a third person or nobody known, the marketplace's staff."""
ACTS = ("threat", "demand", "claim")
ASSETS = tuple(asset for asset in Asset if asset is not Asset.NOT_STATED)
MOTIVES = tuple(motive for motive in Motive if motive is not Motive.NOT_STATED)
TAKEN_BACK = ("denied", "hypothetical", "fear", "withdrawn", "big_word")
"""Sounds like harm and is none: denied, imagined, feared and voiced by nobody, taken back, a big word for a small thing."""

REPORTERS = (Role.CLIENT, Role.FREELANCER, Role.AGENCY)
"""What the reporter is, told by every sentence of a ticket: for tickets whose records do not say."""

LABELS: tuple[str, ...] = (
    *(f"threat:{harm}" for harm in Harm),
    *(f"demand:{kind}" for kind in DemandKind),
    *(f"claim:{harm}" for harm in Harm),
    *(f"dispute:{kind}" for kind in DisputeKind),
    *(f"asset:{asset}" for asset in ASSETS),
    *(f"{act}_{side}:{who}" for act in ACTS for side in ("by", "on") for who in PEOPLE),
    *(f"intent:{intent}" for intent in Intent),
    *(f"motive:{motive}" for motive in MOTIVES),
    *(f"taken_back:{why}" for why in TAKEN_BACK),
    *(f"reporter:{role}" for role in REPORTERS),
)
COLUMN = {label: column for column, label in enumerate(LABELS)}


@cache
def columns(prefix: str) -> list[int]:
    """The columns of all labels of one kind, such as `threat` or `claim_by`."""
    return [column for label, column in COLUMN.items() if label.split(":")[0] == prefix]
