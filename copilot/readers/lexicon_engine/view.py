"""A sentence as the reader sees it: tokens, concepts seen, who speaks where, and its clauses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from copilot.readers.lexicon_engine.concepts import ASSETS, DISPUTES, EFFECTS, HARMS, WANTS
from copilot.readers.lexicon_engine.patterns import Hit
from copilot.readers.lexicon_engine.text import Token

HARM_CONCEPTS = frozenset([*HARMS, *(f"{harm}_done" for harm in HARMS)])
SUBJECTS = frozenset(("i", "you", "third", "someone", "client", "freelancer", "agency", "named", "support"))
_JOINTS = {",": "comma", "،": "comma", "、": "comma", "，": "comma", "—": "comma", ",—": "comma", ":": "colon", "": "comma"}
_OPENERS = ("unless", "if_", "or_else", "but", "because", "and_", "before_")
_PREDICATES = HARM_CONCEPTS | {
    "asks",
    "says",
    "will",
    "threat",
    "blackmail",
    "want_money",
    "want_feedback",
    "restore",
    "destroy_effect",
    "lock_out_effect",
}


@dataclass
class Clause:
    """Words `first` to `last` (both included) that hold together; `link` is what joins them to what stands before."""

    first: int
    last: int
    link: str
    hits: list[Hit] = field(default_factory=list)

    def has(self, *concepts: str) -> bool:
        """True where one of the concepts is seen in it."""
        return any(hit.concept in concepts for hit in self.hits)

    def find(self, *concepts: str) -> list[Hit]:
        """Hits of the concepts, in order."""
        return [hit for hit in self.hits if hit.concept in concepts]


@dataclass
class Part:
    """A stretch of a sentence with one speaker. Persons are keys of the cast; `addressee` may be "support"."""

    speaker: str | None
    addressee: str | None
    quoted: bool
    clauses: list[Clause]
    names: dict[int, str] = field(default_factory=dict)
    third: str | None = None
    reports: bool = False


@dataclass
class View:
    """One sentence."""

    id: str
    number: int
    message: str
    narrator: str | None
    tokens: Sequence[Token]
    hits: list[Hit]
    languages: tuple[str, ...] = ()
    trailing: str = ""
    negation: str = "before"
    tense_folds: bool = False
    direct_speech: bool = False
    names: dict[int, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def has(self, *concepts: str) -> bool:
        """True where one of the concepts is seen anywhere in the sentence."""
        return any(hit.concept in concepts for hit in self.hits)

    def avenges(self) -> bool:
        """True where something is told as revenge, and not only as having come after a quarrel."""
        timed = {hit.first for hit in self.hits if hit.concept == "parting"}
        return any(hit.concept == "revenge" and hit.first not in timed for hit in self.hits)

    def clauses(self) -> Iterator[tuple[Part, int, Clause]]:
        """Every clause with its part and its place in it."""
        for part in self.parts:
            for place, clause in enumerate(part.clauses):
                yield part, place, clause


_OWN_NEGATION = HARM_CONCEPTS | {
    "unless",
    "or_else",
    "if_",
    "veiled",
    "pity",
    "accident",
    "loose",
    "innocent",
    "retract",
    "because",
    "before_",
    "exchange",
    "revenge",
    "parting",
    "agreed",
    *EFFECTS,
    *WANTS,
    *DISPUTES,
}
"""Concepts whose phrases may spell out their own «not», which then negates nothing else."""


_RELATIVE_HEADS = ("client", "freelancer", "agency", "insider", "relative", "someone")
"""«The developer I hired»: an «I» right behind one is inside a relative clause."""


def resolve(hits: list[Hit]) -> list[Hit]:
    """Drop a hit that a longer one explains: the base form inside a done form, a harm inside an idiom or a wish."""
    hits = sorted(dict.fromkeys(hits), key=lambda hit: (hit.first, hit.last))
    at: dict[int, list[Hit]] = {}
    for hit in hits:
        if hit.concept in _HIDERS:
            for place in range(hit.first, hit.last + 1):
                at.setdefault(place, []).append(hit)
    hits = [hit for hit in hits if not (hit.concept in _HIDABLE and _is_hidden(hit, at))]
    hits = [hit for hit in hits if not (hit.concept in _QUESTIONS and _is_statement(hit, hits))]
    named = {hit.last + 1 for hit in hits if hit.concept in _RELATIVE_HEADS}
    return [hit for hit in hits if hit.concept != "i" or hit.first not in named]


_QUESTIONS = ("hypothetical", "permission")
_OTHER_SIDE = ("third", "client", "freelancer", "agency")


def _is_statement(question: Hit, hits: list[Hit]) -> bool:
    """«They have our domain» asks nothing, and «she pays if I leave five stars» is her condition."""
    if any(hit.concept in _OTHER_SIDE and hit.last + 1 == question.first for hit in hits):
        return True
    opens = any(hit.concept == "if_" and hit.first == question.first for hit in hits)
    return opens and any(hit.concept in _OTHER_SIDE and hit.last < question.first for hit in hits)


def _is_hidden(hit: Hit, at: dict[int, list[Hit]]) -> bool:
    return any(other is not hit and _hides(other, hit) for place in range(hit.first, hit.last + 1) for other in at.get(place, ()))


_HARM_HIDERS = frozenset(("want_feedback", "loose", "innocent", "bad_feedback", "bad_feedback_done"))
_WHOLE = HARM_CONCEPTS | WANTS.keys() | {"revenge", "says", "asks"}
"""Phrases that a joint inside them does not cut in two."""
_POSSESSED = frozenset(("client", "freelancer", "agency", "relative", "third", "me", "your", *ASSETS))
_STRONGER = {
    "says": ("if_", "permission"),
    "asks": ("if_", "permission", "ask_support"),
    "agreed": ("revenge", "parting"),
    "unless": ("if_", "or_else", "before_"),
    "hypothetical": ("if_",),
    "or_else": ("and_", "if_", "unless"),
    "bad_feedback": ("want_feedback", "feedback_word"),
    "bad_feedback_done": ("want_feedback", "feedback_word"),
    "loose": ("threat", "blackmail", "leverage", *EFFECTS, *DISPUTES),
    "ordinary": ("vague",),
    "past": ("retract", "if_"),
    "retract": ("threat", "blackmail"),
    "parting": ("innocent",),
    "revenge": ("innocent",),
    "veiled": ("negation",),
    "pity": ("negation", "veiled"),
    "account_effect": ("innocent", "account_trace"),
    "account_breach_done": ("innocent",),
    "account_breach": ("innocent",),
    "plain_account": ("outside_account", "private_information", "files"),
    "marketplace_account": (
        "outside_account",
        "private_information",
        "files",
        "website",
        "account_setting",
        "plain_account",
        "support",
    ),
    "account_setting": ("outside_account", "private_information", "plain_account"),
}


_HIDABLE = HARM_CONCEPTS | {"negation", "i", "you"} | {concept for hidden in _STRONGER.values() for concept in hidden}
_HIDERS = HARM_CONCEPTS | EFFECTS.keys() | _POSSESSED | _OWN_NEGATION | _HARM_HIDERS | _STRONGER.keys()


def _hides(longer: Hit, hit: Hit) -> bool:
    """True where one of two overlapping hits explains the other."""
    if hit.concept == "negation":
        return longer.concept in _OWN_NEGATION and bool(longer.words & hit.words)
    covers = longer.first <= hit.first and hit.last <= longer.last
    if hit.concept in ("i", "you"):
        return covers and longer.concept in _POSSESSED and longer.last - longer.first > hit.last - hit.first
    is_longer = longer.last - longer.first > hit.last - hit.first
    if hit.concept in _STRONGER.get(longer.concept, ()):
        return is_longer and covers if (longer.concept, hit.concept) == ("unless", "or_else") else covers
    if hit.concept in ("defame", "disclose") and longer.concept == "lawful_remedy":
        return True
    if longer.concept.removesuffix("_done") == hit.concept.removesuffix("_done"):
        return is_longer or (covers and longer.concept.endswith("_done") and not hit.concept.endswith("_done"))
    effect = longer.concept in EFFECTS and HARMS.get(hit.concept) is EFFECTS[longer.concept]
    hidden = hit.concept in HARM_CONCEPTS and longer.concept in _HARM_HIDERS
    return (effect and covers) or (hidden and covers and (is_longer or longer.concept == "loose"))


def split(view: View, first: int, last: int) -> list[Clause]:
    """The clauses of words `first` to `last` of a sentence."""
    inside = [hit for hit in view.hits if first <= hit.first and hit.last <= last]
    starts: dict[int, str] = {first: "start"}
    for place in range(first + 1, last + 1):
        if view.tokens[place].breaks:
            before = view.tokens[place].before
            starts[place] = _JOINTS.get(before.strip("\"'"), "hard")
    for hit in inside:
        if hit.concept in _OPENERS and not _is_inside_harm(hit, inside):
            starts[hit.first] = hit.concept if starts.get(hit.first) in (None, "comma", "start", "colon") else starts[hit.first]
    _split_at_new_subjects(inside, starts)
    return _cut(sorted(starts.items()), last, inside)


def _is_inside_harm(opener: Hit, hits: list[Hit]) -> bool:
    return any(hit.first < opener.first <= hit.last and hit.concept in _WHOLE for hit in hits)


def _split_at_new_subjects(hits: list[Hit], starts: dict[int, str]) -> None:
    """A run-on goes on with a new subject: «he deleted my site he wants money»."""
    has_subject = has_predicate = False
    for hit in hits:
        if hit.first in starts:
            has_subject = has_predicate = False
        if hit.concept in ("i", "you", "third") and not any(
            _overlap(hit, other) for other in hits if other.concept in _PREDICATES
        ):
            if has_subject and has_predicate and hit.first not in starts:
                starts[hit.first] = "run_on"
                has_predicate = False
            has_subject = True
        elif hit.concept in _PREDICATES or hit.concept == "negation":
            has_predicate = True


def _overlap(one: Hit, other: Hit) -> bool:
    return one.first <= other.last and other.first <= one.last


def _cut(starts: list[tuple[int, str]], last: int, hits: list[Hit]) -> list[Clause]:
    clauses = []
    for number, (first, link) in enumerate(starts):
        end = starts[number + 1][0] - 1 if number + 1 < len(starts) else last
        clauses.append(Clause(first, end, link))
    place = 0
    for hit in hits:
        while place + 1 < len(clauses) and hit.first > clauses[place].last:
            place += 1
        clauses[place].hits.append(hit)
    return clauses
