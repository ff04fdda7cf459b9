"""Zendesk's signed URL: a token in, the id of the agent it was signed for out.

RS256 and nothing else, for this installation and no other, young, and good for one use. Whatever a token says about its own
algorithm is not believed.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from copilot.config.settings import ServiceSettings
from copilot.core.errors import SettingsError, reason
from copilot.service.problems import Problem

LONGEST_AGE = timedelta(minutes=5)
CLOCK_SKEW_SECONDS = 30
LEAST_KEY_BITS = 2048
_SUBJECT = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Signed:
    """A token that holds: whom it is for, the mark by which its one use is kept, and until when."""

    agent: str
    mark: str
    expires_at: datetime


class SignedUrls:
    """Checks tokens against the app's public key."""

    def __init__(self, key: RSAPublicKey, audience: str) -> None:
        self._key = key
        self._audience = audience

    @classmethod
    def from_settings(cls, settings: ServiceSettings) -> "SignedUrls | None":
        """As the settings say; None where Zendesk is not set up. Raises `SettingsError`."""
        if settings.zendesk_public_key_file is None:
            return None
        installation = f"apps/installations/{settings.zendesk_installation_id}.json"
        return cls(_public_key(settings.zendesk_public_key_file), f"{settings.zendesk_origin}/api/v2/{installation}")

    def check(self, token: str, now: datetime) -> Signed:
        """Whom a token was signed for. Raises `Problem`; that it was not used before is for the store to say."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key,
                algorithms=["RS256"],
                audience=self._audience,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": ["exp", "iat", "aud", "sub"], "strict_aud": True},
            )
            issued, expires = (datetime.fromtimestamp(int(claims[name]), UTC) for name in ("iat", "exp"))
        except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, OSError):
            raise Problem("unauthorised", _REFUSED) from None
        subject = str(claims["sub"])
        if now - issued > LONGEST_AGE + timedelta(seconds=CLOCK_SKEW_SECONDS) or not _SUBJECT.fullmatch(subject):
            raise Problem("unauthorised", _REFUSED)
        mark = claims.get("jti")
        if not isinstance(mark, str) or not mark:
            mark = hashlib.sha256(token.rpartition(".")[0].encode()).hexdigest()  # what is signed; a signature has many spellings
        used_until = min(expires, issued + LONGEST_AGE) + timedelta(seconds=2 * CLOCK_SKEW_SECONDS)
        return Signed(f"zendesk:{subject.rpartition('/')[2].removesuffix('.json')}", f"zendesk {mark}", used_until)


_REFUSED = "the signed URL does not hold, is for another installation, or is too old; open the sidebar again from Zendesk"


def _public_key(path: str) -> RSAPublicKey:
    try:
        key = load_pem_public_key(Path(path).read_bytes())
    except OSError as fault:
        raise SettingsError(f"COPILOT_ZENDESK_PUBLIC_KEY_FILE cannot be read ({reason(fault)})") from None
    except (ValueError, UnsupportedAlgorithm):
        raise SettingsError("COPILOT_ZENDESK_PUBLIC_KEY_FILE holds no public key; save the app's key in it, as PEM") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_KEY_BITS:
        raise SettingsError(f"COPILOT_ZENDESK_PUBLIC_KEY_FILE holds no RSA key of {LEAST_KEY_BITS} bits or more")
    return key
