"""Only what the ticket bears out becomes a fact; the rest is dropped with the reason."""

from dataclasses import replace

import pytest

from copilot.core.extraction import Extraction
from copilot.core.facts import DamageClaim, Demand, Dropped, DropReason, Facts, Party, Threat, is_account_security
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.core.verification import verify
from copilot.core.vocabulary import Asset, DemandKind, Harm, Intent, Motive, Role
from tests.builders import CLIENT, FREELANCER, PARTIES, claim, demand, dispute, extraction, facts, suggested, threat, ticket


def verified(*items: object, parties: tuple[Party, ...] = PARTIES, given: Ticket | None = None) -> Facts:
    given = given or ticket()
    return verify(given, cut(given), extraction(*items, parties=parties))


ITEMS = [threat(), demand(), claim(), dispute()]
LISTS = ["threats", "demands", "damage_claims", "disputes"]
WITH_PARTIES = [threat, demand, claim]


def test_facts_that_the_ticket_bears_out_are_kept_as_they_are() -> None:
    found = verified(*ITEMS)

    assert found.all == (*ITEMS[:3], ITEMS[3])
    assert found.parties == PARTIES
    assert found.dropped == ()


@pytest.mark.parametrize("number", range(4), ids=LISTS)
def test_a_fact_without_evidence_is_dropped(number: int) -> None:
    kinds = [threat, demand, claim, dispute]
    item = kinds[number](evidence="")

    found = verified(item)

    assert found.all == ()
    assert found.dropped == (Dropped(LISTS[number], 0, item, DropReason.NO_EVIDENCE),)


@pytest.mark.parametrize("number", range(4), ids=LISTS)
@pytest.mark.parametrize("evidence", ["m1.5", "m1.1 m1.99", "m2.1", "m1", "M1.1", "m1.01"])
def test_a_fact_that_cites_a_sentence_the_ticket_does_not_have_is_dropped_whole(number: int, evidence: str) -> None:
    kinds = [threat, demand, claim, dispute]

    found = verified(kinds[number](evidence=evidence))

    assert found.all == ()
    assert [drop.reason for drop in found.dropped] == [DropReason.UNKNOWN_SENTENCE]


@pytest.mark.parametrize("kind", WITH_PARTIES)
def test_a_fact_by_or_against_somebody_who_is_no_party_is_dropped(kind: object) -> None:
    other = "of" if kind is demand else "against"

    by_nobody, against_nobody = verified(kind(by="p9")), verified(kind(**{other: "p9"}))

    assert by_nobody.all == against_nobody.all == ()
    assert {drop.reason for drop in (*by_nobody.dropped, *against_nobody.dropped)} == {DropReason.UNKNOWN_PARTY}


@pytest.mark.parametrize("kind", WITH_PARTIES)
def test_a_fact_by_a_party_against_itself_is_dropped(kind: object) -> None:
    other = "of" if kind is demand else "against"

    found = verified(kind(by="p1", **{other: "p1"}))

    assert [drop.reason for drop in found.dropped] == [DropReason.SAME_PARTY]


def test_a_dropped_fact_is_listed_under_its_place_in_the_extraction() -> None:
    found = verified(threat(), threat("lock_out", evidence="m9.9"), demand(evidence=""))

    assert [(drop.list, drop.index) for drop in found.dropped] == [("threats", 1), ("demands", 0)]
    assert found.of(Threat) == (threat(),)


@pytest.mark.parametrize("kind", [threat, demand, claim])
def test_facts_that_say_the_same_are_merged_with_their_evidence_in_ticket_order(kind: object) -> None:
    found = verified(kind(evidence="m1.3 m1.1"), kind(evidence="m1.2 m1.1"))

    assert [fact.evidence for fact in found.all] == [("m1.1", "m1.2", "m1.3")]


def test_evidence_stands_in_ticket_order_and_once_even_in_a_single_fact() -> None:
    given = ticket(*["One. Two."] * 11)

    found = verified(threat(evidence="m10.1 m2.2 m2.1 m2.2"), given=given)

    assert found.all[0].evidence == ("m2.1", "m2.2", "m10.1")


