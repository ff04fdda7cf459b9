"""A folder that an option names is made for its owner alone, or told with the option."""

import stat
from pathlib import Path

import pytest

from copilot.runs.errors import RunError
from copilot.runs.private import make_asked_for


def test_a_folder_is_made_with_what_leads_to_it_and_may_be_there(tmp_path: Path) -> None:
    for _ in range(2):
        make_asked_for(tmp_path / "a" / "b", "--out")

    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


@pytest.mark.parametrize("below", ["file", "file/deeper"])
def test_a_file_in_its_way_is_told_with_the_option(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("mine")

    with pytest.raises(RunError, match=r"cannot be made .*; name another --record"):
        make_asked_for(tmp_path / below, "--record")
