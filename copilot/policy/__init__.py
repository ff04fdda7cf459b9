"""The hard-coded policy: facts in, one decision out. `handbook.md` is its text, `rules.py` its code."""

from copilot.policy.ask import ask_next
from copilot.policy.bound import within_bounds
from copilot.policy.change import Change, would_change
from copilot.policy.decide import POLICY_VERSION, Circumstances, Decision, decide_facts
from copilot.policy.weigh import Weighed, Weight

__all__ = [
    "POLICY_VERSION",
    "Change",
    "Circumstances",
    "Decision",
    "Weighed",
    "Weight",
    "ask_next",
    "decide_facts",
    "within_bounds",
    "would_change",
]
