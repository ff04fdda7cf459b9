"""What each kind of endpoint takes: from settings, a request body.

Comes in: `Settings` and messages. Goes out: the JSON body of one Chat Completions request. A field is sent only
where the profile or a setting says so; nothing is guessed from the name of a model.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from copilot.config.settings import Settings
from copilot.readers.model import wire_schema

REASONING_OUTPUT_FACTOR = 4
"""A reasoning model spends output tokens before it answers, so its cap is that many times larger."""


class Mode(StrEnum):
    """How the server is asked to keep to the schema; the same validation follows in every mode."""

    STRICT = "strict"
    JSON = "json"
    TEXT = "text"


LADDER = (Mode.STRICT, Mode.JSON, Mode.TEXT)


@dataclass(frozen=True, slots=True)
class EndpointProfile:
    """One kind of server. None means the field is left out of the request.

    `keeps_bounds` is true where servers of the kind are known to keep to the length of a list and to a list of ids.
    """

    name: str
    token_parameter: str | None = "max_tokens"  # noqa: S105 - tokens of text
    temperature: float | None = 0.0
    seed: int | None = None
    store: bool | None = None
    reasoning_effort: str | None = None
    output_tokens: int = 4_000
    keeps_bounds: bool = False
    modes: tuple[Mode, ...] = LADDER


_COMPLETION_TOKENS = "max_completion_tokens"
LOCAL_OUTPUT_TOKENS = 800
"""The cap for a model on one's own machine: four times the longest answer to a labelled ticket, and a loop ends in time."""

PROFILES: Mapping[str, EndpointProfile] = {
    profile.name: profile
    for profile in (
        EndpointProfile("openai", _COMPLETION_TOKENS, temperature=None, store=False),
        EndpointProfile("azure", _COMPLETION_TOKENS, temperature=None),
        EndpointProfile("vllm", seed=7),
        EndpointProfile("ollama", seed=7, output_tokens=LOCAL_OUTPUT_TOKENS),
        EndpointProfile("llamacpp", seed=7, output_tokens=LOCAL_OUTPUT_TOKENS, keeps_bounds=True),
        EndpointProfile("lmstudio", seed=7, output_tokens=LOCAL_OUTPUT_TOKENS),
        EndpointProfile("compatible"),
    )
}
"""OpenAI and Azure take no temperature here because their reasoning models answer 400 to one."""


def profile_for(settings: Settings) -> EndpointProfile:
    """The profile that settings name, with every override applied."""
    profile = PROFILES[settings.profile]
    modes = LADDER if settings.structured_output == "auto" else (Mode(settings.structured_output),)
    profile = replace(profile, modes=modes, output_tokens=output_cap(settings))
    if settings.reasoning_effort:
        tokens = profile.output_tokens * REASONING_OUTPUT_FACTOR
        profile = replace(profile, reasoning_effort=settings.reasoning_effort, temperature=None, seed=None, output_tokens=tokens)
    if settings.token_parameter:
        is_off = settings.token_parameter == "off"  # noqa: S105 - tokens of text
        profile = replace(profile, token_parameter=None if is_off else settings.token_parameter)
    if settings.temperature is not None:
        profile = replace(profile, temperature=None if isinstance(settings.temperature, str) else settings.temperature)
    if settings.seed is not None:
        profile = replace(profile, seed=None if isinstance(settings.seed, str) else settings.seed)
    return profile


def output_cap(settings: Settings) -> int:
    """The cap on an answer in tokens, before any room to think: as settings say, else as the profile does."""
    return settings.max_output_tokens or PROFILES[settings.profile].output_tokens


def response_format(mode: Mode, schema: wire_schema.Schema | None = None) -> dict[str, Any] | None:
    """The `response_format` field of a mode, for the frozen schema or another; None where the field is left out."""
    if mode is Mode.STRICT:
        return wire_schema.response_format(schema)
    return {"type": "json_object"} if mode is Mode.JSON else None


def request_body(
    settings: Settings,
    profile: EndpointProfile,
    messages: Sequence[Mapping[str, str]],
    format: dict[str, Any] | None,
    output_tokens: int,
) -> dict[str, Any]:
    """The whole JSON body of one request; the same arguments give the same body. `format` is its `response_format`."""
    body: dict[str, Any] = {"model": settings.model, "messages": [dict(message) for message in messages]}
    if format is not None:
        body["response_format"] = format
    if profile.token_parameter:
        body[profile.token_parameter] = output_tokens
    optional = {
        "temperature": profile.temperature,
        "seed": profile.seed,
        "store": profile.store,
        "reasoning_effort": profile.reasoning_effort,
    }
    body |= {name: value for name, value in optional.items() if value is not None}
    return body | (json.loads(settings.extra_body) if settings.extra_body else {})
