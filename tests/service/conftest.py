"""A service in this process: the real application and store, a reader that answers what a test tells it to."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from copilot.config.settings import ServiceSettings
from copilot.core.errors import StoreUnavailable
from copilot.core.reading import Reading, ReadOutcome
from copilot.service.desk import Setup
from copilot.store import Store
from tests.builders import demand, extraction, threat
from tests.scripted_reader import Scripted
from tests.service.called import Called, Make, opened

ANSWER = Reading(extraction(threat(), demand()), ReadOutcome.OK, extractor="openai", model="m", seconds=0.5, attempts=1)


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    """Makes a service; every one is closed at the end."""
    made: list[Called] = []

    def build(
        auth: bool = True, console: bool = False, reader: object = None, until_a_key: bool = False, **settings: object
    ) -> Called:
        store = Store.open(f"sqlite:///{tmp_path / 'state' / f'{len(made)}.db'}", 30)
        setup = Setup(ServiceSettings(**settings), auth, console, until_a_key)  # type: ignore[arg-type]
        made.append(opened(setup, store, reader or Scripted(ANSWER)))
        return made[-1]

    yield build
    for one in made:
        await one.http.aclose()
        one.store.close()


@pytest.fixture
def service(make: Make) -> Called:
    """A service that asks who is calling; `service.as_(…)` calls with a key of those scopes."""
    return make()


@pytest.fixture
def local(make: Make) -> Called:
    """A service on this machine, with auth off and the simulator on."""
    return make(auth=False, console=True)


@pytest.fixture
def marked() -> Callable[[str], str]:
    """A text that can be looked for, of any kind of place."""
    return lambda place: f"TAINT-{place}-7f3a"


@pytest.fixture
def unusable() -> Callable[..., object]:
    """Stands for any call of a store that is out of order."""

    def raises(*_: object, **__: object) -> object:
        raise StoreUnavailable("the disk is full", 7)

    return raises
