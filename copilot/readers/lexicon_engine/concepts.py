"""The names of all concepts a lexicon may fill; docs/lexicon.md says what each one means."""

from copilot.vocabulary import Asset, DemandKind, DisputeKind, Harm

HARMS = {
    "destroy": Harm.DESTROY,
    "change": Harm.DESTROY,
    "lock_out": Harm.LOCK_OUT,
    "account_breach": Harm.ACCOUNT_BREACH,
    "disclose": Harm.DISCLOSE,
    "defame": Harm.DEFAME,
    "violence": Harm.VIOLENCE,
    "bad_feedback": Harm.BAD_FEEDBACK,
    "withhold": Harm.WITHHOLD,
    "lawful_remedy": Harm.LAWFUL_REMEDY,
    "vague": Harm.UNSPECIFIED,
}
EFFECTS = {
    "destroy_effect": Harm.DESTROY,
    "lock_out_effect": Harm.LOCK_OUT,
    "account_effect": Harm.ACCOUNT_BREACH,
    "account_trace": Harm.ACCOUNT_BREACH,
}
INTRUSIONS = frozenset(concept for concept, harm in EFFECTS.items() if harm is Harm.ACCOUNT_BREACH)
"""Effects that tell of somebody in an account."""
WANTS = {
    "want_money": DemandKind.MONEY,
    "want_feedback": DemandKind.FEEDBACK,
    "feedback_word": DemandKind.FEEDBACK,
    "want_work": DemandKind.WORK,
    "want_undo": DemandKind.OTHER,
    "want_contract": DemandKind.CONTRACT,
    "want_information": DemandKind.INFORMATION,
    "want_other": DemandKind.OTHER,
}
ASSETS = {
    "website": Asset.WEBSITE,
    "files": Asset.CODE_OR_FILES,
    "outside_account": Asset.OUTSIDE_ACCOUNT,
    "marketplace_account": Asset.MARKETPLACE_ACCOUNT,
    "plain_account": Asset.MARKETPLACE_ACCOUNT,
    "account_setting": Asset.MARKETPLACE_ACCOUNT,
    "business_listing": Asset.BUSINESS_LISTING,
    "domain": Asset.DOMAIN_OR_HOSTING,
    "private_information": Asset.PRIVATE_INFORMATION,
    "reputation": Asset.REPUTATION,
    "person": Asset.PERSON,
}
DISPUTES = {f"dispute_{kind.value}": kind for kind in DisputeKind}
# fmt: off
MEANINGS = frozenset((
    "restore", "hand_over", "threat", "blackmail", "says", "will", "past", "may", "if_", "unless", "or_else",
    "exchange", "before_", "ordinary", "refuses", "parting", "shown", "veiled", "pity", "negation", "fear",
    "hypothetical", "permission", "ask_support", "retract", "innocent", "loose", "asks", "must", "i", "me", "you",
    "your", "third", "third_object", "someone", "by_agent", "client", "freelancer", "agency", "support", "relative",
    "self_client", "self_freelancer", "accident", "deliberate", "revenge", "leverage", "guess", "outside_place",
    "trifle", "agreed", "suffers", "insider", "account_use", "account_talk", "story", "quoted_back", "mend", "disclaimer",
    "reading_order", "and_", "but", "because", "label_me", "mail_from", "mail_to",
))
# fmt: on
CONCEPTS = frozenset([*HARMS, *(f"{harm}_done" for harm in HARMS), *EFFECTS, *WANTS, *ASSETS, *DISPUTES, *MEANINGS])
