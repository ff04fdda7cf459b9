"""Rules and case, broken in every small way there is: the table notices each break, or it is explained here.

The mutation tool leaves decorated functions alone, and these modules are little else. So this test breaks them itself: one
place of a function's body at a time, in memory, and compares the broken rules with the table.
"""

import ast
import copy
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from copilot.output import cautions as cautions_module
from copilot.policy import case as case_module
from copilot.policy import decide as decide_module
from copilot.policy import rules as rules_module
from copilot.policy.case import Actor
from tests.policy.space import FLAGS, PROFILES, REPORTER_PROFILES, expected, told
from tests.policy.test_every_case import every_sight

MODULES = {"case": case_module, "rules": rules_module, "decide": decide_module, "cautions": cautions_module}
COMPARED = {"case": None, "rules": None, "decide": {"decide_case"}, "cautions": {"_of_the_case"}}
"""What works on facts or readings rather than cases is broken by the mutation tool, or tried in tests of its own."""
_FIRST = "where the actor coerces, R1, R2 or R3 has decided before anybody asks"
_NEVER = "an actor who demands is never retaliating, so this asks for the demand alone; and " + _FIRST
_BY_NAME = "the decision order holds the function; nobody calls a rule by its name in the module"
SAME: dict[str, dict[str, str]] = {
    "case": {
        "case.dispute_like: actor.asks_other and (not actor.coercing) -> actor.asks_other": _FIRST,
        "case.dispute_like: actor.coercing -> actor.retaliating": _NEVER,
        "case.uncoerced_feedback_demand: actor.asks_feedback and (not actor.coercing) -> actor.asks_feedback": _FIRST,
        "case.uncoerced_feedback_demand: actor.coercing -> actor.retaliating": _NEVER,
    },
    "rules": {
        "rules.rule: return function -> return None": _BY_NAME,
        "rules.enter: return function -> return None": _BY_NAME,
    },
}
"""Breaks that change no decision, each with the reason. The same list stands in docs/mutation.md."""
SWAPPED = {
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Eq: ast.NotEq,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Sub: ast.Add,
}
OTHER_NAME = {
    "any": "all",
    "all": "any",
    "True": "False",
    "None": "True",
}
OTHER_ATTRIBUTE = {
    "threatens": "damages",
    "damages": "threatens",
    "demands": "asks_feedback",
    "asks_feedback": "asks_other",
    "asks_other": "asks_feedback",
    "coercing": "retaliating",
    "retaliating": "coercing",
    "threatens_account": "breached_account",
    "breached_account": "threatens_account",
    "endangers_account": "damages",
    "has_counted_fact": "demands",
    "is_reporter": "demands",
    "coercion": "retaliation",
    "retaliation": "coercion",
    "account_threat": "account_claim",
    "account_claim": "account_threat",
    "dispute_like": "tells_dispute",
    "tells_dispute": "tells_bad_feedback",
    "tells_bad_feedback": "tells_dispute",
    "uncoerced_feedback_demand": "suspicious",
    "suspicious": "uncoerced_feedback_demand",
    "damage_in_coercion": "coercion",
    "threat_to_staff": "reliable",
    "reliable": "threat_to_staff",
    "report_received": "reliable",
    "COERCION_AND_RETALIATION": "RETALIATION",
    "FEEDBACK_BUILDING": "RETALIATION",
    "RETALIATION": "FEEDBACK_BUILDING",
    "CUSTOMER_REPORT": "AGENT_OBSERVATION",
    "AGENT_OBSERVATION": "CUSTOMER_REPORT",
    "ACCOUNT_SECURITY": "MEDIATION_DISPUTES",
    "MEDIATION_DISPUTES": "CONTENT_ENFORCEMENT",
    "CONTENT_ENFORCEMENT": "AGENT_REVIEW",
    "AGENT_REVIEW": "NO_ESCALATION",
    "NO_ESCALATION": "AGENT_REVIEW",
    "NO_REPORT_RECEIVED": "CLAIMS_UNVERIFIED",
    "CLAIMS_UNVERIFIED": "NO_REPORT_RECEIVED",
    "ALSO_COERCION": "ALSO_RETALIATION",
    "ALSO_RETALIATION": "ALSO_COERCION",
    "CHECK_MEDIATION": "THREAT_TO_STAFF",
    "THREAT_TO_STAFF": "CHECK_MEDIATION",
}


