"""`copilot keys signout`: sessions that end before their time."""

import click

from copilot.cli.faults import DONE
from copilot.cli.open_store import opened_store


@click.command()
@click.option("--agent", help="Whose sessions end: the name that their feedback goes under.")
@click.option("--all", "everybody", is_flag=True, help="End the sessions of all agents.")
def command(agent: str | None, everybody: bool) -> int:
    """End sessions at once: one agent's, or everybody's. Keys stay as they are; `keys revoke` ends a key's sessions as well.

    \b
    Example:
      copilot keys signout --agent agent-12
    """
    from copilot.output.shown import write_out

    if (agent is None) is not everybody:
        raise click.UsageError("say --agent with a name, or --all.")
    with opened_store() as store:
        count = store.sessions.end_all(agent)
    write_out("1 session ended" if count == 1 else f"{count} sessions ended")
    return DONE
