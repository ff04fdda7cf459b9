"""The policy a second time, as tables, to compare the code with.

It was written from the policy's text and shares no code with `copilot`. Facts, actors and flags are plain words here: an
actor is a set of words, such as {"threat", "asks other", "reporter"}.
"""

from functools import cache

QUEUE = "Content_Engagement_Tier_1_TS425"

COUNTS = {
    # harm             as a threat      as a damage claim
    "destroy": ("always", "no accident"),
    "lock_out": ("always", "no accident"),
    "account_breach": ("always", "no accident"),
    "disclose": ("always", "no accident"),
    "defame": ("always", "retaliation"),
    "violence": ("always", "no accident"),
    "unspecified": ("always", "no accident"),
    "bad_feedback": ("with a demand", "retaliation"),
    "withhold": ("with a demand for feedback", "retaliation"),
    "lawful_remedy": ("with a demand for feedback", "never"),
}
ASSET_DECIDES = {
    ("destroy", "marketplace_account"): "account_breach",
    ("lock_out", "marketplace_account"): "account_breach",
    ("account_breach", "outside_account"): "lock_out",
    ("account_breach", "website"): "lock_out",
    ("account_breach", "code_or_files"): "lock_out",
    ("account_breach", "business_listing"): "lock_out",
    ("account_breach", "domain_or_hosting"): "lock_out",
}


def threat_sign(harm: str, asset: str, asked: frozenset[str]) -> str:
    """What a threat against a customer adds: `threat`, `account threat`, `dispute`, `poor feedback`, or nothing."""
    harm = ASSET_DECIDES.get((harm, asset), harm)
    counts = {
        "always": True,
        "with a demand": bool(asked),
        "with a demand for feedback": "feedback" in asked,
    }[COUNTS[harm][0]]
    if counts:
        return "account threat" if harm == "account_breach" else "threat"
    return {"bad_feedback": "poor feedback", "withhold": "dispute", "lawful_remedy": "dispute"}.get(harm, "")


def claim_signs(harm: str, asset: str, intent: str, motive: str) -> frozenset[str]:
    """What a damage claim against a customer adds: `damage`, `account claim`, `dispute`, `poor feedback`."""
    harm = ASSET_DECIDES.get((harm, asset), harm)
    counts = {
        "no accident": intent != "accidental",
        "retaliation": motive == "retaliation" and intent != "accidental",
        "never": False,
    }[COUNTS[harm][1]]
    if counts:
        return frozenset({"account claim" if harm == "account_breach" else "damage"})
    signs = {"poor feedback"} if harm == "bad_feedback" else set()
    if intent == "accidental" or harm in ("withhold", "lawful_remedy"):
        signs.add("dispute")
    return frozenset(signs)


CR, FB, RE = "coercion_and_retaliation", "feedback_building", "retaliation"
ACTORS = {
    # threat, damage, asks feedback, asks other: what the actor adds to the ticket
    "....": "",
    "...o": "dispute",
    "..f.": "pressure",
    "..fo": "pressure + dispute",
    ".d..": f"retaliation + {RE}",
    ".d.o": f"coercion + vandalism + {CR}",
    ".df.": f"coercion + vandalism + {FB}",
    ".dfo": f"coercion + vandalism + {CR} + {FB}",
    "t...": f"coercion + {CR}",
    "t..o": f"coercion + {CR}",
    "t.f.": f"coercion + {FB}",
    "t.fo": f"coercion + {CR} + {FB}",
    "td..": f"coercion + vandalism + {CR}",
    "td.o": f"coercion + vandalism + {CR}",
    "tdf.": f"coercion + vandalism + {FB}",
    "tdfo": f"coercion + vandalism + {CR} + {FB}",
}

RULES = (
    # rule, route, queue, one of these must be there
    ("R1_account_security", "account_security", None, ("account threat", "account claim")),
    ("R2_mediation", "mediation_disputes", None, ("eligible + coercion", "eligible + retaliation", "eligible + dispute")),
    ("R3_coercion", "content_enforcement", QUEUE, ("coercion",)),
    ("R4_retaliation", "content_enforcement", QUEUE, ("retaliation",)),
    ("R5_suspicion", "content_enforcement", QUEUE, ("observed + pressure", "observed + poor feedback")),
    ("R6_judgement", "agent_review", None, ("pressure", "eligibility not known + dispute", "staff", "not reliable")),
    ("R7_outside", "no_escalation", None, ("",)),
)
LABELS = {"R3_coercion": (CR, FB, RE), "R4_retaliation": (CR, FB, RE)}
STATEMENTS = {
    "R1_account_security": {"S4": "account threat", "S5": "account claim"},
    "R2_mediation": {"S6": ""},
    "R3_coercion": {
        "S1": "",
        "S3": "no report",
        "S7": CR,
        "S8": FB,
        "S9": "retaliation",
        "S10": "vandalism",
    },
    "R4_retaliation": {"S2": "", "S3": "no report", "S9": ""},
    "R5_suspicion": {"S3": ""},
    "R6_judgement": {},
    "R7_outside": {},
}
CAUTIONS = (
    # caution, on which routes, one of these must be there
    ("no_report_received", "account_security mediation_disputes content_enforcement agent_review no_escalation", ("no report",)),
    ("claims_unverified", "account_security mediation_disputes content_enforcement", ("",)),
    ("also_coercion", "account_security mediation_disputes", ("coercion",)),
    ("also_retaliation", "account_security mediation_disputes", ("retaliation",)),
    (
        "check_mediation",
        "account_security mediation_disputes content_enforcement agent_review no_escalation",
        ("eligibility not known + coercion", "eligibility not known + retaliation"),
    ),
    ("threat_to_staff", "account_security mediation_disputes content_enforcement agent_review no_escalation", ("staff",)),
)


@cache
def actor_signs(words: frozenset[str]) -> frozenset[str]:
    """What one actor adds to the ticket."""
    row = "".join(
        letter if holds else "."
        for letter, holds in (
            ("t", "threat" in words),
            ("d", "damage" in words),
            ("f", "asks feedback" in words),
            ("o", "asks other" in words),
        )
    )
    signs = set(filter(None, ACTORS[row].split(" + "))) | (words & {"account threat", "account claim"})
    if words & {"threat", "damage", "account threat", "account claim"}:
        signs.add("something by the reporter" if "reporter" in words else "something by another")
    return frozenset(signs)


@cache
def decision(signs: frozenset[str]) -> tuple[object, ...]:
    """Route, queue, labels, rule, statements, report received, cautions: for the signs of a whole ticket."""
    only_the_reporter = "something by the reporter" in signs and "something by another" not in signs
    if "observed" in signs or only_the_reporter:
        signs |= {"no report"}
    rule, route, queue, _ = next(row for row in RULES if _holds(row[3], signs))
    return (
        route,
        queue,
        tuple(label for label in LABELS.get(rule, ()) if label in signs),
        rule,
        tuple(name for name, sign in STATEMENTS[rule].items() if _holds((sign,), signs)),
        "no report" not in signs,
        tuple(name for name, routes, needed in CAUTIONS if route in routes.split() and _holds(needed, signs)),
    )


def _holds(alternatives: tuple[str, ...], signs: frozenset[str]) -> bool:
    return any(set(filter(None, one.split(" + "))) <= signs for one in alternatives)