def breaks(node: ast.AST) -> Iterator[ast.AST]:  # noqa: PLR0912  one case a kind of node
    """Each small way to break one node of a function's body."""
    broken = copy.copy(node)
    match node:
        case ast.BoolOp(op=op):
            broken.op = SWAPPED[type(op)]()
            yield broken
            yield from node.values
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            broken.ops = [SWAPPED[type(op)]()]
            yield broken
        case ast.BinOp(op=op) if type(op) in SWAPPED:
            broken.op = SWAPPED[type(op)]()
            yield broken
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.IfExp():
            yield ast.IfExp(node.test, node.orelse, node.body)
        case ast.If():
            yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
            yield ast.Pass()
        case ast.Attribute(attr=name) if name in OTHER_ATTRIBUTE:
            broken.attr = OTHER_ATTRIBUTE[name]
            yield broken
        case ast.Name(id=name) if name in OTHER_NAME:
            broken.id = OTHER_NAME[name]
            yield broken
        case ast.Constant(value=bool() | None):
            yield ast.Constant(not node.value)
        case ast.Constant(value=str(value)) if value.startswith("S"):
            yield ast.Constant(value + "0")
        case ast.keyword(arg=str(name)) if name.startswith("S"):
            broken.arg = name + "0"
            yield broken
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Set(elts=elements) if len(elements) > 1:
            yield from (ast.Set([one for one in elements if one is not gone]) for gone in elements)
        case ast.Dict(keys=keys) if len(keys) > 1:
            yield from (_without(node, index) for index in range(len(keys)))
        case ast.comprehension(ifs=[_, *_]):
            broken.ifs = []
            yield broken


def _without(node: ast.Dict, index: int) -> ast.Dict:
    return ast.Dict(node.keys[:index] + node.keys[index + 1 :], node.values[:index] + node.values[index + 1 :])


class Replacing(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def every_break(name: str) -> Iterator[tuple[str, ast.Module]]:
    """Each broken version of a module, with words for what was broken: the function, the line before, the line after."""
    tree = ast.parse(Path(MODULES[name].__file__).read_text(encoding="utf-8"))
    wanted = COMPARED[name]
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        if wanted and function.name not in wanted:
            continue
        skipped = {
            id(node) for part in (*function.decorator_list, function.args, function.returns) if part for node in ast.walk(part)
        }
        documented = function.body[0].value if isinstance(function.body[0], ast.Expr) else None
        for node in ast.walk(function):
            if node is function or node is documented or id(node) in skipped:
                continue
            before = ast.unparse(node)
            if "__doc__" in before:
                continue  # words of a table, not a decision: tests/test_policy_docs.py reads them
            for new in breaks(node):
                broken = _replaced(tree, node, new)
                yield f"{name}.{function.name}: {before} -> {ast.unparse(new)}", broken


def _replaced(tree: ast.Module, old: ast.AST, new: ast.AST) -> ast.Module:
    """A copy of the tree with one node replaced; the original stays as it is."""
    memo: dict[int, object] = {id(old): new}
    return ast.fix_missing_locations(copy.deepcopy(tree, memo))


@cache
def samples() -> list[tuple[dict[str, object], tuple[object, ...]]]:
    """Each actor alone, and each union of actors under a third of the flags: as plain values, with what the table says."""
    from copilot.policy.case import Case

    found = []
    tickets = [((actor,), FLAGS) for actor in (*PROFILES, *REPORTER_PROFILES)]
    tickets += [(actors, FLAGS[index % 3 :: 3]) for index, actors in enumerate(every_sight().values())]
    for actors, all_flags in tickets:
        plain = [{field: getattr(actor, field) for field in Actor.__slots__} for actor in actors]
        found += [({"actors": plain, **flags}, expected(Case(actors=actors, **flags))) for flags in all_flags]
    step = 7919  # a prime: the first samples lie far apart, so that most breaks are noticed at once
    return [found[index * step % len(found)] for index in range(len(found))]


def run(name: str, tree: ast.Module) -> dict[str, ModuleType]:
    """The modules, with one of them broken, loaded beside the real ones."""
    loaded: dict[str, ModuleType] = {}
    for part, module in MODULES.items():
        fresh = ModuleType(f"broken_{part}")
        source = tree if part == name else ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        sys.modules[fresh.__name__] = fresh
        exec(compile(source, module.__file__, "exec"), fresh.__dict__)
        loaded[part] = fresh
    loaded["decide"].RULES = loaded["rules"].RULES
    return loaded


def is_noticed(name: str, tree: ast.Module) -> bool:
    try:
        loaded = run(name, tree)
        make_actor, make_case = loaded["case"].Actor, loaded["case"].Case
        for sample, wanted in samples():
            actors = tuple(make_actor(**actor) for actor in sample["actors"])
            case = make_case(**{**sample, "actors": actors})
            if told(case, loaded["decide"].decide_case, loaded["cautions"].cautions) != wanted:
                return True
    except Exception:
        return True
    return False


def test_where_nothing_is_broken_nothing_is_noticed() -> None:
    """The bench itself works."""
    assert not is_noticed("case", ast.parse(Path(case_module.__file__).read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", MODULES)
def test_the_table_notices_every_small_break(name: str) -> None:
    tried = list(every_break(name))

    unnoticed = {words for words, tree in tried if not is_noticed(name, tree)}

    print(f"\n{name}: {len(tried)} breaks, {len(unnoticed)} not noticed")
    assert unnoticed == set(SAME.get(name, {}))
