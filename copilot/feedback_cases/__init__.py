"""Labelled cases from agents' feedback: reviewed tickets of the store in, pseudonymised cases of the evaluation out.

They are drafts. Names are found by what the ticket itself says of its people, so a name that stands only in the text
can be missed: a person reads each case before it joins a set.
"""

from copilot.feedback_cases.draft import Drafts, Skipped, drafts

__all__ = ["Drafts", "Skipped", "drafts"]
