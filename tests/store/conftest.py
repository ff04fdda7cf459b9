"""Every test of the store runs on SQLite and on PostgreSQL, each time on an empty database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from copilot.pipeline import decide
from copilot.store import Store, StoredSuggestion
from tests.builders import extraction, suggested, threat, ticket
from tests.postgres_cluster import postgres, postgres_database

__all__ = ["postgres", "postgres_database"]

DAYS = 30
Opened = Callable[[], Store]


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'state' / 'copilot.db'}"
        return
    with request.getfixturevalue("postgres").emptied(request.getfixturevalue("postgres_database")) as emptied:
        yield emptied


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url, DAYS)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state' / 'copilot.db'}"


@pytest.fixture
def kept(store: Store) -> StoredSuggestion:
    """A suggestion in the store: content enforcement, for a threat."""
    given = ticket()
    return store.suggestions.add(given, decide(given, extraction(threat())), "agent-1")


@pytest.fixture
def add(store: Store) -> Callable[..., StoredSuggestion]:
    """Puts a suggestion on a ticket of these texts into the store."""

    def add(*texts: str, by: str = "agent-1", **kind: object) -> StoredSuggestion:
        given = ticket(*texts, **kind)
        return store.suggestions.add(given, suggested(threat(), given=given), by)

    return add