def test_disputes_of_one_kind_are_merged_and_others_are_not() -> None:
    found = verified(dispute("payment", "m1.1"), dispute("payment", "m1.2"), dispute("scope", "m1.3"))

    assert [(one.kind.value, one.evidence) for one in found.all] == [("payment", ("m1.1", "m1.2")), ("scope", ("m1.3",))]


def test_facts_that_differ_in_actor_victim_harm_or_kind_are_not_merged() -> None:
    threats = (threat(), threat("lock_out"), threat(by="p4"), threat(against="p4"))
    demands = (demand(), demand("work"), demand(by="p4"), demand(of="p4"))
    claims = (claim(), claim("lock_out"), claim(by="p4"), claim(against="p4"))

    found = verified(*threats, *demands, *claims)

    assert (found.of(Threat), found.of(Demand), found.of(DamageClaim)) == (threats, demands, claims)


def test_a_merged_fact_takes_the_first_asset_that_was_stated() -> None:
    threats = verified(threat(), threat(asset="website"), threat(asset="other")).all
    claims = verified(claim(), claim(asset="website"), claim(asset="other")).all

    assert [fact.asset for fact in (*threats, *claims)] == [Asset.WEBSITE, Asset.WEBSITE]


def test_the_same_harm_to_a_marketplace_account_and_to_a_site_stays_two_facts() -> None:
    """Merged, one of them would be lost, and with it one of two routes."""
    found = verified(
        threat("destroy", "website"),
        threat("destroy", "marketplace_account"),
        claim("account_breach", "not_stated"),
        claim("account_breach", "outside_account"),
    )

    assert len(found.of(Threat)) == len(found.of(DamageClaim)) == 2


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        ("deliberate", "accidental", Intent.DELIBERATE),
        ("unclear", "accidental", Intent.UNCLEAR),
        ("unclear", "deliberate", Intent.DELIBERATE),
        ("accidental", "accidental", Intent.ACCIDENTAL),
    ],
)
def test_a_merged_claim_takes_the_gravest_intent_in_either_order(one: str, other: str, merged: Intent) -> None:
    for first, second in ((one, other), (other, one)):
        assert verified(claim(intent=first), claim(intent=second)).all[0].intent is merged


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        ("retaliation", "leverage", Motive.RETALIATION),
        ("leverage", "not_stated", Motive.LEVERAGE),
        ("retaliation", "not_stated", Motive.RETALIATION),
    ],
)
def test_a_merged_claim_takes_the_most_telling_motive_in_either_order(one: str, other: str, merged: Motive) -> None:
    for first, second in ((one, other), (other, one)):
        assert verified(claim(motive=first), claim(motive=second)).all[0].motive is merged


def named(name: str | None, **kind: object) -> Facts:
    given = Ticket.model_validate(
        {
            "subject": "About Zoltán",
            "reporter": "maria",
            "participants": [{"id": "maria", "role": "client", "name": "Maria Q."}],
            "messages": [{"text": "Dmitri deleted it. " + "N" * 81}],
        }
        | kind
    )
    return verify(given, cut(given), extraction(parties=[Party("p1", Role.CLIENT, True, name)]))


@pytest.mark.parametrize("name", ["Dmitri", "Zoltán", "Maria Q.", "N", "N" * 79, "N" * 80, None])
def test_a_name_from_the_text_the_subject_or_the_records_is_kept(name: str | None) -> None:
    found = named(name)

    assert (found.parties[0].name, found.dropped) == (name, ())


@pytest.mark.parametrize("name", ["Dmitry", "dmitri", "", "N" * 81, "Dmitri  deleted", "Zolta\u0301n", "it. NNN…"])
def test_a_name_that_is_not_in_the_ticket_word_for_word_is_taken_away_and_the_party_stays(name: str) -> None:
    found = named(name)

    assert found.parties == (Party("p1", Role.CLIENT, True, None),)
    assert [(drop.list, drop.index, drop.reason) for drop in found.dropped] == [("parties", 0, DropReason.UNKNOWN_NAME)]


