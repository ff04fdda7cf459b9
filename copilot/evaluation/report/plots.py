"""Plots for the report, drawn by matplotlib as SVG that takes its colours from the page.

Without matplotlib (the `eval` extra) there is no plot, and the report says how to get one; its table has all the figures.
"""

import io
import re
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from copilot.evaluation.score.summary import RiskCurve

Plotted = tuple[float, float, float, float]
"""A point: its coverage, its risk, and the risk's lower and upper end; shares from 0 to 1."""

INK, MUTED, LINE, ACCENT = "#010101", "#020202", "#030303", "#040404"
"""Stand for colours of the page while drawing."""
_COLOURS = {INK: "var(--ink)", MUTED: "var(--muted)", LINE: "var(--line)", ACCENT: "var(--accent)"}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "risk-coverage",
    "font.family": "sans-serif",
    "font.size": 12,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": LINE,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "grid.color": LINE,
}


def can_draw() -> bool:
    """True where matplotlib is installed."""
    return find_spec("matplotlib") is not None


def risk_coverage(curve: "RiskCurve") -> str:
    """The risk–coverage curve as an `<svg>` element. Raises `ImportError` without matplotlib."""
    return drawn([(point.coverage, point.risk.value, point.risk.low, point.risk.high) for point in curve.points])


def drawn(points: Sequence[Plotted]) -> str:
    """The curve through these points, the firmest suggestions first, as an `<svg>` element."""
    from matplotlib import rc_context  # noqa: PLC0415  half a second that most commands need not pay
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with rc_context(_STYLE):
        figure = Figure(figsize=(6.4, 3.4), layout="constrained", facecolor="none")
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        _draw(axes, points)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _inline(file.getvalue(), "Share of wrong routes over the share of tickets with a suggestion")


def _draw(axes: "Axes", points: Sequence[Plotted]) -> None:
    coverage = [100 * covered for covered, _, _, _ in points]
    wrong = [100 * risk for _, risk, _, _ in points]
    margins = [[100 * (risk - low) for _, risk, low, _ in points], [100 * (high - risk) for _, risk, _, high in points]]
    axes.axhline(wrong[-1], color=MUTED, linestyle=":", linewidth=1)
    axes.errorbar(coverage, wrong, yerr=margins, color=ACCENT, marker="o", markersize=5, linewidth=2, elinewidth=1, capsize=3)
    axes.set_xlim(0, 102)
    axes.set_ylim(0, _top(points))
    axes.set_xlabel("tickets with a suggestion, % (the most stable first)")
    axes.set_ylabel("of these, wrong route, %")
    axes.grid(visible=True, linewidth=0.5)
    axes.set_facecolor("none")
    axes.spines[["top", "right"]].set_visible(False)


def _top(points: Sequence[Plotted]) -> float:
    highest = max(high for _, _, _, high in points)
    return max(5.0, min(100.0, 105 * highest))


def _inline(svg: str, title: str) -> str:
    """The bare element: no prologue, no metadata, no style of its own, colours of the page, a title for who cannot see it."""
    element = svg[svg.index("<svg") :]
    element = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>", "", element, flags=re.DOTALL)
    for stand_in, colour in _COLOURS.items():
        element = element.replace(stand_in, colour)
    element = re.sub(r'(<svg\b[^>]*?) height="[^"]*"', r"\1", element, count=1)
    element = re.sub(r'(<svg\b[^>]*?) width="[^"]*"', r"\1", element, count=1)
    return re.sub(r"<svg\b([^>]*)>", rf'<svg\1 role="img" aria-label="{title}">', element, count=1)
