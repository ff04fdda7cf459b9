"""A request whose JSON body is read strictly: UTF-8, no key twice, no NaN, no half characters, not nested deeply, not too much.

Comes in: the bytes of a body. Goes out: plain values for Pydantic to check, of a size that a ticket has. Raises `Problem`,
which names line and column or field, and never shows a value. A long body is parsed in a process of its own.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from email.message import Message
from typing import Any

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from copilot.core.bounds import MAX_DEPTH, too_much
from copilot.core.strict_json import JsonFault, parse, show_path
from copilot.service.problems import FieldProblem, Problem
from copilot.service.workers import Workers

LONG_BYTES = 100_000
"""A body over this size is parsed beside the event loop."""
PARSING_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a body was not taken: the code of a problem, its detail, and fields with what is wrong with them."""

    code: str
    detail: str
    fields: tuple[tuple[str, str], ...] = ()

    def problem(self) -> Problem:
        """The same as a caller is told it."""
        return Problem(self.code, self.detail, [FieldProblem(field=field, detail=detail) for field, detail in self.fields])


class StrictRequest(Request):
    """What every endpoint that takes JSON gets."""

    def __init__(self, scope: MutableMapping[str, Any], receive: Receive, parsing: Workers) -> None:
        super().__init__(scope, receive)
        self._parsing = parsing

    async def arrive(self, take: Callable[[int], Awaitable[None]]) -> None:
        """Wait for the whole body; `take` is asked for room for each part of it. Raises `Problem`."""
        parts: list[bytes] = []
        try:
            async for part in self.stream():
                await take(len(part))
                parts.append(part)
        except ClientDisconnect:
            raise Problem("slow_body", "the connection was closed before the body was whole") from None
        self._body = b"".join(parts)

    async def json(self) -> Any:
        """The body's value. Raises `Problem`."""
        raw = await self.body()
        if len(raw) <= LONG_BYTES:
            value = parsed(raw)
        else:
            value = await self._parsing.run(parsed, raw, seconds=PARSING_SECONDS)
        if isinstance(value, Refused):
            raise value.problem()
        return value


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


def parsed(raw: bytes) -> object:
    """The plain value in a body, or why it is refused."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as fault:
        return Refused("bad_json", f"not UTF-8 at byte offset {fault.start}; send UTF-8")
    if not text.strip():
        return Refused("bad_json", "the body is empty; send a JSON object")
    try:
        value = parse(text, MAX_DEPTH)
    except JsonFault as fault:
        column = f", column {fault.column}" if fault.column else ""
        return Refused("bad_json", f"line {fault.line}{column}: {fault.nameless}")
    faults = too_much(value)
    if not faults:
        return value
    return Refused("invalid", str(faults[0]), tuple((show_path(fault.path) or "the body", fault.problem) for fault in faults))
