"""What a server's error means: its codes, field names and wording against what is known of servers.

Comes in: a status and a `ServerError`. Goes out: an outcome and a code of ours, or None where nothing is known. A code
names a field of ours at most, never a word of the server's.
"""

import re

from copilot.core.reading import ReadOutcome
from copilot.readers.model.server_errors import ServerError, error_in_words

FORMAT_REJECTED = "response_format_rejected"
"""The code of a refusal of the structured-output mode, so that another mode may be tried."""
FORMAT_FAILED = "response_format_failed"
"""The server broke on a structured-output mode. That may pass; if not, another mode may be tried."""
SYSTEM_REJECTED = "system_role_rejected"
"""The server's template knows no system role, or wants roles in turn."""
THINKING_REJECTED = "thinking_rejected"
"""The server wants thinking switched off for such a request."""
STREAM_REQUIRED = "stream_required"
"""The server answers streamed requests only."""
ADAPTABLE = frozenset({FORMAT_REJECTED, FORMAT_FAILED, SYSTEM_REJECTED, THINKING_REJECTED, STREAM_REQUIRED})
"""Refusals after which the same can be asked in another way."""

_QUOTA_CODES = frozenset(
    {
        "insufficient_quota",
        "insufficient_balance",
        "insufficient_credits",
        "payment_required",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "enforced_spend_limit_reached",
        "billing_hard_limit_reached",
        "billing_not_active",
        "billing_error",
        "budget_exceeded",
        "arrearage",
    }
)
_FILTER_CODES = frozenset(
    {"content_filter", "content_policy_violation", "responsibleaipolicyviolation", "data_inspection_failed"}
    | {"moderation_blocked", "input_moderation", "sensitive_content", "1301"}
)
_AUTH_CODES = frozenset(
    {"invalid_api_key", "api_key_invalid", "api_key_expired", "invalidapikey", "incorrect_api_key", "missing_api_key"}
    | {
        "authentication_error",
        "unauthenticated",
        "unauthorized",
        "invalid_authentication",
        "invalid_token",
        "api_key_service_blocked",
        "unrecognizedclientexception",
        "expiredtokenexception",
        "missingauthenticationtokenexception",
        "invalidsignatureexception",
        "unsupported_country_region_territory",
    }
)
_LENGTH_CODES = frozenset({"context_length_exceeded", "string_above_max_length", "exceed_context_size_error"})
_JSON_FAILED_CODES = frozenset({"json_validate_failed", "json_parse_failed", "output_parse_failed", "json_generation_failed"})
_CONFIG_CODES = frozenset(
    {"unsupported_parameter", "unsupported_value", "unknown_parameter", "model_not_found", "invalid_model", "deploymentnotfound"}
    | {"extra_forbidden", "unknown_field", "unrecognized_field", "unexpected_keyword_argument", "model_not_supported"}
    | {"model_decommissioned", "model_deprecated", "model_not_available"}
)
_CONFIG_PARAMETERS = (
    *("max_completion_tokens", "max_tokens", "reasoning_effort", "service_tier", "chat_template_kwargs", "enable_thinking"),
    *("temperature", "seed", "store", "stream", "model"),
)
_STATUS_OF_CODE = {
    429: {"rate_limit_exceeded", "rate_limit_error", "rate_limit", "rate_limited", "ratelimitexceeded", "too_many_requests"}
    | {"resource_exhausted", "throttling", "throttlingexception", "tokens_limit_reached", "rate_limit_reached"}
    | {"toomanyrequestsexception", "servicequotaexceededexception"},
    403: {"permission_denied", "permission_error", "forbidden", "access_denied", "accessdenied", "accessdeniedexception"},
    404: {"not_found", "not_found_error"},
    400: {"invalid_request_error", "invalid_argument", "bad_request", "badrequesterror", "validation_error"},
    503: {"overloaded_error", "unavailable", "service_unavailable", "engine_overloaded", "server_overloaded", "overloaded"},
}

