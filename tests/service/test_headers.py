"""What every answer carries, who may show a page in a frame, and who may call from a browser."""

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from copilot.service import page_files
from tests.service.called import TICKET, Called, Make, is_problem

KEPT = "public, max-age=31536000, immutable"
PATHS = [
    "/healthz",
    "/v1/feedback",
    "/nothing",
    "/sidebar",
    "/docs",
    page_files.address("panel.js"),
    "/openapi.json",
    "/metrics",
]


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_forbids_keeping_guessing_and_referring(service: Called, path: str) -> None:
    headers = (await service.http.get(path)).headers

    assert headers["cache-control"] == (KEPT if path.startswith("/assets/") else "no-store")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert re.fullmatch(r"req_[0-9a-f]{24}", headers["x-request-id"])
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers


PROXIED = {
    "Forwarded": "for=127.0.0.1;host=localhost",
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Host": "localhost",
    "X-Forwarded-Proto": "http",
    "X-Real-IP": "127.0.0.1",
    "Via": "1.1 localhost",
}


@pytest.mark.parametrize("name", PROXIED)
async def test_what_a_proxy_handed_on_is_not_this_machines_whatever_it_claims(local: Called, service: Called, name: str) -> None:
    headers = {"Host": "localhost:8321", name: PROXIED[name]}

    is_problem(await local.http.get("/v1/feedback", headers=headers), 400, "host_refused")
    assert (await service.http.get("/v1/feedback", headers=headers | service.as_("export"))).status_code == 200


async def test_the_proxy_of_the_docs_opens_nothing_where_auth_is_off(local: Called) -> None:
    """Without its lines the proxy would send this machine's own name."""
    page = (Path(__file__).parents[2] / "docs" / "service.md").read_text(encoding="utf-8")
    example = page.partition("```nginx")[2].partition("```")[0]
    sent = dict(re.findall(r"proxy_set_header (\S+) (\S+);", example))
    values = {"$host": "copilot.example.org", "$remote_addr": "198.51.100.7"}
    headers = {"Host": "127.0.0.1:8321"} | {name: values[value] for name, value in sent.items()}

    for name in sent:
        alone = {"Host": "127.0.0.1:8321", name: headers[name]}
        is_problem(await local.http.get("/v1/feedback", headers=alone), 400, "host_refused")
    assert set(sent) == {"Host", "X-Forwarded-For"}


async def ancestors(called: Called, path: str) -> str:
    policy = (await called.http.get(path)).headers["content-security-policy"]
    return policy.partition("frame-ancestors ")[2].partition(";")[0]


async def test_a_page_may_be_framed_by_those_it_is_for_and_by_nobody_else(make: Make, tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048).public_key()
    (tmp_path / "key.pem").write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    zendesk = make(
        zendesk_subdomain="desk",
        zendesk_installation_id="360001234567",
        zendesk_public_key_file=str(tmp_path / "key.pem"),
        frame_origins=("https://a.example.org", "https://b.example.org"),
    )
    bare, local = make(), make(auth=False, console=True)

    assert await ancestors(zendesk, "/sidebar") == "https://a.example.org https://b.example.org"
    assert await ancestors(zendesk, "/zendesk/sidebar") == "https://desk.zendesk.com"
    assert [await ancestors(bare, path) for path in ("/sidebar", "/zendesk/sidebar", "/docs", "/healthz")] == ["'none'"] * 4
    assert [await ancestors(local, path) for path in ("/sidebar", "/zendesk/sidebar", "/console")] == ["'self'"] * 3


@pytest.mark.parametrize("path", ["/sidebar", "/zendesk/sidebar", "/console"])
async def test_a_page_runs_and_styles_by_its_own_files_only(local: Called, path: str) -> None:
    answer = await local.http.get(path)

    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'; style-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert "base-uri 'none'; form-action 'none'" in policy


async def test_the_description_of_the_interface_loads_nothing_from_elsewhere_and_its_files_are_there(service: Called) -> None:
    answer = await service.http.get("/docs")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.text)

    assert len(loaded) == 3
    for path in loaded:
        assert path.startswith("/docs/assets/")
        assert (await service.http.get(path)).status_code == 200
    assert "://" not in answer.text
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"].partition("script-src")[2].partition(";")[0]


async def test_the_simulator_is_there_only_where_it_is_served(make: Make) -> None:
    assert (await make(auth=False, console=True).http.get("/console")).status_code == 200
    is_problem(await make(console=False).http.get("/console"), 404, "not_found")


