"""Every rule of the package checker, broken once."""

import copy
import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copilot.errors import InputError
from copilot.sidebar.zendesk import App, check_files, check_package
from copilot.sidebar.zendesk.files import MOST_FILE_BYTES, MOST_FILES
from copilot.sidebar.zendesk.findings import Finding, Level
from copilot.sidebar.zendesk.package import files_of
from tests.cli.conftest import Run, run

__all__ = ["run"]

FILES = files_of(App("https://copilot.example.org/zendesk/sidebar"))
MANIFEST = json.loads(FILES["manifest.json"])
ENGLISH = json.loads(FILES["translations/en.json"])
PLACE = "location.support.ticket_sidebar"
SECRET = {"name": "shared", "type": "text", "secure": True, "scopes": ["header"]}

Change = Callable[[dict[str, Any]], object]


def _with_manifest(change: Change) -> list[Finding]:
    manifest = copy.deepcopy(MANIFEST)
    change(manifest)
    return check_files({**FILES, "manifest.json": json.dumps(manifest).encode()})


def _with_english(change: Change, **manifest: Any) -> list[Finding]:
    words = copy.deepcopy(ENGLISH)
    change(words)
    changed = {"manifest.json": json.dumps({**MANIFEST, **manifest}).encode(), "translations/en.json": json.dumps(words).encode()}
    return check_files({**FILES, **changed})


def _parameters(*parameters: object) -> Change:
    return lambda manifest: manifest.update(parameters=list(parameters))


def _place(**options: object) -> Change:
    return lambda manifest: manifest["location"]["support"]["ticket_sidebar"].update(options)


def _put(**values: object) -> Change:
    return lambda manifest: manifest.update(values)


def _without(name: str) -> Change:
    return lambda manifest: manifest.pop(name)


