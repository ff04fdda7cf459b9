"""Nobody is accused whom the ticket does not speak of, whatever reader read it."""

import json
from pathlib import Path

import pytest

from copilot.core.facts import DamageClaim, Demand, Facts
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.core.verification import verify
from copilot.core.vocabulary import CUSTOMERS, Intent, Role, Route
from copilot.evaluation.cases.case import load_cases
from copilot.evaluation.cases.tags import HELD_OUT_TAG
from copilot.pipeline import decide, decide_again, triage
from tests.builders import CLIENT, FREELANCER, claim, demand, extraction, threat
from tests.making import embedded_reader

CASES = Path(__file__).parents[1] / "evals" / "cases" / "no-culprit.jsonl"
PEOPLE = [{"id": "me", "role": "client"}, {"id": "dev", "role": "freelancer"}]


def told(text: str, **kind: object) -> Ticket:
    return Ticket.model_validate({"reporter": "me", "participants": PEOPLE, "messages": [{"text": text}], **kind})


def facts_of(ticket: Ticket, *items: object) -> Facts:
    return verify(ticket, cut(ticket), extraction(*items, parties=(CLIENT, FREELANCER)))


def actor(facts: Facts, place: int = 0) -> tuple[Role, bool]:
    party = facts.party((*facts.harms, *facts.of(Demand))[place].by)
    assert party is not None
    return party.role, party.is_reporter


NOBODY_NAMED = {
    "de, three words": "Dateien weg, alles gelöscht.",
    "ru, two words": "Файлы удалены.",
    "hi, four words": "फाइलें डिलीट हो गईं।",
    "hi, no word but before the end mark": "वेबसाइट डिलीट हुई।",
    "hi in Latin letters, four words": "website delete ho gyi",
    "passive": "My account was hacked.",
    "effect": "The payout card in my profile is not mine.",
    "somebody": "Somebody else is using my account.",
    "de": "Mein Konto wurde übernommen und die Adresse geändert.",
    "es": "Me hackearon la cuenta y se cambió el correo.",
    "fr": "Mon compte a été piraté et le mot de passe changé.",
    "pt": "A minha conta foi invadida e a senha foi trocada.",
    "ru": "Мой аккаунт взломали, пароль изменён.",
    "ar": "تم اختراق حسابي و تم تغيير البريد.",
    "hi": "मेरा खाता हैक हो गया और पासवर्ड बदल दिया गया।",
    "hi in Latin letters": "mera account hack ho gaya aur password badal diya gaya hai",
    "id": "Akun saya diretas dan email sudah diganti.",
    "tl": "Na-hack yung account ko at napalitan na ang email.",
}


@pytest.mark.parametrize("text", NOBODY_NAMED.values(), ids=NOBODY_NAMED)
def test_the_other_side_is_not_accused_of_what_no_sentence_lays_to_anybody(text: str) -> None:
    facts = facts_of(told(text), claim("account_breach", "marketplace_account"))

    assert [harm.harm.value for harm in facts.harms] == ["account_breach"]
    assert actor(facts) == (Role.UNKNOWN, False)


@pytest.mark.parametrize("text", NOBODY_NAMED.values(), ids=NOBODY_NAMED)
def test_the_reporter_is_not_the_actor_of_what_befell_them(text: str) -> None:
    facts = facts_of(told(text), claim("account_breach", "marketplace_account", by="p1", against="p2"))

    assert actor(facts) == (Role.UNKNOWN, False)
    assert facts.harms[0].against == "p1"


SOMEBODY_NAMED = {
    "pronoun": "She got into my account.",
    "role": "The developer got into my account.",
    "quoted": "I got this: “pay me or the site is gone tonight”.",
    "de": "Die Entwicklerin hat sich in mein Konto eingeloggt.",
    "es": "El programador entró en mi cuenta y la borró.",
    "fr": "Le développeur est entré dans mon compte.",
    "pt": "O programador entrou na minha conta e apagou tudo.",
    "ru": "Программист зашёл в мой аккаунт и всё удалил.",
    "ar": "المبرمج دخل على حسابي و غير البريد.",
    "hi": "उसने मेरे खाते में घुसकर सब बदल दिया है।",
    "id": "Dia masuk ke akun saya dan mengganti semuanya.",
    "tl": "Pinasok niya ang account ko at binago lahat.",
}


