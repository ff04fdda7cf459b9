"""The app package that `copilot zendesk package` writes."""

import json
import re
import struct
import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from copilot.core.errors import InputError
from copilot.sidebar.zendesk import App, build_package
from copilot.sidebar.zendesk.package import HELP, LABELS, files_of
from tests.cli.conftest import Run, run

__all__ = ["run"]

URL = "https://copilot.example.org/zendesk/sidebar"
LOOKED_AT = Path(__file__).with_name("zendesk_app")
"""The package's words as they were looked at, file by file."""


def _opened(packed: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(packed))


def test_every_word_of_the_package_is_as_it_was_looked_at() -> None:
    expected = {path.relative_to(LOOKED_AT).as_posix(): path.read_text("utf-8") for path in LOOKED_AT.rglob("*.json")}

    archive = _opened(build_package(App(URL)))
    packed = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".json")}

    assert packed == expected
    assert sorted(set(archive.namelist()) - set(packed)) == ["assets/logo-small.png", "assets/logo.png", "assets/logo.svg"]


def test_the_same_options_give_the_same_bytes() -> None:
    assert build_package(App(URL)) == build_package(App(URL))
    assert build_package(App(URL)) != build_package(App(URL, name="Another"))


def test_a_package_holds_plain_files_in_order_and_of_no_date() -> None:
    entries = _opened(build_package(App(URL))).infolist()

    assert [entry.filename for entry in entries] == sorted(files_of(App(URL)))
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}


def test_the_manifest_asks_for_signed_urls_and_names_the_page_once() -> None:
    manifest = json.loads(files_of(App(URL))["manifest.json"])

    assert manifest["signedUrls"] is True
    assert manifest["private"] is True
    assert manifest["frameworkVersion"] == "2.0"
    assert manifest["location"]["support"]["ticket_sidebar"]["url"] == URL
    assert list(manifest["location"]["support"]) == ["ticket_sidebar"]


def test_a_package_holds_no_code_and_no_secret_setting() -> None:
    files = files_of(App(URL))

    assert {name.rpartition(".")[2] for name in files} == {"json", "png", "svg"}
    assert not any(parameter.get("secure") for parameter in json.loads(files["manifest.json"])["parameters"])


def test_both_languages_have_words_for_every_setting() -> None:
    files = files_of(App(URL))
    names = {parameter["name"] for parameter in json.loads(files["manifest.json"])["parameters"]}

    for locale in ("en", "ar"):
        words = json.loads(files[f"translations/{locale}.json"])["app"]["parameters"]
        assert set(words) == names == set(LABELS[locale]) == set(HELP[locale])
        assert all(entry["label"] and entry["helpText"] for entry in words.values())


@pytest.mark.parametrize(("name", "pixels"), [("logo", 320), ("logo-small", 128)])
def test_a_logo_is_a_png_of_the_size_that_zendesk_asks_for(name: str, pixels: int) -> None:
    png = files_of(App(URL))[f"assets/{name}.png"]

    signature, size = png[:8], struct.unpack(">II", png[16:24])

    assert signature == b"\x89PNG\r\n\x1a\n"
    assert size == (pixels, pixels)


