"""`copilot zendesk`: the app package that brings the panel into Zendesk."""

from pathlib import Path

import click

from copilot.cli.faults import DONE


@click.group(invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> int:
    """Build the app that shows the panel in Zendesk.

    Nothing is sent to Zendesk: an admin uploads the file. docs/zendesk.md has the steps.

    \b
    Example:
      copilot zendesk package --url https://copilot.example.org --out app.zip
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    return DONE


@command.command()
@click.option("--url", required=True, help="Your service's https address; the panel's page, /zendesk/sidebar, may be named.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The zip to write.")
@click.option("--name", default="Triage Copilot", show_default=True, help="What agents see above the panel.")
@click.option("--email", default="triage@example.org", show_default=True, help="Whom an admin writes to about the app.")
def package(url: str, out: Path, name: str, email: str) -> int:
    """Write the app package.

    The same options give the same bytes. The package holds no code and no key; Zendesk loads the panel from the address.

    \b
    Example:
      copilot zendesk package --url https://copilot.example.org --out app.zip
    """
    from copilot.output.shown import write_out
    from copilot.sidebar.zendesk import App, build_package

    packed = build_package(App(url, name=name, email=email))
    out.write_bytes(packed)
    write_out(f"{out}: {len(packed):,} bytes. Upload it in Zendesk's Admin Center, as a private app for Support.")
    return DONE
