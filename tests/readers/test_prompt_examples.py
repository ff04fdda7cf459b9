"""Each worked example of the prompt is a true one: it parses, cites what stands there, and policy makes of it what it must."""

import json
from pathlib import Path

import pytest

from copilot.core.reading import ReadOutcome, Usage
from copilot.core.sentences import cut
from copilot.core.verification import verify
from copilot.policy.decide import Circumstances, decide_facts
from copilot.readers.model import prompt, wire_schema
from copilot.readers.model.decoding import read_answer
from copilot.readers.model.envelope import Reply
from copilot.readers.model.prompt import Example

FILES = sorted((prompt.folder() / "examples").glob("*.json"))
RULES = {
    "01-switched-off-for-money": ("R3_coercion", ["coercion_and_retaliation"]),
    "02-fear-and-rights": ("R6_judgement", []),
    "03-big-words": ("R7_outside", []),
    "04-polite-choice": ("R3_coercion", ["coercion_and_retaliation"]),
    "05-outside-account": ("R4_retaliation", ["retaliation"]),
    "06-account-here": ("R1_account_security", []),
    "07-asked-then-announced": ("R3_coercion", ["coercion_and_retaliation"]),
    "08-for-a-sister": ("R3_coercion", ["coercion_and_retaliation"]),
    "09-taken-back": ("R6_judgement", []),
    "10-chat-log": ("R3_coercion", ["feedback_building"]),
    "11-by-mistake": ("R6_judgement", []),
    "12-seen-by-an-agent": ("R3_coercion", ["feedback_building"]),
    "13-no-named-act": ("R3_coercion", ["coercion_and_retaliation"]),
    "14-rights-and-more": ("R3_coercion", ["coercion_and_retaliation"]),
}
each_example = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def example(file: Path) -> Example:
    return prompt.read_example(file.read_text(encoding="utf-8"))


def test_every_example_file_is_known_here() -> None:
    assert [file.stem for file in FILES] == list(RULES)


@each_example
def test_its_evidence_parties_and_names_are_real(file: Path) -> None:
    given = example(file)

    assert verify(given.ticket, cut(given.ticket), given.extraction).dropped == ()


@each_example
def test_policy_makes_of_it_what_it_must(file: Path) -> None:
    given = example(file)
    facts = verify(given.ticket, cut(given.ticket), given.extraction)

    decision, _ = decide_facts(facts, Circumstances(given.ticket.origin))

    assert (decision.rule, list(decision.labels)) == RULES[file.stem]


@each_example
def test_its_answer_is_one_that_the_reader_would_take(file: Path) -> None:
    given = example(file)

    answer = read_answer(Reply(given.answer, "stop", False, None, Usage()))

    assert (answer.outcome, answer.extraction) == (ReadOutcome.OK, given.extraction)
    assert list(json.loads(given.answer)) == wire_schema.frozen()["required"]


@each_example
def test_it_stands_in_the_prompt_as_a_ticket_would_be_printed(file: Path) -> None:
    given = example(file)

    assert f"{given.sheet}\n\nAnswer:\n{given.answer}\n" in prompt.system_text("Upwork")


def test_the_examples_show_every_boundary_that_is_taught() -> None:
    extractions = [example(file).extraction for file in FILES]

    assert any(not (one.threats or one.demands or one.damage_claims or one.disputes) for one in extractions)
    assert any(threat.by == "p1" for one in extractions for threat in one.threats)
    assert any(claim.intent == "accidental" for one in extractions for claim in one.damage_claims)
    assert {claim.motive for one in extractions for claim in one.damage_claims} == {"leverage", "retaliation", "not_stated"}
