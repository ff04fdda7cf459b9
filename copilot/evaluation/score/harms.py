"""What a wrong decision does, in words, the gravest first."""

from copilot.evaluation.score.tallies import Sample, called_all_clear, false_escalation, missed_escalation, wrong_team

HARMS = (
    ("all clear given", called_all_clear),
    ("escalation missed", missed_escalation),
    ("wrong team", wrong_team),
    ("false escalation", false_escalation),
)
"""The gravest first. A wrong desk (a person's instead of nobody's, or the other way round) and wrong labels come after them."""


def harm_of(sample: Sample) -> tuple[str, int]:
    """The harm of a decision in words, with its rank, the gravest being 0; empty for a right one."""
    if sample.right_labels:
        return "", len(HARMS) + 2
    for rank, (words, holds) in enumerate(HARMS):
        if holds(sample):
            return words, rank
    return ("labels only", len(HARMS) + 1) if sample.right_route else ("wrong desk", len(HARMS))
