"""The policy broken in small ways, one at a time: a mutant is a module of it, compiled with one thing wrong.

Only code that decides route, queue, labels or rule is broken. What words a note, lists statements or says whether a report
was received decides nothing here, and is broken by the tests under tests/policy.
"""

import ast
import copy
import importlib
import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from types import CodeType

from copilot.vocabulary import DemandKind, Harm, Intent, Label, Motive, Origin, Route

FACTS = "copilot.facts"
CASE = "copilot.policy.case"
ASSESS = "copilot.policy.assess"
RULES = "copilot.policy.rules"
DECIDE = "copilot.policy.decide"

MUTATED: Mapping[str, tuple[str, ...]] = {
    FACTS: ("is_account_security",),
    CASE: (
        "demands",
        "coercing",
        "retaliating",
        "labels",
        "coercion",
        "retaliation",
        "account_threat",
        "account_claim",
        "uncoerced_feedback_demand",
        "dispute_like",
        "suspicious",
        "in_order",
    ),
    ASSESS: ("assess", "assess_threat", "assess_claim", "_actors", "_demanded_kinds", "_is_dispute"),
    RULES: ("account_security", "mediation", "coercion", "retaliation", "suspicion", "judgement", "outside"),
}
"""Functions that decide, by module."""
WORDS_ONLY = frozenset({"_those", "zip"})
"""Calls whose arguments decide nothing: names of statements, and how lists are walked side by side."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One broken module. `id` names module, function and change; it does not move when lines do."""

    id: str
    module: str
    code: CodeType


def mutants() -> Iterator[Mutant]:
    """Every mutant, in the order of the code."""
    for module, wanted in MUTATED.items():
        tree = _parsed(module)
        seen: dict[str, int] = {}
        for place, function in _functions(tree, wanted):
            for old, new in _changes(function):
                words = f"{module.rpartition('.')[2]}.{function.name}: {_unparsed(old)} -> {_unparsed(new)}"
                seen[words] = seen.get(words, 0) + 1
                id = words if seen[words] == 1 else f"{words} ({seen[words]})"
                yield Mutant(id, module, _compiled(tree, place, _changed(function, old, new), module))
    yield from _swapped_rules()


def _swapped_rules() -> Iterator[Mutant]:
    """Neighbours in the decision order, the other way round."""
    tree = _parsed(RULES)
    places = [index for index, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef) and _is_rule(node)]
    for first, second in pairwise(places):
        body = list(tree.body)
        body[first], body[second] = body[second], body[first]
        names = [getattr(tree.body[place], "name", "") for place in (first, second)]
        swapped = compile(ast.Module(body, tree.type_ignores), RULES, "exec")
        yield Mutant(f"rules: {names[1]} before {names[0]}", RULES, swapped)


def _is_rule(node: ast.FunctionDef) -> bool:
    return any(isinstance(one, ast.Call) and ast.unparse(one.func) == "rule" for one in node.decorator_list)


Body = list[ast.stmt]


def _functions(tree: ast.Module, wanted: Sequence[str]) -> list[tuple[tuple[Body, int], ast.FunctionDef]]:
    """The named functions, each with the body that it stands in and its place there."""
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    places = [(body, index, node) for body in bodies for index, node in enumerate(body)]
    return [((body, at), node) for body, at, node in places if isinstance(node, ast.FunctionDef) and node.name in wanted]


def _changes(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Each node of a function's body that can be broken, and what stands in its place then."""
    waiting: list[ast.AST] = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        for new in _broken(node):
            yield node, new
        if isinstance(node, ast.Call) and ast.unparse(node.func) in WORDS_ONLY:
            continue
        waiting += reversed(list(ast.iter_child_nodes(node)))


def _each_for_the_next(members: type[StrEnum]) -> dict[str, str]:
    """Each member's name in code, and that of the next one; the last is followed by the first."""
    names = [f"{members.__name__}.{one.name}" for one in members]
    return dict(zip(names, [*names[1:], names[0]], strict=True))


OTHER_MEMBER = {
    **_each_for_the_next(Harm),
    **_each_for_the_next(Route),
    **_each_for_the_next(Label),
    **_each_for_the_next(Origin),
    f"Intent.{Intent.ACCIDENTAL.name}": f"Intent.{Intent.UNCLEAR.name}",
    f"Motive.{Motive.RETALIATION.name}": f"Motive.{Motive.LEVERAGE.name}",
    f"DemandKind.{DemandKind.FEEDBACK.name}": f"DemandKind.{DemandKind.MONEY.name}",
    "CONTENT_ENFORCEMENT_QUEUE": "None",
}
"""The wrong member of the same vocabulary, the wrong route, label and queue."""


def _broken(node: ast.AST) -> Iterator[ast.AST]:  # noqa: PLR0912 - one case a kind of node
    """The small ways to break one node: negate or drop a condition, swap and/or, drop or exchange a member."""
    match node:
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for gone in values:
                rest = [one for one in values if one is not gone]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPPOSITE:
            yield ast.Compare(left, [_OPPOSITE[type(op)]()], [right])
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
            yield body
            yield orelse
        case ast.If(test=test, body=body, orelse=orelse):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
            yield ast.Pass()
        case ast.Tuple(elts=elements, ctx=ast.Load()) if len(elements) > 1 and all(map(_is_member, elements)):
            yield from (ast.Tuple([one for one in elements if one is not gone], ast.Load()) for gone in elements)
        case ast.Set(elts=elements) if len(elements) > 1:
            yield from (ast.Set([one for one in elements if one is not gone]) for gone in elements)
        case ast.Name(id=("any" | "all") as name):
            yield ast.Name("all" if name == "any" else "any", ast.Load())
        case ast.Name(id="CONTENT_ENFORCEMENT_QUEUE"):
            yield ast.Constant(None)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Attribute() if ast.unparse(node) in OTHER_MEMBER:
            yield ast.parse(OTHER_MEMBER[ast.unparse(node)], mode="eval").body
        case ast.comprehension(ifs=[_, *_]):
            yield ast.comprehension(node.target, node.iter, [], node.is_async)


_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}


def _is_member(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id[0].isupper()


def _unparsed(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


def _changed(function: ast.FunctionDef, old: ast.AST, new: ast.AST) -> ast.FunctionDef:
    """A copy of the function with one node replaced."""
    return ast.fix_missing_locations(copy.deepcopy(function, {id(old): new}))


def _compiled(tree: ast.Module, place: tuple[Body, int], function: ast.FunctionDef, module: str) -> CodeType:
    """The module with another function in that place; the tree is left as it was."""
    body, index = place
    before = body[index]
    body[index] = function
    try:
        return compile(tree, module, "exec")
    finally:
        body[index] = before


@cache
def _parsed(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(importlib.import_module(module)))


@cache
def compiled(module: str) -> CodeType:
    """A module as it is."""
    return compile(_parsed(module), module, "exec")
