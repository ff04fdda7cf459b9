"""Tries an endpoint and says what to set: is it there, what does it take, does it keep to a schema, what does it cost.

Comes in: `Settings`. Goes out: a `DoctorReport`. It sends three to about eight small requests and one whole prompt with
a made-up ticket; no ticket of a customer leaves the machine. It changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from copilot import strict_json
from copilot.readers import prompt
from copilot.readers.envelope import Reply
from copilot.readers.error_signs import FORMAT_REJECTED
from copilot.readers.faults import Fault
from copilot.readers.openai import OpenAIReader
from copilot.readers.profiles import EndpointProfile, Mode, profile_for, request_body
from copilot.readers.wrapping import unwrapped
from copilot.reading import Reading, ReadOutcome
from copilot.sentences import cut
from copilot.settings import Settings

CANARY_TOKENS = 400
"""Room for a canary's answer; generous, because some models think before they answer."""

_COLOURS = ("red", "green")
_OUTSIDE = "blue"
_CANARY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": list(_COLOURS)}},
    "required": ["colour"],
    "additionalProperties": False,
}
_CANARY = [{"role": "user", "content": f'Return exactly this JSON object and nothing else: {{"colour": "{_OUTSIDE}"}}'}]
_HELLO = [{"role": "user", "content": "Answer with the one word: ready"}]
_TOKEN_PARAMETERS = ("max_completion_tokens", "max_tokens")


