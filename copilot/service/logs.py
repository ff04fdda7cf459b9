"""Logs: one JSON object a line on standard error, in which no control character can stand.

What other libraries log is told by name and level only, unless it is known to hold no text of ours; of an exception the
class and the line of code are told, never the message.
"""

import logging
import os
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

_TRUSTED = ("copilot", "uvicorn")
"""Their messages are fixed wording around codes and counts."""


def configure(stream: TextIO | None = None) -> None:
    """Send every log of this process to `stream` (standard error) as JSON lines."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _only_what_is_known],
            processors=[_without_messages_of_faults, structlog.stdlib.ProcessorFormatter.remove_processors_meta, _as_line],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("copilot").setLevel(logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


def place_of(fault: BaseException) -> str:
    """The innermost line of this package that an exception passed through, or the innermost of all."""
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}copilot{os.sep}" in frame.filename] or frames
    return f"{ours[-1].filename.rpartition(os.sep)[2]}:{ours[-1].lineno}" if ours else "unknown"


def _only_what_is_known(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ARG001
    if not str(event.get("logger")).startswith(_TRUSTED):
        event["event"] = "log of a library"
    return event


def _without_messages_of_faults(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ARG001
    record = event.get("_record")
    told = event.pop("exc_info", None) or (record.exc_info if record is not None else None)
    fault = told[1] if isinstance(told, tuple) else told
    if isinstance(fault, BaseException):
        event["fault"], event["at"] = type(fault).__name__, place_of(fault)
    event.pop("stack_info", None)
    return event


_ORDER = ("timestamp", "level", "logger", "event")
_render = structlog.processors.JSONRenderer(ensure_ascii=True)


def _as_line(logger: Any, name: str, event: Mapping[str, Any]) -> str:
    ordered = {key: event[key] for key in _ORDER if key in event} | {
        key: value for key, value in event.items() if key not in _ORDER and value is not None
    }
    line = _render(logger, name, ordered)
    return (line if isinstance(line, str) else line.decode()).replace("\x7f", "\\u007f")
