"""Bodies that say what a chat completion says in another shape, made one.

Comes in: a parsed object. Goes out: the same in the shape of Chat Completions. Known: a completion under a key of a
gateway, Ollama's own chat, and text in the place of a message. Anything else stays as it is.
"""

from typing import Any

_AROUND = ("data", "result", "response", "output", "body")


def as_completion(given: dict[str, Any]) -> dict[str, Any]:
    """A whole body, or one event of a stream, in the shape of Chat Completions."""
    if "choices" not in given:
        inner = (given.get(name) for name in _AROUND)
        given = next(({**given, **one} for one in inner if isinstance(one, dict) and "choices" in one), given)
    if "choices" in given or not isinstance(given.get("message"), dict) or "done" not in given:
        return given
    finish = (given.get("done_reason") or "stop") if given["done"] else None
    usage = {"prompt_tokens": given.get("prompt_eval_count"), "completion_tokens": given.get("eval_count")}
    told = {"choices": [{"delta": given["message"], "finish_reason": finish}], "usage": usage if given["done"] else None}
    return {**given, **told}


def said_in(choice: dict[str, Any]) -> object:
    """The message of a choice, whichever way it is told."""
    if isinstance(choice.get("text"), str) and "message" not in choice and "delta" not in choice:
        return {"content": choice["text"]}
    return choice.get("message") or choice.get("delta")