_LENGTH_WORDS = re.compile(
    r"context (?:length|window|size)|too many tokens|(?:prompt|input|messages?) (?:is|are) too long|maximum.{0,20}tokens"
    r"|reduce the length|max_new_tokens.{0,20}must be|input.{0,40}exceed.{0,40}(?:maximum|max|limit|length)",
    re.I,
)
_FORMAT_WORDS = re.compile(
    r"response[_ ]format|json_schema|json schema|json_object|json mode|structured.?output|guided|grammar", re.I
)
_JSON_FAILED_WORDS = re.compile(
    r"failed to (?:generate|validate|parse) (?:a )?(?:valid )?json|generated (?:json|output).{0,40}(?:invalid|valid|match)", re.I
)
_BILLING_WORDS = re.compile(
    r"credit balance|spend(?:ing)? limit|(?:insufficient|not enough|no|out of) (?:account )?(?:balance|credits?|funds)"
    r"|insufficient quota|budget (?:has been )?exceeded"
    r"|payment required|account.{0,20}(?:overdue|in arrears)|(?:enable|activate) billing|billing hard limit",
    re.I,
)
_AUTH_WORDS = re.compile(
    r"api[ _-]?key.{0,60}(?:not valid|invalid|incorrect|not found|missing|expired|required|revoked|disabled)"
    r"|(?:invalid|incorrect|missing|wrong|expired|revoked|no|provide an?|bad) (?:api[ _-]?key|auth\w*|credentials|bearer)"
    r"|unauthori[sz]ed|not authenticated|authentication (?:failed|error|required)|carry the api"
    r"|(?:access|security|bearer|auth\w*) token.{0,60}(?:invalid|expired|missing|required)|^invalid token\W*$"
    r"|(?:location|country|region).{0,40}not supported",
    re.I,
)
_FILTER_WORDS = re.compile(
    r"(?:input|prompt|request|content|messages?)\b.{0,60}(?:\bflagged|rejected.{0,40}safety|violat\w{1,6}.{0,40}polic)"
    r"|content exists risk|inappropriate content|敏感内容|不安全",
    re.I,
)
_MODEL_WORDS = re.compile(
    r"\bmodel\b.{0,80}(?:not (?:exist|found|loaded)|(?:id|identifier|name) is invalid|decommissioned|deprecated)"
    r"|\bmodel\b.{0,80}(?:not|n.t) supported"
    r"|(?:invalid|unknown|unsupported|no such) model\b|no models? (?:is |are )?(?:loaded|found|available)|try pulling",
    re.I,
)
_PATH_WORDS = re.compile(r"unexpected endpoint|(?:unknown|invalid|no such) (?:request )?(?:url|path|route|endpoint)", re.I)
_LIMIT_WORDS = re.compile(r"(?:rate|request|qps)[ _-]?limit|too many requests|throttl", re.I)
_THINKING_WORDS = re.compile(
    r"enable_thinking|thinking(?: mode)? (?:must|has to|needs to|should) be (?:disabled|turned off|switched off|off|false)"
    r"|(?:disable|turn off|switch off) (?:the )?thinking|thinking.{0,40}not support.{0,40}non-?stream",
    re.I,
)
_STREAM_WORDS = re.compile(
    r"only supports? stream|(?:not support|unsupported|no).{0,20}non-?stream|non-?stream\w*.{0,30}not (?:supported|allowed)"
    r"|stream\W{1,3}(?:parameter )?(?:must|has to|needs to|should) be (?:set to )?true|\bstream=true",
    re.I,
)
_SYSTEM_WORDS = re.compile(
    r"system[ _-]?(?:role|message|prompt|instruction)s?\b.{0,60}(?:not (?:support|allow|permit|enable|accept)|unsupported)"
    r"|(?:not support|unsupported|not allowed|invalid|unknown|unexpected|not accept).{0,40}\bsystem\b"
    r"|role\W{0,4}\s*system\b.{0,40}not|\bsystem\W.{0,20}not (?:a valid|supported|allowed)"
    r"|roles? must alternate|only (?:the )?user and assistant|developer instruction",
    re.I,
)
_FIRST_ROLE = re.compile(r"messages\W+0\W+role", re.I)
_REFUSAL_WORDS = re.compile(
    r"unknown|unrecogni[sz]ed|unsupported|unexpected|not (?:supported|permitted|allowed|recogni[sz]ed)|extra (?:inputs?|fields?)"
    r"|additional propert|cannot find field",
    re.I,
)


