"""Settings: the environment, read once, into one frozen object.

Every duration and size has its unit in its name. `repr` hides secrets. A wrong value raises `SettingsError`
that names the variable and what it takes.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from copilot.errors import SettingsError

STRUCTURED_OUTPUT_MODES = ("auto", "strict", "json", "text")
EXTRACTORS = ("auto", "openai", "lexical")
PROFILES = ("openai", "azure", "vllm", "ollama", "llamacpp", "lmstudio", "compatible")
TOKEN_PARAMETERS = ("max_tokens", "max_completion_tokens", "off")
OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; units are in the names.

    `temperature`, `token_parameter` and `seed` None mean: as the profile says; "off" means: do not send it.
    `extra_body` is JSON text of an object that is merged into every request (server options such as vLLM's).
    `tag_salt` goes into the mark around the ticket in a prompt; keep it the same to replay recorded requests.
    `price_*` are prices of a million tokens, in whatever money; None: nothing is said about cost.
    `ca_file` is a PEM file of certificate authorities to trust instead of the system's.
    Raises nothing by itself: use `Settings.from_environment`.
    """

    marketplace: str = "Upwork"
    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    model: str | None = None
    profile: str = "openai"
    structured_output: str = "auto"
    reasoning_effort: str | None = None
    deadline_seconds: float = 20.0
    attempt_seconds: float = 10.0
    connect_seconds: float = 3.0
    max_attempts: int = 3
    max_output_tokens: int = 4_000
    max_response_bytes: int = 1_000_000
    window_characters: int = 24_000
    window_overlap_sentences: int = 6
    window_concurrency: int = 4
    temperature: float | str | None = None
    seed: int | str | None = None
    token_parameter: str | None = None
    extra_body: str | None = None
    tag_salt: str = field(default="", repr=False)
    ca_file: str | None = None
    allow_insecure_http: bool = False
    breaker_failures: int = 5
    breaker_seconds: float = 30.0
    price_prompt: float | None = None
    price_cached: float | None = None
    price_completion: float | None = None

    @property
    def endpoint(self) -> str:
        """The base URL that requests go to."""
        return self.base_url or OPENAI_URL

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read settings from a mapping (default: the process environment).

        Raises `SettingsError` naming the variable where a value cannot be used.
        """
        given = _Variables(os.environ if environment is None else environment)
        allow_insecure_http = given.flag("COPILOT_ALLOW_INSECURE_HTTP")
        base_url = given.text("OPENAI_BASE_URL")
        if base_url:
            check_base_url(base_url, allow_insecure_http)
        default = cls()
        return cls(
            marketplace=given.text("COPILOT_MARKETPLACE") or default.marketplace,
            api_key=given.text("OPENAI_API_KEY"),
            base_url=base_url,
            model=given.text("COPILOT_MODEL"),
            profile=given.one_of("COPILOT_PROFILE", PROFILES, default.profile),
            structured_output=given.one_of("COPILOT_STRUCTURED_OUTPUT", STRUCTURED_OUTPUT_MODES, default.structured_output),
            reasoning_effort=given.text("COPILOT_REASONING_EFFORT"),
            deadline_seconds=given.number("COPILOT_DEADLINE_SECONDS", default.deadline_seconds),
            attempt_seconds=given.number("COPILOT_ATTEMPT_SECONDS", default.attempt_seconds),
            connect_seconds=given.number("COPILOT_CONNECT_SECONDS", default.connect_seconds),
            max_attempts=given.whole("COPILOT_MAX_ATTEMPTS", default.max_attempts),
            max_output_tokens=given.whole("COPILOT_MAX_OUTPUT_TOKENS", default.max_output_tokens),
            max_response_bytes=given.whole("COPILOT_MAX_RESPONSE_BYTES", default.max_response_bytes),
            window_characters=given.whole("COPILOT_WINDOW_CHARACTERS", default.window_characters),
            window_overlap_sentences=given.whole("COPILOT_WINDOW_OVERLAP_SENTENCES", default.window_overlap_sentences),
            window_concurrency=given.whole("COPILOT_WINDOW_CONCURRENCY", default.window_concurrency),
            temperature=given.number_or_off("COPILOT_TEMPERATURE"),
            seed=given.whole_or_off("COPILOT_SEED"),
            token_parameter=given.one_of("COPILOT_TOKEN_PARAMETER", TOKEN_PARAMETERS, "") or None,
            extra_body=given.json_object("COPILOT_EXTRA_BODY"),
            tag_salt=given.text("COPILOT_TAG_SALT") or default.tag_salt,
            ca_file=given.text("COPILOT_CA_FILE") or given.text("SSL_CERT_FILE"),
            allow_insecure_http=allow_insecure_http,
            breaker_failures=given.whole("COPILOT_BREAKER_FAILURES", default.breaker_failures),
            breaker_seconds=given.number("COPILOT_BREAKER_SECONDS", default.breaker_seconds),
            price_prompt=given.price("COPILOT_PRICE_PROMPT"),
            price_cached=given.price("COPILOT_PRICE_CACHED"),
            price_completion=given.price("COPILOT_PRICE_COMPLETION"),
        )


def check_base_url(url: str, allow_insecure_http: bool) -> None:
    """Refuse an endpoint that would send tickets in the clear, or that carries a password.

    Raises `SettingsError`. Plain http is taken for loopback addresses, and elsewhere only if it was allowed.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise SettingsError("OPENAI_BASE_URL is not a URL; set it to one such as https://api.openai.com/v1") from None
    if parts.scheme not in ("http", "https") or not host:
        raise SettingsError("OPENAI_BASE_URL is not an http(s) URL; set it to one such as https://api.openai.com/v1")
    if parts.username or parts.password:
        raise SettingsError("OPENAI_BASE_URL holds a user name or password; leave them out and set OPENAI_API_KEY")
    if parts.scheme == "http" and not _is_loopback(host) and not allow_insecure_http:
        raise SettingsError("OPENAI_BASE_URL is plain http to another machine; use https, or set COPILOT_ALLOW_INSECURE_HTTP=1")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class _Variables:
    """Reads typed values out of a mapping of strings; a blank value counts as not set."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str) -> str | None:
        return (self._environment.get(name) or "").strip() or None

    def one_of(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name)
        if value is None:
            return default
        if value not in choices:
            raise SettingsError(f"{name} is not a known choice; set it to one of {', '.join(choices)}")
        return value

    def number(self, name: str, default: float) -> float:
        value = self.text(name)
        if value is None:
            return default
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        if not 0 < number < 1e9:
            raise SettingsError(f"{name} is not a number over 0; set it to one such as {default:g}, or leave it out")
        return number

    def whole(self, name: str, default: int) -> int:
        number = self.number(name, default)
        if number != int(number):
            raise SettingsError(f"{name} is not a whole number; set it to one such as {default}, or leave it out")
        return int(number)

    def flag(self, name: str) -> bool:
        return self.one_of(name, ("0", "1"), "0") == "1"

    def price(self, name: str) -> float | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number < 1e6:
            raise SettingsError(f"{name} is not a price of a million tokens; set it to a number such as 2.5, or leave it out")
        return number

    def number_or_off(self, name: str) -> float | str | None:
        value = self.text(name)
        if value is None or value == "off":
            return value
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 2:
            raise SettingsError(f"{name} is not a number from 0 to 2; set it to one such as 0, to off, or leave it out")
        return number

    def whole_or_off(self, name: str) -> int | str | None:
        value = self.text(name)
        if value is None or value == "off":
            return value
        if not value.isascii() or not value.isdigit() or len(value) > 9:
            raise SettingsError(f"{name} is not a whole number; set it to one such as 7, to off, or leave it out")
        return int(value)

    def json_object(self, name: str) -> str | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            is_object = isinstance(json.loads(value), dict)
        except (ValueError, RecursionError):
            is_object = False
        if not is_object:
            raise SettingsError(f'{name} is not a JSON object; set it to one such as {{"top_k": 1}}, or leave it out')
        return value
