"""Notes: each says what its team needs, and no customer can speak in the note's own voice."""

import re
from enum import StrEnum
from itertools import product

import pytest

from copilot.core.facts import Party
from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
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
    Role,
    Route,
)
from copilot.output.cautions import ReviewReason
from copilot.output.note import MAX_QUOTES
from copilot.output.suggestion import Suggestion
from copilot.output.wording import words
from copilot.pipeline import suggest
from copilot.policy import POLICY_VERSION, Reason
from tests.builders import CLIENT, FREELANCER, TEXT, claim, demand, dispute, extraction, suggested, threat, ticket

FRAME = "  | "
OUTCOMES = re.compile(r"suspen|ban(?:ned)?\b|terminat|permanent|punish|penalt|sanction|expel|consequence|will be ", re.IGNORECASE)
ACCUSATIONS = re.compile(
    r"guilty|fraud|scam|criminal|crime|blackmail|extort|violat|abus|offend|culprit|perpetrator", re.IGNORECASE
)


def note(*items: object, **kind: object) -> str:
    return suggested(*items, **kind).note


def own_words(text: str) -> str:
    """The lines that the note says in its own voice."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(FRAME))


def fact_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if re.match(r"- .*\[m[\d., m]+\]( \(.*\))?$", line)]


ROUTED = {
    Route.ACCOUNT_SECURITY: suggested(threat("account_breach"), claim("account_breach"), demand()),
    Route.MEDIATION_DISPUTES: suggested(threat(), demand(), dispute(), eligible=True),
    Route.CONTENT_ENFORCEMENT: suggested(threat(), demand("feedback"), claim(), dispute()),
    Route.AGENT_REVIEW: suggested(demand("feedback")),
    Route.NO_ESCALATION: suggested(),
}
ESCALATED = (Route.ACCOUNT_SECURITY, Route.MEDIATION_DISPUTES, Route.CONTENT_ENFORCEMENT)


@pytest.mark.parametrize("route", Route)
def test_each_route_has_a_note_that_names_rule_and_policy_version_and_ends_with_them(route: Route) -> None:
    suggestion = ROUTED[route]
    last = suggestion.note.splitlines()[-1]

    assert suggestion.route is route
    assert last.startswith(f"Rule {suggestion.rule}")
    assert last.endswith(f"policy {POLICY_VERSION}.")
    assert all(statement in last for statement in suggestion.statements)
    assert suggestion.note.endswith(".\n")


@pytest.mark.parametrize("route", Route)
def test_notes_are_tidy_prose(route: Route) -> None:
    text = ROUTED[route].note

    assert "\n\n\n" not in text
    assert not text.startswith("\n")
    assert all(line == line.rstrip() for line in text.splitlines())
    assert not re.search(r"\{[{%#]|[}%#]\}|None|\bTrue\b|Undefined", text)


@pytest.mark.parametrize(("label", "named"), [(label, words(f"label.{label}")) for label in Label])
def test_a_note_to_content_enforcement_opens_with_its_label_in_words_and_names_the_queue(label: Label, named: str) -> None:
    items = {
        Label.COERCION_AND_RETALIATION: [threat(), demand("money")],
        Label.FEEDBACK_BUILDING: [threat(), demand("feedback")],
        Label.RETALIATION: [claim()],
    }[label]

    lines = note(*items).splitlines()

    assert lines[0] == f"Internal note for Content Enforcement: “{named}”"
    assert lines[1] == f"Re-assign to: {CONTENT_ENFORCEMENT_QUEUE}"


def test_two_labels_are_both_named() -> None:
    first = note(threat(), demand("money"), demand("feedback")).splitlines()[0]

    assert first.endswith("“coercion and retaliation” and “feedback building”")


def test_suspicion_without_a_label_is_called_what_it_is() -> None:
    text = note(demand("feedback"), origin="agent_observation")

    assert text.splitlines()[0] == "Internal note for Content Enforcement: suspicious behaviour, for review"
    assert fact_lines(text)


@pytest.mark.parametrize("items", [[threat()], [claim()], [demand("feedback")]], ids=["coercion", "retaliation", "suspicion"])
def test_without_a_report_the_note_says_so_and_that_the_evidence_is_its_reason(items: list[object]) -> None:
    """S3."""
    text = note(*items, origin="agent_observation")

    assert "No report was received from another customer." in text
    assert "An agent came across the evidence quoted below, and that evidence is the reason for this note." in text
    assert "A report was received" not in text
    assert FRAME + "[m1." in text


def test_a_customer_who_tells_of_their_own_threat_is_not_called_a_report() -> None:
    text = note(threat(by="p1", against="p2"), given=ticket("I will delete his shop if he does not pay."))

    assert "No report was received from another customer." in text
    assert "describes their own conduct" in text


@pytest.mark.parametrize(
    ("on_record", "as_read", "side"),
    [
        ("client", Role.CLIENT, "the client"),
        ("freelancer", Role.CLIENT, "the freelancer"),
        ("agency", Role.UNKNOWN, "the agency"),
        ("unknown", Role.CLIENT, "the client"),
        (None, Role.FREELANCER, "the freelancer"),
        (None, Role.UNKNOWN, "a customer whose role is not known"),
    ],
)
def test_a_report_is_said_to_come_from_the_side_on_record_else_as_read(on_record: str | None, as_read: Role, side: str) -> None:
    people = {"reporter": "r", "participants": [{"id": "r", "role": on_record}]} if on_record else {}
    given_ticket = Ticket.model_validate({"messages": [{"text": TEXT}], **people})

    text = note(threat(), given=given_ticket, parties=(Party("p1", as_read, True), FREELANCER))

    assert f"A report was received from {side}." in text


def test_the_first_party_is_not_taken_for_the_reporter() -> None:
    parties = (Party("p1", Role.FREELANCER, False), Party("p2", Role.CLIENT, True))

    text = note(threat(by="p1", against="p2"), given=ticket(people=False), parties=parties)

    assert "A report was received from the client." in text


@pytest.mark.parametrize("route", ESCALATED)
def test_a_note_to_a_team_says_that_everything_is_unverified_and_taken_seriously(route: Route) -> None:
    """S11."""
    assert "These claims have not been verified. Every such claim is taken seriously" in ROUTED[route].note


def test_a_note_says_who_did_what_to_whom_the_demand_and_the_damage() -> None:
    lines = fact_lines(
        note(threat("destroy", "website"), demand("money"), claim("lock_out", "domain_or_hosting"), dispute("refund"))
    )

    assert lines == [
        "- The freelancer reportedly threatened the client with "
        "deleting, defacing, breaking or changing property (a website). [m1.1]",
        "- The freelancer reportedly wants this from the client: money. [m1.2]",
        "- The freelancer reportedly did this to the client: keeping the owner out of property (a domain or hosting); "
        "told as deliberate; no motive told. [m1.1]",
        "- Disagreement about a refund. [m1.3] (a disagreement is no harm; it matters for mediation)",
    ]


def test_an_actor_without_role_and_name_is_somebody_not_known() -> None:
    parties = (CLIENT, Party("p2", Role.UNKNOWN, False))

    assert "- Somebody unknown reportedly threatened the client with " in note(threat(), parties=parties)


def test_people_are_called_by_their_role_and_counted_where_several_have_it() -> None:
    parties = (CLIENT, FREELANCER, Party("p3", Role.FREELANCER, False), Party("p4", Role.UNKNOWN, False, "Ann"))

    given_ticket = ticket(f"{TEXT} Ann did it.")

    text = note(threat(by="p2"), threat(by="p3"), claim(by="p4", evidence="m1.5"), given=given_ticket, parties=parties)

    assert "- Freelancer 1 reportedly threatened the client" in text
    assert "- Freelancer 2 reportedly threatened the client" in text
    assert "- Another person reportedly did this to the client" in text
    assert "  | another person, named in the ticket as “Ann”\n" in text
    assert not re.search(r"\bp\d\b", own_words(text))


@pytest.mark.parametrize("route", ESCALATED)
def test_three_lines_sum_up_what_where_to_and_how_sure(route: Route) -> None:
    head, where, report, blank = ROUTED[route].note.splitlines()[:4]

    assert head.startswith("Internal note for ")
    assert "Re-assign to" in where or "Where to send it" in where
    assert "report was received" in report
    assert "have not been verified" in report
    assert blank == ""


def test_evidence_is_quoted_with_its_id_its_author_and_its_time() -> None:
    given_ticket = Ticket.model_validate(
        {
            "reporter": "maria",
            "participants": [{"id": "maria", "role": "client"}, {"id": "dev", "role": "freelancer"}, {"id": "x"}],
            "messages": [
                {"sent_at": "2026-03-01T10:00:00Z", "text": "He deleted it. Really."},
                {"author": "dev", "sent_at": "2026-03-01T12:30:00+02:00", "text": "Pay me."},
                {"author": "x", "text": "I saw it."},
            ],
        }
    )

    text = note(threat(evidence="m1.1"), demand(evidence="m2.1"), claim(evidence="m3.1"), given=given_ticket)

    assert "  | [m1.1] client, 2026-03-01 10:00 UTC: “He deleted it.”\n" in text
    assert "  | [m2.1] freelancer, 2026-03-01 12:30 +02:00: “Pay me.”\n" in text
    assert "  | [m3.1] author's role not known, time not known: “I saw it.”\n" in text
    assert "Really" not in text


def test_cited_sentences_are_quoted_once_each_those_that_count_first() -> None:
    text = note(threat(evidence="m1.4"), demand(evidence="m1.2 m1.4"), dispute(evidence="m1.1"))

    assert re.findall(r"^  \| \[(m1\.\d)\]", text, re.MULTILINE) == ["m1.2", "m1.4", "m1.1"]


@pytest.mark.parametrize("count", [MAX_QUOTES - 1, MAX_QUOTES, MAX_QUOTES + 1])
def test_up_to_a_dozen_sentences_are_quoted_and_the_rest_named(count: int) -> None:
    given_ticket = ticket("Pay! " * 70)
    ids = [f"m1.{number}" for number in range(1, count + 1)]

    text = note(dispute(evidence=" ".join(ids[:-1])), threat(evidence=ids[-1]), given=given_ticket)

    quoted = re.findall(r"^  \| \[(m1\.\d+)\]", text, re.MULTILINE)
    assert len(quoted) == min(count, MAX_QUOTES)
    assert quoted[0] == ids[-1], "what counts is quoted first"
    assert (f"Cited as well, not quoted for length: m1.{MAX_QUOTES}\n" in text) == (count > MAX_QUOTES)


def test_a_note_is_no_longer_for_a_fact_told_a_thousand_times() -> None:
    given_ticket = ticket("Pay! " * 2_000)
    evidence = " ".join(f"m1.{number}" for number in range(1, 2_001))

    text = note(threat(evidence=evidence), given=given_ticket)

    assert len(text) < 3_000
    assert "Cited as well, not quoted for length: m1.13, m1.14, m1.15, m1.16, m1.17, m1.18 and 1982 more, up to m1.2000" in text


def test_facts_that_do_not_count_stand_apart_with_the_reason() -> None:
    text = note(threat(), claim(intent="accidental"))

    counted, beside = text.split("Also told, for context:")
    assert "reportedly threatened" in counted
    assert "(told as an accident, so a matter for a dispute)" in beside


def test_account_security_is_told_which_of_the_two_it_is() -> None:
    """S4, S5."""
    threatened, entered, both = (
        note(*items)
        for items in ([threat("account_breach")], [claim("account_breach")], [threat("account_breach"), claim("account_breach")])
    )

    assert "The ticket tells of a threat to the security of a marketplace account." in threatened
    assert "The ticket claims that somebody got into a marketplace account without permission." in entered
    assert "a threat to a marketplace account, and claims that somebody got into one without permission." in both
    assert all("Account Security escalations directory" in one for one in (threatened, entered, both))


def test_mediation_is_told_that_the_customer_qualifies_and_what_else_there_is() -> None:
    text = note(threat(), claim(by="p4"), dispute(), eligible=True)

    assert "By the marketplace's records, the customer qualifies for mediation or dispute assistance." in text
    assert "see the Mediation and Disputes directory" in text
    assert words(f"caution.{Caution.ALSO_COERCION}") in text
    assert words(f"caution.{Caution.ALSO_RETALIATION}") in text


def test_only_content_enforcement_is_given_a_queue() -> None:
    for route, suggestion in ROUTED.items():
        assert (CONTENT_ENFORCEMENT_QUEUE in suggestion.note) == (route is Route.CONTENT_ENFORCEMENT)
        assert ("Re-assign" in suggestion.note) == (route is Route.CONTENT_ENFORCEMENT)


@pytest.mark.parametrize("route", [Route.AGENT_REVIEW, Route.NO_ESCALATION])
def test_without_an_escalation_the_agent_reads_what_was_looked_for_found_and_to_be_asked(route: Route) -> None:
    suggestion = ROUTED[route]

    assert suggestion.note.startswith("No escalation is ")
    assert "Internal note" not in suggestion.note
    assert "Looked for: threats, demands, damage, access to marketplace accounts, and disputes." in suggestion.note
    assert "Found:" in suggestion.note
    assert all(f"- {question.text}\n" in suggestion.note for question in suggestion.ask_next)


def test_no_escalation_is_never_called_an_all_clear() -> None:
    assert "This is not an all-clear" in ROUTED[Route.NO_ESCALATION].note
    assert "Found: none of these." in ROUTED[Route.NO_ESCALATION].note


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ([demand("feedback")], "Feedback is asked for, and no force or threat is told with it."),
        ([dispute()], "This reads like a dispute, and it is not known whether the customer qualifies"),
        ([threat(against="p3")], "Something is aimed at support staff."),
        ([threat(evidence="m9.9")], "Something that was read could not be found in the ticket, and it would have changed"),
    ],
)
def test_an_agent_is_told_why_the_matter_is_theirs_to_judge(items: list[object], reason: str) -> None:
    text = note(*items)

    assert f"- {reason}" in text
    others = [line for line in text.split("Why:")[1].split("\n\n")[0].splitlines() if line.startswith("- ")]
    assert len(others) == 1


def read(reading: Reading, given_ticket: Ticket | None = None) -> Suggestion:
    given_ticket = given_ticket or ticket()
    return suggest(given_ticket, cut(given_ticket), reading)


def test_a_ticket_that_could_not_be_read_says_so_and_rules_nothing_out() -> None:
    text = read(Reading(None, ReadOutcome.TIMEOUT, extractor="openai")).note

    assert "The ticket could not be read (timeout), so nothing was looked for and nothing is ruled out." in text
    assert "Looked for" not in text
    assert "Why:" not in text


@pytest.mark.parametrize("items", [[], [threat()], [demand("feedback")], [dispute()], [threat("account_breach")]], ids=len)
def test_what_a_second_reader_saw_and_what_nobody_read_stands_in_every_note(items: list[object]) -> None:
    reading = Reading(extraction(*items), ReadOutcome.OK, extractor="openai", uncited=("m1.4",), unread=("m1.2", "m1.3"))

    text = read(reading).note

    assert "A second reader also noticed these sentences" in text
    assert "“He is rude.”" in text
    assert "Sentences of the ticket that no reader saw: m1.2, m1.3." in text
    assert words(f"caution.{Caution.SECOND_READER_DISAGREES}") in text
    assert words(f"caution.{Caution.TRUNCATED_TICKET}") in text


@pytest.mark.parametrize(
    "caution", [one for one in Caution if one not in (Caution.NO_REPORT_RECEIVED, Caution.CLAIMS_UNVERIFIED)]
)
def test_every_caution_of_a_suggestion_is_told_in_words_in_its_note(caution: Caution) -> None:
    bare = {"extractor": "openai"}
    suggestions = [
        suggested(threat("violence"), claim(by="p4"), threat(against="p3"), demand(evidence="m9.9")),
        suggested(threat("violence"), claim(by="p4"), dispute(), eligible=True),
        read(Reading(extraction(threat()), ReadOutcome.TIMEOUT, degraded=True, unread=("m1.1",), uncited=("m1.4",), **bare)),
    ]
    with_caution = [one for one in suggestions if caution in one.cautions]

    assert with_caution
    assert all("- " + words(f"caution.{caution}") + "\n" in one.note for one in with_caution)


@pytest.mark.parametrize(
    ("group", "vocabulary"),
    [
        *(("label", Label), ("role_option", Role), ("caution", Caution), ("written.harm", Harm), ("written.asset", Asset)),
        *(("written.demand", DemandKind), ("written.dispute", DisputeKind), ("written.intent", Intent)),
        *(("written.motive", Motive), ("reason", Reason), ("why", ReviewReason)),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_every_word_of_the_vocabulary_can_be_told(group: str, vocabulary: type[StrEnum]) -> None:
    assert all(words(f"{group}.{value}") or value is Asset.NOT_STATED for value in vocabulary)


def every_note() -> list[str]:
    """Notes with every harm, asset, intent, motive, demand and dispute in them, on every route."""
    notes = [suggestion.note for suggestion in ROUTED.values()]
    for harm, asset in product(Harm, Asset):
        notes.append(note(threat(harm, asset), claim(harm, asset)))
    for intent, motive, kind in product(Intent, Motive, DemandKind):
        notes.append(note(claim("defame", "other", intent, motive), demand(kind), origin="agent_observation"))
    notes += [
        note(dispute(kind), threat(against="p3"), eligible=eligible) for kind in DisputeKind for eligible in (True, False, None)
    ]
    return notes


def test_no_note_predicts_an_outcome() -> None:
    """S12."""
    for text in every_note():
        assert not OUTCOMES.search(own_words(text)), text


def test_no_note_accuses_anybody_in_its_own_voice() -> None:
    for text in every_note():
        assert not ACCUSATIONS.search(own_words(text)), text
        assert all("reportedly" in line or line.startswith("- Disagreement") for line in fact_lines(text))


def test_ask_next_and_what_would_change_predict_and_accuse_nobody_either() -> None:
    for suggestion in ROUTED.values():
        said = " ".join(one.text for one in (*suggestion.ask_next, *suggestion.would_change))

        assert not OUTCOMES.search(said)
        assert not ACCUSATIONS.search(said)
