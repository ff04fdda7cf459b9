"""API keys: made once, shown once, kept as digests.

A key's text is `tck_`, its id, and 256 bits of chance. So much chance cannot be guessed from a fast digest, which keeps a
check cheap.
"""

import hmac
import json
import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from copilot.core.errors import NotFound
from copilot.store.database import Database
from copilot.store.ids import digest
from copilot.store.principal import KEY_PREFIX, ApiKey, Principal, Scope
from copilot.store.tables import API_KEYS, SESSIONS

_ALPHABET = "abcdefghjkmnpqrstvwxyz0123456789"
_TEXT = re.compile(r"tck_([a-z0-9]{8})_[A-Za-z0-9_-]{43}")
_ID = re.compile(r"[a-z0-9]{8}")
_ANY = select(API_KEYS.c.id).limit(1)
_BY_ID = select(API_KEYS).where(API_KEYS.c.id == bindparam("id"))


class Keys:
    """Who may call with a key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, scopes: Iterable[Scope], expires_at: datetime | None = None) -> tuple[ApiKey, str]:
        """A new key and its text, which nothing can show again."""
        id = "".join(secrets.choice(_ALPHABET) for _ in range(8))
        text = f"tck_{id}_{secrets.token_urlsafe(32)}"
        row = {
            "id": id,
            "name": name,
            "scopes": json.dumps(sorted(set(scopes))),
            "secret_sha256": digest(text),
            "created_at": datetime.now(UTC),
            "expires_at": expires_at,
        }
        with self._database.writing() as connection:
            connection.execute(insert(API_KEYS).values(row))
            made = connection.execute(select(API_KEYS).where(API_KEYS.c.id == id)).one()
        return _key(made), text

    def list(self) -> list[ApiKey]:
        """Every key there ever was, oldest first."""
        with self._database.reading() as connection:
            return [_key(row) for row in connection.execute(select(API_KEYS).order_by(API_KEYS.c.created_at, API_KEYS.c.id))]

    def any(self) -> bool:
        """Whether there ever was a key; whatever became of it, somebody meant callers to sign in."""
        with self._database.reading() as connection:
            return connection.scalar(_ANY) is not None

    def revoke(self, id: str) -> ApiKey:
        """End a key for good, with every session that it asked for. Raises `NotFound`."""
        with self._database.writing() as connection:
            mine = API_KEYS.c.id == id
            found = connection.execute(select(API_KEYS).where(mine)).one_or_none() if _ID.fullmatch(id) else None
            if found is None:
                raise NotFound("there is no API key of that id; `copilot keys list` shows them")
            if found.revoked_at is None:
                connection.execute(update(API_KEYS).where(mine).values(revoked_at=datetime.now(UTC)))
                connection.execute(delete(SESSIONS).where(SESSIONS.c.key_id == id))
            return _key(connection.execute(select(API_KEYS).where(mine)).one())

    def check(self, text: str) -> Principal | None:
        """Who calls with that key; None for one that is unknown, revoked or past its time."""
        match = _TEXT.fullmatch(text)
        if match is None:
            return None
        with self._database.reading() as connection:
            row = connection.execute(_BY_ID, {"id": match[1]}).one_or_none()
        if row is None or not hmac.compare_digest(row.secret_sha256, digest(text)):
            return None
        key = _key(row)
        if not key.is_usable(datetime.now(UTC)):
            return None
        return Principal(KEY_PREFIX + key.id, "key", key.name, frozenset(key.scopes), key.expires_at)


def _key(row: Row[Any]) -> ApiKey:
    scopes = tuple(Scope(scope) for scope in json.loads(row.scopes))
    return ApiKey(row.id, row.name, scopes, row.created_at, row.expires_at, row.revoked_at)
