"""The store as commands open it: where the settings say, closed at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.store import Store


@contextmanager
def opened_store(as_it_is: bool = False) -> "Iterator[Store]":
    """The store of `COPILOT_DATABASE_URL`: its tables up to date, or as they are.

    Raises `SettingsError` and `StoreUnavailable`.
    """
    from copilot.config.extras import install
    from copilot.config.settings import ServiceSettings
    from copilot.core.errors import SettingsError

    if find_spec("sqlalchemy") is None or find_spec("alembic") is None:
        raise SettingsError(f"this command needs the store, which is not installed: {install('service')}")
    from copilot.store import Store

    settings = ServiceSettings.from_environment()
    store = (Store.open_as_it_is if as_it_is else Store.open)(settings.database, settings.retention_days)
    try:
        yield store
    finally:
        store.close()


def said_of_bytes(store: "Store") -> str:
    """What has to be added where a database gives bytes of removed text free, and does not overwrite them."""
    return "" if store.overwrites else "; PostgreSQL keeps the bytes in data files and archived logs until it writes over them"
