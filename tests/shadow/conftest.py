"""A store with tickets in it, and a repository of other policies."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from copilot.cli.entry import main
from copilot.core.facts import Fact
from copilot.store import Feedback, Outcome, Store, StoredSuggestion
from tests.builders import suggested, ticket
from tests.other_policies import make_repository

Read = Callable[..., StoredSuggestion]
Say = Callable[..., None]
Run = Callable[..., int]


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'copilot.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url, 30)
    yield opened
    opened.close()


@pytest.fixture
def read(store: Store) -> Read:
    """Puts a suggestion on a ticket of that id into the store, made of these facts."""

    def read(id: str, *facts: Fact, by: str = "agent-1") -> StoredSuggestion:
        given = ticket().model_copy(update={"id": id})
        return store.suggestions.add(given, suggested(*facts, given=given), by)

    return read


@pytest.fixture
def say(store: Store) -> Say:
    """Gives feedback: accepted, or changed to another team."""

    def say(about: StoredSuggestion, to: str | None = None, decision: str | None = None) -> None:
        changed = {"changed_to": Outcome.model_validate({"route": to, "labels": []}), "reason": "wrong_team"} if to else {}
        given = {"action": "changed" if to else "accepted", "decision_id": decision} | changed
        store.feedback.add(about.id, Feedback.model_validate(given), "agent-1")

    return say


@pytest.fixture
def run(store: Store, url: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the store, in the repository; its exit code comes back."""
    monkeypatch.setenv("COPILOT_DATABASE_URL", url)
    monkeypatch.chdir(repository)
    return lambda *arguments: main(arguments)
