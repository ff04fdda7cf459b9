"""A PostgreSQL server for tests: the one of `COPILOT_TEST_POSTGRES_URL`, or a cluster of our own that goes when the tests end.

Comes in: nothing. Goes out: URLs of empty databases. The server's programs come from PATH or from where Debian puts
them; it listens on loopback with a password of its own, syncs to the disk as ever, and as root runs as user `postgres`.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.needed import missing

URL = "COPILOT_TEST_POSTGRES_URL"
HOW = f"apt-get install postgresql, or set {URL}"
_STARTS_WITHIN_SECONDS = 30.0
_TRIES = 3


class Cluster:
    """A running server; `url` leads to its maintenance database."""

    def __init__(self, url: str) -> None:
        self.url = url

    @contextmanager
    def database(self) -> Iterator[str]:
        """An empty database's URL; the database is dropped at the end."""
        name = f"copilot_test_{secrets.token_hex(6)}"
        self._run(f"CREATE DATABASE {name}")
        try:
            yield self._named(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def emptied(self, url: str) -> Iterator[str]:
        """A database of this server without any table in it: quicker than a new one."""
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        yield url

    def _named(self, name: str) -> str:
        from sqlalchemy import make_url

        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The server. Where there is none, a test that asks for it is skipped, or fails if `COPILOT_TEST_REQUIRE` names postgres."""
    if given := os.environ.get(URL):
        yield Cluster(given)
        return
    programs = _programs()
    if programs is None:
        missing("postgres", "a PostgreSQL server", HOW)
        return
    with _started(programs) as url:
        yield Cluster(url)


@pytest.fixture(scope="session")
def postgres_database(postgres: Cluster) -> Iterator[str]:
    """One database for all tests of a session; `Cluster.emptied` clears it."""
    with postgres.database() as url:
        yield url


def _programs() -> Path | None:
    """The folder that holds initdb and postgres, the newest first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    if on_path := shutil.which("postgres"):
        found.insert(0, Path(on_path).parent)
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


@contextmanager
def _started(programs: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="copilot-pg-"))  # a short path: a socket's name has room for a hundred characters
    server = None
    try:
        password = _initialised(programs, folder)
        server, port = _serving(programs, folder)
        yield f"postgresql://copilot:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=_STARTS_WITHIN_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _initialised(programs: Path, folder: Path) -> str:
    password = secrets.token_hex(16)
    (folder / "password").write_text(password, encoding="ascii")
    if _owner():
        for path in (folder, folder / "password"):
            shutil.chown(path, _owner(), _owner())
    command = [programs / "initdb", "-D", folder / "cluster", "-U", "copilot", "--pwfile", folder / "password"]
    command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale"]
    made = subprocess.run(command, user=_owner(), cwd=folder, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.fail(f"initdb failed: {made.stderr.strip()[-400:]}", pytrace=False)
    return password


def _serving(programs: Path, folder: Path) -> tuple["subprocess.Popen[bytes]", int]:
    """A server that answers, and its port; another port is tried where somebody took the first one meanwhile."""
    log = folder / "log"
    for _ in range(_TRIES):
        port = _free_port()
        command = [programs / "postgres", "-D", folder / "cluster", "-k", folder, "-p", str(port)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]
        with log.open("ab") as out:
            server = subprocess.Popen(command, user=_owner(), cwd=folder, stdout=out, stderr=out)
        if _answers(server, port):
            return server, port
        with suppress(subprocess.TimeoutExpired):
            server.kill()
            server.wait(timeout=5)
    pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')[-400:]}", pytrace=False)


def _answers(server: "subprocess.Popen[bytes]", port: int) -> bool:
    import psycopg

    ends = time.monotonic() + _STARTS_WITHIN_SECONDS
    while server.poll() is None and time.monotonic() < ends:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="nobody", password="none", dbname="postgres", connect_timeout=2)
        except psycopg.OperationalError as fault:
            if "password authentication failed" in str(fault):
                return True
        time.sleep(0.1)
    return False


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _owner() -> str | None:
    """As whom the server runs: it refuses root."""
    return "postgres" if os.geteuid() == 0 else None
