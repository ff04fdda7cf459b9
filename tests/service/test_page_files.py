"""The files that pages load: where they are, how they are compressed, and how long a browser keeps them."""

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest

from copilot.output import wording
from copilot.service import page_files
from tests.service.called import Called, Make, is_problem


async def loaded(called: Called, page: str, **headers: str) -> list[str]:
    """The addresses that a page names, each once."""
    text = (await called.http.get(page, headers=headers)).text
    return list(dict.fromkeys(re.findall(r'(?:src|href)="(/[^"]+)"', text)))


@pytest.mark.parametrize("page", ["/sidebar", "/zendesk/sidebar"])
async def test_the_panel_is_a_script_a_stylesheet_and_the_words_of_one_language(service: Called, page: str) -> None:
    addresses = await loaded(service, page)

    assert sorted(address.rpartition(".")[2] for address in addresses) == ["css", "js", "json"]
    assert all(re.fullmatch(r"/assets/[a-z-]+-[0-9a-f]{16}\.\w+", address) for address in addresses)


@pytest.mark.parametrize("page", ["/sidebar", "/zendesk/sidebar", "/console", "/insights"])
async def test_what_a_page_loads_is_kept_for_a_year_and_the_page_itself_never(make: Make, page: str) -> None:
    called = make(auth=False, console=True)

    answers = [await called.http.get(address) for address in await loaded(called, page)]

    assert (await called.http.get(page)).headers["cache-control"] == "no-store"
    assert answers
    for answer in answers:
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
        assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=1.0", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br; q=0.0, gzip; q=0.000", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_a_file_is_compressed_as_the_browser_asks(service: Called, accepted: str, encoding: str | None) -> None:
    address = page_files.address("panel.js")
    plain = (await service.http.get(address, headers={"Accept-Encoding": "identity"})).content

    async with service.http.stream("GET", address, headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join([piece async for piece in answer.aiter_raw()])

    assert answer.headers.get("content-encoding") == encoding
    assert {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding](body) == plain
    assert len(body) < len(plain) / 2 or encoding is None
    assert answer.headers["content-length"] == str(len(body))


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [("", "", "en"), ("?locale=ar", "en", "ar"), ("", "fr-FR, ar-EG;q=0.8, en;q=0.5", "ar"), ("?locale=xx", "de", "en")],
)
async def test_the_words_that_a_browser_will_ask_for_are_fetched_beside_the_script(
    service: Called, query: str, accepted: str, language: str
) -> None:
    addresses = await loaded(service, f"/sidebar{query}", **{"Accept-Language": accepted})

    assert page_files.words_addresses()[language] in addresses


async def test_the_panels_words_are_those_of_the_table_without_what_only_notes_and_terminal_say(service: Called) -> None:
    words = (await service.http.get(page_files.words_addresses()["en"])).json()

    table = json.loads((wording.FOLDER / "en.json").read_text(encoding="utf-8"))
    assert words == {group: value for group, value in table.items() if group not in ("written", "terminal")}


async def test_an_address_changes_with_the_content_and_an_old_one_is_not_found(
    service: Called, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = page_files.address("panel.js")
    (tmp_path / "panel.js").write_text("changed", encoding="utf-8")
    monkeypatch.setattr(page_files, "BUNDLES", tmp_path)
    page_files.address.cache_clear()

    after = page_files.address("panel.js")

    page_files.address.cache_clear()
    assert after != before
    is_problem(await service.http.get(after), 404, "not_found")
