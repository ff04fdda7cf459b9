"""A run in plain words: what somebody reads who has a minute.

Comes in: a `Summary`. Goes out: sentences. No sentence claims more than its interval carries.
"""

from collections.abc import Iterator

from copilot.evaluation.report.headlines import between, percent, told
from copilot.evaluation.score.attribution import Attribution, Blame
from copilot.evaluation.score.summary import Summary

BLAME_WORDS = {
    Blame.READER: "the reader",
    Blame.POLICY: "the policy",
    Blame.MISSING_INFORMATION: "missing information",
    Blame.LABEL_DOUBT: "a doubtful label",
}
HELD_OUT = "slices.tag held-out"


def lead(run: Summary) -> str:
    """The first sentence."""
    route, held = run.figures["route"], run.figures.get(HELD_OUT)
    right = f"The suggested route was right for {percent(route.value)} of {route.n} tickets"
    if held is None or held.n == route.n:
        return f"{right}; on tickets like these, {between(route)} can be expected."
    return (
        f"{right}, and for {percent(held.value)} of the {held.n} that were kept from whoever wrote the reader; "
        f"on new tickets like those, {between(held)} can be expected."
    )


def sentences(run: Summary) -> Iterator[str]:
    """What else there is to say, the gravest first."""
    yield from _selected(run)
    yield from _incomplete(run)
    yield from _gates(run)
    yield from _harm(run)
    yield from _causes(run)
    yield from _elsewhere(run)
    yield "These figures speak of the cases in this set, and of live tickets only as far as those are like them."


def _selected(run: Summary) -> Iterator[str]:
    if selection := run.manifest.selection:
        yield f"This is a selection of {run.cases} of {selection.of} cases ({selection}): no figure here speaks of the whole set."


def _incomplete(run: Summary) -> Iterator[str]:
    if run.unscored or run.missing:
        yield (
            f"Not complete: of {run.cases} cases, {len(run.unscored)} could not be scored and {len(run.missing)} were "
            f"not run. They are listed below, and every figure is about the other {run.scored}."
        )


def _gates(run: Summary) -> Iterator[str]:
    failed = [one.name for one in run.gates if one.passed is False]
    if failed:
        yield f"{len(failed)} of {len(run.gates)} gates FAILED: {', '.join(failed)}."
    elif run.gates:
        passed = sum(one.passed is True for one in run.gates)
        yield f"Of {len(run.gates)} gates {passed} were passed, and none failed."
    if run.holes:
        noun = "hole" if len(run.holes) == 1 else "holes"
        yield f"The case set has {len(run.holes)} {noun}: kinds of ticket that it does not try."


def _harm(run: Summary) -> Iterator[str]:
    harms = run.under("harms")
    if missed := harms.get("missed_escalation"):
        clear = harms["called_all_clear"]
        yield (
            f"Somebody who needs help waits: of {missed.n} tickets that had to reach a team, {told(missed)} were sent to none, "
            f"and {told(clear)} were called all clear, so that nobody would look."
        )
        yield f"Of the same tickets, {told(harms['wrong_team'])} went to the wrong team."
    if false := harms.get("false_escalation"):
        yield f"Somebody is accused without cause: of {false.n} tickets that no team had to see, {told(false)} were sent to one."


def _causes(run: Summary) -> Iterator[str]:
    if not run.faults:
        yield "No ticket was decided wrongly."
        return
    shares = ", ".join(f"with {BLAME_WORDS[Blame(blame)]} in {fault.cases}" for blame, fault in run.faults.items())
    often = ""
    if (reader := run.faults.get(Blame.READER)) and reader.facts:
        name, count = next(iter(reader.facts.items()))
        often = f" What most often went wrong: {fault_name(name)} ({count})."
    noun = "ticket" if run.wrong == 1 else "tickets"
    yield f"Of {run.wrong} {noun} decided wrongly (route or labels) the fault lies {shares}.{often}"


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


def _elsewhere(run: Summary) -> Iterator[str]:
    if attacked := run.figures.get("hostile.wrong_route"):
        yield (
            f"Of {attacked.n} tickets that attack the reader, {told(attacked)} went the wrong way, "
            "by the attack or for another reason."
        )
    if flips := run.figures.get("flips"):
        yield f"Asked again, the decision changed on {told(flips)} of {flips.n} tickets."
    samples = run.manifest.samples
    if all_right := run.figures.get(f"pass_k.{samples}"):
        yield f"All of {samples} readings were right (pass^{samples}) for {told(all_right)} of {all_right.n} tickets."
