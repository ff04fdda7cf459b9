"""`copilot serve`: the HTTP service, the panel and the console simulator."""

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from copilot.cli.faults import DONE, guarded, warn
from copilot.cli.options import extractor_option, opened_reader

if TYPE_CHECKING:
    import socket

    from copilot.config.settings import ServiceSettings, Settings
    from copilot.service.desk import Setup
    from copilot.service.server import Address

AUTH = ("auto", "required", "off")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; beyond this machine only with auth.")
@click.option("--port", default=8321, show_default=True, type=click.IntRange(0, 65_535), help="Port; 0 takes one that is free.")
@click.option("--auth", type=click.Choice(AUTH), help="Who may call; COPILOT_AUTH where it is left out.")
@click.option("--console/--no-console", default=None, help="Serve the console simulator. Left out: only where auth is off.")
@click.option("--openapi", is_flag=True, help="Print the OpenAPI document, and serve nothing.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that answer; limits hold for all."
)
@extractor_option
def command(  # noqa: PLR0913, PLR0917  one argument an option
    host: str, port: int, auth: str | None, console: bool | None, openapi: bool, workers: int, extractor: str
) -> int:
    """Serve suggestions over HTTP, and the agent's panel.

    With it comes a console to try the panel in, on this machine only unless it is asked for.

    With --workers, several processes answer on the same address; whichever dies is replaced. Stops with Ctrl-C or SIGTERM, after
    it has finished what it accepted. Logs are JSON lines on standard error.

    \b
    Example:
      copilot serve --port 8321
    """
    _check_installed()
    from copilot.config.settings import ServiceSettings

    settings = ServiceSettings.from_environment()
    settings = settings.model_copy(update={"auth": auth}) if auth else settings
    if openapi:
        _print_document(settings)
        return DONE
    from copilot.readers.second import SecondOpinionReader
    from copilot.service.desk import Setup
    from copilot.service.server import Address, can_sign_in, needs_auth, serve
    from copilot.service.turns import ReadingsInTurn
    from copilot.store import Store

    store = Store.open(settings.database, settings.retention_days)
    try:
        required = needs_auth(settings, host, store)
        if required and not can_sign_in(settings, store):
            warn("every caller needs a key, and no key is good; run `copilot keys create`, or start with --auth off")
        setup = Setup(settings, required, not required if console is None else console, until_a_key=settings.auth == "auto")
        reading, address = ReadingsInTurn(), Address(host, port)
        with opened_reader(extractor, run=reading.read) as (reader, of_reader):
            if isinstance(reader, SecondOpinionReader):
                _warn_of_times(settings, of_reader)
            if workers == 1:
                serve(setup, address, (store, reader, reading), lambda url: _announce(url, setup.console))
        if workers > 1:
            store.close()
            _supervise(_Worker(setup, extractor, workers), address)
    finally:
        store.close()
    return DONE


@dataclass(frozen=True)
class _Worker:
    """One of `of` processes; it is made here and called in its own."""

    setup: "Setup"
    extractor: str
    of: int

    def __call__(self, listener: "socket.socket", parent: "socket.socket") -> None:
        sys.exit(guarded(lambda: self._serve(listener, parent)))

    def _serve(self, listener: "socket.socket", parent: "socket.socket") -> int:
        from copilot.service.server import serve_on
        from copilot.service.turns import ReadingsInTurn
        from copilot.store import Store

        settings = self.setup.settings
        store = Store.open(settings.database, settings.retention_days)
        try:
            reading = ReadingsInTurn(max(1, (os.cpu_count() or 1) // self.of))
            with opened_reader(self.extractor, run=reading.read, one_of=self.of) as (reader, _):
                serve_on(listener, self.setup, (store, reader, reading), lambda: None, parent)
        finally:
            store.close()
        return DONE


def _supervise(worker: _Worker, address: "Address") -> None:
    from copilot.service import logs
    from copilot.service.limits import OwnLimits
    from copilot.service.server import listening
    from copilot.service.supervisor import Supervisor

    logs.configure()
    with listening(address) as listener:
        url = address.at(listener.getsockname()[1])
        supervisor = Supervisor(worker, worker.of, OwnLimits(worker.setup.settings))
        supervisor.run(listener, lambda: _announce(url, worker.setup.console))


def _warn_of_times(settings: "ServiceSettings", of_reader: "Settings") -> None:
    """A model that may take longer for one call than its request lasts is cut off while it could still answer."""
    limits = {"COPILOT_REQUEST_SECONDS": settings.request_seconds, "COPILOT_DEADLINE_SECONDS": of_reader.deadline_seconds}
    short = [f"{name} ({seconds:g})" for name, seconds in limits.items() if seconds < of_reader.attempt_seconds]
    if short:
        longest = f"COPILOT_ATTEMPT_SECONDS ({of_reader.attempt_seconds:g})"
        warn(f"{' and '.join(short)} under {longest}: a slow answer is cut off and the embedded reader answers; raise the former")


def _announce(url: str, console: bool) -> None:
    shown = f"; try it at {url}/console" if console else ""
    click.echo(f"copilot serves at {url}{shown} (Ctrl-C stops it)")


def _print_document(settings: object) -> None:
    import json

    from copilot.output.shown import write_out
    from copilot.service.app import build
    from copilot.service.desk import Setup

    write_out(json.dumps(build(Setup(settings, auth=True, console=False)).openapi(), indent=2, ensure_ascii=False))  # type: ignore[arg-type]


def _check_installed() -> None:
    from importlib.util import find_spec

    from copilot.config.extras import install
    from copilot.core.errors import SettingsError

    if any(find_spec(name) is None for name in ("fastapi", "sqlalchemy", "uvicorn", "structlog", "jwt", "limits")):
        raise SettingsError(f"the service is not installed: {install('service')}")
