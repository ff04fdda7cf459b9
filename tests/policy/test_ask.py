"""What to ask next: only what matters, the most telling first."""

from dataclasses import replace

import pytest
from hypothesis import given

from copilot.core.facts import Demand, Dropped, DropReason, Facts, Party
from copilot.core.vocabulary import Asset, DemandKind, Harm, Intent, Motive, Origin, Role, Route
from copilot.output.phrases import question_text
from copilot.policy import Circumstances, Trials, ask_next, decide_facts
from copilot.policy.ask import MAX_QUESTIONS
from tests.builders import CLIENT, FREELANCER, claim, demand, dispute, facts, threat
from tests.policy.test_change import circumstances, some_facts

ELIGIBLE = "Does the client qualify for mediation or dispute assistance?"
WANTS = "What exactly does the freelancer want: a rating or review, or something else?"
PROPERTY = "What is it that the freelancer threatens or harmed: a marketplace account, or something outside the marketplace?"
WORDS = "What did the freelancer say would happen, word for word?"
RETURN = "Did the freelancer ask for anything in return, and if so for what?"
ACCIDENT = "Was what the freelancer is said to have done on purpose, or may it have been an accident?"
MOTIVE = "Was what the freelancer is said to have done an answer to something that happened before?"
FORCE = "Was anything said about what would happen if the rating or review is not given or changed?"
STAFF = "Is a member of staff at risk, and does the team lead know?"
BOTH_SIDES = "What does each side want from the other, and did either say what happens if it is refused?"
ANYTHING = "Is there anything the customer was threatened with, pressed for or lost that the ticket does not tell?"


def asked(*items: object, eligible: bool | None = False, origin: str = "customer_report") -> tuple[str, ...]:
    return questions_on(facts(*items), Circumstances(Origin(origin), eligible))


def questions_on(found: Facts, given: Circumstances) -> tuple[str, ...]:
    """The questions as an agent reads them."""
    return tuple(question_text(question, found) for question in ask_next(Trials(found, given)))


def test_eligibility_is_asked_for_where_it_decides() -> None:
    assert ELIGIBLE in asked(threat(), eligible=None)
    assert ELIGIBLE in asked(dispute(), eligible=None)


def test_the_words_of_a_vague_threat_matter_beside_a_plain_one_as_they_may_name_an_account() -> None:
    assert WORDS in asked(threat("destroy", "website"), threat("unspecified", "website"), demand("money"))


def test_a_demand_that_names_nothing_is_asked_about_beside_others_that_do() -> None:
    assert WANTS in asked(threat(), demand("feedback"), demand("not_stated"))
    assert WANTS in asked(threat(), demand("not_stated"), demand("money"), demand("work"))


def test_somebody_whom_no_party_stands_for_is_asked_about_by_id() -> None:
    questions = asked(threat("unspecified", "website", by="p9"), threat("lawful_remedy", against="p9"))

    assert "What did party p9 say would happen, word for word?" in questions


def test_eligibility_is_not_asked_for_where_it_is_known_or_decides_nothing() -> None:
    assert ELIGIBLE not in asked(threat(), eligible=True)
    assert ELIGIBLE not in asked(threat(), eligible=False)
    assert ELIGIBLE not in asked(threat("account_breach"), eligible=None)
    assert ELIGIBLE not in asked(eligible=None)


def test_eligibility_is_asked_for_by_the_reporters_role() -> None:
    agency = Party("p1", Role.AGENCY, is_reporter=True)
    unknown = Party("p1", Role.UNKNOWN, is_reporter=True)

    def question(*parties: Party) -> str:
        return questions_on(facts(dispute(), parties=parties), Circumstances())[0]

    assert question(agency, FREELANCER) == "Does the agency qualify for mediation or dispute assistance?"
    assert question(FREELANCER, CLIENT) == ELIGIBLE
    assert (
        question(replace(FREELANCER, is_reporter=True), CLIENT)
        == "Does the freelancer qualify for mediation or dispute assistance?"
    )
    assert question(unknown, FREELANCER) == "Does the customer qualify for mediation or dispute assistance?"
    assert question() == "Does the customer qualify for mediation or dispute assistance?"


