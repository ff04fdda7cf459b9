"""The figures of a run that a person reads first, as lines."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from copilot.cli.lines import StyledLine

if TYPE_CHECKING:
    from copilot.evaluation.finish import FinishedRun
    from copilot.evaluation.score.summary import Figure, Summary

HEADLINES = {
    "route": "route right",
    "labels": "route and labels right",
    "harms.missed_escalation": "escalation missed",
    "harms.called_all_clear": "  of these called all clear",
    "held_out.called_all_clear": "  called all clear, held-out",
    "harms.false_escalation": "escalated without cause",
    "harms.accused_wrongly": "accused wrongly",
    "harms.wrong_team": "sent to the wrong team",
    "slices.tag hostile": "route right, hostile tickets",
    "arguable": "route right, arguable cases",
    "flips": "decision flips between samples",
}
NAMED = 8


def lines_of(ended: "FinishedRun") -> Iterator[StyledLine]:
    """Headline, faults, what could not be scored, and gates."""
    summary = ended.summary
    yield StyledLine(_who(summary), style="heading")
    if selection := summary.manifest.selection:
        told_of = f"a selection: {summary.cases} of {selection.of} cases ({selection}); no figure speaks of the whole set"
        yield StyledLine(told_of, "    ", "  ", "caution")
    width = max(map(len, HEADLINES.values()))
    for name, words in HEADLINES.items():
        if figure := summary.figures.get(name):
            yield StyledLine(told(figure), " " * (width + 4), f"  {words:<{width}}  ")
    if all_right := summary.figures.get(f"pass_k.{summary.manifest.samples}"):
        words = f"all {summary.manifest.samples} readings right (pass^k)"
        yield StyledLine(told(all_right), " " * (width + 4), f"  {words:<{width}}  ")
    yield from _faults(summary)
    yield from _listed("not scored", summary.unscored)
    yield from _listed("not run", summary.missing)
    yield from (StyledLine(f"stale: {one}", "  ", style="caution") for one in summary.stale)
    for one in ended.judged:
        yield StyledLine(str(one), "    ", "  ", "caution" if one.passed is False else "plain")
    yield from (StyledLine(hole, "    ", "  ", "caution") for hole in ended.holes)


def told(figure: "Figure") -> str:
    """A figure in per cent with its interval and what it was counted on."""
    low, value, high = (100 * number for number in (figure.low, figure.value, figure.high))
    return f"{value:.1f} % [{low:.1f}, {high:.1f}]  n={figure.n}"


def _who(summary: "Summary") -> str:
    made = summary.manifest
    model = f" ({made.model})" if made.model else ""
    return f"{made.extractor}{model}: {summary.scored} of {summary.cases} cases scored, policy {made.policy_version}"


def _faults(summary: "Summary") -> Iterator[StyledLine]:
    for blame, facts in summary.faults.items():
        most = ", ".join(f"{name} {count}" for name, count in list(facts.items())[:NAMED])
        yield StyledLine(f"wrong by {blame.replace('_', ' ')}: {sum(facts.values())} ({most})", "    ", "  ")


def _listed(words: str, ids: Iterable[str]) -> Iterator[StyledLine]:
    ids = list(ids)
    if ids:
        more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
        yield StyledLine(f"{words}: {', '.join(ids[:NAMED])}{more}", "    ", "  ", "caution")
