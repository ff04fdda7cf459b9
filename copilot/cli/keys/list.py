"""`copilot keys list`: which keys there are."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from copilot.cli.faults import DONE
from copilot.cli.lines import StyledLine, print_lines
from copilot.cli.open_store import opened_store

if TYPE_CHECKING:
    from copilot.store import ApiKey


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, and nothing else.")
def command(as_json: bool) -> int:
    """List API keys, oldest first, revoked ones too. No secret is shown: none is kept.

    \b
    Example:
      copilot keys list --json
    """
    from copilot.output.shown import write_out

    with opened_store() as store:
        keys = store.keys.list()
    if as_json:
        write_out(json.dumps([_plain(key) for key in keys], indent=2))
        return DONE
    print_lines(_line(key) for key in keys)
    if not keys:
        write_out("no keys yet; make one with `copilot keys create`")
    return DONE


def _plain(key: "ApiKey") -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
        "usable": key.is_usable(datetime.now(UTC)),
    }


def _line(key: "ApiKey") -> StyledLine:
    if key.revoked_at:
        state = f"revoked {key.revoked_at:%Y-%m-%d}"
    elif key.expires_at:
        state = f"{'until' if key.is_usable(datetime.now(UTC)) else 'expired'} {key.expires_at:%Y-%m-%d}"
    else:
        state = "until revoked"
    return StyledLine(f"{key.name}: {', '.join(key.scopes)}; made {key.created_at:%Y-%m-%d}, {state}", " " * 10, f"{key.id}  ")
