"""The reader that asks a language model, on any server that speaks Chat Completions.

Comes in: a ticket and its sentences. Goes out: a `Reading`, whatever the server does: a fault is an outcome, never an
exception. It keeps the deadline, owns the only retry loop (the SDK's is off), and logs codes and counts, never a
message of a server, a line of a ticket or a key. Only `copilot.batch_api` imports `openai` too, and nothing else `tenacity`.
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from copilot.config.settings import Settings
from copilot.core.errors import SettingsError
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.model import chunked_reading, prompt, transport
from copilot.readers.model.answers import NOT_RECORDED, Answers, worth_keeping
from copilot.readers.model.api_errors import ApiError, Retry, error_of_envelope, error_of_status
from copilot.readers.model.breaker import Breaker
from copilot.readers.model.chunked_reading import Asked, ReadChunk
from copilot.readers.model.conversation import Conversation
from copilot.readers.model.decoding import Answer
from copilot.readers.model.envelope import BadEnvelope, Reply, read_envelope
from copilot.readers.model.loop import LoopThread
from copilot.readers.model.manners import Manners
from copilot.readers.model.numbered_lines import NumberedTicket
from copilot.readers.model.pacing import Budget, Timing, is_over, seconds_to_wait
from copilot.readers.model.profiles import profile_for
from copilot.readers.redaction import check_installed

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from tenacity import RetryCallState

SMALLER_WINDOW_SHARE = 3
"""A window that a server finds too long is read again in windows of a third the size, once."""

ANSWERED = frozenset({200, 201, 202, 203, 206})
"""Statuses whose body may be an answer: what is whole, its JSON shows."""

Turn = Callable[[], Awaitable[None]]
"""Comes back when the next call may begin."""

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())


class OpenAIReader:
    """Reads tickets with a model. One reader keeps its connections, so make one and share it between threads.

    With `answers`, what they hold is not asked again; closed ones need no key, and nothing goes over the network.
    `turn` is awaited before each call, such as for a rate that several processes share.
    Raises `SettingsError` where settings name no model, or no key for OpenAI itself.
    """

    def __init__(
        self, settings: Settings, timing: Timing | None = None, answers: Answers | None = None, turn: Turn | None = None
    ) -> None:
        is_offline = answers is not None and answers.closed
        if not settings.model:
            raise SettingsError("COPILOT_MODEL is not set; set it to the name of a model that your endpoint serves")
        if not settings.api_key and not settings.base_url and not is_offline:
            raise SettingsError("OPENAI_API_KEY is not set; set it, or set OPENAI_BASE_URL to a server that needs none")
        if settings.redact:
            check_installed()
        self._settings = settings
        self._answers = answers
        self._is_offline = is_offline
        self._timing = timing or Timing()
        self._turn = turn
        self._profile = profile_for(settings)
        self._manners = Manners(self._profile.modes)
        self._breaker = Breaker(settings.breaker_failures, settings.breaker_seconds)
        self._thread = LoopThread("copilot-reader")
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncOpenAI] = WeakKeyDictionary()
        self._gates: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket. Each window of it has `deadline_seconds`; a short ticket is one window."""
        return self._thread.run(self.aread(ticket, sentences))

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket without blocking the event loop."""
        if not self._is_offline:
            self._client()
        started = self._timing.clock()
        is_redacted = self._settings.redact
        numbered = (
            await asyncio.to_thread(NumberedTicket.of, ticket, sentences, self._settings)
            if is_redacted
            else NumberedTicket(ticket, sentences)
        )
        gate = asyncio.Semaphore(self._settings.window_concurrency)

        async def one(window: prompt.Chunk) -> list[ReadChunk]:
            async with gate:
                return await self._read_window(window, self._timing.clock() + self._settings.deadline_seconds)

        planned = chunked_reading.windows_of(numbered, numbered.sentences.all, self._settings)
        read = [part for group in await asyncio.gather(*map(one, planned)) for part in group]
        reading = chunked_reading.reading_of(read, self._settings.model, self._timing.clock() - started)
        _log.info("read outcome=%s calls=%d windows=%d", reading.outcome, reading.attempts, len(read))
        return reading

    def ask(self, body: dict[str, Any]) -> Reply | ApiError:
        """Send one request body as it is, with the same deadline, retries and limits as a reading; for `copilot doctor`."""

        async def asked() -> Reply | ApiError:
            self._client()
            deadline = self._timing.clock() + self._settings.deadline_seconds
            return await self._exchange(body, Budget(self._timing, deadline, self._settings.max_attempts))

        return self._thread.run(asked())

    def close(self) -> None:
        """Close the connections of `read`, and its thread. The reader may be used again afterwards."""
        if self._thread.running:
            self._thread.run(self._close_client())
            self._thread.close()

    async def aclose(self) -> None:
        """Close the connections of `aread` in this event loop, and those of `read`."""
        await self._close_client()
        if self._thread.running:
            await asyncio.to_thread(self.close)

    def _client(self) -> "AsyncOpenAI | None":
        """The SDK's client of the running loop, made on first use; None where the CA file cannot be read."""
        from openai import AsyncOpenAI  # noqa: PLC0415 - half a second that only a call needs

        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            try:
                http = transport.client(self._settings)
            except (OSError, ssl.SSLError):
                return None
            self._clients[loop] = AsyncOpenAI(
                api_key=self._settings.api_key or "none",
                base_url=self._settings.endpoint,
                max_retries=0,
                default_headers={"Accept-Encoding": "identity"},
                http_client=http,
            )
        return self._clients[loop]

    async def _close_client(self) -> None:
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()

    async def _read_window(self, window: prompt.Chunk, deadline: float) -> list[ReadChunk]:
        """Read a window, or the smaller windows that a server's limit makes of it."""
        part = await self._converse(window, deadline)
        smaller = self._settings.window_characters // SMALLER_WINDOW_SHARE
        if part.answer.outcome is not ReadOutcome.TOO_LARGE or len(window.sentences) < 2:
            return [part]
        cut = chunked_reading.windows_of(
            window.numbered, window.sentences, self._settings, limit=min(smaller, part.characters // 2)
        )
        return [part.superseded(), *[await self._converse(one, deadline) for one in cut]]

    async def _converse(self, window: prompt.Chunk, deadline: float) -> ReadChunk:
        refusal = self._breaker.refusal(self._timing.clock())
        if refusal is not None:
            return ReadChunk(window, Answer(refusal, issues=("breaker_open",)))
        talk = Conversation(self._settings, self._profile, window, self._manners)
        budget = Budget(self._timing, deadline, self._settings.max_attempts)
        while talk.answer is None:
            talk.take(await self._answer(talk.request(), budget))
        self._breaker.note(talk.answer.outcome, self._timing.clock())
        if talk.model and not talk.model.startswith(self._settings.model or ""):
            _log.warning("another model answered than the one that was asked for")
        asked = Asked(talk.mode.value, self._manners.adapted)
        return ReadChunk(window, talk.answer, talk.usage, budget.calls, talk.model, asked)

    async def _answer(self, body: dict[str, Any], budget: Budget) -> Reply | ApiError:
        """What was kept for this very request, else what an exchange brings; without `answers`, the exchange."""
        if self._answers is None:
            return await self._exchange(body, budget)
        known = self._answers.find(body)
        if known is not None or self._is_offline:
            budget.calls += 1
            return known or NOT_RECORDED
        came = await self._exchange(body, budget)
        if worth_keeping(came):
            self._answers.keep(body, came)
        return came

    async def _exchange(self, body: dict[str, Any], budget: Budget) -> Reply | ApiError:
        """One request, repeated while that can help and there is time: the only retry loop there is."""
        from tenacity import AsyncRetrying, retry_if_result  # noqa: PLC0415 - half a second that only a call needs

        def fault(state: "RetryCallState") -> ApiError:
            came = state.outcome.result() if state.outcome else None
            return came if isinstance(came, ApiError) else ApiError(ReadOutcome.UNAVAILABLE, "no_result")

        retrying = AsyncRetrying(
            retry=retry_if_result(lambda came: isinstance(came, ApiError) and came.retry is not Retry.NEVER),
            wait=lambda state: seconds_to_wait(fault(state), state.attempt_number, budget),
            stop=lambda state: is_over(fault(state), state.attempt_number, state.upcoming_sleep, budget),
            sleep=self._timing.sleep,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        came: Reply | ApiError = await retrying(self._attempt, body, budget)
        return came

    async def _attempt(self, body: dict[str, Any], budget: Budget) -> Reply | ApiError:
        """One HTTP call within what is left of the deadline. Waiting for a free connection or a turn is no part of either."""
        gate = self._gates.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self._settings.max_connections))
        asked = self._timing.clock()
        async with gate:
            if self._turn:
                await self._turn()
            budget.deadline += self._timing.clock() - asked
            held = self._breaker.held_seconds(self._timing.clock())
            if held and held >= budget.left():
                return ApiError(ReadOutcome.RATE_LIMITED, "held")
            if held:
                await self._timing.sleep(held)
            came = await self._timed_call(body, budget)
        if isinstance(came, ApiError):
            _log.warning("call failed outcome=%s code=%s request_id=%s", came.outcome, came.code, came.request_id)
            if came.wait_seconds and came.outcome is ReadOutcome.RATE_LIMITED:
                self._breaker.hold(self._timing.clock() + came.wait_seconds)
        return came

    async def _timed_call(self, body: dict[str, Any], budget: Budget) -> Reply | ApiError:
        limit = min(self._settings.attempt_seconds, budget.left())
        client = self._client()
        if client is None or limit <= 0:
            return ApiError(ReadOutcome.TIMEOUT, "deadline") if client else ApiError(ReadOutcome.CONFIG_REJECTED, "ca_file")
        budget.calls += 1
        try:
            async with asyncio.timeout(limit):
                return await self._call(client, body)
        except TimeoutError:
            return ApiError(ReadOutcome.TIMEOUT, "attempt_timeout", Retry.YES)

    async def _call(self, client: "AsyncOpenAI", body: dict[str, Any]) -> Reply | ApiError:
        """One call through the SDK, with its exceptions turned into faults. Their texts are never looked at.

        The body is whole and goes as it is: `create` would look for what to rewrite in it, a millisecond each time.
        """
        import httpx2  # noqa: PLC0415 - only a call needs it
        import openai  # noqa: PLC0415 - half a second that only a call needs

        try:
            response = await client.post("/chat/completions", cast_to=httpx2.Response, body=body)
        except openai.APIStatusError as error:
            return self._fault_of(error.response)
        except openai.APITimeoutError as error:
            return ApiError(ReadOutcome.TIMEOUT, f"timeout_{_innermost(error)}", Retry.YES)
        except Exception as error:
            return _fault_of_connection(error)
        if response.status_code not in ANSWERED or response.extensions.get(transport.FAULT):
            return self._fault_of(response)
        try:
            return read_envelope(response.content)
        except BadEnvelope as bad:
            return error_of_envelope(bad, response.headers, self._timing.now())

    def _fault_of(self, response: Any) -> ApiError:
        """The fault of a response that is no 200, or whose body could not be taken."""
        code = response.extensions.get(transport.FAULT)
        if code and response.status_code < 300:
            return ApiError(ReadOutcome.MALFORMED_RESPONSE, code, Retry.ONCE)
        return error_of_status(response.status_code, response.headers, response.content, self._timing.now())


def _fault_of_connection(error: Exception) -> ApiError:
    """A certificate that is not trusted will not be trusted next time; anything else may pass."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ApiError(ReadOutcome.CERTIFICATE, "certificate")
        cause = cause.__cause__ or cause.__context__
    return ApiError(ReadOutcome.UNAVAILABLE, f"connection_{_innermost(error)}", Retry.YES)


def _innermost(error: BaseException) -> str:
    """The class name of what an SDK exception was raised from."""
    cause = error.__cause__ or error
    return type(cause).__name__