HOSTS = [
    ("127.0.0.1:8321", True),
    ("localhost:8321", True),
    ("LOCALHOST", True),
    ("[::1]:8321", True),
    ("127.0.0.2", True),
    ("desk.example.org", False),
    ("127.0.0.1.example.org", False),
    ("localhost.example.org", False),
    ("192.168.1.5:8321", False),
    ("user@localhost", False),
    ("localhost:x", False),
    ("[", False),
    ("", False),
]


@pytest.mark.parametrize(("host", "taken"), HOSTS)
async def test_without_auth_only_this_machines_own_names_are_answered(local: Called, host: str, taken: bool) -> None:
    answer = await local.http.get("/healthz", headers={"Host": host})

    if taken:
        assert answer.status_code == 200
    else:
        is_problem(answer, 400, "host_refused")


async def test_with_auth_any_name_is_answered(service: Called) -> None:
    assert (await service.http.get("/healthz", headers={"Host": "desk.example.org"})).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:8321", 201),
        ("https://console.example.org", 201),
        ("http://localhost:3000", 403),
        ("https://evil.example.org", 403),
        ("null", 403),
    ],
)
async def test_without_auth_another_page_cannot_post(make: Make, origin: str, status: int) -> None:
    called = make(auth=False, cors_origins=("https://console.example.org",))

    assert (await called.http.post("/v1/suggestions", json=TICKET, headers={"Origin": origin})).status_code == status


PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type, idempotency-key",
}


async def test_a_browser_may_call_from_an_exact_origin_and_from_no_other(make: Make) -> None:
    called = make(cors_origins=("https://desk.example.org",))

    good = await called.http.options("/v1/suggestions", headers=PREFLIGHT | {"Origin": "https://desk.example.org"})
    simple = await called.http.get("/healthz", headers={"Origin": "https://desk.example.org"})
    other = await called.http.get("/healthz", headers={"Origin": "https://desk.example.org.evil.example"})

    assert (good.status_code, good.headers["access-control-allow-origin"]) == (200, "https://desk.example.org")
    assert "access-control-allow-credentials" not in good.headers
    assert (simple.headers["access-control-allow-origin"], simple.headers["vary"]) == ("https://desk.example.org", "Origin")
    assert "access-control-allow-origin" not in other.headers
    for origin in ("https://desk.example.org.evil.example", "http://desk.example.org", "null", "https://desk.example.org:444"):
        refused = await called.http.options("/v1/suggestions", headers=PREFLIGHT | {"Origin": origin})
        is_problem(refused, 403, "origin_refused")
        assert "access-control-allow-origin" not in refused.headers


async def test_what_the_settings_put_into_a_page_is_escaped(make: Make) -> None:
    called = make(zendesk_groups='{"\\"><script>alert(1)</script>": 1}', frame_origins=("https://a.example.org",))

    page = (await called.http.get("/sidebar")).text

    assert "<script>alert" not in page
    assert 'content="https://a.example.org"' in page


@pytest.mark.parametrize(("hides", "told"), [(True, "1"), (False, "0")])
async def test_the_panels_page_tells_whether_the_team_hides_quotes(make: Make, hides: bool, told: str) -> None:
    page = (await make(hide_quotes=hides).http.get("/sidebar")).text

    assert f'<meta name="copilot-hide-quotes" content="{told}">' in page


async def test_headers_are_taken_up_to_sixteen_kilobytes(service: Called) -> None:
    short, long = ({"X-Long": "a" * size} for size in (15_000, 16_500))

    assert (await service.http.get("/healthz", headers=short)).status_code == 200
    is_problem(await service.http.get("/healthz", headers=long), 431, "headers_too_large")


async def test_the_simulators_groups_serve_where_no_others_are_set(make: Make) -> None:
    simulated, own = make(auth=False, console=True), make(auth=False, console=True, zendesk_groups='{"agent_review": 1}')

    assert "Content_Engagement_Tier_1_TS425" in (await simulated.http.get("/zendesk/sidebar")).text
    assert "Content_Engagement_Tier_1_TS425" not in (await own.http.get("/zendesk/sidebar")).text
    assert "Content_Engagement_Tier_1_TS425" not in (await make().http.get("/zendesk/sidebar")).text


async def test_a_browser_that_asks_for_an_icon_is_not_told_of_an_error(service: Called) -> None:
    assert (await service.http.get("/favicon.ico")).status_code == 204
