"""`copilot keys create`: a new key, shown once."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from copilot.cli.faults import DONE, warn
from copilot.cli.open_store import opened_store

if TYPE_CHECKING:
    from copilot.store import Scope

SCOPES = ("triage", "feedback", "export", "metrics", "insights", "sessions", "admin")
LONGEST_NAME = 100
MOST_DAYS = 3_650


@click.command()
@click.option("--name", required=True, help="Who uses it; feedback given with the key goes under this name.")
@click.option("--scopes", required=True, help=f"What it is good for, divided by commas: {', '.join(SCOPES)} (everything).")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), help="How long it is good for; left out: until it is revoked.")
def command(name: str, scopes: str, days: int | None) -> int:
    """Make an API key and print it. It is shown this once; the store keeps a digest only.

    From the first key on, the service asks every caller for one, unless COPILOT_AUTH or --auth says off; also when no key is
    good any more.

    \b
    Example:
      copilot keys create --name console --scopes triage,feedback --days 90
    """
    from copilot.output.shown import write_out

    wanted = _scopes(scopes)
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise click.UsageError(f"--name must be 1 to {LONGEST_NAME} characters that can be seen.")
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    with opened_store() as store:
        key, text = store.keys.create(name.strip(), wanted, expires_at)
    warn(f"key {key.id} made; keep the next line safe, it is not shown again")
    write_out(text)
    return DONE


def _scopes(text: str) -> "list[Scope]":
    given = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [part for part in given if part not in SCOPES]
    if unknown or not given:
        raise click.UsageError(f"--scopes takes {', '.join(SCOPES)}, divided by commas.")
    from copilot.store import Scope

    return [Scope(part) for part in given]