def test_the_drawing_is_well_formed_and_loads_nothing() -> None:
    svg = files_of(App(URL))["assets/logo.svg"]

    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}

    assert tags == {"svg", "rect", "polygon"}
    assert b"href" not in svg


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://copilot.example.org/zendesk/sidebar", "https"),
        ("copilot.example.org/zendesk/sidebar", "https"),
        ("javascript:alert(1)//zendesk/sidebar", "https"),
        ("https://agent:word@copilot.example.org/zendesk/sidebar", "user name"),
        ("https://@copilot.example.org/zendesk/sidebar", "user name"),
        ("https:///zendesk/sidebar", "host name"),
        ("https://.example.org/zendesk/sidebar", "host name"),
        ("https://copilot.example.org/sidebar", "path"),
        ("https://copilot.example.org/zendesk/sidebar/", "path"),
        ("https://copilot.example.org/zendesk/sidebar?a=1", "query"),
        ("https://copilot.example.org/zendesk/sidebar#a", "fragment"),
        ("https://copilot.example.org:99999/zendesk/sidebar", "not an address"),
        ("https://[::1/zendesk/sidebar", "not an address"),
        ("https://copilot.example.org/a b/zendesk/sidebar", "characters"),
        ("https://cöpilot.example.org/zendesk/sidebar", "characters"),
        ("https://c\u043epilot.example.org/zendesk/sidebar", "characters"),
        ("https://copilot.example.org／zendesk/sidebar", "not an address"),
        ("https://copilot.example.org\\@evil.example/zendesk/sidebar", "characters"),
        ("https://copilot.example.org\t/zendesk/sidebar", "characters"),
        ("https://copilot.example.org:/zendesk/sidebar", "port"),
        ("https://copilot.example.org:0/zendesk/sidebar", "port"),
        ("https://copilot.example.org:0443/zendesk/sidebar", "port"),
        ("https://copilot.example.org:https/zendesk/sidebar", "not an address"),
        ("https://copilot.example.org/../zendesk/sidebar", "plain names"),
        ("https://copilot.example.org/./zendesk/sidebar", "plain names"),
        ("https://copilot.example.org/%2e%2e/zendesk/sidebar", "plain names"),
        ("https://copilot.example.org//evil.example/zendesk/sidebar", "plain names"),
        ("https://copilot.example.org/a;b/zendesk/sidebar", "plain names"),
        ("https://copilot.example.org?", "query"),
        ("https://copilot.example.org#", "fragment"),
        ("https://copilot..example.org", "host name"),
        ("https://copilot.example.org.", "host name"),
        ("https://-copilot.example.org", "host name"),
        ("https://localhost/zendesk/sidebar", "host name"),
        ("https://127.0.0.1/zendesk/sidebar", "host name"),
        ("https://2130706433/zendesk/sidebar", "host name"),
        ("https://0x7f.1/zendesk/sidebar", "host name"),
        ("https://[::1]/zendesk/sidebar", "host name"),
        (f"https://{'a.' * 130}example.org", "host name"),
        ("https://copilot.example.org/\n/zendesk/sidebar", "characters"),
    ],
)
def test_an_address_that_no_agent_should_be_sent_to_is_refused(run: Run, tmp_path: Path, url: str, problem: str) -> None:
    out = tmp_path / "app.zip"

    ran = run("zendesk", "package", "--url", url, "--out", out)

    assert ran.code == 2
    assert ran.err.startswith("copilot: --url: ")
    assert problem in ran.err
    assert ran.err.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize(
    "url", [URL, "https://copilot.example.org:8443/zendesk/sidebar", "https://a.example.org/b/zendesk/sidebar"]
)
def test_a_whole_https_address_is_taken(run: Run, tmp_path: Path, url: str) -> None:
    out = tmp_path / "app.zip"

    ran = run("zendesk", "package", "--url", url, "--out", out)

    assert (ran.code, ran.err) == (0, "")
    assert re.match(rf"{re.escape(str(out))}: [\d,]+ bytes", ran.out)
    with zipfile.ZipFile(out) as archive:
        assert json.loads(archive.read("manifest.json"))["location"]["support"]["ticket_sidebar"]["url"] == url


@pytest.mark.parametrize(
    "url", ["https://copilot.example.org", "https://copilot.example.org/", "HTTPS://Copilot.Example.org", URL]
)
def test_the_services_address_is_enough(url: str) -> None:
    assert App(url).url == URL


def test_a_name_in_other_letters_is_taken_as_dns_has_it() -> None:
    assert App("https://xn--cpilot-wxa.example.org").url == "https://xn--cpilot-wxa.example.org/zendesk/sidebar"


def test_the_command_of_the_readme_makes_a_package(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^copilot (zendesk package .+)$", page, re.MULTILINE)

    ran = run(*command.split())

    assert (ran.code, ran.err) == (0, "")
    assert zipfile.is_zipfile(tmp_path / "app.zip")


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "two\nlines"])
def test_a_name_that_zendesk_could_not_show_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="--name"):
        App(URL, name=name)


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "<a@example.org>"])
def test_an_email_that_is_none_is_refused(email: str) -> None:
    with pytest.raises(InputError, match="--email"):
        App(URL, email=email)
