"""A new file of cases, one a line, its owner's alone."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pydantic import BaseModel


def write_cases(out: Path, cases: "Iterable[BaseModel]") -> None:
    """Write cases into a file that must not be there yet. Raises `InputError`."""
    from copilot.core.errors import InputError, reason

    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(case.model_dump_json().encode() + b"\n" for case in cases)
    except OSError as fault:
        raise InputError(f"{click.format_filename(out)}: cannot be written ({reason(fault)})") from None
