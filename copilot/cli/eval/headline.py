"""The figures of a run that a person reads first, as lines."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from copilot.cli.lines import StyledLine

if TYPE_CHECKING:
    from copilot.evaluation.finish import FinishedRun
    from copilot.evaluation.report.headlines import Kind
    from copilot.evaluation.score.summary import Figure, Summary

NAMED = 8


def lines_of(ended: "FinishedRun") -> Iterator[StyledLine]:
    """Headline, faults, what could not be scored, and gates."""
    summary = ended.summary
    yield StyledLine(_who(summary), style="heading")
    if selection := summary.manifest.selection:
        told_of = f"a selection: {summary.cases} of {selection.of} cases ({selection}); no figure speaks of the whole set"
        yield StyledLine(told_of, "    ", "  ", "caution")
    yield from _figures(summary)
    yield from _faults(summary)
    yield from _listed("not scored", summary.unscored)
    yield from _listed("not run", summary.missing)
    yield from (StyledLine(f"stale: {one}", "  ", style="caution") for one in summary.stale)
    for one in summary.gates:
        yield StyledLine(str(one), "    ", "  ", "caution" if one.passed is False else "plain")
    yield from (StyledLine(hole, "    ", "  ", "caution") for hole in summary.holes)


def told(figure: "Figure") -> str:
    """A figure in per cent with its interval and what it was counted on."""
    low, value, high = (100 * number for number in (figure.low, figure.value, figure.high))
    return f"{value:.1f} % [{low:.1f}, {high:.1f}]  n={figure.n}"


def _who(summary: "Summary") -> str:
    made = summary.manifest
    model = f" ({made.model})" if made.model else ""
    return f"{made.extractor}{model}: {summary.scored} of {summary.cases} cases scored, policy {made.policy_version}"


def _figures(summary: "Summary") -> Iterator[StyledLine]:
    from copilot.evaluation.report.headlines import KINDS, headlines

    width = max(map(len, map(_shown, KINDS.values())))
    for one in headlines(summary):
        yield StyledLine(told(one.figure), " " * (width + 4), f"  {_shown(one.kind):<{width}}  ")


def _shown(kind: "Kind") -> str:
    return "  " * kind.is_part + kind.words


def _faults(summary: "Summary") -> Iterator[StyledLine]:
    """How many cases are wrong; then each blame, and how many cases each fact, put right, would mend."""
    from copilot.evaluation.report.headlines import wrong_of

    if summary.wrong:
        yield StyledLine(wrong_of(summary), "    ", "  ")
    for blame, fault in summary.faults.items():
        most = ", ".join(f"{name} {count}" for name, count in list(fault.facts.items())[:NAMED])
        yield StyledLine(f"wrong by {blame.replace('_', ' ')}: {fault.cases}" + (f" ({most})" if most else ""), "    ", "  ")


def _listed(words: str, ids: Iterable[str]) -> Iterator[StyledLine]:
    ids = list(ids)
    if ids:
        more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
        yield StyledLine(f"{words}: {', '.join(ids[:NAMED])}{more}", "    ", "  ", "caution")