MANIFEST_ERRORS = [
    ("author missing", _without("author"), "author", "missing"),
    ("author null", _put(author=None), "author", "missing"),
    ("author no object", _put(author="x"), "author", "object"),
    ("author email", _put(author={"email": 1}), "author.email", "string"),
    ("author url", _put(author={"url": "example.org"}), "author.url", "address"),
    ("author url unreadable", _put(author={"url": "https://["}), "author.url", "address"),
    ("terms", _put(termsConditionsURL="terms"), "termsConditionsURL", "address"),
    ("locale missing", _without("defaultLocale"), "defaultLocale", "missing"),
    ("locale form", _put(defaultLocale="English"), "defaultLocale", "locale"),
    ("locale newline", _put(defaultLocale="en\n"), "defaultLocale", "locale"),
    ("locale file", _put(defaultLocale="fr"), "defaultLocale", "translations/fr.json"),
    ("locale type", _put(defaultLocale=1), "defaultLocale", "string"),
    ("framework missing", _without("frameworkVersion"), "frameworkVersion", "missing"),
    ("framework old", _put(frameworkVersion="1.0"), "frameworkVersion", "2.0"),
    ("framework number", _put(frameworkVersion=2.0), "frameworkVersion", "string"),
    ("version number", _put(version=1), "version", "string"),
    ("name type", _put(name=["x"]), "name", "string"),
    ("private text", _put(private="true"), "private", "true or false"),
    ("private null", _put(private=None), "private", "true or false"),
    ("signedUrls number", _put(signedUrls=1), "signedUrls", "true or false"),
    ("singleInstall text", _put(singleInstall="no"), "singleInstall", "true or false"),
    ("domains text", _put(domainWhitelist="example.org"), "domainWhitelist", "list"),
    ("domains numbers", _put(domainWhitelist=[1]), "domainWhitelist", "list"),
    ("experiments", _put(experiments=[]), "experiments", "object"),
    ("noTemplate", _put(noTemplate=True), "noTemplate", "framework 1"),
    ("marketing private", _put(marketingOnly=True), "private", "marketing"),
    ("requirements with location", _put(requirementsOnly=True), "location", "left out"),
    ("requirements with framework", _put(requirementsOnly=True), "frameworkVersion", "left out"),
    ("oauth no object", _put(oauth=[]), "oauth", "object"),
    ("oauth incomplete", _put(oauth={"client_id": "x"}), "oauth.authorize_uri", "missing"),
    ("oauth without parameter", _put(oauth={"client_id": "x"}), "oauth", "parameter"),
    ("location missing", _without("location"), "location", "missing"),
    ("location empty", _put(location={}), "location", "missing"),
    ("location list", _put(location=["support"]), "location", "object"),
    ("product", _put(location={"desk": {}}), "location.desk", "product"),
    ("product empty", _put(location={"support": {}}), "location.support", "places"),
    ("place", _put(location={"support": {"sidebar": "assets/a"}}), "location.support.sidebar", "no place"),
    ("place number", _put(location={"support": {"modal": 1}}), "location.support.modal", "object"),
    ("place shorthand", _put(location={"support": {"modal": "http://example.org"}}), "location.support.modal.url", "https"),
    ("place url missing", _place(url=None), f"{PLACE}.url", "missing"),
    ("place url empty", _place(url=""), f"{PLACE}.url", "missing"),
    ("place url number", _place(url=1), f"{PLACE}.url", "string"),
    ("place url http", _place(url="http://example.org/a"), f"{PLACE}.url", "https"),
    ("place url script", _place(url="javascript:x"), f"{PLACE}.url", "https"),
    ("place url hostless", _place(url="https:///a"), f"{PLACE}.url", "https"),
    ("place url unreadable", _place(url="https://["), f"{PLACE}.url", "address"),
    ("place url blank", _place(url="https://example.org/a b"), f"{PLACE}.url", "characters"),
    ("place url elsewhere", _place(url="iframe.html"), f"{PLACE}.url", "assets/"),
    ("place url gone", _place(url="assets/iframe.html"), f"{PLACE}.url", "not in the package"),
    ("place flexible", _place(flexible="yes"), f"{PLACE}.flexible", "true or false"),
    ("place autoLoad", _place(autoLoad=1), f"{PLACE}.autoLoad", "true or false"),
    (
        "record place",
        _put(location={"support": {"custom_object_record_sidebar": "https://example.org/"}}),
        "location.support.custom_object_record_sidebar.objectTypes",
        "missing",
    ),
    ("parameters object", _put(parameters={}), "parameters", "list"),
    ("parameter text", _parameters("x"), "parameters[0]", "object"),
    ("parameter nameless", _parameters({"type": "text"}), "parameters[0].name", "string"),
    ("parameter named name", _parameters({"name": "name", "type": "text"}), "parameters[0].name", "Zendesk uses itself"),
    ("parameter twice", _parameters(SECRET, SECRET), "parameters", "2 times"),
    ("parameter type", _parameters({"name": "a", "type": "colour"}), "parameters[0].type", "one of"),
    ("parameter password", _parameters({"name": "a", "type": "password"}), "parameters[0].type", "gone"),
    ("parameter required", _parameters({"name": "a", "required": "yes"}), "parameters[0].required", "true or false"),
    ("parameter secure", _parameters({"name": "a", "secure": 1}), "parameters[0].secure", "true or false"),
    ("parameter hidden", _parameters({"name": "a", "type": "hidden", "required": True}), "parameters[0].required", "hidden"),
    ("two oauth", _parameters({"name": "a", "type": "oauth"}, {"name": "b", "type": "oauth"}), "parameters", "oauth"),
    ("secure oauth", _parameters({"name": "a", "type": "oauth", "secure": True}), "parameters[0].secure", "oauth"),
    ("mtls domain", _parameters({"name": "a", "type": "mtls"}), "parameters[0].allowed_domain", "missing"),
    (
        "four mtls",
        _parameters(*({"name": f"m{n}", "type": "mtls", "allowed_domain": "example.org"} for n in range(4))),
        "parameters",
        "mtls",
    ),
    ("scopes not secure", _parameters({"name": "a", "scopes": ["header"]}), "parameters[0].scopes", "secure"),
    ("scopes empty", _parameters({**SECRET, "scopes": []}), "parameters[0].scopes", "out of"),
    ("scopes text", _parameters({**SECRET, "scopes": "header"}), "parameters[0].scopes", "out of"),
    ("scopes unknown", _parameters({**SECRET, "scopes": ["cookie"]}), "parameters[0].scopes", "out of"),
    ("marketing parameters", _put(marketingOnly=True), "parameters", "marketing"),
]


