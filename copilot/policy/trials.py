"""The policy asked about one ticket: as it is, and with one thing otherwise. Nothing is put to it twice."""

from copilot.core.facts import Facts
from copilot.policy.assess import Assessment
from copilot.policy.decide import Circumstances, Decision, decide_facts


class Trials:
    """The decision on a ticket's facts (`now`), and those on other facts or circumstances, each made once.

    What to ask next and what would change the decision try the same things; facts that say the same are decided the same.
    """

    def __init__(self, facts: Facts, circumstances: Circumstances) -> None:
        self.facts = facts
        self.circumstances = circumstances
        self.now: Decision
        self.assessment: Assessment
        self.now, self.assessment = decide_facts(facts, circumstances)
        self._known = {(facts, circumstances): self.now}

    def decision(self, facts: Facts | None = None, circumstances: Circumstances | None = None) -> Decision:
        """What the policy decides on these facts, or under these circumstances."""
        tried = facts or self.facts, circumstances or self.circumstances
        if tried not in self._known:
            self._known[tried], _ = decide_facts(*tried)
        return self._known[tried]

    def differs(self, facts: Facts | None = None, circumstances: Circumstances | None = None) -> bool:
        """Whether that is another route or other labels than now."""
        return self.decision(facts, circumstances).destination != self.now.destination