@pytest.mark.parametrize("text", SOMEBODY_NAMED.values(), ids=SOMEBODY_NAMED)
def test_an_actor_that_a_sentence_speaks_of_stays(text: str) -> None:
    given = told(text)
    last = list(cut(given))[-1].id

    facts = facts_of(given, claim(evidence=last))

    assert actor(facts) == (Role.FREELANCER, False)


@pytest.mark.parametrize(
    "text",
    [
        "My developer left on Monday. The site was wiped that night.",
        "I work with three clients. The site was wiped that night.",
    ],
)
def test_somebody_spoken_of_beside_the_sentence_is_not_its_actor(text: str) -> None:
    """A sentence with no actor has an unknown one, whoever the ticket speaks of elsewhere."""
    given = told(text)
    last = list(cut(given))[-1].id

    facts = facts_of(given, claim(evidence=last))

    assert actor(facts) == (Role.UNKNOWN, False)


def test_who_is_named_in_a_threat_stays_the_actor_of_the_damage_that_it_goes_with() -> None:
    given = told("The site was wiped on Friday. She says it comes back when I pay.")

    facts = facts_of(given, claim(evidence="m1.1"), threat(evidence="m1.2"), demand(evidence="m1.2"))

    assert {fact.by for fact in facts.all} == {"p2"}
    assert actor(facts) == (Role.FREELANCER, False)


FIRST_PERSON = {
    "en": "I wiped the site last night.",
    "en, without a subject": "Deleted his site last night.",
    "de": "Ich habe die Seite gelöscht.",
    "es": "Ayer borré la página de la tienda.",
    "fr": "J'ai supprimé le site hier.",
    "pt": "Ontem apaguei o site da loja.",
    "ru": "Я удалил сайт вчера.",
    "ar": "أنا حذفت الموقع أمس.",
    "hi": "मैंने कल साइट हटा दी है।",
    "id": "Saya menghapus situs itu kemarin.",
    "tl": "Binura ko ang site kahapon.",
}


@pytest.mark.parametrize("text", FIRST_PERSON.values(), ids=FIRST_PERSON)
def test_the_reporter_who_says_so_in_the_first_person_is_the_actor(text: str) -> None:
    facts = facts_of(told(text), claim(by="p1", against="p2"))

    assert actor(facts) == (Role.CLIENT, True)


SUFFERED = [
    "I was locked out.",
    "I lost access to it.",
    "I noticed a strange login.",
    "I can't get in any more.",
    "I've no idea who did it.",
]


@pytest.mark.parametrize("text", SUFFERED)
def test_a_first_person_to_whom_something_happens_does_nothing(text: str) -> None:
    facts = facts_of(told(text), claim("lock_out", by="p1", against="p2"))

    assert actor(facts) == (Role.UNKNOWN, False)


@pytest.mark.parametrize("text", ["Upwork suspended my account.", "Support removed my listing. They gave no reason."])
def test_what_the_marketplace_does_is_laid_to_no_customer(text: str) -> None:
    facts = facts_of(told(text), claim("lock_out", "marketplace_account"))

    assert actor(facts) == (Role.UNKNOWN, False)


def test_he_right_after_a_stranger_is_the_stranger() -> None:
    facts = facts_of(told("Some hacker wrote to me. He wants 2 bitcoin or my photos go online."), threat(evidence="m1.2"))

    assert actor(facts) == (Role.UNKNOWN, False)


def test_what_another_author_writes_is_their_own_deed() -> None:
    given = told("", messages=[{"text": "Please look."}, {"author": "dev", "text": "Pay today or the site is gone."}])

    facts = facts_of(given, threat(evidence="m2.1"))

    assert actor(facts) == (Role.FREELANCER, False)


