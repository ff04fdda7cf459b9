"""Listening: an application and an address in, served until the process is told to stop.

It refuses to listen where strangers could call without saying who they are. On SIGTERM or Ctrl-C it takes no new
connections and finishes what it accepted.
"""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import FrameType

import uvicorn
from fastapi import FastAPI

from copilot.config.addresses import is_loopback
from copilot.config.settings import ServiceSettings
from copilot.core.errors import SettingsError, reason
from copilot.core.ticket import Ticket
from copilot.pipeline import atriage
from copilot.readers.base import Reader, close
from copilot.readers.embedded.reader import EmbeddedReader
from copilot.service import logs
from copilot.service.app import build, open_desk
from copilot.service.body_limit import HEADER_BYTES
from copilot.service.desk import AppState, Setup
from copilot.service.protocol import BoundedHttp
from copilot.service.reading_ahead import read_ahead
from copilot.service.shared_limits import AskedLimits
from copilot.service.traces import start_traces
from copilot.service.turns import ReadingsInTurn
from copilot.service.upkeep import forget_in_time
from copilot.store import Store

IDLE_SECONDS = 10
CLOSING_SECONDS = 20
LAST_SECONDS = 5
"""What is left for closing down where the time for what was accepted is used up."""
SWITCH_SECONDS = 0.001
"""How soon a thread that computes lets the event loop go on, which answers everybody."""


Parts = tuple[Store, Reader, ReadingsInTurn]


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 is any that is free."""

    host: str
    port: int

    def at(self, port: int) -> str:
        """The address as a browser takes it."""
        return f"http://[{self.host}]:{port}" if ":" in self.host else f"http://{self.host}:{port}"


def can_sign_in(settings: ServiceSettings, store: Store) -> bool:
    """Whether there is anybody whom the service would let in."""
    return settings.zendesk_public_key_file is not None or any(key.is_usable(datetime.now(UTC)) for key in store.keys.list())


def needs_auth(settings: ServiceSettings, host: str, store: Store) -> bool:
    """Whether callers must say who they are. Raises `SettingsError` where the service must not listen like this."""
    if is_loopback(host):
        is_meant = can_sign_in(settings, store) or store.keys.any()
        return settings.auth == "required" or (settings.auth == "auto" and is_meant)
    if settings.auth == "off":
        raise SettingsError(
            f"will not listen on {host} with auth off: anybody could read tickets; use 127.0.0.1, or COPILOT_AUTH=required"
        )
    if not can_sign_in(settings, store):
        raise SettingsError(
            f"will not listen on {host} while nobody can sign in; run `copilot keys create` or set up Zendesk first"
        )
    return True


def serve(setup: Setup, address: Address, parts: Parts, announce: Callable[[str], None]) -> None:
    """Serve until told to stop. Raises `SettingsError` where the address cannot be listened on."""
    with listening(address) as listener:
        serve_on(listener, setup, parts, lambda: announce(address.at(listener.getsockname()[1])))


def serve_on(
    listener: socket.socket, setup: Setup, parts: Parts, announce: Callable[[], None], parent: socket.socket | None = None
) -> None:
    """Serve on a socket until told to stop; `parent` is a worker's way to whoever counts for all of them."""
    store, reader, reading = parts
    logs.configure()
    sys.setswitchinterval(SWITCH_SECONDS)
    app = build(setup)
    desk = open_desk(app, store, reader, reading.read)
    end_traces = start_traces(app)
    server = _Server(_config(app, setup), announce, desk)
    if parent is not None:
        server.count_at(parent)
    before = {one: signal.signal(one, lambda *_: None) for one in (signal.SIGINT, signal.SIGTERM)}
    gc.freeze()
    try:
        server.run(sockets=[listener])
    finally:
        end_traces()
        for one, handler in before.items():
            signal.signal(one, handler)


class _Server(uvicorn.Server):
    """Says when it listens, makes the store forget in time, and reads what hooks told of. It closes the reader's connections."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None], desk: AppState) -> None:
        super().__init__(config)
        self._announce = announce
        self._desk = desk
        self._at_work: list[asyncio.Task[None]] = []
        self._warming: asyncio.Task[None] | None = None
        self._asked: AskedLimits | None = None

    def count_at(self, parent: socket.socket) -> None:
        """Have the supervisor count what is asked for; without it, end."""
        self._asked = AskedLimits(parent, lambda: self.handle_exit(signal.SIGTERM, None))
        self._desk.limits = self._asked

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        if self._asked is not None:
            await self._asked.open()
        await super().startup(sockets)
        if self._asked is not None:
            self._asked.ready()
        self._announce()
        self._warming = asyncio.create_task(_warm_up())
        self._at_work = [asyncio.create_task(work(self._desk)) for work in (forget_in_time, read_ahead)]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end. Whatever is running then, the system ends the process when its time is over."""
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm((self.config.timeout_graceful_shutdown or 0) + LAST_SECONDS)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what was accepted."""
        await super().shutdown(sockets)
        for work in self._at_work:
            work.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)
        await close(self._desk.reader)


async def _warm_up() -> None:
    """Load what the first ticket would otherwise wait for: the model and the templates."""
    ticket = Ticket.model_validate({"messages": [{"text": "Hello, where can I find my last invoice?"}]})
    with suppress(Exception):
        await atriage(ticket, EmbeddedReader())


def _config(app: FastAPI, setup: Setup) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BoundedHttp,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=HEADER_BYTES,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=int(setup.settings.request_seconds) + CLOSING_SECONDS,
    )


@contextmanager
def listening(address: Address) -> Iterator[socket.socket]:
    """A bound socket. Raises `SettingsError`."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError:
        raise SettingsError(f"cannot listen on {address.host!r}: it is no address of this machine") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
    except OSError as fault:
        listener.close()
        told = f"cannot listen on {address.host} port {address.port}: {reason(fault)}; choose another with --port"
        raise SettingsError(told) from None
    try:
        yield listener
    finally:
        listener.close()
