"""Messages of hooks, signed as Zendesk and as Standard Webhooks sign them."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from requests import PreparedRequest
from standardwebhooks import Webhook

ZENDESK_SECRET = "zendesk-signs-with-this-0123456789"
STANDARD_SECRET = "whsec_" + base64.b64encode(b"both sides share this secret").decode()
SECRETS = {"zendesk_hook_secret": ZENDESK_SECRET, "hook_secret": STANDARD_SECRET}
VARIABLES = {"COPILOT_ZENDESK_HOOK_SECRET": ZENDESK_SECRET, "COPILOT_HOOK_SECRET": STANDARD_SECRET}
JSON = {"Content-Type": "application/json"}


def as_zendesk(body: Any, at: datetime | None = None, secret: str = ZENDESK_SECRET) -> dict[str, Any]:
    """What an HTTP client takes to send a body as Zendesk would."""
    raw, time = _raw(body), (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    made = hmac.new(secret.encode(), time.encode() + raw, hashlib.sha256).digest()
    signed = {"X-Zendesk-Webhook-Signature": base64.b64encode(made).decode(), "X-Zendesk-Webhook-Signature-Timestamp": time}
    return {"content": raw, "headers": JSON | signed}


def as_standard(body: Any, id: str = "msg_1", at: datetime | None = None, secret: str = STANDARD_SECRET) -> dict[str, Any]:
    """The same as Standard Webhooks has it."""
    raw, time = _raw(body), at or datetime.now(UTC)
    signature = Webhook(secret).sign(id, time, raw.decode(errors="replace"))
    signed = {"webhook-id": id, "webhook-timestamp": str(int(time.timestamp())), "webhook-signature": signature}
    return {"content": raw, "headers": JSON | signed}


class Signed:
    """Signs whatever `requests` is about to send to a hook."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        given = as_zendesk(body) if str(request.url).endswith("/zendesk") else as_standard(body, hashlib.sha256(body).hexdigest())
        request.headers.update({name: value for name, value in given["headers"].items() if name not in JSON})
        return request


def _raw(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()
