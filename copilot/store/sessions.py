"""Sessions: short-lived tokens for an agent's browser, kept as digests, renewed up to a fixed end."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from copilot.store.database import Database
from copilot.store.ids import digest
from copilot.store.principal import KEY_PREFIX, SESSION_SCOPES, Principal
from copilot.store.tables import SESSIONS

_TEXT = re.compile(r"tcs_[A-Za-z0-9_-]{43}")
_GRACE = timedelta(seconds=60)
"""A renewed session's old token lives on for so long: requests that are under way still carry it."""


class Sessions:
    """Which agents are at work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, agent: str, minutes: float, cap_minutes: float, by: str | None = None) -> tuple[str, datetime]:
        """A token for an agent, and when it expires; renewed, it lives `cap_minutes` at most.

        `by` is the principal's id that asked for it: where that is an API key, whoever revokes it ends the session.
        """
        now = datetime.now(UTC)
        key_id = by.removeprefix(KEY_PREFIX) if by and by.startswith(KEY_PREFIX) else None
        with self._database.writing() as connection:
            row = {
                "agent": agent,
                "key_id": key_id,
                "ends_at": now + timedelta(minutes=cap_minutes),
                "seconds": int(minutes * 60),
            }
            return _begun(connection, now, row)

    def check(self, token: str) -> Principal | None:
        """Who calls with that token; None for one that is unknown or past its time."""
        with self._database.reading() as connection:
            row = _row(connection, token)
        if row is None:
            return None
        return Principal(f"session_{row.token_sha256[:16]}", "session", row.agent, SESSION_SCOPES, row.expires_at)

    def renew(self, token: str) -> tuple[str, datetime] | None:
        """A new token for the same agent; None where the old one is unknown, past its time, or at its fixed end."""
        now = datetime.now(UTC)
        with self._database.writing() as connection:
            row = _row(connection, token)
            if row is None or row.ends_at <= now:
                return None
            short = min(row.expires_at, now + _GRACE)
            connection.execute(update(SESSIONS).where(SESSIONS.c.token_sha256 == row.token_sha256).values(expires_at=short))
            return _begun(connection, now, {name: getattr(row, name) for name in ("agent", "key_id", "ends_at", "seconds")})


def _begun(connection: Connection, now: datetime, row: dict[str, Any]) -> tuple[str, datetime]:
    token = f"tcs_{secrets.token_urlsafe(32)}"
    expires_at = min(now + timedelta(seconds=row["seconds"]), row["ends_at"])
    connection.execute(
        insert(SESSIONS).values(row | {"token_sha256": digest(token), "created_at": now, "expires_at": expires_at})
    )
    return token, expires_at


def _row(connection: Connection, token: str) -> Row[Any] | None:
    if _TEXT.fullmatch(token) is None:
        return None
    row = connection.execute(select(SESSIONS).where(SESSIONS.c.token_sha256 == digest(token))).one_or_none()
    return row if row is not None and row.expires_at > datetime.now(UTC) else None
