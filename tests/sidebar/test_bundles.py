"""What browsers load is made of the files that developers edit, and of nothing else."""

from pathlib import Path

import pytest

from copilot.sidebar import bundling
from tests.needed import missing

ESBUILDS = sorted((Path(__file__).parents[2] / "build").glob("esbuild-*/node_modules/.bin/esbuild"))


def test_the_bundles_are_those_of_the_sources() -> None:
    assert bundling.out_of_date() == [], "run `make bundle`, and commit copilot/sidebar/bundles"


def test_every_script_and_sheet_of_the_pages_is_in_a_bundle() -> None:
    folders = [bundling.SIDEBAR / name for name in ("panel", "hosts", "console", "insights")]

    written = {file.relative_to(bundling.SIDEBAR).as_posix() for each in folders for file in each.iterdir()}

    assert {name for name in written if name.endswith((".js", ".css"))} - set(bundling.made_of()) == set()


@pytest.mark.parametrize("changed", ["panel/main.js", "bundles/panel.js"])
def test_a_changed_source_and_a_changed_bundle_are_both_out_of_date(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [*bundling.made_of(), f"bundles/{bundling.MANIFEST}"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((bundling.SIDEBAR / name).read_bytes())
    monkeypatch.setattr(bundling, "SIDEBAR", tmp_path)
    monkeypatch.setattr(bundling, "BUNDLES", tmp_path / "bundles")

    (tmp_path / changed).write_text("// another", encoding="utf-8")

    assert bundling.out_of_date() == [changed]


def test_the_bundler_makes_the_same_bundles_again(tmp_path: Path) -> None:
    if not ESBUILDS:
        missing("bundler", "esbuild in build/", "make bundle")

    bundling.bundle(str(ESBUILDS[-1]), tmp_path)

    names = sorted(file.name for file in bundling.BUNDLES.iterdir())
    assert sorted(file.name for file in tmp_path.iterdir()) == names
    assert [name for name in names if (tmp_path / name).read_bytes() != (bundling.BUNDLES / name).read_bytes()] == []
