"""Ids of what is stored, and what stands for an id or a secret that is not to be stored.

An id is a prefix that says what it is, then 26 characters that sort by time of making.
"""

import hashlib
import re
import secrets
import time

from copilot.core.ticket import Ticket

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 80
_CHARACTERS = 26
_SHAPE = re.compile(r"(?:sug|dec|fb)_[0-9a-hjkmnp-tv-z]{26}")


NO_NAMES = frozenset({str(Ticket.model_fields["id"].default), "new"})
"""What stands for the id of a ticket that was given none, or that a console has not saved yet: many tickets share it."""


def new_id(prefix: str) -> str:
    """An id such as `sug_01j8…`: 48 bits of milliseconds and 80 of chance, in Crockford's base 32."""
    number = (time.time_ns() // 1_000_000 << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    return prefix + "_" + "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_CHARACTERS)))


def looks_like_id(text: str, prefix: str) -> bool:
    """Whether a text could be one; whatever else a caller sends never reaches the database."""
    return text.startswith(prefix + "_") and _SHAPE.fullmatch(text) is not None


def digest(text: str) -> str:
    """What stands for an id or a secret in the database."""
    return hashlib.sha256(text.encode()).hexdigest()
