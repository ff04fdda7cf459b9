"""Labelled cases: a ticket, and what a person says the right answer is.

Comes in: JSONL files in the contract's case format. Goes out: validated `LabelledCase`s and the digest of the set.
A case whose own gold facts do not give its gold route is refused: one of its two labels is wrong.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import overload

from pydantic import Field, ValidationError

from copilot.core.closed import Given
from copilot.core.errors import InputError, reason
from copilot.core.extraction import Extraction
from copilot.core.facts import Dropped
from copilot.core.sentences import Sentences, cut
from copilot.core.strict_json import JsonFault, parse
from copilot.core.ticket import Ticket
from copilot.core.validation import first_problem
from copilot.core.verification import verify
from copilot.core.vocabulary import Label, Route
from copilot.evaluation.cases.selection import CaseSelection
from copilot.output.wording import words
from copilot.policy import Circumstances, Decision, decide_facts
from copilot.policy.rules import RULES

PAIR_TAG = "minimal-pair:"
ARGUABLE_TAG = "arguable"
HOSTILE_TAG = "hostile"
LANGUAGE_TAG = "lang:"
_RULE_IDS = tuple(rule.id for rule in RULES)


class CaseError(InputError):
    """A labelled case that cannot be used; the message names file, line and field."""


class Expectation(Given):
    """What the right answer is. `extraction` None: the case is scored on its route alone."""

    route: Route
    labels: list[Label]
    rule: str
    extraction: Extraction | None = None


class LabelledCase(Given):
    """One case: `tags` slice the scores, `why` gives the policy's reason in a line."""

    id: str = Field(min_length=1, max_length=200, pattern=r"^[\w.:-]+$")
    tags: tuple[str, ...] = ()
    ticket: Ticket
    expect: Expectation
    why: str = ""

    @property
    def family(self) -> str:
        """The group of cases that vary one story: the minimal pair's name, else the case's own id."""
        return next((tag for tag in self.tags if tag.startswith(PAIR_TAG)), self.id)

    @property
    def language(self) -> str:
        """The language that its tags give; English where they give none."""
        return next((tag.removeprefix(LANGUAGE_TAG) for tag in self.tags if tag.startswith(LANGUAGE_TAG)), "en")

    @property
    def is_arguable(self) -> bool:
        """True where two careful people may well differ; reported apart."""
        return ARGUABLE_TAG in self.tags

    @property
    def is_hostile(self) -> bool:
        """True where the ticket attacks the reader."""
        return HOSTILE_TAG in self.tags


class WrittenCases(Sequence[LabelledCase]):
    """Cases kept as their JSON lines, each made anew when it is looked at: thousands of them take little more than their text.

    The lines must be valid; making a case of one raises `ValidationError` where it is not.
    """

    def __init__(self, lines: Sequence[bytes]) -> None:
        self.lines = lines

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[LabelledCase]:
        return map(LabelledCase.model_validate_json, self.lines)

    @overload
    def __getitem__(self, place: int) -> LabelledCase: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[LabelledCase, ...]: ...
    def __getitem__(self, place: int | slice) -> LabelledCase | tuple[LabelledCase, ...]:
        if isinstance(place, slice):
            return tuple(map(LabelledCase.model_validate_json, self.lines[place]))
        return LabelledCase.model_validate_json(self.lines[place])


