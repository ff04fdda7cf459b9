"""What keeps a case set honest: cases in, findings out; a set with findings should not be measured on.

`load_cases` has already refused ids used twice, gold facts that do not verify, and gold facts that do not give the gold
decision. Here stands what needs the whole set or a second file: copies, leaks, tags, personal data, odd evidence.
A finding names the case and the fault; it never repeats a ticket's text, but for words that stand in the prompt or in
the training tickets as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from copilot.core.extraction import FACT_LISTS
from copilot.core.sentences import Sentences, cut
from copilot.evaluation.cases import contamination, personal
from copilot.evaluation.cases.case import LANGUAGE_TAG, PAIR_TAG, CaseSet, LabelledCase
from copilot.evaluation.cases.coverage import pairs
from copilot.evaluation.cases.tags import is_known
from copilot.readers.model import prompt

MOST_EVIDENCE = 6
"""A fact that cites more sentences than these points at nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the check that found it, the case, and what is wrong."""

    check: str
    case_id: str
    problem: str

    def __str__(self) -> str:
        return f"{self.case_id}: {self.check}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where readers are taught: the prompt, and the training tickets of the embedded model where they are at hand."""

    prompts: Path
    training: Path | None = None

    @classmethod
    def usual(cls, training: Path | None = None) -> "Sources":
        """The prompt that the readers use, and a folder of training tickets."""
        return cls(prompt.folder(), training)


def lint(cases: CaseSet, sources: Sources) -> tuple[Finding, ...]:
    """Every finding, in the order of the checks and of the cases."""
    return (
        *(finding for case in cases.cases for finding in _alone(case)),
        *_families(cases),
        *_copies(cases),
        *_leaks(cases, sources),
    )


def _alone(case: LabelledCase) -> Iterator[Finding]:
    """What can be seen in one case."""
    if case.expect.extraction is None:
        yield Finding("gold facts", case.id, "has none, so the label cannot be checked; write expect.extraction")
    if not case.why.strip() or "\n" in case.why:
        yield Finding("reason", case.id, "needs one line in `why`")
    yield from (Finding("tags", case.id, problem) for problem in _tag_faults(case))
    yield from (Finding("evidence", case.id, problem) for problem in _evidence_faults(case))
    people = [person.name or "" for person in case.ticket.participants]
    for text in (case.ticket.subject, *people, *(message.text for message in case.ticket.messages)):
        yield from (Finding("personal data", case.id, f"holds {problem}") for problem in personal.find(text))


def _tag_faults(case: LabelledCase) -> Iterator[str]:
    unknown = [tag for tag in case.tags if not is_known(tag)]
    if unknown:
        yield f"{', '.join(map(repr, unknown))} not known; use one of copilot.evaluation.cases.tags"
    if len(set(case.tags)) != len(case.tags):
        yield "one is given twice"
    if sum(tag.startswith(LANGUAGE_TAG) for tag in case.tags) != 1:
        yield f"needs exactly one {LANGUAGE_TAG}…"
    if sum(tag.startswith(PAIR_TAG) for tag in case.tags) > 1:
        yield "belongs to two minimal pairs"


def _evidence_faults(case: LabelledCase) -> Iterator[str]:
    if case.expect.extraction is None:
        return
    sentences = cut(case.ticket)
    for name in FACT_LISTS:
        for index, fact in enumerate(getattr(case.expect.extraction, name)):
            problem = _cited_badly(fact.evidence, sentences)
            if problem:
                yield f"expect.extraction.{name}[{index}] {problem}"


def _cited_badly(evidence: list[str], sentences: Sentences) -> str | None:
    order = {sentence.id: place for place, sentence in enumerate(sentences)}
    places = [order[id] for id in evidence if id in order]
    if places != sorted(set(places)):
        return "cites sentences out of order, or one twice"
    if len(places) > MOST_EVIDENCE:
        return f"cites {len(places)} sentences, more than {MOST_EVIDENCE}"
    empty = [id for id in evidence if not any(char.isalnum() for char in sentences.by_id[id].text)]
    return f"cites {empty[0]}, in which there is nothing to read" if empty else None


def _families(cases: CaseSet) -> Iterator[Finding]:
    for family in pairs(cases):
        yield Finding("minimal pair", family, "has one case alone, or its changed fact changes no route and no label")


def _copies(cases: CaseSet) -> Iterator[Finding]:
    for first, second, likeness in contamination.alike(cases):
        yield Finding("near-duplicate", second.id, f"shares {likeness:.0%} of its word shingles with {first.id}")


def _leaks(cases: CaseSet, sources: Sources) -> Iterator[Finding]:
    """Runs of words that also stand where a reader is taught; one finding for a case and place."""
    taught = [("in the prompt", contamination.in_prompts(cases, sources.prompts))]
    if sources.training:
        taught.append(("in the training tickets", contamination.in_training(cases, sources.training)))
    for check, found in taught:
        places: dict[tuple[str, str], str] = {}
        for case, place, words in found:
            places.setdefault((case.id, place), words)
        for (case_id, place), words in places.items():
            yield Finding(check, case_id, f"shares «{words}» with {place}")