def test_a_language_that_is_not_listed_is_not_judged() -> None:
    facts = facts_of(told("アカウントが乗っ取られました。"), claim())

    assert actor(facts) == (Role.FREELANCER, False)


def test_a_party_keeps_what_is_laid_to_it_and_loses_the_break_in_that_is_not() -> None:
    given = told("The developer wants 500 more. We talked on Monday. It was a nice day. My account was hacked.")

    facts = facts_of(given, demand(evidence="m1.1"), claim("account_breach", "marketplace_account", evidence="m1.4"))

    assert actor(facts, 0) == (Role.UNKNOWN, False)
    assert actor(facts, 1) == (Role.FREELANCER, False)


def test_threat_and_demand_of_one_party_stay_together() -> None:
    given = told("The developer wants 500. It rained on that day. The weather got worse. Without the money the site goes dark.")

    facts = facts_of(given, demand(evidence="m1.1"), threat(evidence="m1.4"))

    assert {fact.by for fact in facts.all} == {"p2"}


def test_a_fact_by_somebody_unknown_is_as_grave_as_before() -> None:
    given = told("My account was hacked.")

    suggestion = decide(given, extraction(claim("account_breach", "marketplace_account"), parties=(CLIENT, FREELANCER)))

    assert suggestion.route is Route.ACCOUNT_SECURITY
    assert suggestion.facts[0].intent is Intent.UNCLEAR
    assert "Somebody unknown reportedly did this" in suggestion.note
    assert "freelancer" not in suggestion.note


def test_the_name_of_a_party_goes_with_an_accusation_that_does_not_stand() -> None:
    given = told("Dmitri built the shop. It was ready in May. All went well. My account was hacked.")
    items = extraction(claim("account_breach", "marketplace_account", evidence="m1.4"), parties=(CLIENT, FREELANCER)).model_dump(
        mode="json"
    )
    items["parties"][1]["name"] = "Dmitri"

    facts = verify(given, cut(given), type(extraction()).model_validate(items))

    assert [party.name for party in facts.parties] == [None, None]


def accused(text_case: dict[str, object]) -> list[DamageClaim]:
    suggestion = triage(Ticket.model_validate(text_case["ticket"]), embedded_reader())
    culprits = {one.id for one in suggestion.parties if one.role in CUSTOMERS or one.is_reporter}
    return [fact for fact in suggestion.facts if getattr(fact, "by", None) in culprits]


@pytest.mark.slow
def test_the_embedded_reader_names_a_culprit_in_one_of_forty_tickets_that_name_none_at_most() -> None:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]

    seen = [case for case in cases if HELD_OUT_TAG not in case["tags"]]
    wrong = [case["id"] for case in seen if accused(case)]

    assert len(seen) >= 40
    assert len(wrong) <= 1


def test_the_gold_facts_of_these_cases_name_no_culprit() -> None:
    for case in load_cases([CASES]).cases:
        gold = case.expect.extraction
        assert gold is not None
        roles = {party.id: party.role for party in gold.parties}

        assert {roles[fact.by] for fact in (*gold.threats, *gold.demands, *gold.damage_claims)} <= {Role.UNKNOWN}


def test_an_actor_whom_an_agent_names_stays_the_actor() -> None:
    """The agent may know it from a call or a log; only a reader's guess is taken away."""
    ticket = Ticket.model_validate({"messages": [{"text": "The site was deleted on Monday."}]})
    first = decide(ticket, extraction(claim(), parties=(CLIENT, FREELANCER)))

    second = decide_again(ticket, extraction(claim(), parties=(CLIENT, FREELANCER)), first.provenance)

    assert [party.role for party in first.parties if not party.is_reporter] == [Role.UNKNOWN]
    assert [party.role for party in second.parties if not party.is_reporter] == [Role.FREELANCER]
