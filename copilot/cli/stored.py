"""The store as commands open it: where the settings say, closed at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.store import Store


@contextmanager
def opened_store() -> "Iterator[Store]":
    """The store of `COPILOT_DATABASE_URL`, its tables up to date. Raises `SettingsError` and `StoreUnavailable`."""
    from copilot.errors import SettingsError
    from copilot.settings import ServiceSettings

    if find_spec("sqlalchemy") is None or find_spec("alembic") is None:
        raise SettingsError("this command needs the store, which is not installed: pip install 'triage-copilot[service]'")
    from copilot.store import Store

    settings = ServiceSettings.from_environment()
    store = Store.open(settings.database, settings.retention_days)
    try:
        yield store
    finally:
        store.close()
