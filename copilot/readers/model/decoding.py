"""From a reply to an answer, checked in one fixed order and never repaired.

Order: refusal, finish reason, content, JSON, shape. A cut-off answer can be valid JSON, so nothing is parsed before the
finish reason was looked at. Duplicate keys, NaN, infinities and JSON that breaks off are refused; what the one object is
wrapped in is taken off.
"""

from dataclasses import dataclass

from pydantic import ValidationError

from copilot.core import strict_json
from copilot.core.bounds import too_much
from copilot.core.extraction import (
    ExtractedDamageClaim,
    ExtractedDemand,
    ExtractedDispute,
    ExtractedParty,
    ExtractedThreat,
    Extraction,
)
from copilot.readers.base import ReadOutcome
from copilot.readers.model.endings import Ending, ending_of
from copilot.readers.model.envelope import Reply
from copilot.readers.model.wrapping import answer_in, unwrapped

MAX_ISSUES = 20
_NO_FINISH = ("", "stop")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reply amounts to: an extraction, or an outcome with issues (codes and paths, never text)."""

    outcome: ReadOutcome
    extraction: Extraction | None = None
    issues: tuple[str, ...] = ()


def read_answer(reply: Reply, *, prompt_was_cut: bool = False) -> Answer:
    """What a reply amounts to. Where a server cut the prompt silently, its answer is about another ticket."""
    outcome = _outcome_before_content(reply, prompt_was_cut)
    if outcome is ReadOutcome.INVALID:
        return Answer(outcome, issues=("$: finish_reason_unknown",))
    return Answer(outcome) if outcome else _read_content(reply.content or "")


def _outcome_before_content(reply: Reply, prompt_was_cut: bool) -> ReadOutcome | None:
    """How a reply ended, where that shows before its content is parsed. The first that holds, in this order."""
    finish, ending = (reply.finish_reason or "").lower(), ending_of(reply.finish_reason)
    is_blank = not (reply.content or "").strip()
    signs = {
        ReadOutcome.REFUSAL: reply.refused or ending is Ending.REFUSED,
        ReadOutcome.TRUNCATED: ending is Ending.CUT,
        ReadOutcome.OUTPUT_FILTERED: ending is Ending.FILTERED,
        ReadOutcome.PROMPT_TRUNCATED: prompt_was_cut,
        ReadOutcome.INVALID: is_blank and finish not in _NO_FINISH,
        ReadOutcome.EMPTY: is_blank,
    }
    return next((outcome for outcome, holds in signs.items() if holds), None)


def _read_content(content: str) -> Answer:
    text = unwrapped(content)
    if "{" not in text:
        # A plain sentence is how a model without a refusal field refuses; asking again would be shopping for a laxer one.
        return Answer(ReadOutcome.REFUSAL)
    try:
        given = answer_in(strict_json.parse(text))
        if too_much(given):
            return Answer(ReadOutcome.INVALID, issues=("$: too_much",))
        return Answer(ReadOutcome.OK, Extraction.model_validate(given))
    except strict_json.JsonFault:
        return Answer(ReadOutcome.INVALID, issues=("$: not_acceptable_json",))
    except ValidationError as fault:
        return Answer(ReadOutcome.INVALID, issues=_issues(fault))


def _issues(fault: ValidationError) -> tuple[str, ...]:
    """Paths and codes. A key that the model made up is model text, so only names of the contract are shown."""
    found = []
    for error in fault.errors(include_input=False, include_context=False, include_url=False)[:MAX_ISSUES]:
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step if step in _NAMES else '?'}" for step in error["loc"])
        found.append(f"{path.lstrip('.') or '$'}: {error['type']}")
    return tuple(found)


_NAMES = frozenset(
    field
    for model in (Extraction, ExtractedParty, ExtractedThreat, ExtractedDemand, ExtractedDamageClaim, ExtractedDispute)
    for field in model.model_fields
)