def test_a_demand_that_names_nothing_is_asked_about_where_it_picks_the_label() -> None:
    assert WANTS in asked(threat(), demand("not_stated"))
    assert WANTS not in asked(threat(), demand("money"))
    assert WANTS not in asked(threat("account_breach"), demand("not_stated"))


def test_what_is_harmed_is_asked_for_where_it_may_be_a_marketplace_account() -> None:
    for item in (threat("destroy"), threat("lock_out"), threat("account_breach"), claim("destroy"), claim("account_breach")):
        assert PROPERTY in asked(item), item
    assert PROPERTY not in asked(threat("account_breach"), threat("account_breach", by="p4")), "either alone decides"
    assert PROPERTY not in asked(claim("account_breach"), claim("account_breach", by="p4"))
    for item in (threat("destroy", "website"), threat("disclose"), claim("lock_out", "website"), claim("violence")):
        assert PROPERTY not in asked(item), item


def test_the_words_of_a_vague_threat_are_asked_for() -> None:
    assert WORDS in asked(threat("unspecified"))
    assert WORDS not in asked(threat("destroy"))
    assert WORDS not in asked(threat("unspecified"), threat("account_breach"))


@pytest.mark.parametrize("harm", ["bad_feedback", "withhold", "lawful_remedy"])
def test_a_threat_that_counts_only_with_a_demand_raises_the_question_of_one(harm: str) -> None:
    assert RETURN in asked(threat(harm))
    assert RETURN not in asked(threat(harm), demand("feedback"))
    assert RETURN not in asked(threat("destroy", "website"), threat(harm, against="p3")), (
        "what staff are asked for decides nothing"
    )


def test_intent_is_asked_for_where_an_accident_would_decide() -> None:
    assert ACCIDENT in asked(claim(intent="unclear"))
    assert ACCIDENT not in asked(claim(intent="deliberate"))
    assert ACCIDENT not in asked(claim("lawful_remedy", intent="unclear"))


def test_motive_is_asked_for_where_retaliation_would_decide() -> None:
    assert MOTIVE in asked(claim("bad_feedback"))
    assert MOTIVE in asked(claim("defame"))
    assert MOTIVE not in asked(claim("bad_feedback", motive="leverage"))
    assert MOTIVE not in asked(claim("destroy"))


def test_a_request_for_feedback_without_force_raises_the_question_of_force() -> None:
    assert FORCE in asked(demand("feedback"))
    assert FORCE not in asked(demand("money"), eligible=None)
    assert FORCE not in asked(threat(), demand("feedback"))


def test_something_aimed_at_staff_raises_the_question_of_risk() -> None:
    assert STAFF in asked(threat(against="p3"))
    assert STAFF in asked(claim(against="p3"))
    assert STAFF not in asked(demand("feedback"))
    assert STAFF not in asked(threat("lawful_remedy"), eligible=None)
    assert STAFF not in asked(threat("lawful_remedy", against="p9"), eligible=None)


def test_a_failed_reading_asks_the_agent_to_read() -> None:
    questions = questions_on(Facts(), Circumstances(reading_failed=True))

    assert questions == ("The ticket, or part of it, could not be read: what does it say, in your own reading?",)


def test_a_dropped_fact_that_matters_asks_the_agent_to_look() -> None:
    found = replace(facts(), dropped=(Dropped("threats", 0, threat(), DropReason.NO_EVIDENCE),))

    assert "A fact could not be verified: do the sentences of the ticket say it, in your own reading?" in questions_on(
        found, Circumstances()
    )


def test_where_nothing_particular_is_open_both_sides_are_asked() -> None:
    assert asked(dispute(), eligible=None) == (ELIGIBLE, BOTH_SIDES)
    assert BOTH_SIDES not in asked(demand("feedback"))


def test_no_escalation_asks_whether_something_was_left_untold() -> None:
    assert asked() == (ANYTHING,)
    assert ANYTHING not in asked(threat())


def test_an_escalation_with_nothing_open_asks_nothing() -> None:
    assert asked(threat("destroy", "website"), demand("money")) == ()


def test_a_party_without_a_role_is_asked_about_by_id() -> None:
    parties = (CLIENT, Party("p2", Role.UNKNOWN, is_reporter=False))

    questions = questions_on(facts(threat(), demand("not_stated"), parties=parties), Circumstances(mediation_eligible=False))

    assert "What exactly does party p2 want: a rating or review, or something else?" in questions


