"""Settings: the environment, read once, into one frozen object.

Every duration and size has its unit in its name. `repr` hides secrets. A wrong value raises `SettingsError`
that names the variable and what it takes.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from copilot.errors import SettingsError

STRUCTURED_OUTPUT_MODES = ("auto", "strict", "json", "text")
EXTRACTORS = ("auto", "openai", "lexical")
PROFILES = ("openai", "azure", "vllm", "ollama", "llamacpp", "lmstudio", "compatible")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. Field by field: the variable, its default, its unit.

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

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read settings from a mapping (default: the process environment).

        Raises `SettingsError` naming the variable where a value cannot be used.
        """
        given = _Variables(os.environ if environment is None else environment)
        return cls(
            marketplace=given.text("COPILOT_MARKETPLACE") or cls.marketplace,
            api_key=given.text("OPENAI_API_KEY"),
            base_url=given.text("OPENAI_BASE_URL"),
            model=given.text("COPILOT_MODEL"),
            profile=given.one_of("COPILOT_PROFILE", PROFILES, cls.profile),
            structured_output=given.one_of("COPILOT_STRUCTURED_OUTPUT", STRUCTURED_OUTPUT_MODES, cls.structured_output),
            reasoning_effort=given.text("COPILOT_REASONING_EFFORT"),
            deadline_seconds=given.number("COPILOT_DEADLINE_SECONDS", cls.deadline_seconds),
            attempt_seconds=given.number("COPILOT_ATTEMPT_SECONDS", cls.attempt_seconds),
            connect_seconds=given.number("COPILOT_CONNECT_SECONDS", cls.connect_seconds),
            max_attempts=int(given.number("COPILOT_MAX_ATTEMPTS", cls.max_attempts)),
            max_output_tokens=int(given.number("COPILOT_MAX_OUTPUT_TOKENS", cls.max_output_tokens)),
            max_response_bytes=int(given.number("COPILOT_MAX_RESPONSE_BYTES", cls.max_response_bytes)),
            window_characters=int(given.number("COPILOT_WINDOW_CHARACTERS", cls.window_characters)),
            window_overlap_sentences=int(given.number("COPILOT_WINDOW_OVERLAP_SENTENCES", cls.window_overlap_sentences)),
        )


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