class SchemaVerdict(StrEnum):
    """What the server does with a JSON Schema. The canary's prompt asks for a value that its schema forbids."""

    ENFORCED = "enforced"
    IGNORED = "ignored"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to set, and why."""

    setting: str
    reason: str


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """What was found. `outcome` and `code` are those of the first call that worked, or of the last that did not.

    `reading` is how the made-up ticket was read: its tokens and seconds are what a call costs. `token_parameter` is the
    one that the server took, None where it was not found out. `healthy` is true where a ticket could be read.
    """

    endpoint: str
    model: str
    profile: str
    outcome: ReadOutcome
    code: str
    token_parameter: str | None = None
    schema: SchemaVerdict = SchemaVerdict.UNKNOWN
    json_object: bool | None = None
    reading: Reading | None = None
    advice: tuple[Advice, ...] = ()

    @property
    def reachable(self) -> bool:
        """Whether the server answered a plain question."""
        return not self.outcome.failed

    @property
    def healthy(self) -> bool:
        """Whether a whole prompt with a ticket was read."""
        return self.reading is not None and not self.reading.outcome.failed

    def lines(self) -> Iterator[str]:
        """The report for people, one finding a line, and in the end what to set."""
        yield f"endpoint   {self.endpoint}"
        yield f"model      {self.model}"
        yield f"profile    {self.profile}"
        yield f"reachable  {'yes' if self.reachable else f'no: {self.outcome} ({self.code})'}"
        if self.reachable:
            yield f"tokens     {self.token_parameter or 'no cap is sent'}"
            yield f"schema     {self.schema}"
        if self.reading is not None:
            usage = self.reading.usage
            yield f"reading    {self.reading.outcome} in {self.reading.seconds:.1f} s, {self.reading.attempts} calls"
            tokens = f"{usage.prompt_tokens} tokens in, {usage.cached_tokens} of them cached, {usage.completion_tokens} out"
            yield f"cost       {tokens}"
        for one in self.advice:
            yield f"set        {one.setting}: {one.reason}"


def examine(settings: Settings) -> DoctorReport:
    """Try the endpoint that settings name. Raises `SettingsError` where they name none, or no model."""
    reader = OpenAIReader(settings)
    try:
        return _Examination(settings, reader).report()
    finally:
        reader.close()


class _Examination:
    """One run; collects advice while it goes along."""

    def __init__(self, settings: Settings, reader: OpenAIReader) -> None:
        self._settings = settings
        self._reader = reader
        self._profile = replace(profile_for(settings), output_tokens=CANARY_TOKENS)
        self._advice: list[Advice] = []

    def report(self) -> DoctorReport:
        came = self._first_call()
        report = DoctorReport(
            endpoint=self._settings.endpoint,
            model=(came.model if isinstance(came, Reply) else None) or self._settings.model or "",
            profile=self._settings.profile,
            outcome=came.outcome if isinstance(came, Fault) else ReadOutcome.OK,
            code=came.code if isinstance(came, Fault) else "ok",
        )
        if isinstance(came, Fault):
            self._advise_on(came.outcome, came.code)
            return replace(report, advice=tuple(self._advice))
        schema, json_object = self._try_schema()
        reading = self._try_reading()
        self._advise_on(reading.outcome, "reading")
        return replace(
            report,
            token_parameter=self._profile.token_parameter,
            schema=schema,
            json_object=json_object,
            reading=reading,
            advice=tuple(self._advice),
        )

    def _first_call(self) -> Reply | Fault:
        """A plain question; where the server refuses a field, the same without it, and the advice to set it so."""
        came = self._ask(_HELLO, Mode.TEXT)
        tried = {self._profile}
        while not _is_answer(came):
            changed = next((one for one in self._changes(came) if one[0] not in tried), None)
            if changed is None:
                break
            before, (self._profile, advice) = self._profile, changed
            tried.add(self._profile)
            again = self._ask(_HELLO, Mode.TEXT)
            if _is_answer(again) or _is_elsewhere(came, again):
                self._advice.append(advice)
                came = again
            else:
                self._profile = before
        return came

    def _changes(self, came: Reply | Fault) -> Iterator[tuple[EndpointProfile, Advice]]:
        """Other ways to send the same, the likeliest first."""
        code = came.code if isinstance(came, Fault) else "empty"
        if isinstance(came, Fault) and came.outcome not in (ReadOutcome.CONFIG_REJECTED, ReadOutcome.INPUT_REJECTED):
            return
        profile = self._profile
        if code in ("temperature_rejected", "parameter_rejected", "status_400", "status_422") and profile.temperature is not None:
            yield replace(profile, temperature=None), Advice("COPILOT_TEMPERATURE=off", "the server refuses a temperature")
        if code in ("seed_rejected", "parameter_rejected", "status_400", "status_422") and profile.seed is not None:
            yield replace(profile, seed=None), Advice("COPILOT_SEED=off", "the server refuses a seed")
        if code in ("model_rejected", "not_found"):
            return
        for name in _TOKEN_PARAMETERS:
            if name != profile.token_parameter:
                reason = (
                    f"with {profile.token_parameter or 'no cap'} the server {'answers nothing' if code == 'empty' else 'refuses'}"
                )
                yield replace(profile, token_parameter=name), Advice(f"COPILOT_TOKEN_PARAMETER={name}", reason)

    def _try_schema(self) -> tuple[SchemaVerdict, bool | None]:
        came = self._ask(_CANARY, Mode.STRICT)
        if isinstance(came, Fault) and came.code != FORMAT_REJECTED:
            return SchemaVerdict.UNKNOWN, None
        if isinstance(came, Reply):
            verdict = SchemaVerdict.ENFORCED if _colour(came) in _COLOURS else SchemaVerdict.IGNORED
            if verdict is SchemaVerdict.ENFORCED:
                return verdict, None
            why = "the server takes a schema and does not keep to it; answers are checked all the same"
        else:
            verdict, why = SchemaVerdict.REJECTED, "the server refuses a schema; this saves a call a process"
        came = self._ask(_CANARY, Mode.JSON)
        takes_json = isinstance(came, Reply) and _colour(came) is not None
        mode = Mode.JSON if takes_json else Mode.TEXT
        self._advice.append(Advice(f"COPILOT_STRUCTURED_OUTPUT={mode}", why))
        return verdict, takes_json

    def _try_reading(self) -> Reading:
        """Read the prompt's first example with what was found out, as a ticket of a customer would be read."""
        ticket = prompt.examples()[0].ticket
        settings = replace(
            self._settings,
            token_parameter=self._profile.token_parameter or "off",
            temperature="off" if self._profile.temperature is None else self._profile.temperature,
            seed="off" if self._profile.seed is None else self._profile.seed,
        )
        reader = OpenAIReader(settings)
        try:
            return reader.read(ticket, cut(ticket))
        finally:
            reader.close()

    def _ask(self, messages: prompt.Messages, mode: Mode) -> Reply | Fault:
        body = request_body(self._settings, self._profile, messages, mode, CANARY_TOKENS)
        if mode is Mode.STRICT:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "canary", "strict": True, "schema": _CANARY_SCHEMA},
            }
        return self._reader.ask(body)

    def _advise_on(self, outcome: ReadOutcome, code: str) -> None:
        if outcome is ReadOutcome.CONFIG_REJECTED and code not in ("not_found", "model_rejected"):
            self._advice.append(Advice("COPILOT_PROFILE", f"the server refuses a field that this profile sends ({code})"))
        elif outcome in _ADVICE:
            self._advice.append(_ADVICE[outcome])


