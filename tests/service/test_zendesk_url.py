"""Zendesk's signed URL opens a session once, for the installation it was signed for, and for nothing that looks like it."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from copilot.config.settings import ServiceSettings
from copilot.core.errors import SettingsError
from copilot.service.zendesk import SignedUrls
from tests.service.called import Called, Make, bearer, is_problem

AUDIENCE = "https://desk.zendesk.com/api/v2/apps/installations/360001234567.json"
KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
Sign = Callable[..., str]


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    given = {"iss": "desk", "aud": AUDIENCE, "iat": now, "exp": now + 120, "jti": "one", "sub": "users/42.json"} | changes
    return {name: value for name, value in given.items() if value is not None}


def signed(key: Any = KEY, algorithm: str = "RS256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm)


@pytest.fixture
def zendesk(make: Make, tmp_path: Path) -> Called:
    file = tmp_path / "key.pem"
    file.write_bytes(PEM)
    return make(
        zendesk_subdomain="desk",
        zendesk_installation_id="360001234567",
        zendesk_public_key_file=str(file),
        zendesk_groups='{"agent_review": 7}',
    )


async def post(called: Called, token: str) -> httpx.Response:
    return await called.http.post("/zendesk/sidebar?origin=https%3A%2F%2Fdesk.zendesk.com&app_guid=1", data={"token": token})


def session_in(page: str) -> str:
    return page.partition('name="copilot-session" content="')[2].partition('"')[0]


async def test_a_signed_url_gives_the_panel_with_a_session_for_the_agent_it_names(zendesk: Called) -> None:
    answer = await post(zendesk, signed())

    session = session_in(answer.text)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors https://desk.zendesk.com" in answer.headers["content-security-policy"]
    suggestion = await zendesk.suggestion(bearer(session))
    given = await zendesk.http.post(
        f"/v1/suggestions/{suggestion['id']}/feedback", json={"action": "accepted"}, headers=bearer(session)
    )
    assert given.json()["agent"] == "zendesk:42"


async def test_a_signed_url_is_good_once_with_and_without_an_id_of_its_own(zendesk: Called) -> None:
    for token in (signed(), signed(jti=None)):
        assert (await post(zendesk, token)).status_code == 200
        is_problem(await post(zendesk, token), 401, "unauthorised")


async def test_a_used_token_is_not_good_again_in_another_spelling_of_its_signature(zendesk: Called) -> None:
    token = signed(jti=None)
    spellings = [token[:-1] + last for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]

    answers = [(await post(zendesk, one)).status_code for one in [token, *spellings, token + "=", token + "=="]]

    assert answers[0] == 200
    assert set(answers[1:]) == {401}


def forged_with_the_public_key() -> str:
    """HS256 with the text of the public key as the secret: what a server accepts that lets the token choose."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, claims())]
    body = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    mark = base64.urlsafe_b64encode(hmac.new(PEM, body, hashlib.sha256).digest()).rstrip(b"=")
    return (body + b"." + mark).decode()


NOW = int(time.time())
REFUSED = {
    "no signature": jwt.encode(claims(), None, algorithm="none"),
    "the public key as a secret": forged_with_the_public_key(),
    "another key": signed(OTHER_KEY),
    "another algorithm": signed(KEY, "RS512"),
    "a padding of its own": signed(KEY, "PS256"),
    "a curve": signed(ec.generate_private_key(ec.SECP256R1()), "ES256"),
    "another installation": signed(aud=AUDIENCE.replace("7.json", "8.json")),
    "another subdomain": signed(aud=AUDIENCE.replace("desk", "other")),
    "several audiences": signed(aud=[AUDIENCE, "https://other.zendesk.com"]),
    "no audience": signed(aud=None),
    "past its time": signed(exp=NOW - 3_600),
    "no end": signed(exp=None),
    "no beginning": signed(iat=None),
    "from the future": signed(iat=NOW + 3_600, exp=NOW + 7_200),
    "too old, though it says it still holds": signed(iat=NOW - 400, exp=NOW + 86_400),
    "not yet": signed(nbf=NOW + 3_600),
    "nobody": signed(sub=None),
    "a name with a line break": signed(sub="a\nb"),
    "an end that is no time": signed(exp=10**30),
    "cut": signed()[:-20],
    "rubbish": "a.b.c",
    "nothing in it": "..",
}


@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED.keys())
async def test_what_only_looks_like_a_signed_url_opens_nothing(zendesk: Called, token: str) -> None:
    answer = await post(zendesk, token)

    problem = is_problem(answer, 401, "unauthorised")
    assert token not in json.dumps(problem)


async def test_a_form_without_a_token_or_with_a_huge_one_is_refused(zendesk: Called) -> None:
    is_problem(await zendesk.http.post("/zendesk/sidebar", data={}), 422, "invalid")
    is_problem(await post(zendesk, "a" * 10_001), 422, "invalid")


async def test_without_zendesk_a_signed_url_leads_nowhere(service: Called) -> None:
    is_problem(await post(service, signed()), 404, "not_found")


async def test_the_page_that_nobody_signed_carries_no_session(zendesk: Called) -> None:
    answer = await zendesk.http.get("/zendesk/sidebar?session=tcs_x")

    assert (answer.status_code, session_in(answer.text)) == (200, "")
    assert "{&#34;agent_review&#34;: 7}" in answer.text


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"nothing like a key",
        rsa.generate_private_key(public_exponent=65_537, key_size=1024)
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    ],
    ids=["no file", "empty", "rubbish", "short", "a curve"],
)
def test_a_file_that_holds_no_good_key_is_refused_by_the_name_of_the_setting(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SettingsError, match="COPILOT_ZENDESK_PUBLIC_KEY_FILE"):
        SignedUrls.from_settings(
            ServiceSettings(zendesk_subdomain="desk", zendesk_installation_id="1", zendesk_public_key_file=str(file))
        )
