"""A run in plain words and a few figures: what somebody reads who has a minute.

Comes in: `Scores`. Goes out: sentences and headline figures. No sentence claims more than its interval carries.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from copilot.evaluation.score.attribution import Attribution, Blame
from copilot.evaluation.score.scores import HELD_OUT_SLICE, Scores
from copilot.evaluation.score.statistics import Interval

BLAME_WORDS = {
    Blame.READER: "the reader",
    Blame.POLICY: "the policy",
    Blame.MISSING_INFORMATION: "missing information",
    Blame.LABEL_DOUBT: "a doubtful label",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure that stands at the top. `of` says what it was counted on; `more_is_better` which way is good."""

    name: str
    figure: Interval
    of: str
    more_is_better: bool = False


def percent(share: float) -> str:
    """A share in per cent, at one decimal; a line never breaks before the sign."""
    return f"{100 * share:.1f}\u00a0%"


def between(figure: Interval) -> str:
    """The interval of a share in per cent."""
    return f"{100 * figure.low:.1f} to {percent(figure.high)}"


def told(figure: Interval) -> str:
    """A share in per cent with its interval; what it was counted on stands elsewhere."""
    return f"{percent(figure.value)} [{between(figure)}]"


def headlines(scores: Scores) -> list[Headline]:
    """The headline figures that this run has."""
    must, free = "tickets that had to reach a team", "tickets that no team had to see"
    harms = scores.harms
    given = (
        ("Right route", scores.route, "tickets", True),
        ("Right route, held-out", scores.slices.get(HELD_OUT_SLICE), "tickets kept from whoever wrote the reader", True),
        ("Right route and labels", scores.labels, "tickets", True),
        ("Missed escalation", harms.get("missed_escalation"), must, False),
        ("of these called all clear", harms.get("called_all_clear"), must, False),
        (
            "called all clear, held-out",
            scores.held_out.get("called_all_clear"),
            f"{must}, kept from whoever wrote the reader",
            False,
        ),
        ("Wrong team", harms.get("wrong_team"), must, False),
        ("False escalation", harms.get("false_escalation"), free, False),
        ("Wrong route, hostile", scores.hostile.get("wrong_route"), "tickets that attack the reader", False),
        ("Decision flips", scores.flips, "tickets asked more than once", False),
    )
    return [Headline(name, figure, of, good) for name, figure, of, good in given if figure is not None]


def lead(scores: Scores) -> str:
    """The first sentence."""
    route, held = scores.route, scores.slices.get(HELD_OUT_SLICE)
    right = f"The suggested route was right for {percent(route.value)} of {route.n} tickets"
    if held is None or held.n == route.n:
        return f"{right}; on tickets like these, {between(route)} can be expected."
    return (
        f"{right}, and for {percent(held.value)} of the {held.n} that were kept from whoever wrote the reader; "
        f"on new tickets like those, {between(held)} can be expected."
    )


def sentences(scores: Scores) -> Iterator[str]:
    """What else there is to say, the gravest first."""
    yield from _selected(scores)
    yield from _incomplete(scores)
    yield from _harm(scores.harms)
    yield from _causes(scores)
    yield from _elsewhere(scores)
    yield "These figures speak of the cases in this set, and of live tickets only as far as those are like them."


def _selected(scores: Scores) -> Iterator[str]:
    if scores.selection:
        yield (
            f"This is a selection of {scores.cases} of {scores.selection.of} cases ({scores.selection}): "
            "no figure here speaks of the whole set."
        )


def _incomplete(scores: Scores) -> Iterator[str]:
    out = len(scores.unscored) + len(scores.missing)
    if out:
        yield (
            f"Not complete: of {scores.cases} cases, {len(scores.unscored)} could not be scored and {len(scores.missing)} were "
            f"not run. They are listed below, and every figure is about the other {scores.cases - out}."
        )


def _harm(harms: Mapping[str, Interval]) -> Iterator[str]:
    if missed := harms.get("missed_escalation"):
        clear = harms["called_all_clear"]
        yield (
            f"Somebody who needs help waits: of {missed.n} tickets that had to reach a team, {told(missed)} were sent to none, "
            f"and {told(clear)} were called all clear, so that nobody would look."
        )
        yield f"Of the same tickets, {told(harms['wrong_team'])} went to the wrong team."
    if false := harms.get("false_escalation"):
        yield f"Somebody is accused without cause: of {false.n} tickets that no team had to see, {told(false)} were sent to one."


def _causes(scores: Scores) -> Iterator[str]:
    if not scores.faults:
        yield "No ticket was decided wrongly."
        return
    blamed = Counter(fault.blame for fault in scores.faults.values())
    shares = ", ".join(f"with {BLAME_WORDS[blame]} in {count}" for blame, count in blamed.most_common())
    names = Counter(name for fault in scores.faults.values() if fault.blame is Blame.READER for name in fault.facts)
    often = ""
    if names:
        name, count = names.most_common(1)[0]
        often = f" What most often went wrong: {fault_name(name)} ({count})."
    noun = "ticket" if len(scores.faults) == 1 else "tickets"
    yield f"Of {len(scores.faults)} {noun} decided wrongly (route or labels) the fault lies {shares}.{often}"


def fault_name(name: str) -> str:
    """A fault such as `damage_claims: wrong_kind` in words, such as "wrong kind in damage claims"."""
    facts, colon, how = name.replace("_", " ").partition(": ")
    if not colon:
        return facts
    joint = {"missed": "", "invented": "", "details": "of ", "roles": "of "}.get(how, "in ")
    return f"{how} {joint}{facts}"


def fault_words(fault: Attribution | None) -> str:
    """A fault in words, such as `reader (missed threats)`; empty where there is none."""
    if fault is None:
        return ""
    facts = " or ".join(map(fault_name, fault.facts))
    return fault.blame.value.replace("_", " ") + (f" ({facts})" if facts else "")


def _elsewhere(scores: Scores) -> Iterator[str]:
    if attacked := scores.hostile.get("wrong_route"):
        yield (
            f"Of {attacked.n} tickets that attack the reader, {told(attacked)} went the wrong way, "
            "by the attack or for another reason."
        )
    if scores.flips:
        yield f"Asked again, the decision changed on {told(scores.flips)} of {scores.flips.n} tickets."
    if scores.pass_k:
        k = max(scores.pass_k)
        yield f"All of {k} readings were right (pass^{k}) for {told(scores.pass_k[k])} of {scores.pass_k[k].n} tickets."
