"""One line of advice for every way in which a call can end.

Comes in: an outcome and its code. Goes out: what to set, and why. There is a line for every outcome; a code makes it
more exact where one is known.
"""

from dataclasses import dataclass

from copilot.core.reading import ReadOutcome
from copilot.readers.model.cut_short import Cut
from copilot.readers.model.error_signs import FORMAT_FAILED, FORMAT_REJECTED, STREAM_REQUIRED, SYSTEM_REJECTED, THINKING_REJECTED


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to set, and why."""

    setting: str
    reason: str


def advice_on(outcome: ReadOutcome, code: str = "") -> Advice:
    """What to set after a call that ended so."""
    if code in _OF_CODE:
        return _OF_CODE[code]
    if outcome is ReadOutcome.CONFIG_REJECTED:
        return Advice("COPILOT_PROFILE", f"the server refuses a field that this profile sends ({code or 'not named'})")
    if outcome is ReadOutcome.UNAVAILABLE and not code.startswith("connection_"):
        return Advice("the server's log", f"the server answers, but with a fault of its own ({code or 'not named'})")
    return _OF_OUTCOME[outcome]


def times(slowest_seconds: float, attempt_seconds: float, deadline_seconds: float) -> Advice | None:
    """The figures to set for a model whose slowest request took so long; None where today's leave room enough."""
    needed = max(1, int(slowest_seconds * _ROOM + 1))
    figures = {"COPILOT_ATTEMPT_SECONDS": (needed, attempt_seconds), "COPILOT_DEADLINE_SECONDS": (2 * needed, deadline_seconds)}
    raised = [f"{name}={wanted}" for name, (wanted, now) in figures.items() if wanted > now]
    if not raised:
        return None
    why = f"a request took {slowest_seconds:.1f} s; copilot serve needs COPILOT_REQUEST_SECONDS above {2 * needed} as well"
    return Advice(" ".join(raised), why)


_ROOM = 1.5
"""A longer ticket takes longer than the made-up one."""

