"""Handbook, code and the generated page cover each other."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from copilot.core import facts as facts_module
from copilot.core.vocabulary import (
    CONTENT_ENFORCEMENT_QUEUE,
    Asset,
    Caution,
    DemandKind,
    DisputeKind,
    Harm,
    Intent,
    Label,
    Motive,
    Origin,
    Role,
    Route,
)
from copilot.policy.describe import HANDBOOK, as_markdown, as_rows, harm_rows
from copilot.policy.rules import NOT_CODED, RULES, STATEMENTS

ROOT = Path(__file__).parents[1]
TEXT = HANDBOOK.read_text(encoding="utf-8")
SOURCES = (*sorted((ROOT / "copilot" / "policy").glob("*.py")), Path(facts_module.__file__))
READING = re.compile(r"Reading: (.+?)\.(?=\s)")


def readings(text: str) -> list[str]:
    return [" ".join(found.replace("#", " ").split()) for found in READING.findall(text)]


def test_each_reading_in_the_code_is_in_the_handbook_and_the_other_way_round() -> None:
    in_code = [reading for source in SOURCES for reading in readings(source.read_text(encoding="utf-8"))]
    marks = sum(
        line.count("Reading: ")
        for source in SOURCES
        if source.name != "describe.py"
        for line in source.read_text(encoding="utf-8").splitlines()
    )

    assert len(in_code) == marks
    assert sorted(in_code) == sorted(set(in_code)), "a reading is made at one place only"
    assert sorted(in_code) == sorted(readings(TEXT))


def test_each_statement_is_followed_by_a_rule_or_listed_as_not_coded_with_a_reason() -> None:
    followed = {statement for rule in RULES for statement in rule.follows}

    assert followed | set(NOT_CODED) == set(STATEMENTS)
    assert not followed & set(NOT_CODED)
    assert all(len(reason.split()) > 5 for reason in NOT_CODED.values())


def test_the_handbook_states_each_statement_once_in_order() -> None:
    stated = re.findall(r"^\*\*(S\d+)\.\*\*", TEXT, re.MULTILINE)

    assert stated == list(STATEMENTS)


def test_the_handbook_tells_each_rule_once_in_the_order_of_the_code() -> None:
    told = re.findall(r"^\*\*(R\d_\w+)\*\*", TEXT, re.MULTILINE)

    assert told == [rule.id for rule in RULES]


def test_the_handbook_names_under_each_rule_the_statements_that_it_follows() -> None:
    for rule in RULES:
        paragraph = re.search(rf"\*\*{rule.id}\*\*(.*?)(?=\n\n)", TEXT, re.DOTALL)
        assert paragraph

        assert set(re.findall(r"S\d+", paragraph[1])) == set(rule.follows)


def test_rules_give_no_statement_that_they_do_not_say_they_follow() -> None:
    from copilot.policy.decide import decide_case
    from tests.policy.space import PROFILES, cases

    declared = {rule.id: set(rule.follows) for rule in RULES}

    for actor in PROFILES:
        for case in cases((actor,)):
            decision = decide_case(case)
            assert set(decision.statements) <= declared[decision.rule]


@pytest.mark.parametrize(
    "words",
    [Origin, Role, Harm, Asset, DemandKind, Intent, Motive, DisputeKind, Route, Label, Caution],
    ids=lambda one: one.__name__,
)
def test_the_handbook_explains_the_whole_vocabulary(words: type[Harm]) -> None:
    missing = [word.value for word in words if f"`{word.value}`" not in TEXT]

    assert missing == []


def test_every_word_in_code_marks_of_the_handbook_exists() -> None:
    known = {
        word.value
        for words in (Origin, Role, Harm, Asset, DemandKind, Intent, Motive, DisputeKind, Route, Label, Caution)
        for word in words
    }
    known |= {
        "origin",
        "role",
        "harm",
        "asset",
        "demand",
        "intent",
        "motive",
        "dispute",
        "route",
        "label",
        CONTENT_ENFORCEMENT_QUEUE,
    }

    assert set(re.findall(r"`([a-zA-Z_0-9]+)`", TEXT)) <= known


def test_the_page_in_docs_is_what_the_code_writes() -> None:
    assert (ROOT / "docs" / "policy.md").read_text(encoding="utf-8") == as_markdown()


def test_the_module_writes_the_page_where_it_is_told_to(tmp_path: Path) -> None:
    page = tmp_path / "policy.md"

    subprocess.run([sys.executable, "-m", "copilot.policy.describe", str(page)], check=True, cwd=ROOT)

    assert page.read_text(encoding="utf-8") == as_markdown()


def test_the_page_has_no_table_left_to_fill_in() -> None:
    assert "<!-- table:" not in as_markdown()


def test_the_rows_give_each_rule_its_place_route_queue_and_labels() -> None:
    rows = [(row.place, row.rule, row.route.value, row.queue, [label.value for label in row.labels]) for row in as_rows()]

    queue = CONTENT_ENFORCEMENT_QUEUE
    assert rows == [
        (1, "R1_account_security", "account_security", None, []),
        (2, "R2_mediation", "mediation_disputes", None, []),
        (3, "R3_coercion", "content_enforcement", queue, ["coercion_and_retaliation", "feedback_building", "retaliation"]),
        (4, "R4_retaliation", "content_enforcement", queue, ["retaliation"]),
        (5, "R5_suspicion", "content_enforcement", queue, []),
        (6, "R6_judgement", "agent_review", None, []),
        (7, "R7_outside", "no_escalation", None, []),
    ]
    assert all(row.holds_when.endswith(".") and "Reading" not in row.holds_when for row in as_rows())


def test_the_harm_table_says_what_the_policy_says() -> None:
    told = {row.harm.value: (row.as_threat, row.as_claim) for row in harm_rows()}

    no_accident, retaliation = "unless told as an accident", "only if told as retaliation, and not as an accident"
    assert told == {
        "destroy": ("always", no_accident),
        "lock_out": ("always", no_accident),
        "account_breach": ("always, for account security (S4)", f"{no_accident}, for account security (S5)"),
        "disclose": ("always", no_accident),
        "defame": ("always", retaliation),
        "violence": ("always", no_accident),
        "bad_feedback": ("only if the same actor demands something", retaliation),
        "withhold": ("only if the same actor demands feedback", retaliation),
        "lawful_remedy": ("only if the same actor demands feedback", "never"),
        "unspecified": ("always", no_accident),
    }


def test_only_content_enforcement_has_a_queue() -> None:
    """The source names no queue for the other teams, and none is made up."""
    assert {row.queue for row in as_rows() if row.route is not Route.CONTENT_ENFORCEMENT} == {None}
