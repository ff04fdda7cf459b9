"""One row per case and sample: what was suggested, kept whole enough to score, compare and decide again."""

from copilot.core.closed import Closed
from copilot.core.extraction import Extraction
from copilot.core.reading import Reading
from copilot.core.vocabulary import Caution, Label, Route
from copilot.evaluation.cases.case import LabelledCase
from copilot.output.suggestion import Suggestion, TokenUsage


class Row(Closed):
    """What came out for one case. `extraction` is the reader's own, before verification; None where there was none.

    `seconds` is wall time of the whole triage. `outcome` is a code of `copilot.core.reading.ReadOutcome`.
    """

    case_id: str
    sample: int = 0
    route: Route
    labels: list[Label]
    rule: str
    cautions: list[Caution]
    extraction: Extraction | None
    outcome: str
    degraded: bool
    uncited: list[str]
    extractor: str
    model: str | None
    usage: TokenUsage
    attempts: int
    seconds: float

    @property
    def is_scored(self) -> bool:
        """False where the reader that was asked for did not answer: such a case is listed, and neither right nor wrong."""
        return not self.degraded


def row_of(case: LabelledCase, sample: int, suggestion: Suggestion, reading: Reading, seconds: float) -> Row:
    """The row for one suggestion and the reading it came from."""
    return Row(
        case_id=case.id,
        sample=sample,
        route=suggestion.route,
        labels=suggestion.labels,
        rule=suggestion.rule,
        cautions=suggestion.cautions,
        extraction=reading.extraction,
        outcome=reading.outcome.value,
        degraded=reading.degraded,
        uncited=suggestion.provenance.disagreement,
        extractor=reading.extractor,
        model=reading.model,
        usage=suggestion.provenance.usage,
        attempts=reading.attempts,
        seconds=round(seconds, 6),
    )
