"""Who is calling: an API key, a session, or somebody on this machine where auth is off.

Comes in: the Authorization header. Goes out: a `Principal`. A given key or session that does not hold is refused, even
where none is needed. Nothing that a browser claims about itself is believed.
"""

import re

from starlette.datastructures import Headers

from copilot.service.desk import AppState
from copilot.service.problems import Problem
from copilot.store import Principal, Scope
from copilot.store.principal import LOCAL_ID

LOCAL = Principal(id=LOCAL_ID, kind="local", agent="local", scopes=frozenset({Scope.ADMIN}))
_TOKEN = re.compile(r"tc[ks]_[A-Za-z0-9_-]{1,300}")
_KEY_PREFIX = "tck_"


async def who_calls(headers: Headers, desk: AppState) -> Principal:
    """The caller. Raises `Problem` where nobody known is calling."""
    given = headers.getlist("authorization")
    auth = await desk.needs_auth()
    if not given and not auth:
        return LOCAL
    principal = await _principal(bearer_token(given), desk)
    if principal is None or (principal.opened_locally and auth):
        raise Problem("unauthorised", "the key or session is not known, has ended or was revoked; get a new one")
    return principal


def bearer_token(given: list[str]) -> str:
    """The key or session in an Authorization header. Raises `Problem`."""
    if len(given) != 1:
        raise Problem("unauthorised", "send one Authorization header: Bearer and a key or session")
    scheme, _, token = given[0].partition(" ")
    if scheme.lower() != "bearer" or not _TOKEN.fullmatch(token.strip()):
        raise Problem("unauthorised", "the Authorization header is not Bearer and a key or session")
    return token.strip()


def counted_as(principal: Principal) -> str:
    """Whose requests are counted together: a key's, or an agent's over all their sessions."""
    return f"agent {principal.agent}" if principal.kind == "session" else f"{principal.kind} {principal.id}"


async def _principal(token: str, desk: AppState) -> Principal | None:
    if token.startswith(_KEY_PREFIX):
        return await desk.ask(desk.store.keys.check, token)
    return await desk.ask(desk.store.sessions.check, token)
