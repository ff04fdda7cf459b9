"""The seven properties that hold by construction. Each test here fails when its property is broken."""

import ast
import os
import re
import subprocess
import sys
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.core.extraction import Extraction
from copilot.core.facts import Fact, Party
from copilot.core.vocabulary import CONTENT_ENFORCEMENT_QUEUE, Caution, Label, Origin, Role, Route
from copilot.pipeline import decide, triage
from copilot.policy import Circumstances, decide_facts
from copilot.policy.case import Actor, Case
from copilot.policy.decide import ESCALATIONS, decide_case
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.fallback import FallbackReader
from tests.builders import CLIENT, FREELANCER, TEXT, extraction, facts, threat, ticket
from tests.policy.space import PROFILES, REPORTER_PROFILES, cases
from tests.policy.test_change import POOL
from tests.scripted_reader import Scripted

ROOT = Path(__file__).parents[1]
some_facts = st.lists(st.sampled_from(POOL), max_size=6, unique=True)
a_context = st.sampled_from([True, False, None])


# 1. The model cannot pick the queue.


def test_1_the_readers_schema_has_no_place_for_a_route_a_queue_a_label_or_a_rule() -> None:
    schema = Extraction.model_json_schema()
    keys = {key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", {})}
    values = {tuple(part["enum"]) for part in schema["$defs"].values() if "enum" in part}

    assert not {key for key in keys if re.search("route|queue|label|rule|team|escalat|note|caution|statement|suggest", key)}
    assert not values & {tuple(Route), tuple(Label), tuple(Caution)}
    assert CONTENT_ENFORCEMENT_QUEUE not in str(schema)


@given(some_facts, a_context)
def test_1_the_queue_follows_from_the_route_whatever_was_read(items: list[Fact], eligible: bool | None) -> None:
    suggestion = decide(ticket(eligible=eligible), extraction(*items))

    goes_to_enforcement = suggestion.route is Route.CONTENT_ENFORCEMENT
    assert suggestion.queue == (CONTENT_ENFORCEMENT_QUEUE if goes_to_enforcement else None)


# 2. The model cannot write prose.

prose = st.text(alphabet="QZ", min_size=8, max_size=20).map(lambda text: f"{text}")


@given(prose, some_facts)
def test_2_no_word_of_a_readers_own_comes_out_anywhere(word: str, items: list[Fact]) -> None:
    """Party ids, sentence ids and names are all that a reader can spell; what it made up is gone from everything shown."""
    given_ticket = ticket()
    given = extraction(*items).model_dump()
    ids = {"p1": f"{word[:16]}1", "p2": f"{word[:16]}2", "p3": f"{word[:16]}3", "p4": f"{word[:16]}4"}
    for party in given["parties"]:
        party |= {"id": ids[party["id"]], "name": word}
    for name in ("threats", "demands", "damage_claims", "disputes"):
        for fact in given[name]:
            fact |= {side: ids[fact[side]] for side in ("by", "against", "of") if side in fact}
        given[name] += [{**fact, "evidence": [*fact["evidence"], word]} for fact in given[name]]
        given[name] += [{**fact, "by": word} for fact in given[name] if "by" in fact]

    suggestion = decide(given_ticket, Extraction.model_validate(given))

    assert word[:8] not in suggestion.model_dump_json()


def test_2_a_name_that_the_ticket_holds_word_for_word_is_the_one_exception() -> None:
    suggestion = decide(ticket(TEXT + " Ask Dmitri."), extraction(parties=[Party("p1", Role.FREELANCER, False, "Dmitri")]))

    assert suggestion.parties[0].name == "Dmitri"


# 3. Evidence is real.


@given(some_facts, st.lists(st.sampled_from(["m1.1", "m1.4", "m1.5", "m2.1", "", "m1", "m1.1 "]), max_size=3))
def test_3_every_cited_sentence_exists_and_is_copied_from_the_ticket_by_offset(items: list[Fact], ids: list[str]) -> None:
    given_ticket = ticket()
    given = extraction(*items).model_dump()
    for name in ("threats", "demands", "damage_claims", "disputes"):
        given[name] = [{**fact, "evidence": [*fact["evidence"], *ids]} for fact in given[name]]

    suggestion = decide(given_ticket, Extraction.model_validate(given))

    sentences = {sentence.id: sentence for sentence in suggestion.sentences}
    texts = {message.id: message.text for message in given_ticket.messages}
    for fact in suggestion.facts:
        assert fact.evidence
        for id in fact.evidence:
            sentence = sentences[id]
            assert sentence.text == texts[sentence.message][sentence.start : sentence.end]
    assert not suggestion.facts or set(ids) <= set(sentences)


def test_3_quotes_in_a_note_are_sentences_of_the_ticket() -> None:
    suggestion = decide(ticket(), extraction(*POOL))

    quoted = re.findall(r"^  \| \[\S+\] .*?: “(.*)”$", suggestion.note, re.MULTILINE)
    assert quoted
    assert set(quoted) <= {sentence.text.strip() for sentence in suggestion.sentences}


# 4. The policy is total, deterministic and pure. That every input gets exactly one rule: tests/policy/test_every_case.py.

POLICY = [path for path in sorted((ROOT / "copilot" / "policy").glob("*.py")) if path.name != "describe.py"]
PLAIN = {"collections", "dataclasses", "enum", "typing", "itertools", "functools"}
BELOW = {"copilot.core.facts", "copilot.policy", "copilot.core.vocabulary"}
REACHES_OUT = {"open", "print", "input", "eval", "exec", "__import__", "globals", "breakpoint"}


@pytest.mark.parametrize("path", POLICY, ids=lambda path: path.name)
def test_4_the_policy_imports_no_clock_network_file_log_or_chance_and_calls_none(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}

    strange = {
        name
        for name in imported
        if name.partition(".")[0] not in PLAIN and not any(name == one or name.startswith(f"{one}.") for one in BELOW)
    }
    assert strange == set()
    assert not called & REACHES_OUT


def test_4_another_process_with_other_hashes_decides_the_same() -> None:
    """An order that came from a set would differ between two seeds."""
    program = (
        "from copilot.pipeline import decide; from tests.builders import *; from tests.policy.test_change import POOL\n"
        "print(decide(ticket(), extraction(*POOL)).model_dump_json())"
    )

    def told(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout

    assert told("1") == told("2") == told("3")


@given(some_facts, a_context, st.sampled_from(Origin), st.booleans())
def test_4_every_input_gets_one_decision_and_the_same_one_again(
    items: list[Fact], eligible: bool | None, origin: Origin, failed: bool
) -> None:
    circumstances = Circumstances(origin, eligible, failed)

    one, again = (decide_facts(facts(*items), circumstances) for _ in range(2))

    assert one == again
    assert one[0].route in Route


# 5. More facts never hide an escalation.

COUNTED = ("threatens", "damages", "threatens_account", "breached_account")
DEMANDED = ("asks_feedback", "asks_other")


def _with(actor: Actor, field: str) -> Actor:
    return Actor(**{name: getattr(actor, name) or name == field for name in Actor.__slots__})


def test_5_adding_a_counted_fact_or_a_demand_to_any_escalated_case_keeps_it_escalated() -> None:
    """To every actor of every case of one actor, and by a newcomer; the rules see any crowd as a union of such."""
    newcomers = [Actor(reporter, **{field: True}) for reporter in (True, False) for field in (*COUNTED, *DEMANDED)]
    tried = 0

    for actor in (*PROFILES, *REPORTER_PROFILES):
        for case in cases((actor,)):
            if decide_case(case).route not in ESCALATIONS:
                continue
            flags = {name: getattr(case, name) for name in Case.__slots__ if name != "actors"}
            larger = [(_with(actor, field),) for field in (*COUNTED, *DEMANDED)] + [(actor, other) for other in newcomers]
            for actors in larger:
                assert decide_case(Case(actors=actors, **flags)).route in ESCALATIONS, (case, actors)
                tried += 1

    assert tried > 50_000


def test_5_a_counted_fact_alone_escalates() -> None:
    for field, flags in product(COUNTED, cases(())):
        others = {name: getattr(flags, name) for name in Case.__slots__ if name != "actors"}

        assert decide_case(Case(actors=(Actor(**{field: True}),), **others)).route in ESCALATIONS


@pytest.mark.parametrize("origin", Origin)
@pytest.mark.parametrize("eligible", [True, False, None])
def test_5_adding_any_fact_to_an_escalated_ticket_of_up_to_two_facts_keeps_it_escalated(
    origin: Origin, eligible: bool | None
) -> None:
    """Even a fact that does not count itself: a demand may make another one count, and none may undo one."""
    circumstances = Circumstances(origin, eligible)
    few = [chosen for count in range(3) for chosen in combinations(POOL, count)]
    escalated = [chosen for chosen in few if decide_facts(facts(*chosen), circumstances)[0].route in ESCALATIONS]

    assert escalated
    for chosen, more in product(escalated, POOL):
        assert decide_facts(facts(*chosen, more), circumstances)[0].route in ESCALATIONS, (chosen, more)


@given(some_facts, st.sampled_from(POOL), a_context, st.sampled_from(Origin))
def test_5_adding_any_fact_to_an_escalated_ticket_keeps_it_escalated(
    items: list[Fact], more: Fact, eligible: bool | None, origin: Origin
) -> None:
    circumstances = Circumstances(origin, eligible)
    before = decide_facts(facts(*items), circumstances)[0].route

    after = decide_facts(facts(*items, more), circumstances)[0].route

    assert before not in ESCALATIONS or after in ESCALATIONS


# 6. No fault is silent.

FAILURES = [outcome for outcome in ReadOutcome if outcome.failed]


def failed(outcome: ReadOutcome) -> Reading:
    return Reading(None, outcome, extractor="openai")


@pytest.mark.parametrize("outcome", FAILURES)
def test_6_a_failed_reading_is_never_no_escalation(outcome: ReadOutcome) -> None:
    for alone in (Scripted(failed(outcome)), FallbackReader(Scripted(failed(outcome)), Scripted(failed(ReadOutcome.UNREADABLE)))):
        suggestion = triage(ticket(), alone)

        assert suggestion.route is Route.AGENT_REVIEW
        assert Caution.DEGRADED_EXTRACTOR in suggestion.cautions
        assert "nothing is ruled out" in suggestion.note


@pytest.mark.parametrize("outcome", FAILURES)
def test_6_a_fallback_reading_always_says_that_it_is_one(outcome: ReadOutcome) -> None:
    embedded = Reading(extraction(), ReadOutcome.OK, extractor="embedded")

    suggestion = triage(ticket(), FallbackReader(Scripted(failed(outcome)), Scripted(embedded)))

    assert Caution.DEGRADED_EXTRACTOR in suggestion.cautions
    assert suggestion.provenance.outcome == outcome.value
    assert "a simpler reader, or none, was used" in suggestion.note


@pytest.mark.parametrize("fault", [RuntimeError("x"), TimeoutError(), OSError(), AssertionError(), StopIteration()], ids=repr)
def test_6_a_reader_that_breaks_ends_in_a_suggestion(fault: Exception) -> None:
    assert triage(ticket(), Scripted(fault)).route is Route.AGENT_REVIEW


def test_6_every_outcome_but_two_counts_as_failed() -> None:
    assert {outcome for outcome in ReadOutcome if not outcome.failed} == {ReadOutcome.OK, ReadOutcome.REPAIRED}


def test_6_a_ticket_read_only_in_part_is_never_no_escalation() -> None:
    reading = Reading(extraction(), ReadOutcome.OK, extractor="openai", unread=("m1.4",))

    suggestion = triage(ticket(), Scripted(reading))

    assert suggestion.route is Route.AGENT_REVIEW
    assert Caution.TRUNCATED_TICKET in suggestion.cautions


def test_6_a_dropped_fact_that_matters_is_never_no_escalation() -> None:
    suggestion = decide(ticket(), extraction(threat(evidence="m9.9"), parties=(CLIENT, FREELANCER)))

    assert suggestion.route is Route.AGENT_REVIEW
    assert Caution.UNVERIFIED_FACT in suggestion.cautions


# 7. One path.

CORE = (
    "policy",
    "readers",
    "pipeline.py",
    "read_ahead.py",
    "core",
    "output",
)
SURFACES = [path for path in sorted((ROOT / "copilot").rglob("*.py")) if path.relative_to(ROOT / "copilot").parts[0] not in CORE]
STEPS = {
    "copilot.core.verification": {"verify"},
    "copilot.output.cautions": {"cautions", "review_reasons"},
    "copilot.output.note": {"write_note"},
    "copilot.policy": {"decide_facts", "would_change", "ask_next", "Trials"},
    "copilot.policy.decide": {"decide_facts", "decide_case"},
    "copilot.policy.assess": {"assess", "assess_threat", "assess_claim"},
    "copilot.output.suggestion": {
        "fact_views",
        "change_views",
        "question_views",
        "sentence_views",
        "dropped_views",
        "provenance_of",
    },
    "copilot.pipeline": {"suggest"},
}
"""The steps inside the one path: nobody else may take one alone, and so make a suggestion of another kind."""
MAKES_NO_SUGGESTION = {
    "evaluation/cases/case.py": "checks that labelled facts verify and give the labelled route, before any ticket is read",
    "evaluation/score/tallies.py": "counts whom the facts of a finished row accuse, as the row's suggestion was verified",
}
DOORS = {"triage", "atriage", "read_first", "decide", "decide_again"}


def _imports(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.setdefault(node.module, set()).update(alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                found.setdefault(alias.name, set())
    return found


@pytest.mark.parametrize("path", SURFACES, ids=lambda path: path.relative_to(ROOT / "copilot").as_posix())
def test_7_no_surface_takes_a_step_of_the_path_by_itself(path: Path) -> None:
    imported = _imports(path)
    name = path.relative_to(ROOT / "copilot").as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    built = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}

    taken = {(module, step) for module, steps in STEPS.items() for step in steps & imported.get(module, set())}
    assert taken == set() or name in MAKES_NO_SUGGESTION
    assert "Suggestion" not in built
    assert not {"copilot.output.note", "copilot.core.verification", "copilot.pipeline", "copilot.policy.decide"} & {
        module for module, names in imported.items() if not names
    }, "import the name, so that this test can see which"


@pytest.mark.parametrize(
    "module",
    [
        *("cli/triage.py", "cli/decide.py", "batch/run.py", "evaluation/run/runner.py", "service/suggestions.py"),
        *("shadow/backtest.py", "shadow/contenders.py"),
    ],
)
def test_7_whoever_makes_suggestions_comes_through_the_pipeline(module: str) -> None:
    path = ROOT / "copilot" / module

    assert _imports(path).get("copilot.pipeline", set()) & DOORS


def _called(value: ast.expr | None) -> str | None:
    """The function that an expression calls, in a thread or later or at once."""
    call = value.value if isinstance(value, ast.Await) else value
    if isinstance(call, ast.Call) and ast.unparse(call.func) in ("asyncio.to_thread", "partial"):
        return ast.unparse(call.args[0])
    return ast.unparse(call.func) if isinstance(call, ast.Call) else None


def test_7_the_ways_in_all_end_in_the_same_function() -> None:
    tree = ast.parse((ROOT / "copilot" / "pipeline.py").read_text(encoding="utf-8"))
    ways = {
        node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in DOORS
    }

    assert set(ways) == DOORS
    for way in ways.values():
        returned = [node.value for node in ast.walk(way) if isinstance(node, ast.Return)]
        assert [_called(value) for value in returned] == ["suggest"]
