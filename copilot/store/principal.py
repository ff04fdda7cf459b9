"""Who is calling, and what they may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a key or session is good for; admin is good for everything."""

    TRIAGE = "triage"
    FEEDBACK = "feedback"
    EXPORT = "export"
    METRICS = "metrics"
    INSIGHTS = "insights"
    SESSIONS = "sessions"
    ADMIN = "admin"


LOCAL_ID = "local"
"""The principal of whoever calls where auth is off."""
KEY_PREFIX = "key_"
"""How the principal of an API key begins; its id follows."""
SESSION_SCOPES = frozenset({Scope.TRIAGE, Scope.FEEDBACK})


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller: `kind` is key, session or local; `agent` is the name that their feedback goes under."""

    id: str
    kind: str
    agent: str
    scopes: frozenset[Scope]
    expires_at: datetime | None = None
    opened_locally: bool = False
    """A session that somebody opened without a key; it holds only while nobody needs one."""

    def may(self, scope: Scope) -> bool:
        """Whether they may do that."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as kept: everything but the secret."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def is_usable(self, now: datetime) -> bool:
        """Whether it opens anything at that time."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
