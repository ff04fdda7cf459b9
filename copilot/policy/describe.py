"""The policy, written out: `handbook.md` with its tables made by calling the policy itself.

Comes in: nothing but the handbook and the code. Goes out: rows, or one Markdown page. It copies no rule: routes,
queues and labels are those that the rules gave on every case of one actor, and the harm table is what
`assess_threat` and `assess_claim` answered. `python -m copilot.policy.describe docs/policy.md` writes the page.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from copilot.core.facts import DamageClaim, Party, Threat
from copilot.core.vocabulary import Asset, DemandKind, Harm, Intent, Label, Motive, Origin, Role, Route
from copilot.policy.assess import Weight, assess_claim, assess_threat
from copilot.policy.case import Actor, Case
from copilot.policy.decide import POLICY_VERSION, Decision, decide_case
from copilot.policy.rules import NOT_CODED, RULES, STATEMENTS

HANDBOOK = Path(__file__).with_name("handbook.md")
_HEAD = "<!-- Written by `python -m copilot.policy.describe docs/policy.md`: change the handbook or the code, not this page. -->"

_BY, _AGAINST = Party("p1", Role.FREELANCER, False), Party("p2", Role.CLIENT, True)
_PRESSURES: tuple[tuple[DemandKind, ...], ...] = ((), (DemandKind.MONEY,), (DemandKind.FEEDBACK,))
_THREAT_WORDS = {
    (True, True, True): "always",
    (False, True, True): "only if the same actor demands something",
    (False, False, True): "only if the same actor demands feedback",
    (False, False, False): "never",
}
_WHERE_ACCOUNT_OR_THING = (Harm.DESTROY, Harm.LOCK_OUT, Harm.ACCOUNT_BREACH)
_ACCOUNT_HARM = {Harm.ACCOUNT_BREACH: Asset.MARKETPLACE_ACCOUNT}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule: its place in the order, the statements it follows, when it holds, and what it can decide."""

    place: int
    rule: str
    follows: tuple[str, ...]
    holds_when: str
    route: Route
    queue: str | None
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class HarmRow:
    """One kind of harm: what counts of it as a threat, and as a damage claim, in words."""

    harm: Harm
    as_threat: str
    as_claim: str


def as_rows() -> tuple[RuleRow, ...]:
    """The decision order, one row a rule. `labels` are all that the rule can give."""
    rows = []
    for place, rule in enumerate(RULES, start=1):
        decisions = _decisions()[rule.id]
        route, queue = decisions[0].route, decisions[0].queue
        given = {label for decision in decisions for label in decision.labels}
        labels = tuple(label for label in Label if label in given)
        holds_when = " ".join(rule.holds_when.partition("Reading:")[0].split())
        rows.append(RuleRow(place, rule.id, rule.follows, holds_when, route, queue, labels))
    return tuple(rows)


def harm_rows() -> tuple[HarmRow, ...]:
    """The harm table, one row a harm, as the weighing functions answer."""
    return tuple(HarmRow(harm, _threat_words(harm), _claim_words(harm)) for harm in Harm)


def as_markdown() -> str:
    """The handbook with its tables filled in; ends with the policy's version."""
    tables = {"statements": _statements, "harms": _harms, "assets": _assets, "rules": _rules}

    def fill(marker: re.Match[str]) -> str:
        return "\n".join(["", *tables[marker[1]](), "", "(Made from the code.)"])

    text = re.sub(r"<!-- table: (\w+) -->", fill, HANDBOOK.read_text(encoding="utf-8"))
    return f"{_HEAD}\n{text}\nPolicy version {POLICY_VERSION}.\n"


@cache
def _decisions() -> dict[str, list[Decision]]:
    """What each rule decided, over every case of one actor and one of two actors that differ."""
    flags = (True, False)
    found: dict[str, list[Decision]] = {rule.id: [] for rule in RULES}
    actors = [Actor(False, *bits) for bits in product(flags, repeat=6)]
    beside = Actor(damages=True)
    for actor, origin, eligible, reliable, dispute, staff in product(actors, Origin, (True, False, None), flags, flags, flags):
        for people in ((actor,), (actor, beside)):
            decision = decide_case(Case(origin, eligible, reliable, people, dispute, False, staff))
            found[decision.rule].append(decision)
    return found


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


def _statements() -> list[str]:
    followed = {name: [rule.id for rule in RULES if name in rule.follows] for name in STATEMENTS}
    rows = ((name, ", ".join(f"`{rule}`" for rule in followed[name]) or f"none: {NOT_CODED[name]}") for name in STATEMENTS)
    return _table(("statement", "followed by"), rows)


def _rules() -> list[str]:
    head = ("", "rule", "follows", "holds when", "route", "queue", "labels")
    rows = (
        (
            str(row.place),
            f"`{row.rule}`",
            ", ".join(row.follows) or "none",
            row.holds_when,
            f"`{row.route}`",
            f"`{row.queue}`" if row.queue else "null",
            ", ".join(f"`{label}`" for label in row.labels) or "none",
        )
        for row in as_rows()
    )
    return _table(head, rows)


def _harms() -> list[str]:
    rows = ((f"`{row.harm}`", row.as_threat, row.as_claim) for row in harm_rows())
    return _table(("harm", "as a threat it counts", "as a damage claim it counts"), rows)


def _assets() -> list[str]:
    def cell(harm: Harm, asset: Asset) -> str:
        return "account security" if _threat(harm, asset, ()).security else "property harm"

    rows = ((f"`{asset}`", *(cell(harm, asset) for harm in _WHERE_ACCOUNT_OR_THING)) for asset in Asset)
    return _table(("asset", *(f"`{harm}`" for harm in _WHERE_ACCOUNT_OR_THING)), rows)


def _threat_words(harm: Harm) -> str:
    weights = [_threat(harm, _ACCOUNT_HARM.get(harm, Asset.OTHER), kinds) for kinds in _PRESSURES]
    alone, for_money, for_feedback = (weight.counted for weight in weights)
    counted = (alone, for_money, for_feedback)
    return _THREAT_WORDS[counted] + (", for account security (S4)" if weights[0].security else "")


def _claim_words(harm: Harm) -> str:
    asset = _ACCOUNT_HARM.get(harm, Asset.OTHER)
    told = list(product(Intent, Motive))
    weights = {(intent, motive): _claim(harm, asset, intent, motive) for intent, motive in told}
    counted = {pair for pair, weight in weights.items() if weight.counted}
    security = ", for account security (S5)" if any(weight.security for weight in weights.values()) else ""
    words = {
        frozenset(): "never",
        frozenset(pair for pair in told if pair[0] is not Intent.ACCIDENTAL): "unless told as an accident",
        frozenset((intent, Motive.RETALIATION) for intent in Intent if intent is not Intent.ACCIDENTAL): (
            "only if told as retaliation, and not as an accident"
        ),
    }
    return words[frozenset(counted)] + security


def _threat(harm: Harm, asset: Asset, kinds: tuple[DemandKind, ...]) -> Weight:
    threat = Threat(_BY.id, _AGAINST.id, harm, asset, ())
    return assess_threat(threat, is_against_staff=False, demanded=frozenset(kinds))


def _claim(harm: Harm, asset: Asset, intent: Intent, motive: Motive) -> Weight:
    claim = DamageClaim(_BY.id, _AGAINST.id, harm, asset, intent, motive, ())
    return assess_claim(claim, is_against_staff=False)


if __name__ == "__main__":  # pragma: no cover  a test runs it, in a process of its own
    Path(sys.argv[1]).write_text(as_markdown(), encoding="utf-8")
