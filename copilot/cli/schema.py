"""`copilot schema`: the data contract as JSON Schema."""

import json
from collections.abc import Callable
from typing import Any

import click

from copilot.cli.faults import DONE

Schema = dict[str, Any]


def _ticket() -> Schema:
    from copilot.core.ticket import Ticket

    return Ticket.model_json_schema()


def _extraction() -> Schema:
    from copilot.core.extraction import Extraction

    return Extraction.model_json_schema()


def _suggestion() -> Schema:
    from copilot.output.suggestion import Suggestion

    return Suggestion.model_json_schema(mode="serialization")


def _wire() -> Schema:
    from copilot.readers.model import wire_schema

    return wire_schema.frozen()


SCHEMAS: dict[str, Callable[[], Schema]] = {
    "ticket": _ticket,
    "extraction": _extraction,
    "suggestion": _suggestion,
    "wire": _wire,
}


@click.command()
@click.argument("name", type=click.Choice(list(SCHEMAS)), metavar="NAME")
def command(name: str) -> int:
    """Print the JSON Schema of a shape of the data contract.

    NAME is ticket (what goes in), extraction (what a reader found), suggestion (what comes out), or wire (the extraction
    as a model server is asked to keep to it).

    \b
    Example:
      copilot schema ticket > ticket.schema.json
    """
    from copilot.output.shown import write_out

    write_out(json.dumps(SCHEMAS[name](), indent=2, ensure_ascii=False))
    return DONE