_MEANT_BY_WORDS = {402: _BILLING_WORDS, 401: _AUTH_WORDS, 404: _MODEL_WORDS, 405: _PATH_WORDS}
"""The status that a server would have given with such words, had it not given 200."""


def named_in(text: str) -> ServerError | None:
    """The error that plain text in the place of an answer tells of; None where nothing in it is known."""
    error = error_in_words(text)
    is_known = _LIMIT_WORDS.search(error.words) or any(words.search(error.words) for words in _MEANT_BY_WORDS.values())
    return error if is_known else None


def status_that_counts(status: int, error: ServerError) -> int:
    """The status of an answer: its own, or the one that its body tells, where that says more. A bare error in a 200 is a 500."""
    if status not in (200, 400, 422, 500, 502, 503):
        return status
    told = error.status or next((known for known, codes in _STATUS_OF_CODE.items() if codes & error.codes), None)
    if _LIMIT_WORDS.search(error.words) and told in (None, 400, 500, 503):
        told = 429
    if status == 200:
        return told or next((meant for meant, words in _MEANT_BY_WORDS.items() if words.search(error.words)), 500)
    return told if told in (401, 402, 403, 429) else status


def named_fault(status: int, error: ServerError) -> tuple[ReadOutcome, str] | None:
    """The fault that a server's own code, field or wording names. The first that holds, in this order."""
    speaks_of_request = status in (400, 404, 422, 500, 501)
    words = error.words if speaks_of_request and status != 404 else ""
    first = error.field.partition(".")[0]
    of_model = status == 404 or bool(_MODEL_WORDS.search(words))
    setting = first if first in _CONFIG_PARAMETERS else _field_in(words) or ("model" if of_model else "parameter")
    is_told = bool(error.codes & _CONFIG_CODES or _MODEL_WORDS.search(words)) or first == "model"
    refuses_setting = is_told or setting not in ("parameter", "model")
    of_format = first == "response_format" or bool(_FORMAT_WORDS.search(words))
    of_system = bool(_SYSTEM_WORDS.search(words) or (speaks_of_request and _FIRST_ROLE.search(error.field)))
    signs = {
        (ReadOutcome.QUOTA, "quota"): error.codes & _QUOTA_CODES or (status < 500 and _BILLING_WORDS.search(error.words)),
        (ReadOutcome.PROMPT_FILTERED, "prompt_filtered"): error.codes & _FILTER_CODES
        or (400 <= status < 500 and _FILTER_WORDS.search(error.words)),
        (ReadOutcome.AUTH, "unauthorized"): error.codes & _AUTH_CODES or _AUTH_WORDS.search(words),
        (ReadOutcome.TOO_LARGE, "context_length"): error.codes & _LENGTH_CODES or _LENGTH_WORDS.search(words),
        (ReadOutcome.INVALID, "json_not_generated"): error.codes & _JSON_FAILED_CODES or _JSON_FAILED_WORDS.search(words),
        (ReadOutcome.CONFIG_REJECTED, THINKING_REJECTED): first == "enable_thinking" or _THINKING_WORDS.search(words),
        (ReadOutcome.CONFIG_REJECTED, STREAM_REQUIRED): _STREAM_WORDS.search(words),
        (ReadOutcome.CONFIG_REJECTED, SYSTEM_REJECTED): of_system,
        (ReadOutcome.UNAVAILABLE, FORMAT_FAILED): status == 500 and of_format,
        (ReadOutcome.CONFIG_REJECTED, FORMAT_REJECTED): speaks_of_request and of_format,
        (ReadOutcome.CONFIG_REJECTED, f"{setting}_rejected"): speaks_of_request and status < 500 and refuses_setting,
        (ReadOutcome.CONFIG_REJECTED, "not_found"): _PATH_WORDS.search(words),
    }
    return next((fault for fault, holds in signs.items() if holds), None)


def _field_in(words: str) -> str | None:
    """The field of ours that a refusal names in words: in quotes, or by a name that is no everyday word."""
    if not _REFUSAL_WORDS.search(words):
        return None
    named = (name for name in _CONFIG_PARAMETERS if re.search(_as_named(name), words))
    return next(named, None)


def _as_named(name: str) -> str:
    return rf"\b{name}\b" if "_" in name else rf"""["'`‘“«]{name}["'`’”»]"""
