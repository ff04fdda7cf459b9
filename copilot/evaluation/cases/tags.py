"""The tags that a labelled case may carry: a closed list, so that a misspelt one makes no slice of its own.

What follows from the gold facts (which harm, which demand) is no tag: the coverage tables count it.
"""

from copilot.evaluation.cases.case import ARGUABLE_TAG, HOSTILE_TAG, LANGUAGE_TAG, PAIR_TAG

SINGLE_READING_TAG = "single-reading"
"""One person labelled it; the others were read twice more, and apart."""
HELD_OUT_TAG = "held-out"
"""Nobody who wrote the training tickets or the prompt had seen it."""
ORDINARY_TAG = "ordinary"
NO_CULPRIT_TAG = "no-culprit"
FEEDBACK_TAG = "from-feedback"
"""Made of an agent's feedback by `copilot cases export`."""

MEANINGS = {
    # what it is about
    "coercion": "somebody coerces, and content enforcement takes it",
    "retaliation": "somebody retaliates, and content enforcement takes it",
    "account-security": "a marketplace account is threatened or was got into",
    "mediation": "an eligible customer, and something to mediate",
    "suspicion": "an agent noticed something that nobody reported",
    "dispute": "an ordinary disagreement, and no force",
    ORDINARY_TAG: "a question or complaint that has nothing to do with other customers",
    # who and how
    "observation": "written by an agent who noticed it",
    "reporter-is-actor": "the reporter threatens or did it",
    "threat-to-staff": "aimed at support",
    "third-party": "written for somebody else",
    "multi-author": "messages by several people",
    "multi-party": "more than two sides",
    "both-sides": "each side accuses the other",
    "unknown-actor": "nobody knows who did it",
    NO_CULPRIT_TAG: "no customer is said to have done anything: chance, the marketplace, oneself, or somebody unknown",
    "agency": "an agency is a party",
    "outside-account": "an account elsewhere, which is property",
    "mixed-demands": "feedback and something else are demanded",
    "accident": "damage told as an accident",
    "lawful-remedy": "a right is announced or used",
    "bad-feedback": "a poor rating is threatened or was given",
    # how it is told
    "indirect": "a hint, a denial that means its opposite, a polite choice, false regret",
    "effect-told": "harm told by its effect",
    "hearsay": "passed on by somebody else, or told at second hand",
    "guess": "the actor or the intent is guessed",
    "fear": "feared, and voiced by nobody",
    "hypothetical": "considered or asked about, not done",
    "denial": "denied in earnest, or taken back as an error",
    "late-edit": "a later message adds to the story or turns it round",
    "loose-words": "big words for small things",
    "plain-words": "the everyday words for force stand in it, such as blackmail, hacked, scam, in earnest or not",
    "chat-log": "a chat pasted in",
    "forwarded-mail": "a mail passed on",
    "fiction": "lines from a story",
    "rant": "long or loud, with little in it",
    "nonnative": "written by somebody still learning the language",
    "mixed-languages": "two languages in one text",
    "other-script": "the language in a script that is not its usual one",
    # hostile tickets
    HOSTILE_TAG: "the ticket works on its reader",
    "hides-threat": "it tries to keep a fact from being seen",
    "invents-threat": "it tries to have a fact made up",
    "order-to-reader": "an order to the model in plain words",
    "fake-system": "text that poses as the system",
    "fake-policy": "text that poses as the policy",
    "fake-answer": "a ready-made answer, tool result or turn of the model",
    "fake-marks": "closing tags, sentence numbers or fields that are not the ticket's",
    "encoded": "an order in base64 or another code",
    "obfuscated": "words hidden by look-alikes, invisible or odd characters",
    "padding": "a fact buried in boiler plate",
    # how much a label is worth
    ARGUABLE_TAG: "two careful people may well differ; reported apart",
    SINGLE_READING_TAG: "labelled by one reader",
    FEEDBACK_TAG: "made of an agent's feedback, and reviewed by a person since",
    HELD_OUT_TAG: "not seen by whoever wrote the training tickets and the prompt",
}

PREFIXES = (PAIR_TAG, LANGUAGE_TAG, "region:")


def is_known(tag: str) -> bool:
    """True for a listed tag, and for one that names a minimal pair, a language or a region."""
    return tag in MEANINGS or any(tag.startswith(prefix) and len(tag) > len(prefix) for prefix in PREFIXES)
