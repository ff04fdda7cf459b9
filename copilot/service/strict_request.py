"""A request whose JSON body is read strictly: UTF-8, no key twice, no NaN, no half characters, not nested deeply.

Comes in: the bytes of a body. Goes out: plain values for Pydantic to check. Raises `Problem`, which names line and column
and never shows a value.
"""

import asyncio
from email.message import Message
from typing import Any

from fastapi import Request

from copilot.service.problems import Problem
from copilot.strict_json import JsonFault, parse

MAX_DEPTH = 32
LONG_BYTES = 100_000
"""A body over this size is parsed beside the event loop."""


class StrictRequest(Request):
    """What every endpoint that takes JSON gets."""

    async def json(self) -> Any:
        """The body's value. Raises `Problem`."""
        raw = await self.body()
        return await asyncio.to_thread(_parsed, raw) if len(raw) > LONG_BYTES else _parsed(raw)


def check_media_type(given: str | None) -> None:
    """Refuse a body that does not say it is JSON in UTF-8. Raises `Problem`."""
    message = Message()
    message["content-type"] = given or ""
    is_json = message.get_content_type() == "application/json" or (
        message.get_content_maintype() == "application" and message.get_content_subtype().endswith("+json")
    )
    charset = message.get_param("charset", "utf-8")
    if not given or not is_json or str(charset).lower() not in ("utf-8", "utf8"):
        raise Problem("unsupported_media_type")


def _parsed(raw: bytes) -> object:
    try:
        text = raw.decode()
    except UnicodeDecodeError as fault:
        raise Problem("bad_json", f"not UTF-8 at byte offset {fault.start}; send UTF-8") from None
    if not text.strip():
        raise Problem("bad_json", "the body is empty; send a JSON object")
    try:
        return parse(text, MAX_DEPTH)
    except JsonFault as fault:
        column = f", column {fault.column}" if fault.column else ""
        raise Problem("bad_json", f"line {fault.line}{column}: {fault.nameless}") from None
