"""Tries an endpoint as a ticket will meet it: is it there, what does it take, does it keep to a schema, does it read?

Comes in: `Settings`. Goes out: a `DoctorReport`. It sends about six small requests and three whole prompts with a
made-up ticket: twice the same, then the second asking. It waits far longer than a ticket would, and tells the figures to
set. No ticket of a customer leaves the machine, and nothing is changed.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from copilot.config.settings import Settings
from copilot.core import strict_json
from copilot.core.reading import ReadOutcome
from copilot.doctor import advice, trial
from copilot.doctor.advice import Advice
from copilot.doctor.report import DoctorReport, SchemaVerdict
from copilot.doctor.trial import Trial
from copilot.readers.model import prompt, wire_schema
from copilot.readers.model.api_errors import ApiError
from copilot.readers.model.conversation import Conversation
from copilot.readers.model.envelope import Reply
from copilot.readers.model.error_signs import FORMAT_FAILED, FORMAT_REJECTED
from copilot.readers.model.manners import Manners
from copilot.readers.model.openai import OpenAIReader
from copilot.readers.model.profiles import EndpointProfile, Mode, profile_for, request_body, response_format
from copilot.readers.model.wrapping import unwrapped

PATIENCE_SECONDS = 180.0
"""The longest wait for one request: a large model on a slow machine loads, then reads a whole prompt for the first time."""
CANARY_TOKENS = 400
"""Room for a canary's answer; generous, because some models think before they answer."""

_COLOURS = ("red", "green")
_OUTSIDE = "blue"
_CANARY_SCHEMA: wire_schema.Schema = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": list(_COLOURS)}},
    "required": ["colour"],
    "additionalProperties": False,
}
_CANARY = [{"role": "user", "content": f'Return exactly this JSON object and nothing else: {{"colour": "{_OUTSIDE}"}}'}]
_HELLO = [{"role": "user", "content": "Answer with the one word: ready"}]
_TOKEN_PARAMETERS = ("max_completion_tokens", "max_tokens")
_UNNAMED = ("parameter_rejected", "status_400", "status_422")
"""Refusals that do not say of what."""


def examine(settings: Settings, patience_seconds: float = PATIENCE_SECONDS) -> DoctorReport:
    """Try the endpoint that settings name. Raises `SettingsError` where they name none, or no model."""
    patient = settings.model_copy(update={"attempt_seconds": patience_seconds, "deadline_seconds": patience_seconds})
    reader = OpenAIReader(patient)
    try:
        return _Examination(settings, reader).report()
    finally:
        reader.close()


