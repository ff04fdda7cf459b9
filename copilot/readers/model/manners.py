"""How a server wants to be asked: what it refused, what to do instead, and when to try again.

Shared by all conversations of one reader. Comes in: refusals in codes, and counts of tokens. Goes out: the mode to ask
in, fields to add, and whether the ticket's part carries the system text. A refused mode is tried again after some
conversations, ever more of them, since what a server refuses once it may take after a restart.
"""

from dataclasses import dataclass
from typing import Any

from copilot.readers.base import Usage
from copilot.readers.model.error_signs import FORMAT_FAILED, FORMAT_REJECTED, STREAM_REQUIRED, SYSTEM_REJECTED, THINKING_REJECTED
from copilot.readers.model.profiles import Mode

FIRST_STAY = 20
LONGEST_STAY = 1_280
"""So many conversations stay in a lower mode before a higher one is tried again; the number doubles with each refusal."""

SMALLEST_CONTEXT = 1_024
"""No server in use cuts a prompt to fewer tokens than this."""

_TEMPLATE_OFF = {"chat_template_kwargs": {"enable_thinking": False}}
_FIELD_OFF = {"enable_thinking": False}
_THINKING_OFF: tuple[dict[str, Any], ...] = (_FIELD_OFF | _TEMPLATE_OFF, _FIELD_OFF, _TEMPLATE_OFF)
"""Ways to switch thinking off, for servers that read either; then for those that refuse the other field."""


@dataclass
class Manners:
    """What was found out about one server, so that it is found out once."""

    modes: tuple[Mode, ...]
    joins_system: bool = False
    streams: bool = False
    _thinking: int = 0
    _step: int = 0
    _stay: int = FIRST_STAY
    _left: int = 0
    _largest_prompt: int = 0
    _counts_new_only: bool = False

    def mode_for_conversation(self) -> Mode:
        """The mode that a new conversation begins in."""
        if self._step and self._left <= 0:
            self._step, self._left = self._step - 1, self._stay
        self._left -= 1
        return self.modes[self._step]

    @property
    def mode(self) -> Mode:
        """The mode that is asked in now."""
        return self.modes[self._step]

    @property
    def fields(self) -> dict[str, Any]:
        """Fields that this server wants in a request."""
        off = _THINKING_OFF[self._thinking - 1] if self._thinking else {}
        return off | ({"stream": True} if self.streams else {})

    def dressed(self, body: dict[str, Any]) -> dict[str, Any]:
        """A request body with those fields; what is an object in both is joined."""
        fields = self.fields
        nested = {name: body[name] | value for name, value in fields.items() if isinstance(body.get(name), dict)}
        return body | fields | nested

    @property
    def adapted(self) -> tuple[str, ...]:
        """What is done for this server, in codes, for provenance."""
        done = {"thinking_off": self._thinking > 0, "no_system_role": self.joins_system, "streamed": self.streams}
        return tuple(name for name, holds in done.items() if holds)

    def take(self, code: str, asked: Mode, was_joined: bool, sent: dict[str, Any]) -> bool:
        """Note a refusal of a request that was asked so; False where there is no other way to ask."""
        if code in (FORMAT_REJECTED, FORMAT_FAILED):
            return self._step_down(asked)
        if code == SYSTEM_REJECTED and not was_joined:
            self.joins_system = True
            return True
        if code == STREAM_REQUIRED and "stream" not in sent:
            self.streams = True
            return True
        names_thinking = code in (THINKING_REJECTED, "enable_thinking_rejected", "chat_template_kwargs_rejected")
        if names_thinking and sent == self.fields and self._thinking < len(_THINKING_OFF):
            self._thinking += 1
            return True
        return names_thinking and sent != self.fields

    def took(self, asked: Mode) -> None:
        """Note that the server answered in a mode; the highest one is then worth trying soon again after a refusal."""
        if asked is self.modes[0]:
            self._stay = FIRST_STAY

    def cut_the_prompt(self, usage: Usage, fewest: int) -> bool:
        """Whether a server that counts so few tokens cut the prompt, of which `fewest` is a lower bound.

        Some count only what was not in their cache. Such a count is far under what any server cuts to, or under half of
        what this one took whole before; from then on its counts tell nothing.
        """
        counted = usage.prompt_tokens + usage.cached_tokens
        self._largest_prompt = max(self._largest_prompt, counted)
        is_short = 0 < counted < fewest
        self._counts_new_only |= is_short and counted < max(SMALLEST_CONTEXT, self._largest_prompt // 2)
        return is_short and not self._counts_new_only

    def _step_down(self, asked: Mode) -> bool:
        position = self.modes.index(asked)
        if position + 1 >= len(self.modes):
            return False
        if position >= self._step:
            self._step, self._left = position + 1, self._stay
            self._stay = min(LONGEST_STAY, self._stay * 2)
        return True
