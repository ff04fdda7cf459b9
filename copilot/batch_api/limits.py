"""What the provider takes in one file."""

from dataclasses import dataclass

MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may hold."""

    requests: int = MOST_REQUESTS
    bytes: int = MOST_BYTES
