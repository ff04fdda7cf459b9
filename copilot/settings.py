"""Settings: the environment, read once, into one frozen object.

Every duration and size has its unit in its name. `repr` hides secrets. A wrong value raises `SettingsError`
that names the variable and what it takes.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from copilot.errors import SettingsError
from copilot.variables import QUOTES as _QUOTES
from copilot.variables import Variables, named, not_filled_in

STRUCTURED_OUTPUT_MODES = ("auto", "strict", "json", "text")
EXTRACTORS = ("auto", "openai", "embedded", "lexical")
PROFILES = ("openai", "azure", "vllm", "ollama", "llamacpp", "lmstudio", "compatible")
TOKEN_PARAMETERS = ("max_tokens", "max_completion_tokens", "off")
OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; units are in the names.

    `temperature`, `token_parameter`, `seed` and `max_output_tokens` None mean: as the profile says; "off" means: do not
    send it.
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
    embedded_seconds: float = 60.0
    max_attempts: int = 3
    max_connections: int = 64
    max_output_tokens: int | None = None
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
        given = Variables(os.environ if environment is None else environment)
        allow_insecure_http = given.flag("COPILOT_ALLOW_INSECURE_HTTP")
        base_url = given.text("OPENAI_BASE_URL")
        if base_url:
            check_base_url(base_url, allow_insecure_http)
        api_key = given.text("OPENAI_API_KEY")
        check_api_key(api_key)
        default = cls()
        return cls(
            marketplace=given.name("COPILOT_MARKETPLACE") or default.marketplace,
            api_key=api_key,
            base_url=base_url,
            model=given.name("COPILOT_MODEL"),
            profile=given.one_of("COPILOT_PROFILE", PROFILES, default.profile),
            structured_output=given.one_of("COPILOT_STRUCTURED_OUTPUT", STRUCTURED_OUTPUT_MODES, default.structured_output),
            reasoning_effort=given.name("COPILOT_REASONING_EFFORT"),
            deadline_seconds=given.number("COPILOT_DEADLINE_SECONDS", default.deadline_seconds),
            attempt_seconds=given.number("COPILOT_ATTEMPT_SECONDS", default.attempt_seconds),
            connect_seconds=given.number("COPILOT_CONNECT_SECONDS", default.connect_seconds),
            embedded_seconds=given.number("COPILOT_EMBEDDED_SECONDS", default.embedded_seconds),
            max_attempts=given.whole("COPILOT_MAX_ATTEMPTS", default.max_attempts),
            max_connections=given.whole("COPILOT_MAX_CONNECTIONS", default.max_connections),
            max_output_tokens=given.whole("COPILOT_MAX_OUTPUT_TOKENS", 0) or None,
            max_response_bytes=given.whole("COPILOT_MAX_RESPONSE_BYTES", default.max_response_bytes),
            window_characters=given.whole("COPILOT_WINDOW_CHARACTERS", default.window_characters),
            window_overlap_sentences=given.whole("COPILOT_WINDOW_OVERLAP_SENTENCES", default.window_overlap_sentences),
            window_concurrency=given.whole("COPILOT_WINDOW_CONCURRENCY", default.window_concurrency),
            temperature=given.number_or_off("COPILOT_TEMPERATURE"),
            seed=given.whole_or_off("COPILOT_SEED"),
            token_parameter=given.one_of("COPILOT_TOKEN_PARAMETER", TOKEN_PARAMETERS, "") or None,
            extra_body=given.json_object("COPILOT_EXTRA_BODY"),
            tag_salt=given.text("COPILOT_TAG_SALT") or default.tag_salt,
            ca_file=given.name("COPILOT_CA_FILE") or given.text("SSL_CERT_FILE"),
            allow_insecure_http=allow_insecure_http,
            breaker_failures=given.whole("COPILOT_BREAKER_FAILURES", default.breaker_failures),
            breaker_seconds=given.number("COPILOT_BREAKER_SECONDS", default.breaker_seconds),
            price_prompt=given.price("COPILOT_PRICE_PROMPT"),
            price_cached=given.price("COPILOT_PRICE_CACHED"),
            price_completion=given.price("COPILOT_PRICE_COMPLETION"),
        )


def check_api_key(key: str | None) -> None:
    """Refuse a key that no header can carry or no server gave out: something slipped in when it was pasted.

    Raises `SettingsError`, which names the character and its place and never shows the key.
    """
    found = next(((at, one) for at, one in enumerate(key or "", start=1) if not "!" <= one <= "~" or one in _QUOTES), None)
    if found:
        at, one = found
        raise SettingsError(f"OPENAI_API_KEY holds {named(one)} as character {at}; set it to the key alone, as it was given out")
    if told := _what_no_key_is(key or ""):
        raise SettingsError(f"OPENAI_API_KEY {told}; set it to the key alone, as it was given out")


def _what_no_key_is(key: str) -> str | None:
    """What a text is, in words, that no server gave out as a key."""
    if key[:1] + key[-1:] in ("<>", "[]", "()", "{}"):
        return f"holds {named(key[0])} as character 1"
    return "is an address" if re.match(r"https?://", key) else not_filled_in(key)


_NO_ADDRESS = frozenset("<>{}|\\^$*") | _QUOTES
"""What no address holds: it slipped in, or stands for something that was to be filled in."""
_NOT_IN_A_BASE = (
    *("/chat/completions", "/completions", "/chat", "/responses", "/models", "/embeddings", "/messages"),
    *("/api/generate", "/api/tags", ":generatecontent"),
)
"""Ends of addresses that are calls of an API, the longest first."""


def check_base_url(url: str, allow_insecure_http: bool) -> None:
    """Refuse an endpoint that would send tickets in the clear or elsewhere, or that carries a password.

    Raises `SettingsError`, which names the character or the part. Plain http is taken for loopback addresses, and
    elsewhere only if it was allowed.
    """
    slipped_in = next((one for one in url if one in _NO_ADDRESS or not (one.isalnum() or "!" <= one <= "~")), None)
    slipped_in = slipped_in or next((one for one in (url[0], url[-1]) if one in "()[],;."), None)
    told = f"holds {named(slipped_in)}" if slipped_in else not_filled_in(url)
    if told:
        raise SettingsError(f"OPENAI_BASE_URL {told}; set it to the address alone, such as {OPENAI_URL}")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise SettingsError(f"OPENAI_BASE_URL is not a URL; set it to one such as {OPENAI_URL}") from None
    if "://" not in url and re.match(r"https?\W", url):
        raise SettingsError(f"OPENAI_BASE_URL lacks '://' behind its scheme; set it to an address such as {OPENAI_URL}")
    if "://" not in url:
        raise SettingsError("OPENAI_BASE_URL is no http(s) URL: it lacks the scheme; begin it with https:// or, here, http://")
    if parts.scheme not in ("http", "https") or not host:
        raise SettingsError(f"OPENAI_BASE_URL is not an http(s) URL; set it to one such as {OPENAI_URL}")
    if "@" in parts.netloc:
        raise SettingsError("OPENAI_BASE_URL holds a user name or password; leave them out and set OPENAI_API_KEY")
    _check_path(url, parts.path)
    if parts.scheme == "http" and not is_loopback(host) and not allow_insecure_http:
        raise SettingsError("OPENAI_BASE_URL is plain http to another machine; use https, or set COPILOT_ALLOW_INSECURE_HTTP=1")


def _check_path(url: str, path: str) -> None:
    """A base is an address without a query, to which the name of a call is added."""
    for mark, part in (("?", "query"), ("#", "fragment")):
        if mark in url:
            raise SettingsError(f"OPENAI_BASE_URL carries a {part} (what begins with {mark!r}); end it before that")
    ending = next((one for one in _NOT_IN_A_BASE if path.rstrip("/").lower().endswith(one)), None)
    if ending:
        raise SettingsError(f"OPENAI_BASE_URL ends in {ending!r}, which is one call; end it before that, as in {OPENAI_URL}")
    doubled = re.search(r"(/v\d+)\1(?:/|$)", path)
    if doubled:
        raise SettingsError(f"OPENAI_BASE_URL holds {doubled[1]!r} twice; write it once")
    if "//" in path:
        raise SettingsError("OPENAI_BASE_URL holds '//' in its path; write one stroke, and one scheme")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


AUTH_MODES = ("auto", "required", "off")
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?")
_SUBDOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What the environment says about the service and its store; units are in the names.

    `database_url` None: a SQLite file in `state_dir`. `auth` auto: off on loopback while nobody could sign in, else required.
    `cors_origins` may call the API from a browser; `frame_origins` may show the panel in a frame. `zendesk_groups` is JSON
    text of an object: queue or route to the id of a group.
    Raises nothing by itself: use `ServiceSettings.from_environment`.
    """

    database_url: str | None = field(default=None, repr=False)
    state_dir: str = ".copilot"
    retention_days: int = 30
    auth: str = "auto"
    max_body_bytes: int = 4_000_000
    rate_per_minute: int = 300
    max_concurrent: int = 64
    request_seconds: float = 25.0
    session_minutes: int = 30
    cors_origins: tuple[str, ...] = ()
    frame_origins: tuple[str, ...] = ()
    zendesk_subdomain: str | None = None
    zendesk_installation_id: str | None = None
    zendesk_public_key_file: str | None = None
    zendesk_groups: str | None = None

    @property
    def database(self) -> str:
        """The database as SQLAlchemy names it."""
        return self.database_url or f"sqlite:///{Path(self.state_dir) / 'copilot.db'}"

    @property
    def zendesk_origin(self) -> str | None:
        """Where the Zendesk that may show the panel lives, or None where none is set up."""
        return f"https://{self.zendesk_subdomain}.zendesk.com" if self.zendesk_subdomain else None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "ServiceSettings":
        """Read settings from a mapping (default: the process environment).

        Raises `SettingsError` naming the variable where a value cannot be used.
        """
        given = Variables(os.environ if environment is None else environment)
        default = cls()
        read = cls(
            database_url=given.text("COPILOT_DATABASE_URL"),
            state_dir=given.text("COPILOT_STATE_DIR") or default.state_dir,
            retention_days=given.whole("COPILOT_RETENTION_DAYS", default.retention_days),
            auth=given.one_of("COPILOT_AUTH", AUTH_MODES, default.auth),
            max_body_bytes=given.whole("COPILOT_MAX_BODY_BYTES", default.max_body_bytes),
            rate_per_minute=given.whole("COPILOT_RATE_PER_MINUTE", default.rate_per_minute),
            max_concurrent=given.whole("COPILOT_MAX_CONCURRENT", default.max_concurrent),
            request_seconds=given.number("COPILOT_REQUEST_SECONDS", default.request_seconds),
            session_minutes=given.whole("COPILOT_SESSION_MINUTES", default.session_minutes),
            cors_origins=_origins(given, "COPILOT_CORS_ORIGINS"),
            frame_origins=_origins(given, "COPILOT_FRAME_ORIGINS"),
            zendesk_subdomain=given.text("COPILOT_ZENDESK_SUBDOMAIN"),
            zendesk_installation_id=given.text("COPILOT_ZENDESK_INSTALLATION_ID"),
            zendesk_public_key_file=given.text("COPILOT_ZENDESK_PUBLIC_KEY_FILE"),
            zendesk_groups=given.json_object("COPILOT_ZENDESK_GROUPS"),
        )
        read._check_zendesk()
        return read

    def _check_zendesk(self) -> None:
        if self.zendesk_subdomain is not None and not _SUBDOMAIN.fullmatch(self.zendesk_subdomain):
            raise SettingsError("COPILOT_ZENDESK_SUBDOMAIN is not a subdomain; set it to the first part of your Zendesk's host")
        if self.zendesk_installation_id is not None and not re.fullmatch(r"[0-9]{1,20}", self.zendesk_installation_id):
            raise SettingsError("COPILOT_ZENDESK_INSTALLATION_ID is not a number; Zendesk shows it once the app is installed")
        given = {
            "COPILOT_ZENDESK_SUBDOMAIN": self.zendesk_subdomain,
            "COPILOT_ZENDESK_INSTALLATION_ID": self.zendesk_installation_id,
            "COPILOT_ZENDESK_PUBLIC_KEY_FILE": self.zendesk_public_key_file,
        }
        missing = [name for name, value in given.items() if value is None]
        if missing and len(missing) < len(given):
            raise SettingsError(f"{missing[0]} is not set, and Zendesk's sign-in needs all of {', '.join(given)}")


def _origins(given: Variables, name: str) -> tuple[str, ...]:
    """Exact origins, divided by blanks or commas: https, or plain http to this machine; no path and no wildcard."""
    origins = tuple(dict.fromkeys((given.text(name) or "").replace(",", " ").split()))
    for origin in origins:
        match = _ORIGIN.fullmatch(origin)
        if not match or (match["scheme"] == "http" and not is_loopback(match["host"].strip("[]"))):
            raise SettingsError(f"{name} holds something that is no origin; set it to origins such as https://desk.example.org")
    return origins
