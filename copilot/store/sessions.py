"""Sessions: short-lived tokens for an agent's browser, kept as digests, renewed up to a fixed end.

A session that a key opened holds as long as that key does, and no longer: revoked, expired or without its scope, it ends.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from copilot.store.database import Database
from copilot.store.ids import digest
from copilot.store.principal import KEY_PREFIX, LOCAL_ID, SESSION_SCOPES, Principal, Scope
from copilot.store.tables import API_KEYS, SESSIONS

_TEXT = re.compile(r"tcs_[A-Za-z0-9_-]{43}")
_GRACE = timedelta(seconds=60)
"""A renewed session's old token lives on for so long: requests that are under way still carry it."""
_OPENERS = frozenset({Scope.SESSIONS.value, Scope.ADMIN.value})
_CARRIED = ("agent", "key_id", "ends_at", "seconds", "opened_by")


class Sessions:
    """Which agents are at work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, agent: str, minutes: float, cap_minutes: float, by: str | None = None) -> tuple[str, datetime]:
        """A token for an agent, and when it expires; renewed, it lives `cap_minutes` at most, and no longer than its key.

        `by` is the principal's id that asked for it: where that is an API key, the session ends with the key.
        """
        now = datetime.now(UTC)
        key_id = by.removeprefix(KEY_PREFIX) if by and by.startswith(KEY_PREFIX) else None
        ends_at = now + timedelta(minutes=cap_minutes)
        with self._database.writing() as connection:
            key_ends_at = connection.scalar(select(API_KEYS.c.expires_at).where(API_KEYS.c.id == key_id))
            row = {
                "agent": agent,
                "key_id": key_id,
                "opened_by": by,
                "ends_at": min(ends_at, key_ends_at or ends_at),
                "seconds": int(minutes * 60),
            }
            return _begun(connection, f"tcs_{secrets.token_urlsafe(32)}", now, row)

    def check(self, token: str) -> Principal | None:
        """Who calls with that token; None for one that is unknown, past its time, or opened by a key that holds no more."""
        with self._database.reading() as connection:
            row = _row(connection, token)
        if row is None:
            return None
        id = f"session_{row.token_sha256[:16]}"
        return Principal(id, "session", row.agent, SESSION_SCOPES, row.expires_at, opened_locally=row.opened_by == LOCAL_ID)

    def renew(self, token: str) -> tuple[str, datetime] | None:
        """The next token for the same agent; None where the old one does not hold, or is at its fixed end.

        It counts once: whoever asks again while the old token lives on is given the same next one.
        """
        now = datetime.now(UTC)
        with self._database.writing() as connection:
            row = _row(connection, token, lock=True)
            if row is None or row.ends_at <= now:
                return None
            if row.renewal_salt is not None:
                following = _following(token, row.renewal_salt)
                renewed = _row(connection, following)
                return None if renewed is None else (following, renewed.expires_at)
            salt = secrets.token_hex(32)
            mine = SESSIONS.c.token_sha256 == row.token_sha256
            short = min(row.expires_at, now + _GRACE)
            connection.execute(update(SESSIONS).where(mine).values(expires_at=short, renewal_salt=salt))
            return _begun(connection, _following(token, salt), now, {name: getattr(row, name) for name in _CARRIED})

    def end(self, token: str) -> None:
        """End the session of that token, with the one that it was renewed from or to."""
        with self._database.writing() as connection:
            row = _row(connection, token, lock=True)
            if row is not None:
                chain = (SESSIONS.c.agent == row.agent) & (SESSIONS.c.ends_at == row.ends_at)
                connection.execute(delete(SESSIONS).where(chain))

    def end_all(self, agent: str | None = None) -> int:
        """End every session of an agent, or of all agents; returns how many there were."""
        whose = SESSIONS.c.agent == agent if agent is not None else SESSIONS.c.agent.is_not(None)
        with self._database.writing() as connection:
            live = whose & (SESSIONS.c.expires_at > datetime.now(UTC)) & SESSIONS.c.renewal_salt.is_(None)
            count = connection.scalar(select(func.count()).select_from(SESSIONS).where(live)) or 0
            connection.execute(delete(SESSIONS).where(whose))
        return count


def _following(token: str, salt: str) -> str:
    """The token that a renewal makes; neither the old token alone nor the database alone tells it."""
    made = hmac.new(bytes.fromhex(salt), token.encode(), hashlib.sha256).digest()
    return "tcs_" + base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def _begun(connection: Connection, token: str, now: datetime, row: dict[str, Any]) -> tuple[str, datetime]:
    expires_at = min(now + timedelta(seconds=row["seconds"]), row["ends_at"])
    connection.execute(
        insert(SESSIONS).values(row | {"token_sha256": digest(token), "created_at": now, "expires_at": expires_at})
    )
    return token, expires_at


def _row(connection: Connection, token: str, lock: bool = False) -> Row[Any] | None:
    """The row of a token that holds: it is in its time, and the key that opened it is good for that."""
    if _TEXT.fullmatch(token) is None:
        return None
    asked = select(SESSIONS).where(SESSIONS.c.token_sha256 == digest(token))
    row = connection.execute(asked.with_for_update() if lock else asked).one_or_none()
    now = datetime.now(UTC)
    if row is None or row.expires_at <= now:
        return None
    return row if row.key_id is None or _opens(connection, row.key_id, now) else None


def _opens(connection: Connection, key_id: str, now: datetime) -> bool:
    key = connection.execute(select(API_KEYS).where(API_KEYS.c.id == key_id)).one()
    is_past = key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now)
    return not is_past and not _OPENERS.isdisjoint(json.loads(key.scopes))
