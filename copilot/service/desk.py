"""What all requests work with: settings, store, reader, limits and counters, made once a process."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Request

from copilot.config.settings import ServiceSettings
from copilot.core.errors import StoreError
from copilot.readers.base import Reader
from copilot.service.figures import Figures
from copilot.service.limits import Limits, OwnLimits
from copilot.service.readiness import Readiness
from copilot.service.signatures import signatures
from copilot.service.workers import Workers
from copilot.service.zendesk import SignedUrls
from copilot.store import Look, Principal, Store, look_of

Given = ParamSpec("Given")
Result = TypeVar("Result")
STORE_THREADS = 16


@dataclass(frozen=True)
class Setup:
    """How the service is set up: its settings, whether callers must say who they are, and whether the simulator is served.

    `until_a_key`: where they need not, they must from the moment on that a key is made.
    """

    settings: ServiceSettings
    auth: bool
    console: bool
    until_a_key: bool = False


class AppState:
    """The parts of a running service. `store` calls go through `ask`, which keeps them off the event loop.

    Raises `SettingsError` where Zendesk's key cannot be used.
    """

    def __init__(self, setup: Setup, figures: Figures, store: Store, reader: Reader) -> None:
        self.settings = setup.settings
        self.setup = setup
        self.store = store
        self.reader = reader
        self.figures = figures
        self.limits: Limits = OwnLimits(setup.settings)
        """Counted here, unless this is one of several workers."""
        self.parsing = Workers(1)
        self.signed_urls = SignedUrls.from_settings(setup.settings)
        self.hooks = signatures(setup.settings)
        self.arrived = asyncio.Event()
        """Set when a hook told of a ticket, for whoever reads ahead."""
        self.readiness = Readiness(lambda: self.ask(store.check))
        self._auth = setup.auth
        self._threads: CapacityLimiter | None = None

    def look_of(self, by: Principal) -> Look:
        """What that caller is shown beside a suggestion."""
        return look_of(by.agent, self.settings.blind_share)

    async def needs_auth(self) -> bool:
        """Whether callers must say who they are just now."""
        if not self._auth and self.setup.until_a_key:
            self._auth = await self.ask(self.store.keys.any)
        return self._auth

    async def ask(self, work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
        """Run a call of the store in a thread, and count its faults."""
        if self._threads is None:
            self._threads = CapacityLimiter(STORE_THREADS)
        try:
            return await to_thread.run_sync(lambda: work(*given, **named), limiter=self._threads)
        except StoreError as fault:
            self.figures.store_fault(type(fault).__name__)
            raise


def desk_of(request: Request) -> AppState:
    """The desk of the service that a request came to."""
    desk: AppState = request.app.state.desk
    return desk
