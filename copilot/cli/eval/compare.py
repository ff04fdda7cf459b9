"""`copilot eval compare`: two runs of the same cases, side by side."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.eval.options import gates_of, gates_option
from copilot.cli.faults import warn
from copilot.cli.lines import StyledLine, print_lines

if TYPE_CHECKING:
    from copilot.evaluation.compare.comparison import Change, Paired
    from copilot.evaluation.compare.pair import Pair

LISTED = 40
SLICES_LISTED = 15


@click.command()
@click.argument("before", metavar="DIR_A", type=click.Path(path_type=Path))
@click.argument("after", metavar="DIR_B", type=click.Path(path_type=Path))
@click.option("--intersect", is_flag=True, help="Compare on the cases that are the same in both, where the sets differ.")
@gates_option
def command(before: Path, after: Path, intersect: bool, gates: Path | None, no_gates: bool) -> int:
    """Compare two runs case by case, by a paired test, and say what the numbers carry.

    Writes compare.json and compare.html into DIR_B; the page leads from each case that changed to the report of either run.
    Paired gates are judged with DIR_A as the run to compare with.

    \b
    Example:
      copilot eval compare build/before build/after
    """
    from copilot.evaluation.compare.pair import pair_runs, write_pair
    from copilot.evaluation.report.compare_page import write_compare_page

    judged_by = gates_of(gates, no_gates)
    pair = pair_runs(before, after, intersect=intersect, gates=judged_by[0] if judged_by else None)
    write_pair(after, pair)
    write_compare_page(before, after, pair)
    print_lines(_lines(pair))
    warn(f"compare.html and compare.json are in {after}")
    return int(pair.exit)


def _lines(pair: "Pair") -> Iterator[StyledLine]:
    compared = pair.compared
    yield StyledLine(compared.verdict, style="heading")
    yield from _measures(pair)
    for name, was, now in pair.made_with:
        yield StyledLine(f"{name}: {was} -> {now}", "    ", "  ", "aside")
    for words, changes in (("better", compared.better), ("worse", compared.worse)):
        yield from _changes(words, changes)
    yield from _slices(compared)
    if pair.incomplete:
        yield StyledLine(f"not scored in one run or both: {', '.join(pair.incomplete)}", "    ", "  ", "caution")
    for one in pair.judged:
        yield StyledLine(str(one), "    ", "  ", "caution" if one.passed is False else "plain")


def _measures(pair: "Pair") -> Iterator[StyledLine]:
    from copilot.evaluation.report.headlines import KINDS, points

    width = max(len(KINDS[name].words) for name in pair.measures)
    for name, one in pair.measures.items():
        shares = f"{100 * one.before.value:.1f} % before, {100 * one.after.value:.1f} % after"
        told = f"{shares}, {points(one.difference)} n={one.difference.n}"
        yield StyledLine(told, " " * (width + 4), f"  {KINDS[name].words:<{width}}  ")


def _slices(compared: "Paired") -> Iterator[StyledLine]:
    """Slices in which something changed; p is corrected for having looked at all slices."""
    from copilot.evaluation.compare.comparison import p_words
    from copilot.evaluation.report.headlines import points

    changed = compared.changed_slices
    for name in changed[:SLICES_LISTED]:
        difference = compared.slices[name]
        told = f"{points(difference)} n={difference.n}, {p_words(compared.slice_p_values[name])}"
        yield StyledLine(f"{name}: {told}, {compared.slice_changes[name]} changed", "    ", "  ")
    if len(changed) > SLICES_LISTED:
        yield StyledLine(f"and {len(changed) - SLICES_LISTED} more slices with a change, in compare.html", "    ", "  ")


def _changes(words: str, changes: "tuple[Change, ...]") -> Iterator[StyledLine]:
    if changes:
        yield StyledLine(f"{words}: {len(changes)}", "  ")
    for one in changes[:LISTED]:
        yield StyledLine(f"{one.case_id}: {one.before_route} -> {one.after_route}, should be {one.gold_route}", " " * 6, "    ")
    if len(changes) > LISTED:
        yield StyledLine(f"and {len(changes) - LISTED} more, in compare.html", "    ")