@pytest.mark.parametrize(
    ("change", "field", "says"), [row[1:] for row in MANIFEST_ERRORS], ids=[row[0] for row in MANIFEST_ERRORS]
)
def test_a_broken_rule_of_the_manifest_is_an_error_at_its_field(change: Change, field: str, says: str) -> None:
    findings = _with_manifest(change)

    assert [
        one
        for one in findings
        if (one.level, one.file, one.field) == (Level.ERROR, "manifest.json", field) and says in one.problem
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param(_parameters({**SECRET, "scopes": None}), "parameters[0].scopes", id="secure without scopes"),
        pytest.param(_parameters({"name": "api_token", "type": "text"}), "parameters[0].secure", id="sounds secret"),
        pytest.param(_parameters({**SECRET, "default": "x"}), "parameters[0].default", id="secure default"),
        pytest.param(_parameters({"name": "a", "type": "hidden", "default": "x"}), "parameters[0].default", id="hidden default"),
        pytest.param(_put(location={"sell": {"top_bar": "https://example.org"}}), "location.sell", id="another product"),
    ],
)
def test_a_doubtful_manifest_is_a_warning_at_its_field(change: Change, field: str) -> None:
    findings = _with_manifest(change)

    assert [one for one in findings if (one.level, one.file, one.field) == (Level.WARNING, "manifest.json", field)]
    assert not [one for one in findings if one.level is Level.ERROR]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_place(url="{{setting.address}}/panel"), id="address from a setting"),
        pytest.param(_place(url="http://localhost:4567/panel"), id="localhost"),
        pytest.param(_place(url="assets/logo.png"), id="file of the package"),
        pytest.param(_place(url=None, autoLoad=False), id="loaded by hand"),
        pytest.param(_put(location={"support": {"ticket_sidebar": "https://example.org/"}}), id="shorthand"),
        pytest.param(_put(private=True, signedUrls=False, singleInstall=False), id="flags"),
        pytest.param(_parameters(SECRET), id="secure parameter"),
        pytest.param(_put(termsConditionsURL="https://example.org/terms"), id="terms"),
    ],
)
def test_what_zendesk_allows_is_no_error(change: Change) -> None:
    assert not [one for one in _with_manifest(change) if one.level is Level.ERROR]


@pytest.mark.parametrize(
    ("change", "manifest", "field"),
    [
        pytest.param(lambda words: words.pop("app"), {}, "app", id="no app"),
        pytest.param(lambda words: words["app"].pop("name"), {}, "app.name", id="no name"),
        pytest.param(lambda words: None, {"private": False}, "app.long_description", id="public"),
        pytest.param(lambda words: words["app"].update(name=1), {}, "app.name", id="no text"),
        pytest.param(lambda words: words["app"].update(support={}), {}, "app.support.name", id="product without name"),
        pytest.param(lambda words: words["app"].update(chat={"name": "x"}), {}, "app.chat", id="product without place"),
        pytest.param(lambda words: words["app"].update(parameters=[]), {}, "app.parameters", id="parameters list"),
        pytest.param(
            lambda words: words["app"]["parameters"]["role_field_id"].pop("label"),
            {},
            "app.parameters.role_field_id.label",
            id="no label",
        ),
    ],
)
def test_words_that_are_missing_are_an_error_at_their_place(change: Change, manifest: dict[str, Any], field: str) -> None:
    findings = _with_english(change, **manifest)

    assert [one for one in findings if (one.level, one.file, one.field) == (Level.ERROR, "translations/en.json", field)]


def test_a_public_app_may_call_its_short_description_description() -> None:
    given = {"description": "x", "long_description": "x", "installation_instructions": "x"}

    findings = _with_english(lambda words: words["app"].update(given), private=False)

    assert findings == []