_NO_MODEL = Advice("COPILOT_MODEL", "the server does not know this model, or OPENAI_BASE_URL lacks /v1")
_NO_THINKING = Advice("COPILOT_EXTRA_BODY", "the server refuses thinking and every way to switch it off; see what it wants there")
_OF_CODE = {
    "not_found": _NO_MODEL,
    "model_rejected": _NO_MODEL,
    "method_not_allowed": Advice("OPENAI_BASE_URL", "the address takes no such call; it ends before /chat/completions"),
    "ca_file": Advice("COPILOT_CA_FILE", "the file cannot be read as PEM"),
    "forbidden": Advice("OPENAI_API_KEY", "the key is known and may not use this model or endpoint"),
    FORMAT_REJECTED: Advice("COPILOT_STRUCTURED_OUTPUT=text", "the server refuses every structured-output mode"),
    FORMAT_FAILED: Advice("COPILOT_STRUCTURED_OUTPUT=json", "the server breaks on its structured output; look at its log"),
    SYSTEM_REJECTED: Advice("COPILOT_MODEL", "the model's chat template refuses even one user message; serve it with another"),
    STREAM_REQUIRED: Advice("COPILOT_PROFILE", "the server takes streamed requests only, and refuses those too"),
    "stream_rejected": Advice("COPILOT_PROFILE", "the server takes no word on streaming; put one in front that does"),
    THINKING_REJECTED: _NO_THINKING,
    "enable_thinking_rejected": _NO_THINKING,
    "chat_template_kwargs_rejected": _NO_THINKING,
    "temperature_rejected": Advice("COPILOT_TEMPERATURE=off", "the server refuses a temperature"),
    "seed_rejected": Advice("COPILOT_SEED=off", "the server refuses a seed"),
    "store_rejected": Advice("COPILOT_PROFILE=compatible", "the server refuses a field that only OpenAI takes"),
    "max_tokens_rejected": Advice("COPILOT_TOKEN_PARAMETER=max_completion_tokens", "the server refuses max_tokens"),
    "max_completion_tokens_rejected": Advice("COPILOT_TOKEN_PARAMETER=max_tokens", "the server refuses max_completion_tokens"),
    "reasoning_effort_rejected": Advice("COPILOT_REASONING_EFFORT", "the server or model takes none; leave it out"),
    "service_tier_rejected": Advice("COPILOT_EXTRA_BODY", "the server refuses service_tier; leave it out"),
    Cut.LOOP.value: Advice("COPILOT_MODEL", "the answer went round in circles; take another model, or one less quantised"),
    Cut.CONTEXT_FULL.value: Advice(
        "the server's context length",
        "the answer was cut before its cap; serve the model with 16384 tokens or more for a request",
    ),
    Cut.CAP.value: Advice("COPILOT_MAX_OUTPUT_TOKENS", "the answer was cut at its cap, and at twice that; raise it"),
}
_OF_OUTCOME = {
    ReadOutcome.OK: Advice("nothing", "the ticket was read"),
    ReadOutcome.REPAIRED: Advice("COPILOT_MODEL", "the ticket was read at the second asking only; a better model saves a call"),
    ReadOutcome.AUTH: Advice("OPENAI_API_KEY", "the server does not take this key"),
    ReadOutcome.QUOTA: Advice("OPENAI_API_KEY", "the account behind this key has no credit left, or reached its limit"),
    ReadOutcome.RATE_LIMITED: Advice(
        "--concurrency", "the server limits how much is asked; wait, ask less at a time, or raise the account's limit"
    ),
    ReadOutcome.CERTIFICATE: Advice(
        "COPILOT_CA_FILE", "the server's certificate is not trusted; name the PEM file of its authority"
    ),
    ReadOutcome.REDIRECTED: Advice("OPENAI_BASE_URL", "the server points elsewhere; name the address that answers itself"),
    ReadOutcome.UNAVAILABLE: Advice("OPENAI_BASE_URL", "nothing answers there; is the server running, is the port right?"),
    ReadOutcome.TIMEOUT: Advice(
        "COPILOT_MODEL", "no answer came however long it was waited for; take a smaller model or a faster server"
    ),
    ReadOutcome.MALFORMED_RESPONSE: Advice("OPENAI_BASE_URL", "what answers there does not speak Chat Completions"),
    ReadOutcome.TRUNCATED: Advice("COPILOT_MAX_OUTPUT_TOKENS", "the answer was cut; raise it"),
    ReadOutcome.EMPTY: Advice("COPILOT_MAX_OUTPUT_TOKENS", "the model answered nothing; one that thinks first needs more room"),
    ReadOutcome.PROMPT_TRUNCATED: Advice(
        "the server's context length", "it cuts the prompt silently; with Ollama, raise OLLAMA_CONTEXT_LENGTH to 16384 or more"
    ),
    ReadOutcome.TOO_LARGE: Advice(
        "the server's context length", "the prompt alone does not fit; serve the model with 16384 tokens or more for a request"
    ),
    ReadOutcome.INVALID: Advice("COPILOT_MODEL", "this model does not keep to the answer's shape; take another one"),
    ReadOutcome.REFUSAL: Advice("COPILOT_MODEL", "this model refuses to read a made-up ticket; take another one"),
    ReadOutcome.PROMPT_FILTERED: Advice("the provider's filter", "it stops a ticket that speaks of a threat; have it loosened"),
    ReadOutcome.OUTPUT_FILTERED: Advice("the provider's filter", "it stops an answer that speaks of a threat; have it loosened"),
    ReadOutcome.INPUT_REJECTED: Advice("the server's log", "the server refuses the request and does not say which field"),
    ReadOutcome.LANGUAGE_UNSUPPORTED: Advice("--extractor openai", "the embedded reader does not know the language; a model may"),
    ReadOutcome.UNREADABLE: Advice("--extractor openai", "the embedded reader cannot read the text; a model may"),
}


def codes() -> tuple[str, ...]:
    """The codes that have a line of their own."""
    return tuple(_OF_CODE)
