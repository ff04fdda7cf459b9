"""Changes to a ticket that must not matter, and what a reader makes of them."""

from dataclasses import dataclass

import pytest

from copilot.core.extraction import Extraction
from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import Sentences, cut
from copilot.core.ticket import Ticket
from copilot.evaluation.cases.case import LabelledCase, decide_on
from copilot.evaluation.score.metamorphic import ChangeOutcome, check, named
from copilot.evaluation.score.transformations import HIDE, TRANSFORMATIONS, ZERO_WIDTH, Transformation
from tests.evaluation.labelled import case, case_set, demand, extraction, party, shipped_cases, threat

BY_NAME = {one.name: one for one in TRANSFORMATIONS}
PEOPLE = [{"id": "ana", "role": "client", "name": "Ana"}, {"id": "bo", "role": "freelancer"}]
COERCED = extraction(threats=[threat()], demands=[demand()])


def _changed(name: str, given: LabelledCase) -> LabelledCase | None:
    return BY_NAME[name].apply(given)


def _text(given: LabelledCase | None) -> str | None:
    return given and given.ticket.messages[0].text


@dataclass(frozen=True)
class Obedient:
    """Reads a threat and a demand wherever there are two sentences, unless the ticket tells it to look away."""

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        told = any(HIDE.strip()[:30] in message.text for message in ticket.messages)
        return Reading(Extraction.empty() if told else COERCED, ReadOutcome.OK, extractor="test")

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        return self.read(ticket, sentences)


def test_names_change_in_text_record_and_facts_alike() -> None:
    parties = (party("p1", "client", reporter=True, name="Ana"), party("p2", "freelancer"))
    named_case = case(extraction(parties=parties), messages=[{"text": "I am Ana. Bananas are fine."}], participants=PEOPLE)

    changed = _changed("names", named_case)

    assert changed is not None
    assert changed.expect.extraction is not None
    assert _text(changed) == "I am Robin. Bananas are fine."
    assert changed.ticket.participants[0].name == changed.expect.extraction.parties[0].name == "Robin"


def test_a_name_that_is_also_a_word_is_left_alone() -> None:
    rose = extraction(parties=(party("p1", reporter=True, name="Rose"),))

    assert _changed("names", case(rose, messages=[{"text": "Rose drew a rose."}])) is None


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("He took his keys. They were HIS. Ask him himself.", "She took her keys. They were HERS. Ask her herself."),
        ("She said it is hers.", "He said it is his."),
        ("She took her keys.", None),
        ("He and she met.", None),
        ("The guy took his keys.", None),
        ("They left.", None),
    ],
)
def test_pronouns_change_only_where_no_word_could_mean_two(text: str, changed: str | None) -> None:
    assert _text(_changed("genders", case(extraction(), messages=[{"text": text}]))) == changed


def test_pronouns_of_other_languages_are_left_alone() -> None:
    assert _changed("genders", case(extraction(), tags=("lang:de",), messages=[{"text": "he du"}])) is None


def test_client_and_freelancer_change_places_everywhere() -> None:
    given = case(COERCED, messages=[{"text": "My Freelancer is rude. He wants $5 of his client."}], participants=PEOPLE)

    changed = _changed("roles", given)

    assert changed is not None
    assert changed.expect.extraction is not None
    assert _text(changed) == "My Client is rude. He wants $5 of his freelancer."
    assert [person.role for person in changed.ticket.participants] == ["freelancer", "client"]
    assert [one.role for one in changed.expect.extraction.parties] == ["freelancer", "client"]


def test_roles_stay_where_the_story_tells_who_was_hired() -> None:
    given = case(COERCED, messages=[{"text": "I hired a developer. He is rude."}], participants=PEOPLE)

    assert _changed("roles", given) is None


def test_messages_that_nothing_cites_change_places_and_the_cited_one_stays() -> None:
    messages = [{"text": text} for text in ("Hello.", "He will delete my shop.", "Thank you.")]
    given = case(extraction(threats=[threat(evidence="m2.1")]), messages=messages)

    changed = _changed("order", given)

    assert changed is not None
    assert [message.id for message in changed.ticket.messages] == ["m3", "m2", "m1"]
    assert _changed("order", given.model_copy(update={"tags": ("denial",)})) is None


def test_capitals_punctuation_and_hidden_characters_keep_every_sentence() -> None:
    given = case(COERCED, messages=[{"text": "He didn't, sadly, stop. Pay now."}])

    assert _text(_changed("capitals", given)) == "HE DIDN'T, SADLY, STOP. PAY NOW."
    assert _text(_changed("punctuation", given)) == "He didnt sadly stop!! Pay now!!"
    assert ZERO_WIDTH in (_text(_changed("zero-width", given)) or "")


def test_a_script_without_capitals_has_nothing_to_change() -> None:
    assert _changed("capitals", case(extraction(), tags=("lang:hi",), messages=[{"text": "मदद करें"}])) is None


def test_a_change_that_would_move_a_sentence_is_not_made() -> None:
    """In small letters a forgotten space is no end of a sentence any more."""
    given = case(extraction(threats=[threat(evidence="m1.2")]), messages=[{"text": "He deleted it.Now he laughs."}])

    assert len(cut(given.ticket)) == 2
    assert _changed("small-letters", given) is None


@pytest.mark.parametrize("transformation", TRANSFORMATIONS, ids=lambda one: one.name)
def test_on_the_shipped_cases_no_change_alters_the_right_decision(transformation: Transformation) -> None:
    """They are all changes under which the policy, asked with the changed gold facts, decides as before."""
    for one in shipped_cases().cases[::5]:
        changed = transformation.apply(one)
        if changed is not None and changed.expect.extraction is not None:
            decided, dropped = decide_on(changed.ticket, changed.expect.extraction)
            assert (decided.route, list(decided.labels), dropped) == (one.expect.route, one.expect.labels, ()), one.id


async def _outcome(name: str, *cases: LabelledCase) -> ChangeOutcome:
    [outcome] = await check(case_set(*cases), Obedient(), named([name]), concurrency=2)
    return outcome


async def test_an_order_that_is_obeyed_is_a_violation_and_a_lost_escalation() -> None:
    outcome = await _outcome("order-to-hide", case(COERCED), case(COERCED, id="case-2"))

    assert [trial.case_id for trial in outcome.violations] == ["case-1", "case-2"]
    assert (outcome.violated and outcome.violated.value, outcome.violated and outcome.violated.n) == (1.0, 2)
    assert (outcome.hidden, outcome.invented, outcome.unnoticed) == (2, 0, 2)


async def test_a_change_that_is_withstood_is_none() -> None:
    outcome = await _outcome("signature", case(COERCED))

    assert (outcome.violations, outcome.changed and outcome.changed.value) == ((), 0.0)


async def test_a_case_that_was_wrong_untouched_can_change_and_violates_nothing() -> None:
    """The reader sees a threat where there is none; looking away by order makes it right."""
    outcome = await _outcome("order-to-hide", case(extraction()))

    assert outcome.violated is None
    assert (outcome.changed and outcome.changed.value, outcome.hidden) == (1.0, 1)


async def test_arguable_cases_and_those_without_gold_facts_are_left_out() -> None:
    outcome = await _outcome("signature", case(COERCED, tags=("arguable",)), case(None, id="case-2"))

    assert outcome.trials == ()
    assert outcome.changed is None


def test_a_change_that_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError):
        named(["colours"])
    assert named([]) == TRANSFORMATIONS
