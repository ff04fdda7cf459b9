"""The hard-coded policy: facts in, one decision out. `handbook.md` is its text, `rules.py` its code."""

from copilot.policy.ask import Ask, Question, ask_next, called
from copilot.policy.assess import Assessment, Reason, Weight
from copilot.policy.bound import within_bounds
from copilot.policy.change import Change, Condition, would_change
from copilot.policy.decide import POLICY_VERSION, Circumstances, Decision, decide_facts
from copilot.policy.trials import Trials

__all__ = [
    "POLICY_VERSION",
    "Ask",
    "Assessment",
    "Change",
    "Circumstances",
    "Condition",
    "Decision",
    "Question",
    "Reason",
    "Trials",
    "Weight",
    "ask_next",
    "called",
    "decide_facts",
    "within_bounds",
    "would_change",
]
