"""The JSON Schema that a server is asked to keep to: generated once from `Extraction`, then frozen in a file.

Comes in: the Pydantic model. Goes out: a schema in the subset that OpenAI, Azure, vLLM, Ollama, llama.cpp and
LM Studio all take: closed objects, every key required, no `$ref`, no titles, defaults or bounds. Evidence comes first
in each fact, so that a model finds the sentence before it names the harm. No route, queue or label is in it, and no
free text but a party's name and ids. For a server that is known to keep to them there are bounds as well: lists end, and
ids are those there are, so that a small model cannot go on without end.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from copilot.core.extraction import Extraction
from copilot.core.facts import MAX_NAME_CHARACTERS

FROZEN_FILE = Path(__file__).with_name("extraction.schema.json")
ALLOWED_KEYWORDS = frozenset({"type", "enum", "anyOf", "properties", "required", "additionalProperties", "items"})
ALLOWED_TYPES = frozenset({"object", "array", "string", "boolean", "null"})
MAX_DEPTH = 10
MAX_ENUM_VALUES = 1_000

MOST_OF_A_LIST = 8
"""Parties and facts of a kind that one window can hold; a labelled or recorded ticket has four at most."""
MOST_EVIDENCE = 8
"""Sentences that a fact can cite; a labelled or recorded one cites three at most."""
MOST_LISTED_IDS = 200
"""A window of more sentences leaves their ids open: a list of them costs a server more than it saves."""
_PARTY_KEYS = frozenset({"id", "by", "against", "of"})

Schema = dict[str, Any]


def generate() -> Schema:
    """The wire schema of today's `Extraction`, by our own strict pass."""
    source = Extraction.model_json_schema()
    return _strict(source, source.get("$defs", {}))


def render(schema: Schema) -> str:
    """The text that is frozen: stable, one line, ends with a line break."""
    return json.dumps(schema, ensure_ascii=True, separators=(",", ":")) + "\n"


@cache
def frozen_text() -> str:
    """The frozen file as it is shipped."""
    return FROZEN_FILE.read_text(encoding="utf-8")


@cache
def frozen() -> Schema:
    """The frozen schema, parsed. Treat it as read-only."""
    schema: Schema = json.loads(frozen_text())
    return schema


@cache
def sha256() -> str:
    """The hash of the frozen file, for provenance."""
    return hashlib.sha256(frozen_text().encode()).hexdigest()


def response_format(schema: Schema | None = None, name: str = "extraction") -> Schema:
    """The `response_format` field of a request in strict mode, for the frozen schema or another."""
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema or frozen()}}


def bounded(sentence_ids: Sequence[str]) -> Schema:
    """The frozen schema with bounds, for a window of these sentences, in the ids that the prompt prints."""
    parties = [f"p{number}" for number in range(1, MOST_OF_A_LIST + 1)]
    sentences = list(sentence_ids) if len(sentence_ids) <= MOST_LISTED_IDS else []
    return _bounded(frozen(), "", {**dict.fromkeys(_PARTY_KEYS, parties), "evidence": sentences})


def lint(schema: Schema) -> list[str]:
    """Every place where a schema leaves the common strict subset, as `path: what`; empty when it is fine."""
    found = [f"{path}: {fault}" for path, node in nodes(schema, "$") for fault in _faults(node)]
    if schema.get("type") != "object":
        found.append("$: the root is not an object")
    return found


def _faults(node: Schema) -> Iterator[str]:
    yield from (f"keyword {keyword!r} is outside the common subset" for keyword in sorted(set(node) - ALLOWED_KEYWORDS))
    if "anyOf" not in node and node.get("type") not in ALLOWED_TYPES:
        yield "type is missing or outside the common subset"
    if node.get("type") == "object":
        if node.get("additionalProperties") is not False:
            yield "additionalProperties is not false"
        if sorted(node.get("required", [])) != sorted(node.get("properties", {})):
            yield "required does not list every property"
    if node.get("type") == "array" and "type" not in node.get("items", {}):
        yield "items has no type"
    if len(node.get("enum", [])) > MAX_ENUM_VALUES:
        yield "enum has too many values"


def nodes(node: Schema, path: str, depth: int = 0) -> Iterator[tuple[str, Schema]]:
    """Every part of a schema with the path to it, from the whole down. Raises `ValueError` past `MAX_DEPTH`."""
    if depth > MAX_DEPTH:
        raise ValueError(f"{path} is nested deeper than {MAX_DEPTH}")
    yield path, node
    for name, child in node.get("properties", {}).items():
        yield from nodes(child, f"{path}.{name}", depth + 1)
    if isinstance(node.get("items"), dict):
        yield from nodes(node["items"], f"{path}[]", depth + 1)
    for position, child in enumerate(node.get("anyOf", [])):
        yield from nodes(child, f"{path}|{position}", depth)


def _bounded(node: Schema, key: str, ids: dict[str, list[str]]) -> Schema:
    """One node, the value of `key`, with an end to its list or text; `ids` are those that a key may hold."""
    if node.get("type") == "object":
        return node | {"properties": {name: _bounded(child, name, ids) for name, child in node["properties"].items()}}
    if node.get("type") == "array":
        most = MOST_EVIDENCE if key == "evidence" else MOST_OF_A_LIST
        return node | {"items": _bounded(node["items"], key, ids), "maxItems": most}
    if "anyOf" in node:
        return node | {"anyOf": [_bounded(option, key, ids) for option in node["anyOf"]]}
    if node["type"] == "string" and "enum" not in node:
        return node | ({"enum": ids[key]} if ids.get(key) else {"maxLength": MAX_NAME_CHARACTERS})
    return node


def _strict(node: Schema, definitions: Schema) -> Schema:
    """One node with its reference written out, and everything dropped that a server may refuse."""
    if "$ref" in node:
        return _strict(definitions[node["$ref"].removeprefix("#/$defs/")], definitions)
    if "anyOf" in node:
        return {"anyOf": [_strict(option, definitions) for option in node["anyOf"]]}
    if node["type"] == "object":
        names = sorted(node["properties"], key=lambda name: name != "evidence")
        properties = {name: _strict(node["properties"][name], definitions) for name in names}
        return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}
    if node["type"] == "array":
        return {"type": "array", "items": _strict(node["items"], definitions)}
    return {"type": node["type"], **({"enum": list(node["enum"])} if "enum" in node else {})}


if __name__ == "__main__":
    FROZEN_FILE.write_text(render(generate()), encoding="utf-8")
