"""What tokens cost, where prices are set; and whether an answer says what it took at all."""

from dataclasses import dataclass

from copilot.config.settings import Settings
from copilot.core.errors import SettingsError
from copilot.core.reading import Usage

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of a million tokens, in whatever money they were given."""

    prompt: float
    cached: float
    completion: float

    @classmethod
    def of(cls, settings: Settings) -> "Prices | None":
        """The prices that settings give; None where none are set. Raises `SettingsError` where one of two is missing."""
        given = {"COPILOT_PRICE_PROMPT": settings.price_prompt, "COPILOT_PRICE_COMPLETION": settings.price_completion}
        missing = [name for name, price in given.items() if price is None]
        if settings.price_prompt is None or settings.price_completion is None:
            if len(missing) == 1:
                raise SettingsError(f"{missing[0]} is not set; set both prices, or neither")
            return None
        cached = settings.price_prompt if settings.price_cached is None else settings.price_cached
        return cls(settings.price_prompt, cached, settings.price_completion)

    def cost(self, usage: Usage) -> float:
        """What these tokens cost; cached ones are part of the prompt's. Never below nothing."""
        fresh = max(0, usage.prompt_tokens - usage.cached_tokens)
        total = fresh * self.prompt + usage.cached_tokens * self.cached + usage.completion_tokens * self.completion
        return total / _MILLION


def is_told(usage: Usage, content: str | None) -> bool:
    """False where a server did not say what an answer took: no prompt is of no token, and no text either."""
    return usage.known and usage.prompt_tokens > 0 and (usage.completion_tokens > 0 or not content)
