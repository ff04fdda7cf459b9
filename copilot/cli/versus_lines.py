"""A contender against what was suggested, as lines for a terminal: how often they agree, the paired test, and what differs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from copilot.cli.lines import StyledLine

if TYPE_CHECKING:
    from copilot.shadow.versus import Difference, Versus

LISTED = 40


def figure_lines(compared: "Versus") -> Iterator[StyledLine]:
    """How often both agree, what teams would become, and the paired test."""
    from copilot.shadow.versus import sources_told

    if compared.agreement is not None:
        one = compared.agreement
        shown = f"{100 * one.value:.1f} % [{100 * one.low:.1f}, {100 * one.high:.1f}] n={one.n}"
        yield StyledLine(f"same team and labels: {shown}, {len(compared.differences)} differ", "  ")
    for (was, now), count in sorted(compared.by_route.items(), key=lambda pair: (-pair[1], pair[0])):
        yield StyledLine(f"{was} -> {now}: {count}", " " * 6, "    ")
    yield from _tested(compared, sources_told(compared.sources))


def difference_lines(compared: "Versus", listed: int | None = LISTED) -> Iterator[StyledLine]:
    """The latest differences, one a line; None: all of them."""
    from copilot.shadow.versus import latest

    most = len(compared.differences) if listed is None else listed
    for difference in latest(compared.differences, most):
        yield StyledLine(_difference(difference), " " * 6, "    ")
    if len(compared.differences) > most:
        yield StyledLine(f"and {len(compared.differences) - most} earlier ones; --json lists all", "    ")


def _tested(compared: "Versus", sources: str) -> Iterator[StyledLine]:
    paired = compared.paired
    if paired is None:
        yield StyledLine("where the tickets belong nobody said yet, so neither is shown to be better", "  ", style="aside")
        return
    yield StyledLine(
        f"right where that is known: {100 * paired.before:.1f} % suggested, {100 * paired.after:.1f} % contender", "  "
    )
    yield StyledLine(paired.verdict, "    ", "  ", "heading")
    yield StyledLine(f"known by: {sources} (who accepts has seen the suggestion, which favours it)", "    ", "  ", "aside")


def _difference(one: "Difference") -> str:
    right = f"; people: {one.right.route} ({one.right.how})" if one.right else ""
    facts = ", on corrected facts" if one.text.corrected else ""
    ticket = one.text.ticket_id or "erased"
    return f"{ticket} ({one.text.suggestion_id}): {one.suggested} -> {one.contender}{facts}{right}"