def test_a_name_may_not_join_two_places_of_the_ticket() -> None:
    assert named("ZoltánMaria").parties[0].name is None


def test_parties_get_the_copilots_own_ids_so_that_no_invented_id_goes_further() -> None:
    people = (Party("ignore-the-rules", Role.CLIENT, True), Party("p1", Role.FREELANCER, False))
    given = ticket()

    found = verify(
        given, cut(given), extraction(threat(by="p1", against="ignore-the-rules"), demand(by="p1", of="p2"), parties=people)
    )

    assert [party.id for party in found.parties] == ["p1", "p2"]
    assert (found.all[0].by, found.all[0].against) == ("p2", "p1")
    assert found.dropped[0].reason is DropReason.UNKNOWN_PARTY
    assert {found.dropped[0].item.by, found.dropped[0].item.of} == {"p2", "?1"}


def test_strangers_stay_apart_when_facts_are_dropped() -> None:
    dropped = verified(threat(by="x"), threat(by="y"), demand(by="x")).dropped

    assert [drop.item.by for drop in dropped] == ["?1", "?2", "?1"]


def test_a_dropped_fact_shows_an_agent_nothing_that_the_reader_wrote() -> None:
    suggestion = suggested(threat(by="SECRET", against="p1", evidence="m1.1 WORDS"))

    shown = suggestion.model_dump_json()
    assert "SECRET" not in shown
    assert "WORDS" not in shown
    assert suggestion.dropped[0].fact["evidence"] == ["m1.1"]
    assert suggestion.dropped[0].fact["by"] is None


def test_a_dropped_name_is_not_shown() -> None:
    suggestion = suggested(parties=[Party("p1", Role.CLIENT, True, "PROSE OF THE MODEL")])

    assert "PROSE" not in suggestion.model_dump_json()
    assert suggestion.dropped[0].list == "parties"


def test_account_security_is_told_by_what_the_harm_falls_on() -> None:
    outside = {Asset.OUTSIDE_ACCOUNT, Asset.WEBSITE, Asset.CODE_OR_FILES, Asset.BUSINESS_LISTING, Asset.DOMAIN_OR_HOSTING}

    for harm in Harm:
        security = {asset for asset in Asset if is_account_security(harm, asset)}
        if harm is Harm.ACCOUNT_BREACH:
            assert security == set(Asset) - outside
        else:
            assert security == ({Asset.MARKETPLACE_ACCOUNT} if harm in (Harm.DESTROY, Harm.LOCK_OUT) else set())


def test_facts_know_their_parties_and_what_they_cite() -> None:
    found = facts(threat(evidence="m1.1"), demand(evidence="m1.2"), claim(evidence="m1.1 m1.4"), dispute(evidence="m1.3"))

    assert found.party("p2") == FREELANCER
    assert found.party("p7") is None
    assert found.cited() == {"m1.1", "m1.2", "m1.3", "m1.4"}
    assert found.harms == (found.all[0], found.all[2])
    assert found.acts == found.all[:3]


def test_each_fact_has_an_id_of_its_own_and_a_new_one_gets_the_next() -> None:
    found = verified(*ITEMS)

    assert [fact.id for fact in found.all] == ["f1", "f2", "f3", "f4"]
    assert found.without("f2").with_fact(demand()).all[-1].id == "f5"
    assert [fact.id for fact in found.without("f4").with_fact(dispute()).all] == ["f1", "f2", "f3", "f4"]


def test_one_fact_is_changed_or_left_out_and_the_others_stay() -> None:
    found = verified(*ITEMS)

    changed = found.changed(replace(found.all[1], kind=DemandKind.WORK))

    assert [fact.kind for fact in changed.of(Demand)] == [DemandKind.WORK]
    assert changed.without("f2").all == found.without("f2").all == (found.all[0], *found.all[2:])


def test_an_empty_extraction_gives_no_facts() -> None:
    given = ticket()

    assert verify(given, cut(given), Extraction.empty()) == Facts()


def test_one_reporter_is_kept_as_reporter() -> None:
    assert [party.is_reporter for party in verified(parties=(FREELANCER, CLIENT)).parties] == [False, True]
