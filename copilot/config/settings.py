"""Settings: the environment, read once, into frozen objects: one for reading, one for the service and its store.

Every duration and size has its unit in its name. `repr` hides secrets. A value that cannot be used raises `SettingsError`, which
names the variable and what it takes.
"""

import base64
import binascii
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator
from pydantic_settings import NoDecode

from copilot.config.addresses import OPENAI_URL, checked_base, checked_proxy, origins
from copilot.config.pasted import Unusable, checked_key
from copilot.config.variables import (
    Flag,
    Fraction,
    FromEnvironment,
    InAnyCase,
    JsonObject,
    Name,
    Number,
    Price,
    Seed,
    Temperature,
    Whole,
)

LEAST_SECRET_BYTES = 24
"""Of a secret that signs a hook."""
EXTRACTORS = ("auto", "openai", "embedded", "lexical")


class Settings(FromEnvironment):
    """What the environment says about reading; units are in the names.

    `temperature`, `token_parameter`, `seed` and `max_output_tokens` None mean: as the profile says; "off" means: do not
    send it.
    `extra_body` is JSON text of an object that is merged into every request (server options such as vLLM's).
    `tag_salt` goes into the mark around the ticket in a prompt; keep it the same to replay recorded requests.
    `price_*` are prices of a million tokens, in whatever money; None: nothing is said about cost.
    """

    allow_insecure_http: Flag = False
    base_url: Annotated[str | None, Field(validation_alias="OPENAI_BASE_URL")] = None
    api_key: Annotated[
        Annotated[str, AfterValidator(checked_key)] | None, Field(validation_alias="OPENAI_API_KEY", repr=False)
    ] = None
    marketplace: Name = "Upwork"
    model: Name | None = None
    profile: Annotated[Literal["openai", "azure", "vllm", "ollama", "llamacpp", "lmstudio", "compatible"], InAnyCase] = "openai"
    structured_output: Annotated[Literal["auto", "strict", "json", "text"], InAnyCase] = "auto"
    reasoning_effort: Name | None = None
    deadline_seconds: Number = 20.0
    attempt_seconds: Number = 10.0
    connect_seconds: Number = 3.0
    embedded_seconds: Number = 60.0
    max_attempts: Whole = 3
    max_connections: Whole = 64
    max_output_tokens: Annotated[Whole | None, Field(description="a whole number over 0", examples=[4000])] = None
    max_response_bytes: Whole = 1_000_000
    window_characters: Whole = 24_000
    window_overlap_sentences: Whole = 6
    window_concurrency: Whole = 4
    temperature: Temperature = None
    seed: Seed = None
    token_parameter: Annotated[Literal["max_tokens", "max_completion_tokens", "off"] | None, InAnyCase] = None
    extra_body: JsonObject | None = None
    redact: Flag = False
    proxy: Annotated[Annotated[str, AfterValidator(checked_proxy)] | None, Field(repr=False)] = None
    tag_salt: Annotated[str, Field(repr=False)] = ""
    ca_file: Name | None = None
    ssl_cert_file: Annotated[str | None, Field(validation_alias="SSL_CERT_FILE")] = None
    breaker_failures: Whole = 5
    breaker_seconds: Number = 30.0
    price_prompt: Price = None
    price_cached: Price = None
    price_completion: Price = None

    @field_validator("base_url")
    @classmethod
    def _safe(cls, url: str | None, info: ValidationInfo) -> str | None:
        return url and checked_base(url, info.data.get("allow_insecure_http", False))

    @property
    def endpoint(self) -> str:
        """The base URL that requests go to."""
        return self.base_url or OPENAI_URL

    @property
    def authorities_file(self) -> str | None:
        """A PEM file of certificate authorities to trust instead of the system's: `ca_file`, else what OpenSSL is told."""
        return self.ca_file or self.ssl_cert_file


def _subdomain(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", text):
        raise Unusable("is not a subdomain; set it to the first part of your Zendesk's host")
    return text


def _installation(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,20}", text):
        raise Unusable("is not a number; Zendesk shows it once the app is installed")
    return text


def _standard_secret(text: str) -> str:
    try:
        secret = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) < LEAST_SECRET_BYTES:
        raise Unusable(
            f"is not whsec_ and {LEAST_SECRET_BYTES} bytes or more in base64; set it to the secret that both sides share"
        )
    return text


def _zendesk_secret(text: str) -> str:
    if len(checked_key(text)) < LEAST_SECRET_BYTES:
        raise Unusable(f"has under {LEAST_SECRET_BYTES} characters; set it to the webhook's signing secret, as Zendesk shows it")
    return text


Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(lambda value: origins(value) if isinstance(value, str) else value)]


class StateSettings(FromEnvironment):
    """Where on this machine the copilot keeps what it may make again, and the store where no database is named."""

    state_dir: str = ".copilot"


class ServiceSettings(StateSettings):
    """What the environment says about the service and its store; units are in the names.

    `database_url` None: a SQLite file in `state_dir`. `auth` auto: off on loopback while nobody could sign in, else required.
    `blind_share` is for which share of tickets an agent is asked for a choice of their own before they see the suggestion.
    `hide_quotes`: the panel hides disturbing quotes until an agent asks for them, or says otherwise for their browser.
    `cors_origins` may call the API from a browser; `frame_origins` may show the panel in a frame. `zendesk_groups` is JSON
    text of an object: queue or route to the id of a group. `hook_secret` and `zendesk_hook_secret` sign what is told of tickets;
    None: that hook is closed.
    """

    database_url: Annotated[str | None, Field(repr=False)] = None
    retention_days: Whole = 30
    auth: Annotated[Literal["auto", "required", "off"], InAnyCase] = "auto"
    max_body_bytes: Whole = 4_000_000
    rate_per_minute: Whole = 300
    max_concurrent: Whole = 64
    request_seconds: Number = 25.0
    session_minutes: Whole = 30
    blind_share: Fraction = 0.0
    hide_quotes: Flag = True
    cors_origins: Origins = ()
    frame_origins: Origins = ()
    zendesk_subdomain: Annotated[str, AfterValidator(_subdomain)] | None = None
    zendesk_installation_id: Annotated[str, AfterValidator(_installation)] | None = None
    zendesk_public_key_file: str | None = None
    zendesk_groups: JsonObject | None = None
    hook_secret: Annotated[Annotated[str, AfterValidator(_standard_secret)] | None, Field(repr=False)] = None
    zendesk_hook_secret: Annotated[Annotated[str, AfterValidator(_zendesk_secret)] | None, Field(repr=False)] = None

    @model_validator(mode="after")
    def _zendesk_whole_or_not_at_all(self) -> Self:
        names = ("zendesk_subdomain", "zendesk_installation_id", "zendesk_public_key_file")
        variables = [self.variables()[name] for name in names]
        missing = [variable for name, variable in zip(names, variables, strict=True) if getattr(self, name) is None]
        if 0 < len(missing) < len(names):
            raise Unusable(f"{missing[0]} is not set, and Zendesk's sign-in needs all of {', '.join(variables)}")
        return self

    @property
    def database(self) -> str:
        """The database as SQLAlchemy names it."""
        return self.database_url or f"sqlite:///{Path(self.state_dir) / 'copilot.db'}"

    @property
    def zendesk_origin(self) -> str | None:
        """Where the Zendesk that may show the panel lives, or None where none is set up."""
        return f"https://{self.zendesk_subdomain}.zendesk.com" if self.zendesk_subdomain else None