def test_a_setting_without_words_is_a_warning() -> None:
    findings = _with_english(lambda words: words["app"]["parameters"].pop("role_field_id"))

    assert [(one.level, one.field) for one in findings] == [(Level.WARNING, "app.parameters.role_field_id")]


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("translations/english.json", b'{"app": {}}', "locale"),
        ("translations/fr.json", b"[]", "object"),
        ("translations/fr.json", b"{", "not JSON"),
        ("translations/fr.json", b'{"app": {"name": "a", "name": "b"}}', "twice"),
        ("translations/fr.json", b"\xff\xfe", "UTF-8"),
        ("manifest.json", b'{"private": true, "private": false}', "twice"),
        ("manifest.json", b"null", "object"),
        ("manifest.json", b'{"version": NaN}', "NaN"),
        ("assets/terms.pdf", b"%PDF-1.7", "pdf"),
        ("assets/terms.PDF", b"", "pdf"),
        ("assets/inner.zip", b"", "zip"),
        ("assets/renamed.txt", b"PK\x03\x04rest", "zip"),
        ("assets/run.sh", b"", "sh"),
        ("assets/run", b"#!/bin/sh", "script"),
        ("assets/letter.docx", b"", "docx"),
        ("assets/logo.png", b"GIF89a", "PNG"),
    ],
)
def test_a_file_that_zendesk_refuses_is_an_error_with_its_name(name: str, body: bytes, says: str) -> None:
    findings = check_files({**FILES, name: body})

    assert [one for one in findings if (one.level, one.file) == (Level.ERROR, name) and says in one.problem]


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("assets/main.js", b"fetch('http://example.org')", "http://"),
        ("assets/page.html", b"<a href='http://example.org'>", "http://"),
        ("assets/main.js", b"const secret = 1", "'secret'"),
        ("assets/main.js", b"// AKIAABCDEFGH12345678", "AWS"),
        ("assets/main.js", b"// -----BEGIN RSA PRIVATE KEY-----", "private key"),
        ("assets/main.js", b"// xoxb-1", "Slack"),
        ("assets/logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "script"),
        ("assets/logo.svg", b"<svg><image href='https://example.org/x.png'/></svg>", "link"),
        ("assets/logo.png", FILES["assets/logo-small.png"], "320"),
    ],
)
def test_a_doubtful_file_is_a_warning_with_its_name(name: str, body: bytes, says: str) -> None:
    findings = check_files({**FILES, name: body})

    assert [one for one in findings if (one.level, one.file) == (Level.WARNING, name) and says in one.problem]
    assert not [one for one in findings if one.level is Level.ERROR]


def test_a_missing_logo_is_a_warning() -> None:
    findings = check_files({name: body for name, body in FILES.items() if name != "assets/logo.png"})

    assert [(one.level, one.file) for one in findings] == [(Level.WARNING, "assets/logo.png")]


def test_a_missing_manifest_is_an_error() -> None:
    findings = check_files({name: body for name, body in FILES.items() if name != "manifest.json"})

    assert [(one.level, one.file) for one in findings] == [(Level.ERROR, "manifest.json")]


def test_a_manifest_one_folder_too_deep_is_told_as_that() -> None:
    findings = check_files({f"app/{name}": body for name, body in FILES.items()})

    assert [one for one in findings if one.file == "app/manifest.json" and "too deep" in one.problem]


def test_errors_come_before_warnings() -> None:
    levels = [one.level for one in _with_manifest(_parameters({"name": "api_token"}, {"name": "name"}))]

    assert levels == sorted(levels, key=[Level.ERROR, Level.WARNING].index)
    assert len(set(levels)) == 2


def _folder(at: Path) -> Path:
    for name, body in FILES.items():
        path = at / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return at


