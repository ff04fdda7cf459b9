"""Where the database is: a URL in, a checked URL out, and for SQLite a file that only its owner can read.

Refuses a URL of another kind of database, one that names no file, and a driver that is not installed.
"""

import os
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, exc, make_url

from copilot.config.extras import install
from copilot.core.errors import SettingsError

_VARIABLE = "COPILOT_DATABASE_URL"
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def checked_url(text: str) -> URL:
    """The URL with its driver named. Raises `SettingsError`, which never shows the URL: it can hold a password."""
    try:
        url = make_url(text)
    except exc.ArgumentError:
        raise SettingsError(f"{_VARIABLE} is no URL; set it to one such as sqlite:////var/lib/copilot/copilot.db") from None
    backend = url.drivername.partition("+")[0]
    if backend not in _DRIVERS:
        raise SettingsError(f"{_VARIABLE} names another kind of database; set it to sqlite:///FILE or postgresql://HOST/NAME")
    if backend == "sqlite" and (not url.database or url.database.startswith((":", "file:"))):
        raise SettingsError(f"{_VARIABLE} names no file; set it to one such as sqlite:////var/lib/copilot/copilot.db")
    if backend != "sqlite" and find_spec("psycopg") is None:
        raise SettingsError(f"{_VARIABLE} names a PostgreSQL database, and its driver is not installed: {install('postgres')}")
    return url.set(drivername=_DRIVERS[backend])


def prepare_file(file: Path, make: bool) -> None:
    """Make folder (0700) and file (0600) where they are not there yet and may be. Raises `OSError`."""
    if not make:
        file.stat()
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