def test_a_question_stands_once_and_there_are_never_more_than_six() -> None:
    many = [
        threat(harm, "not_stated", by=by, against="p1")
        for by in ("p2", "p4")
        for harm in ("destroy", "unspecified", "bad_feedback")
    ]
    questions = asked(
        *many, demand("not_stated"), claim("defame", by="p4"), claim("bad_feedback", intent="unclear"), eligible=None
    )

    assert len(questions) == len(set(questions))
    assert len(questions) <= MAX_QUESTIONS
    assert questions[0] == ELIGIBLE


@given(some_facts, circumstances)
def test_a_ticket_that_a_person_must_judge_always_has_a_question(found: Facts, given: Circumstances) -> None:
    route = decide_facts(found, given)[0].route

    questions = questions_on(found, given)

    assert questions or route not in (Route.AGENT_REVIEW, Route.NO_ESCALATION)
    assert len(questions) == len(set(questions)) <= MAX_QUESTIONS


@given(some_facts, circumstances)
def test_a_question_about_an_unknown_stands_only_where_an_answer_would_decide(found: Facts, given: Circumstances) -> None:
    """Every answer that a question allows is tried; the question is asked exactly where one of them matters."""
    now = decide_facts(found, given)[0].destination

    def matters(*answers: tuple[Facts, Circumstances]) -> bool:
        return any(decide_facts(*answer)[0].destination != now for answer in answers)

    open_questions = _unknowns(found, given, matters)

    asked_about = [question for question in questions_on(found, given) if question.startswith(STARTS)]
    assert set(asked_about) <= open_questions
    assert len(asked_about) == min(len(open_questions), MAX_QUESTIONS)


STARTS = ("Does the ", "What exactly", "What is it that", "What did", "Did ", "Was what")
NAMES = {"p1": "the client", "p2": "the freelancer", "p4": "the agency"}


def _unknowns(found: Facts, given: Circumstances, matters: object) -> set[str]:
    """The same questions, by trying answers on the list of facts by hand."""
    open_questions = set()
    if given.mediation_eligible is None and matters(
        *((found, replace(given, mediation_eligible=answer)) for answer in (True, False))
    ):
        open_questions.add(ELIGIBLE)

    def swapped(old: object, **changes: object) -> tuple[Facts, Circumstances]:
        items = [replace(item, **changes) if item is old else item for item in found.all]
        return facts(*items), given

    for one in found.of(Demand):
        if one.kind == "not_stated" and matters(*(swapped(one, kind=DemandKind(kind)) for kind in ("feedback", "money"))):
            open_questions.add(WANTS.replace("the freelancer", NAMES[one.by]))
    for one in found.harms:
        name = NAMES[one.by]
        if one.asset == "not_stated" and one.harm in ("destroy", "lock_out", "account_breach"):
            other = Asset.OUTSIDE_ACCOUNT if one.harm == "account_breach" else Asset.MARKETPLACE_ACCOUNT
            if matters(swapped(one, asset=other)):
                open_questions.add(PROPERTY.replace("the freelancer", name))
        if hasattr(one, "intent"):
            if one.intent == "unclear" and matters(swapped(one, intent=Intent.ACCIDENTAL)):
                open_questions.add(ACCIDENT.replace("the freelancer", name))
            if one.motive == "not_stated" and matters(swapped(one, motive=Motive.RETALIATION)):
                open_questions.add(MOTIVE.replace("the freelancer", name))
            continue
        if one.harm == "unspecified" and matters(
            swapped(one, harm=Harm.ACCOUNT_BREACH, asset=Asset.MARKETPLACE_ACCOUNT), swapped(one, harm=Harm.LAWFUL_REMEDY)
        ):
            open_questions.add(WORDS.replace("the freelancer", name))
        wanted = replace(demand("feedback"), by=one.by, of=one.against)
        if one.harm in ("bad_feedback", "withhold", "lawful_remedy") and matters((facts(*found.all, wanted), given)):
            open_questions.add(RETURN.replace("the freelancer", name))
    return open_questions
