"""Beside the service: new suggestions in, what a contender would have decided kept with them.

It reads and writes the store as any other program does, a few rows at a time, and never touches a suggestion. A decision is kept
once it is made; after a kill it goes on with what is not kept. Nothing is decided on twice, and only one process follows for a
contender.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from copilot.core.errors import CopilotError, StoreUnavailable
from copilot.shadow.contenders import Contender
from copilot.store import Store
from copilot.store.shadows import ShadowDecision, ShadowOutcome


class AlreadyFollowed(CopilotError):
    """Another process follows for the same contender."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How to follow: `once` ends when there is nothing new; else it looks every so many seconds. At most `limit` texts."""

    once: bool
    every_seconds: float
    limit: int | None


def forget(store: Store, contender: str) -> int:
    """Remove a contender and its decisions. Returns how many there were. Raises `AlreadyFollowed` while it follows."""
    with store.database.alone(f"shadow {contender}") as alone:
        if not alone:
            raise AlreadyFollowed(f"a process follows for {contender}; stop it first")
        return store.shadows.forget(contender)


class Follower:
    """One contender that follows one store. `kept` counts what it decided on, `gone` what was purged before."""

    def __init__(self, store: Store, contender: Contender, pace: Pace, warn: Callable[[str], None]) -> None:
        self.kept = 0
        self.gone = 0
        self._store = store
        self._contender = contender
        self._pace = pace
        self._warn = warn

    def follow(self, since: datetime | None, announce: Callable[[datetime], None]) -> None:
        """Follow from `since` on, or go on where it was. Raises `AlreadyFollowed`, `ReaderStopped` and `StoreUnavailable`."""
        name = self._contender.name
        with self._store.database.alone(f"shadow {name}") as alone:
            if not alone:
                raise AlreadyFollowed(f"another process follows for {name} already; let it go on, or stop it first")
            announce(self._store.shadows.follow(name, since))
            asyncio.run(self._go_on())

    async def _go_on(self) -> None:
        while not self._is_done():
            try:
                found = await self._look()
            except StoreUnavailable as fault:
                if self._pace.once:
                    raise
                self._warn(f"{fault}")
                found = 0
            if not found:
                if self._pace.once:
                    return
                await asyncio.sleep(self._pace.every_seconds)

    def _is_done(self) -> bool:
        return self._pace.limit is not None and self.kept + self.gone >= self._pace.limit

    async def _look(self) -> int:
        """Decide on the next few texts. Returns how many there were."""
        most = self._contender.at_a_time
        if self._pace.limit is not None:
            most = min(most, self._pace.limit - self.kept - self.gone)
        shadows, name, asked_at = self._store.shadows, self._contender.name, datetime.now(UTC)
        texts = await asyncio.to_thread(shadows.unseen, name, most)
        gone = [ShadowDecision(text.suggestion_id, ShadowOutcome.GONE) for text in texts if text.facts is None]
        if gone:
            self.gone += await asyncio.to_thread(shadows.put, name, gone)
        readable = [(text, text.facts) for text in texts if text.facts is not None]
        if readable:
            await self._contender.decide(readable, self._keep)
        await asyncio.to_thread(shadows.saw, name, texts[-1].created_at if texts else asked_at)
        return len(texts)

    async def _keep(self, decisions: Sequence[ShadowDecision]) -> None:
        self.kept += await asyncio.to_thread(self._store.shadows.put, self._contender.name, decisions)
