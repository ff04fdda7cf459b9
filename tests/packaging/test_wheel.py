"""The wheel works far from the checkout: built, installed elsewhere, and run from another folder. No network."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.making import environment_without
from tests.packaging.tree import ROOT, modules, tracked

TICKET = "He deleted my website yesterday. He says he will put it back if I pay him $500."


def _run(arguments: list[str | Path], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = environment_without("PYTHON")
    return subprocess.run(
        [str(argument) for argument in arguments],
        cwd=folder, env={**kept, **environment}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source archive, and a wheel built from that archive and not from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    built = _run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT], ROOT)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(archives: Path) -> Path:
    [path] = archives.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh environment that holds the wheel, and borrows what it depends on from this one."""
    folder = tmp_path_factory.mktemp("fresh") / "env"
    assert _run([sys.executable, "-m", "venv", "--without-pip", folder], folder.parent).returncode == 0
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "install"]
    done = _run([*pip, "--no-index", "--no-deps", wheel], folder)
    assert done.returncode == 0, done.stderr
    own = _run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).stdout.strip()
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(own) / "borrowed.pth").write_text("\n".join(sorted(borrowed)), encoding="utf-8")
    return programs


def test_every_module_template_word_list_prompt_and_schema_travels_in_the_wheel(wheel: Path) -> None:
    package = [path for path in tracked() if path.is_relative_to(ROOT / "copilot")]
    prompts = [path for path in tracked() if path.is_relative_to(ROOT / "prompts")]
    expected = {path.relative_to(ROOT).as_posix() for path in package}
    expected |= {"copilot/" + path.relative_to(ROOT).as_posix() for path in prompts}

    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    assert expected - names == set()
    assert prompts
    assert len(modules()) <= len(expected)


@pytest.mark.parametrize(
    "path",
    [
        "copilot/policy/handbook.md",
        "copilot/readers/model/extraction.schema.json",
        "copilot/readers/embedded/weights/marks.onnx",
        "copilot/readers/embedded/weights/tokenizer.json",
        "copilot/readers/embedded/weights/thresholds.toml",
        "copilot/notes/content_enforcement.j2",
        "copilot/prompts/extract.system.j2",
    ],
)
def test_what_a_suggestion_is_made_of_travels_in_the_wheel(wheel: Path, path: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(path).strip()


def test_tests_and_cases_stay_at_home(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {entry.split("/")[0] for entry in archive.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"copilot"}


def test_the_installed_command_triages_a_ticket_from_another_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "ticket.txt").write_text(TICKET, encoding="utf-8")

    done = _run([installed / "copilot", "triage", "ticket.txt", "--extractor", "embedded", "--json"], tmp_path)

    assert done.returncode == 0, done.stderr
    suggestion = json.loads(done.stdout)
    assert suggestion["route"] == "content_enforcement"
    assert suggestion["labels"] == ["coercion_and_retaliation"]
    assert "Content_Engagement_Tier_1_TS425" in suggestion["note"]


def test_the_installed_package_is_the_wheels_and_not_the_checkouts(installed: Path, tmp_path: Path) -> None:
    done = _run([installed / "python", "-c", "import copilot; print(copilot.__file__)"], tmp_path)

    assert Path(done.stdout.strip()).is_relative_to(installed.parent)


def test_the_installed_command_shows_the_prompt_and_the_policy(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "ticket.json").write_text(json.dumps({"messages": [{"text": TICKET}]}), encoding="utf-8")

    prompt = _run([installed / "copilot", "prompt", "ticket.json"], tmp_path)
    policy = _run([installed / "copilot", "policy"], tmp_path)

    assert (prompt.returncode, policy.returncode) == (0, 0), prompt.stderr + policy.stderr
    assert "He deleted my website" in prompt.stdout
    assert "R3_coercion" in policy.stdout
