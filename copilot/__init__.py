"""Triage copilot: the model reads, the policy decides, a person acts.

    from copilot import Ticket, triage

What is named here is imported at first use, so that `copilot --help` does not pay for the whole pipeline.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.core.extraction import Extraction
    from copilot.core.ticket import Ticket
    from copilot.output.suggestion import Suggestion
    from copilot.pipeline import atriage, decide, triage
    from copilot.readers.base import Reader, Reading

__all__ = ["Extraction", "Reader", "Reading", "Suggestion", "Ticket", "atriage", "decide", "triage"]

_HOMES = {
    "Extraction": "copilot.core.extraction",
    "Reader": "copilot.readers.base",
    "Reading": "copilot.readers.base",
    "Suggestion": "copilot.output.suggestion",
    "Ticket": "copilot.core.ticket",
    "atriage": "copilot.pipeline",
    "decide": "copilot.pipeline",
    "triage": "copilot.pipeline",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'copilot' has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