class _Examination:
    """One run; collects advice while it goes along."""

    def __init__(self, settings: Settings, reader: OpenAIReader) -> None:
        self._settings = settings
        self._reader = reader
        self._profile = profile_for(settings)
        self._manners = Manners(self._profile.modes)
        self._advice: list[Advice] = []

    def report(self) -> DoctorReport:
        came = self._first_call()
        report = DoctorReport(
            endpoint=self._settings.endpoint,
            model=(came.model if isinstance(came, Reply) else None) or self._settings.model or "",
            profile=self._settings.profile,
            outcome=came.outcome if isinstance(came, ApiError) else ReadOutcome.OK,
            code=came.code if isinstance(came, ApiError) else "ok",
        )
        if isinstance(came, ApiError):
            self._advise(advice.advice_on(came.outcome, came.code))
            return replace(report, advice=tuple(self._advice))
        schema, json_object = self._try_schema()
        report = replace(report, token_parameter=self._profile.token_parameter, schema=schema, json_object=json_object)
        report = self._with_trials(report)
        self._advise_on_trials(report)
        return replace(report, advice=tuple(self._advice))

    def _first_call(self) -> Reply | ApiError:
        """A plain question; where the server refuses a field, the same without it, and the advice to set it so."""
        came = self._ask(_HELLO, None)
        tried = {self._profile}
        while not _is_answer(came):
            changed = next((one for one in self._changes(came) if one[0] not in tried), None)
            if changed is None:
                break
            before, (self._profile, what) = self._profile, changed
            tried.add(self._profile)
            again = self._ask(_HELLO, None)
            if _is_answer(again) or _is_elsewhere(came, again):
                self._advise(what)
                came = again
            else:
                self._profile = before
        return came

    def _changes(self, came: Reply | ApiError) -> Iterator[tuple[EndpointProfile, Advice]]:
        """Other ways to send the same, the likeliest first."""
        code = came.code if isinstance(came, ApiError) else "empty"
        if isinstance(came, ApiError) and came.outcome not in (ReadOutcome.CONFIG_REJECTED, ReadOutcome.INPUT_REJECTED):
            return
        profile = self._profile
        without = {
            "temperature_rejected": replace(profile, temperature=None),
            "seed_rejected": replace(profile, seed=None),
            "reasoning_effort_rejected": replace(profile, reasoning_effort=None),
        }
        for refused, other in without.items():
            if other != profile and code in (refused, *_UNNAMED):
                yield other, self._on_refused(refused)
        if profile.store is not None and code in ("store_rejected", *_UNNAMED):
            plain = profile_for(self._settings.model_copy(update={"profile": "compatible"}))
            yield plain, self._on_refused("store_rejected")
        if code in ("model_rejected", "not_found"):
            return
        for name in _TOKEN_PARAMETERS:
            if name != profile.token_parameter:
                what = "answers nothing" if code == "empty" else "refuses"
                reason = f"with {profile.token_parameter or 'no cap'} the server {what}"
                yield replace(profile, token_parameter=name), Advice(f"COPILOT_TOKEN_PARAMETER={name}", reason)

    def _try_schema(self) -> tuple[SchemaVerdict, bool | None]:
        came = self._ask(_CANARY, wire_schema.response_format(_CANARY_SCHEMA, "canary"))
        if isinstance(came, Reply):
            verdict = SchemaVerdict.ENFORCED if _colour(came) in _COLOURS else SchemaVerdict.IGNORED
            why = "the server takes a schema and does not keep to it; answers are checked all the same"
        elif came.code in (FORMAT_REJECTED, FORMAT_FAILED):
            verdict = SchemaVerdict.REJECTED if came.code == FORMAT_REJECTED else SchemaVerdict.BROKEN
            why = f"a schema is {verdict} by the server; this saves a call a process"
        else:
            verdict = SchemaVerdict.UNKNOWN
        if verdict in (SchemaVerdict.ENFORCED, SchemaVerdict.UNKNOWN):
            return verdict, None
        came = self._ask(_CANARY, response_format(Mode.JSON))
        takes_json = isinstance(came, Reply) and _colour(came) is not None
        mode = Mode.JSON if takes_json else Mode.TEXT
        self._advise(Advice(f"COPILOT_STRUCTURED_OUTPUT={mode}", why))
        return verdict, takes_json

    def _with_trials(self, report: DoctorReport) -> DoctorReport:
        """Read the made-up ticket, the same once more, and at a second asking; no more after one that failed."""
        reading = self._try()
        report = replace(report, reading=reading)
        if reading.outcome.failed:
            return report
        return replace(report, repeat=self._try(), second=self._try(second=True))

    def _try(self, *, second: bool = False) -> Trial:
        talk = trial.conversation(lambda window: Conversation(self._settings, self._profile, window, self._manners))
        return trial.read(self._reader, talk, second=second)

    def _advise_on_trials(self, report: DoctorReport) -> None:
        for name, tried in report.trials:
            if tried.outcome.failed or (tried.outcome is ReadOutcome.REPAIRED and name != "second"):
                self._advise(advice.advice_on(tried.outcome, tried.code))
        misread = next((tried.misread for _, tried in report.trials if tried.misread), ())
        if misread:
            self._advise(Advice("COPILOT_MODEL", f"the made-up ticket was read wrongly: {misread[0]}; take another model"))
        slowest = max(tried.slowest_seconds for _, tried in report.trials)
        figures = advice.times(slowest, self._settings.attempt_seconds, self._settings.deadline_seconds)
        if figures is not None:
            self._advise(figures)

    def _ask(self, messages: prompt.Messages, format: dict[str, Any] | None) -> Reply | ApiError:
        """Ask as the server wants to be asked, which is found out on the way."""
        body = request_body(self._settings, self._profile, messages, format, CANARY_TOKENS)
        while True:
            fields = self._manners.fields
            came = self._reader.ask(self._manners.dressed(body))
            if isinstance(came, Reply) or came.code in (FORMAT_REJECTED, FORMAT_FAILED):
                return came
            if not self._manners.take(came.code, self._manners.mode, True, fields):
                return came

    def _on_refused(self, code: str) -> Advice:
        return advice.advice_on(ReadOutcome.CONFIG_REJECTED, code)

    def _advise(self, what: Advice) -> None:
        if what not in self._advice:
            self._advice.append(what)


def _is_answer(came: Reply | ApiError) -> bool:
    return isinstance(came, Reply) and bool((came.content or "").strip())


def _is_elsewhere(before: Reply | ApiError, after: Reply | ApiError) -> bool:
    """Whether leaving a field out got the request one refusal further."""
    return (
        isinstance(before, ApiError)
        and isinstance(after, ApiError)
        and after.code.endswith("_rejected")
        and after.code != before.code
    )


def _colour(reply: Reply) -> str | None:
    """The colour that a canary's answer names, or None where it is no such JSON."""
    try:
        given = strict_json.parse(unwrapped(reply.content or ""))
    except strict_json.JsonFault:
        return None
    colour = given.get("colour") if isinstance(given, dict) else None
    return colour if isinstance(colour, str) else None
