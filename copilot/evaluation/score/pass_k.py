"""pass^k: how likely all of k readings of a case are right, route and labels.

Source: Yao et al. 2024 (tau-bench, arXiv 2406.12045). Of n readings with c right, a draw of k without replacement is all right
in C(c, k) / C(n, k) of all draws, which is the unbiased estimate; with k = n a case passes only if every reading is right. A
case with fewer than k scored readings says nothing about k, and is not counted.
"""

from collections.abc import Sequence
from math import comb

from copilot.evaluation.score.statistics import Interval, proportion
from copilot.evaluation.score.tallies import CaseTally


def pass_k_of(one: CaseTally, k: int) -> float | None:
    """One case's pass^k, a share from 0 to 1; None where fewer than `k` readings were scored."""
    read = len(one.samples)
    if read < k:
        return None
    return comb(sum(sample.right_labels for sample in one.samples), k) / comb(read, k)


def pass_k(tallies: Sequence[CaseTally], k: int) -> Interval | None:
    """The mean pass^k with its interval, clustered by family; None where no case was read `k` times."""
    outcomes = [(one.family, passed) for one in tallies if (passed := pass_k_of(one, k)) is not None]
    return proportion(outcomes) if outcomes else None


def pass_k_curve(tallies: Sequence[CaseTally]) -> dict[int, Interval]:
    """pass^k under each k that a case was read for; nothing where every case was read once."""
    most = max((len(one.samples) for one in tallies), default=0)
    curve = {k: pass_k(tallies, k) for k in range(1, most + 1)} if most > 1 else {}
    return {k: figure for k, figure in curve.items() if figure is not None}
