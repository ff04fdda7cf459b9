"""Hooks of Schemathesis: no idempotency key is used for two requests, and what goes to a hook of the service is signed.

It draws keys as it draws anything, so that two requests often share one; the second is then rightly refused.
A key that is no key, being too long or not of visible ASCII, stays as it was drawn; so does the phase that leaves headers out on
purpose.
"""

import itertools
import re
from typing import Any

import schemathesis

from tests.service.signing import Signed

_NUMBERS = itertools.count(1)
_ROOM_LEFT = re.compile(r"[!-~]{1,240}")


@schemathesis.hook
def before_call(context: Any, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Add a number of its own to each key; sign, last of all, what a hook is sent."""
    if case.path.startswith("/v1/hooks/"):
        kwargs["auth"] = Signed()
    if case.meta is None or case.meta.phase.name.value == "coverage":
        return
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and _ROOM_LEFT.fullmatch(key):
        case.headers["Idempotency-Key"] = f"{key}.{next(_NUMBERS)}"
