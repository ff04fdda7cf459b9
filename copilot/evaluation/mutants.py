"""Policy mutants: the policy is broken in small ways, and the gold facts of the cases must notice each of them.

A mutant that no case notices is a hole in the set, unless it is listed as equivalent with a reason. Mutants live in
memory; nothing on disk changes. Broken modules are loaded beside the real ones, which stay as they are.
"""

import builtins
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from copilot import facts
from copilot.errors import InputError
from copilot.evaluation.cases import CaseSet, LabelledCase
from copilot.evaluation.mutations import ASSESS, CASE, DECIDE, FACTS, RULES, Mutant, compiled, mutants
from copilot.extraction import Extraction
from copilot.facts import Facts
from copilot.policy import Circumstances, decide_facts
from copilot.sentences import cut
from copilot.verification import verify
from copilot.vocabulary import CONTENT_ENFORCEMENT_QUEUE, Label, Route

LOADED = {FACTS: (FACTS, ASSESS, DECIDE), CASE: (CASE, ASSESS, RULES, DECIDE), ASSESS: (ASSESS, DECIDE), RULES: (RULES, DECIDE)}
"""What must be loaded anew where a module is broken: it, and what imports it, in that order."""

Decide = Callable[[Facts, Circumstances], Any]


class MutantError(InputError):
    """A list of equivalent mutants that cannot be used; the message names the file and the field."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One mutant and the case that noticed it first; None: it survived."""

    id: str
    killed_by: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """All mutants of one try. `equivalent` are listed survivors with their reasons."""

    tried: tuple[Tried, ...]
    equivalent: Mapping[str, str]

    @property
    def survivors(self) -> tuple[str, ...]:
        """Mutants that nothing noticed and nobody explained."""
        return tuple(one.id for one in self.tried if one.killed_by is None and one.id not in self.equivalent)

    @property
    def outdated(self) -> tuple[str, ...]:
        """Explained mutants that are noticed after all, or are no mutants any more."""
        survived = {one.id for one in self.tried if one.killed_by is None}
        return tuple(id for id in self.equivalent if id not in survived)

    @property
    def killed(self) -> int:
        """How many were noticed."""
        return sum(one.killed_by is not None for one in self.tried)


@dataclass(frozen=True, slots=True)
class _Gold:
    """One case as the policy sees it, and what must come out."""

    id: str
    facts: Facts
    circumstances: Circumstances
    decision: tuple[Route, str | None, tuple[Label, ...], str]


def read_equivalents(path: Path) -> dict[str, str]:
    """Mutant id to reason, from a TOML file of `[[equivalent]]` tables. Raises `MutantError`; no file is no list."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", [])
        listed = {one["mutant"]: one["reason"] for one in given}
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as fault:
        raise MutantError(
            f"{path}: is not a list of [[equivalent]] with `mutant` and `reason` ({type(fault).__name__})"
        ) from None
    empty = [id for id, reason in listed.items() if not str(reason).strip()]
    if empty:
        raise MutantError(f"{path}: {empty[0]!r} has no reason; say why no input can tell it from the policy")
    return listed


def try_mutants(cases: CaseSet, equivalent: Mapping[str, str]) -> Trial:
    """Run the gold facts of every case through every mutant. Raises `MutantError` where the unbroken policy fails a case."""
    gold = [_gold_of(case, case.expect.extraction) for case in cases.cases if case.expect.extraction is not None]
    if not gold:
        raise MutantError("no case has gold facts, so nothing can be told from a mutant; add expect.extraction to some")
    odd = next((one for one in gold if not _is_right(decide_facts, one)), None)
    if odd is not None:
        raise MutantError(f"{odd.id!r}: the policy as it is decides otherwise than the case says; mend that first")
    found: list[Tried] = []
    for mutant in mutants():
        killer = _killer(mutant, gold)
        if killer is not None:
            gold.remove(killer)
            gold.insert(0, killer)
        found.append(Tried(mutant.id, killer.id if killer else None))
    return Trial(tuple(found), equivalent)


def _killer(mutant: Mutant, gold: Sequence[_Gold]) -> _Gold | None:
    """The first case that notices; a mutant that breaks down is noticed by the first case there is."""
    try:
        decide = _load(mutant.module, mutant.code)
    except Exception:
        return gold[0]
    return next((one for one in gold if not _is_right(decide, one)), None)


def _is_right(decide: Decide, gold: _Gold) -> bool:
    try:
        decision, _ = decide(gold.facts, gold.circumstances)
    except Exception:
        return False
    return (decision.route, decision.queue, decision.labels, decision.rule) == gold.decision


def _load(broken: str, code: CodeType) -> Decide:
    """The deciding modules with one of them broken, loaded beside the real ones; what decides is handed back."""
    loaded: dict[str, ModuleType] = {}

    def importing(name: str, *rest: Any) -> Any:
        return loaded[name] if name in loaded else builtins.__import__(name, *rest)

    for name in LOADED[broken]:
        module = ModuleType(name)
        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": importing}
        exec(code if name == broken else compiled(name), module.__dict__)  # noqa: S102 - our own source, with one thing wrong
        if name == FACTS:  # what is decided on was made of the real classes
            vars(module).update({key: value for key, value in vars(facts).items() if isinstance(value, type)})
        loaded[name] = module
    decide: Decide = loaded[DECIDE].decide_facts
    return decide


def _gold_of(case: LabelledCase, extraction: Extraction) -> _Gold:
    queue = CONTENT_ENFORCEMENT_QUEUE if case.expect.route is Route.CONTENT_ENFORCEMENT else None
    return _Gold(
        case.id,
        verify(case.ticket, cut(case.ticket), extraction, by_person=True),
        Circumstances(case.ticket.origin, case.ticket.context.mediation_eligible),
        (case.expect.route, queue, tuple(case.expect.labels), case.expect.rule),
    )