def _zip(at: Path, *more: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    with zipfile.ZipFile(at, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in [*FILES.items(), *more]:
            archive.writestr(name, body)
    return at


def test_a_folder_is_checked_like_its_zip(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "app")
    (folder / ".git").mkdir()
    (folder / ".git" / "hook.sh").write_text("")

    assert check_package(folder) == []


def test_a_link_in_a_folder_is_an_error_and_is_not_followed(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "app")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.pdf").write_text("")
    os.symlink(tmp_path / "elsewhere", folder / "assets" / "more")
    os.symlink("/etc/hostname", folder / "assets" / "name.txt")

    findings = check_package(folder)

    assert [(one.level, one.file) for one in findings] == [(Level.ERROR, "assets/more"), (Level.ERROR, "assets/name.txt")]


def test_a_link_in_a_zip_is_an_error(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("assets/name.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16

    findings = check_package(_zip(tmp_path / "app.zip", (link, b"/etc/hostname")))

    assert [(one.file, "link" in one.problem) for one in findings] == [("assets/name.txt", True)]


@pytest.mark.parametrize("name", ["../evil.txt", "assets/../../evil.txt", "/evil.txt", "C:evil.txt", "assets\\evil.txt", "../"])
def test_a_path_that_leads_out_of_the_package_is_an_error(tmp_path: Path, name: str) -> None:
    findings = check_package(_zip(tmp_path / "app.zip", (name, b"")))

    assert [(one.level, "leads out" in one.problem) for one in findings] == [(Level.ERROR, True)]
    assert not (tmp_path / "evil.txt").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_a_file_packed_twice_is_an_error(tmp_path: Path) -> None:
    findings = check_package(_zip(tmp_path / "app.zip", ("manifest.json", b"{}")))

    assert [(one.file, "twice" in one.problem) for one in findings] == [("manifest.json", True)]


def test_a_file_that_unpacks_to_too_much_is_an_error_and_is_not_read(tmp_path: Path) -> None:
    findings = check_package(_zip(tmp_path / "app.zip", ("assets/big.txt", b"\0" * (MOST_FILE_BYTES + 1))))

    assert [(one.file, "larger" in one.problem) for one in findings] == [("assets/big.txt", True)]


def test_a_file_of_the_largest_size_is_taken(tmp_path: Path) -> None:
    assert check_package(_zip(tmp_path / "app.zip", ("assets/big.txt", b"\0" * MOST_FILE_BYTES))) == []


def test_a_package_that_is_too_large_as_a_whole_is_an_error(tmp_path: Path) -> None:
    more = [(f"assets/{index}.txt", b"\0" * MOST_FILE_BYTES) for index in range(4)]

    findings = check_package(_zip(tmp_path / "app.zip", *more))

    assert [(one.file, "package larger" in one.problem) for one in findings] == [("assets/3.txt", True)]


def test_too_many_files_are_an_error(tmp_path: Path) -> None:
    more = [(f"assets/{index}.txt", b"") for index in range(MOST_FILES - len(FILES))]

    assert check_package(_zip(tmp_path / "app.zip", *more)) == []
    assert [
        "one too many" in one.problem for one in check_package(_zip(tmp_path / "more.zip", *more, ("assets/z.txt", b"")))
    ] == [True]


def test_an_encrypted_file_is_an_error(tmp_path: Path) -> None:
    path = _zip(tmp_path / "app.zip")
    packed = bytearray(path.read_bytes())
    packed[packed.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(packed)

    assert [("encrypted" in one.problem) for one in check_package(path)] == [True]


@pytest.mark.parametrize("body", [b"", b"not a zip", b"PK\x03\x04cut"])
def test_what_is_neither_a_folder_nor_a_zip_is_bad_input(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "app.zip"
    path.write_bytes(body)

    with pytest.raises(InputError, match="neither a folder nor a readable zip"):
        check_package(path)


def test_a_damaged_zip_is_bad_input(tmp_path: Path) -> None:
    path = _zip(tmp_path / "app.zip")
    packed = bytearray(path.read_bytes())
    packed[60:70] = b"\xff" * 10
    path.write_bytes(packed)

    with pytest.raises(InputError):
        check_package(path)


def test_the_command_names_file_and_field_and_ends_with_one(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "app.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps({**MANIFEST, "frameworkVersion": "1.0"}))
        archive.writestr("translations/en.json", json.dumps(ENGLISH))

    ran = run("zendesk", "check", path)

    assert ran.code == 1
    assert ran.out.splitlines()[0].startswith("error: manifest.json: frameworkVersion: must be")
    assert ran.out.splitlines()[-1] == "1 error, 2 warnings"


def test_the_command_says_that_there_is_nothing_at_a_path(run: Run, tmp_path: Path) -> None:
    ran = run("zendesk", "check", tmp_path / "none")

    assert ran.code == 2
    assert "no such folder or file" in ran.err
