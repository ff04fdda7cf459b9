"""A request is done once: the same idempotency key and body get the first answer again.

The store makes the claim, and the answer known, in one transaction with what it stores; so a killed process leaves either
both or nothing.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Header, Request, Response

from copilot.service.callers import counted_as
from copilot.service.desk import desk_of
from copilot.store import Claim, Finished, Principal

Result = TypeVar("Result")
REPLAYED = "Idempotency-Replayed"

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Visible ASCII of your choice. For 24 hours, the same key and body get the first answer again.",
        examples=["3f0e8a52-ticket-1001"],
    ),
]


class Once:
    """One request that may have been made before."""

    def __init__(self, request: Request, response: Response, by: Principal, key: str | None) -> None:
        self._request = request
        self._response = response
        self._by = by
        self._key = key

    async def done(self, work: Callable[[Claim | None], Awaitable[Result]], again: Callable[[str], Awaitable[Result]]) -> Result:
        """Do the work, or show what it brought the first time. Raises `StoreError`."""
        if self._key is None:
            return await work(None)
        desk = desk_of(self._request)
        body = hashlib.sha256(await self._request.body()).hexdigest()
        idempotency = desk.store.idempotency
        came = await desk.ask(idempotency.begin, counted_as(self._by), self._request.url.path, self._key, body)
        if isinstance(came, Finished):
            self._response.headers[REPLAYED] = "true"
            return await again(came.resource_id)
        try:
            return await work(came)
        except BaseException:
            await desk.ask(idempotency.abandon, came)
            raise