class _ById(Mapping[str, LabelledCase]):
    """The cases of a set under their ids."""

    def __init__(self, cases: Sequence[LabelledCase]) -> None:
        self._cases = cases
        self._places = {case.id: place for place, case in enumerate(cases)}

    def __getitem__(self, id: str) -> LabelledCase:
        return self._cases[self._places[id]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(frozen=True)
class CaseSet:
    """Cases in the order of their files; `load_cases` checks them. `selection` tells which part of a larger set they are."""

    cases: Sequence[LabelledCase]
    selection: CaseSelection | None = None

    @property
    def lines(self) -> Iterable[bytes]:
        """Each case as a line of JSON without its end, in order."""
        if isinstance(self.cases, WrittenCases):
            return self.cases.lines
        return (case.model_dump_json().encode() for case in self.cases)

    @cached_property
    def sha256(self) -> str:
        """The digest of all cases, whatever files they stand in."""
        digest = hashlib.sha256()
        for number, line in enumerate(sorted(self.lines)):
            digest.update(b"\n" + line if number else line)
        return digest.hexdigest()

    @cached_property
    def by_id(self) -> Mapping[str, LabelledCase]:
        """Each case under its id."""
        return _ById(self.cases)

    def __len__(self) -> int:
        return len(self.cases)


def decide_on(ticket: Ticket, extraction: Extraction, sentences: Sentences | None = None) -> tuple[Decision, tuple[Dropped, ...]]:
    """The policy's decision on given facts, and what was dropped from them: `pipeline.decide` without the note.

    `sentences` are those of the ticket, where they are at hand.
    """
    facts = verify(ticket, sentences or cut(ticket), extraction, by_person=True)
    decision, _ = decide_facts(facts, Circumstances(ticket.origin, ticket.context.mediation_eligible))
    return decision, facts.dropped


def load_cases(paths: Sequence[Path]) -> CaseSet:
    """Read cases from JSONL files, and from every `*.jsonl` of a folder.

    Raises `CaseError` naming file, line and field: unreadable JSON, a wrong shape, a rule that the policy does not
    have, an id used twice, gold facts that do not verify or do not give the gold route, or no case at all.
    """
    lines: list[bytes] = []
    first_seen: dict[str, str] = {}
    for file in _files(paths):
        for number, line in enumerate(_lines(file), start=1):
            if not line.strip():
                continue
            where = f"{file}, line {number}"
            case = _parse(line, where)
            if case.id in first_seen:
                raise CaseError(f"{where}: id {case.id!r} is used twice ({first_seen[case.id]}); case ids must be unique")
            check_gold(case, where)
            lines.append(case.model_dump_json().encode())
            first_seen[case.id] = where
    if not lines:
        named = ", ".join(map(str, paths)) or "no path"
        raise CaseError(f"{named}: no cases found; name a .jsonl file or a folder that holds some")
    return CaseSet(WrittenCases(lines))


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return files


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as fault:
        raise CaseError(f"{file}: cannot be read ({reason(fault)}); check the path") from None
    except UnicodeDecodeError as error:
        raise CaseError(f"{file}: not UTF-8 at byte {error.start}; save it as UTF-8") from None


def _parse(line: str, where: str) -> LabelledCase:
    try:
        return LabelledCase.model_validate(parse(line))
    except JsonFault as fault:
        column = f", column {fault.column}" if fault.column else ""
        raise CaseError(f"{where}{column}: {fault.problem}; each line must be one JSON object") from None
    except ValidationError as fault:
        problem = first_problem(fault, "the line")
        raise CaseError(f"{where}: {problem}; the contract's case format says what stands there") from None


def check_gold(case: LabelledCase, where: str) -> None:
    """The gold facts, put through the policy, must give the gold decision. Raises `CaseError`."""
    if case.expect.rule not in _RULE_IDS:
        raise CaseError(f"{where}: {case.id!r}: expect.rule {case.expect.rule!r} is no rule; use one of {', '.join(_RULE_IDS)}")
    if case.expect.extraction is None:
        return
    got, dropped = decide_on(case.ticket, case.expect.extraction)
    if dropped:
        first = dropped[0]
        field = f"expect.extraction.{first.list}[{first.index}]"
        raise CaseError(f"{where}: {case.id!r}: {field}: {words(f'drop.{first.reason}')}; mend the gold facts")
    wanted = case.expect
    if (wanted.route, tuple(wanted.labels), wanted.rule) != (got.route, got.labels, got.rule):
        raise CaseError(
            f"{where}: {case.id!r}: the gold facts give {_shown(got.rule, got.route, got.labels)}, "
            f"the label says {_shown(wanted.rule, wanted.route, wanted.labels)}; "
            "read the ticket again and mend whichever is wrong"
        )


def _shown(rule: str, route: Route, labels: Sequence[Label]) -> str:
    return f"{rule} ({', '.join([route, *labels])})"
