"""Wilson's interval: how sure a share is (Wilson 1927)."""

import math
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Wilson's 95% score interval of a share; `n` may be an effective, fractional size. Raises `ValueError` for no cases."""
    if n <= 0:
        raise ValueError("an interval needs at least one case")
    share = hits / n
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 * math.sqrt(max(0.0, share * (1 - share) / n) + Z95**2 / (4 * n**2)) / (1 + Z95**2 / n)
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))
