"""Signatures of hooks: headers and the bytes of a body in, who signed them and when out.

Two kinds: Zendesk's webhooks, and Standard Webhooks, which the library of that name checks. A signature is good for five minutes
to either side of now. That it was not used before is for the store to say, by its mark.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from standardwebhooks import Webhook, WebhookVerificationError
from starlette.datastructures import Headers

from copilot.config.settings import ServiceSettings
from copilot.service.problems import Problem

ZENDESK, STANDARD = "hook:zendesk", "hook:ticket"
"""The hooks, by the names under which their suggestions stand."""
TOLERANCE = timedelta(minutes=5)
ZENDESK_HEADERS = ("x-zendesk-webhook-signature", "x-zendesk-webhook-signature-timestamp")
STANDARD_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
LONGEST_HEADER = 1_000
_REFUSED = "the signature does not hold, or is over five minutes old; see that both sides have the same secret and the right time"


@dataclass(frozen=True, slots=True)
class SignedWord:
    """A signature that holds: `mark` is the same for the same message sent again."""

    mark: str
    sent_at: datetime


class Signature(Protocol):
    """How a hook's messages are signed."""

    def look(self, headers: Headers) -> None:
        """Refuse what cannot hold whatever the body is. Raises `Problem`."""

    def check(self, headers: Headers, body: bytes) -> SignedWord:
        """Who says that they sent this body did. Raises `Problem`."""


def signatures(settings: ServiceSettings) -> Mapping[str, Signature]:
    """Those hooks that have a secret."""
    found: dict[str, Signature] = {}
    if settings.zendesk_hook_secret is not None:
        found[ZENDESK] = ZendeskSignature(settings.zendesk_hook_secret)
    if settings.hook_secret is not None:
        found[STANDARD] = StandardSignature(settings.hook_secret)
    return found


class ZendeskSignature:
    """HMAC-SHA256 over timestamp and body, in base64."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def look(self, headers: Headers) -> None:
        """Both headers are there, and the time is near."""
        _time(_only(headers, ZENDESK_HEADERS)[1])

    def check(self, headers: Headers, body: bytes) -> SignedWord:
        """Raises `Problem`."""
        signature, timestamp = _only(headers, ZENDESK_HEADERS)
        made = hmac.new(self._secret, timestamp.encode() + body, hashlib.sha256).digest()
        try:
            given = base64.b64decode(signature, validate=True)
        except (binascii.Error, ValueError):
            raise _refused() from None
        if not hmac.compare_digest(made, given):
            raise _refused()
        return SignedWord(f"{ZENDESK} {made.hex()}", _time(timestamp))


class StandardSignature:
    """As Standard Webhooks has it; a message keeps its id when it is sent again."""

    def __init__(self, secret: str) -> None:
        self._webhook = Webhook(secret)

    def look(self, headers: Headers) -> None:
        """All headers are there, and the time is near."""
        _unix(_only(headers, STANDARD_HEADERS)[1])

    def check(self, headers: Headers, body: bytes) -> SignedWord:
        """Raises `Problem`."""
        values = _only(headers, STANDARD_HEADERS)
        try:
            self._webhook.verify(body, dict(zip(STANDARD_HEADERS, values, strict=True)), json_parse=False)
        except (WebhookVerificationError, ValueError):
            raise _refused() from None
        return SignedWord(f"{STANDARD} {values[0]}", _unix(values[1]))


def _only(headers: Headers, names: tuple[str, ...]) -> list[str]:
    """The value of each header, which stands there once. Raises `Problem`."""
    given = [headers.getlist(name) for name in names]
    if any(len(values) != 1 or not 0 < len(values[0]) <= LONGEST_HEADER or not values[0].isascii() for values in given):
        raise Problem("unauthorised", f"send {', '.join(names)}, each once: this hook takes signed messages only")
    return [values[0] for values in given]


def _unix(text: str) -> datetime:
    if not text.isdigit() or len(text) > 12:
        raise _refused()
    return _near(datetime.fromtimestamp(int(text), UTC))


def _time(text: str) -> datetime:
    try:
        return _near(datetime.fromisoformat(text).astimezone(UTC))
    except (ValueError, OverflowError):
        raise _refused() from None


def _near(time: datetime) -> datetime:
    if abs(datetime.now(UTC) - time) > TOLERANCE:
        raise _refused()
    return time


def _refused() -> Problem:
    return Problem("unauthorised", _REFUSED)