def _is_answer(came: Reply | Fault) -> bool:
    return isinstance(came, Reply) and bool((came.content or "").strip())


def _is_elsewhere(before: Reply | Fault, after: Reply | Fault) -> bool:
    """Whether leaving a field out got the request one refusal further."""
    return (
        isinstance(before, Fault) and isinstance(after, Fault) and after.code.endswith("_rejected") and after.code != before.code
    )


def _colour(reply: Reply) -> str | None:
    """The colour that a canary's answer names, or None where it is no such JSON."""
    try:
        given = strict_json.parse(unwrapped(reply.content or ""))
    except strict_json.JsonFault:
        return None
    colour = given.get("colour") if isinstance(given, dict) else None
    return colour if isinstance(colour, str) else None


_ADVICE = {
    ReadOutcome.AUTH: Advice("OPENAI_API_KEY", "the server does not take this key"),
    ReadOutcome.QUOTA: Advice("OPENAI_API_KEY", "the account behind this key has no credit left, or reached its limit"),
    ReadOutcome.CERTIFICATE: Advice(
        "COPILOT_CA_FILE", "the server's certificate is not trusted; name the PEM file of its authority"
    ),
    ReadOutcome.REDIRECTED: Advice("OPENAI_BASE_URL", "the server points elsewhere; name the address that answers itself"),
    ReadOutcome.CONFIG_REJECTED: Advice("COPILOT_MODEL", "the server does not know this model, or OPENAI_BASE_URL lacks /v1"),
    ReadOutcome.UNAVAILABLE: Advice("OPENAI_BASE_URL", "nothing answers there; is the server running, is the port right?"),
    ReadOutcome.TIMEOUT: Advice(
        "COPILOT_ATTEMPT_SECONDS", "no answer came in time; raise it, and COPILOT_DEADLINE_SECONDS to twice that"
    ),
    ReadOutcome.MALFORMED_RESPONSE: Advice("OPENAI_BASE_URL", "what answers there does not speak Chat Completions"),
    ReadOutcome.TRUNCATED: Advice("COPILOT_MAX_OUTPUT_TOKENS", "the answer was cut; raise it"),
    ReadOutcome.EMPTY: Advice("COPILOT_MAX_OUTPUT_TOKENS", "the model answered nothing; one that thinks first needs more room"),
    ReadOutcome.PROMPT_TRUNCATED: Advice(
        "the server's context length", "it cuts the prompt silently; with Ollama, raise OLLAMA_CONTEXT_LENGTH to 16384 or more"
    ),
    ReadOutcome.TOO_LARGE: Advice(
        "the server's context length", "the prompt alone does not fit; serve the model with 16384 tokens or more"
    ),
    ReadOutcome.INVALID: Advice("COPILOT_MODEL", "this model does not keep to the answer's shape; take another one"),
    ReadOutcome.REFUSAL: Advice("COPILOT_MODEL", "this model refuses to read a made-up ticket; take another one"),
}
