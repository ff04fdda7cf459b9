"""Idempotency keys: of all requests with one key, one is answered, and the others get that answer.

A claim is begun before the work, and finished in the transaction that keeps the answer: either both are on the disk or
neither is. What is kept is a reference to the answer and digests of caller, path, key and request; no text. A claim
whose holder was killed may be taken over when its lease is over; the old holder can then finish nothing.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from copilot.core.errors import KeyReused, StillRunning
from copilot.store.database import Database
from copilot.store.ids import digest
from copilot.store.once import insert_once
from copilot.store.records import Claim, Finished
from copilot.store.tables import CLAIMS

LEASE = timedelta(seconds=60)
KEPT = timedelta(hours=24)


class Idempotency:
    """Which requests are being answered, and which were."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, principal: str, path: str, key: str, request_sha256: str) -> Claim | Finished:
        """Claim a request, or learn what answered it within the last 24 hours.

        Raises `KeyReused` for a key that came with another request, `StillRunning` while the first one is at work.
        """
        now = datetime.now(UTC)
        claim = Claim(digest(f"{principal}\n{path}\n{key}"), secrets.token_hex(16))
        row = {
            "token": claim.token,
            "request_sha256": request_sha256,
            "created_at": now,
            "leased_until": now + LEASE,
            "kind": None,
            "resource_id": None,
        }
        with self._database.writing() as connection:
            if insert_once(connection, CLAIMS, {"id": claim.id, **row}):
                return claim
            before = connection.execute(select(CLAIMS).where(CLAIMS.c.id == claim.id).with_for_update()).one()
            finished = _answer(before, request_sha256, now)
            if finished is not None:
                return finished
            connection.execute(update(CLAIMS).where(CLAIMS.c.id == claim.id).values(row))
        return claim

    def abandon(self, claim: Claim) -> None:
        """Give a claim back after an error, so that the request may be tried again at once."""
        with self._database.writing() as connection:
            connection.execute(delete(CLAIMS).where(_held(claim)))


def finish(connection: Connection, claim: Claim | None, kind: str, resource_id: str) -> None:
    """Make the answer to a claimed request known. Raises `StillRunning` where another has taken the claim over."""
    if claim is None:
        return
    done = connection.execute(update(CLAIMS).where(_held(claim)).values(kind=kind, resource_id=resource_id))
    if done.rowcount != 1:
        raise StillRunning("the request took so long that another with its key has taken over; ask again with the same key")


def _held(claim: Claim) -> Any:
    return (CLAIMS.c.id == claim.id) & (CLAIMS.c.token == claim.token) & CLAIMS.c.resource_id.is_(None)


def _answer(before: Row[Any], request_sha256: str, now: datetime) -> Finished | None:
    """What an earlier request with the key means for this one; None: this one may take its place."""
    if before.created_at + KEPT <= now:
        return None
    if before.request_sha256 != request_sha256:
        raise KeyReused("Idempotency-Key: it was used with another request; send a new key with a new request")
    if before.resource_id is not None:
        return Finished(before.kind, before.resource_id)
    if before.leased_until > now:
        left = (before.leased_until - now).total_seconds()
        raise StillRunning("the first request with this Idempotency-Key is still at work; ask again", min(int(left) + 1, 5))
    return None
