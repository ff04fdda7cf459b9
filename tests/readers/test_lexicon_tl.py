"""What the lexical reader finds in Tagalog and Taglish."""

import pytest

from tests.readers.lexical_reading import facts, read

DESTROY = ("threat", "other", "destroy")
MONEY = ("demand", "other", "money")
FEEDBACK = ("demand", "other", "feedback")
BAD_FEEDBACK = ("threat", "other", "bad_feedback")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tinatakot ako ng dev na ide-delete nya lahat ng files kung di ako magbabayad ng extra", {DESTROY, MONEY}),
        ("nagbanta yung freelancer na papatayin nya yung server namin", {DESTROY}),
        ("gusto ng client 5 star daw muna kung hindi bad review daw ako", {BAD_FEEDBACK, FEEDBACK}),
        ("hinihingi ng client yung full refund kung hindi mag-iiwan daw sya ng 1 star review", {BAD_FEEDBACK, MONEY}),
        ("sabi nya pag di ko binalik yung pera ikakalat nya yung pictures ko sa fb", {("threat", "other", "disclose")}),
        ("sabi ng client pupuntahan nya ako sa bahay at sasaktan", {("threat", "other", "violence")}),
        ("sasabihin daw nya sa boss ko na magnanakaw ako pag di ko binalik ang bayad", {("threat", "other", "defame")}),
        ("chat nya sakin humanda ka pag hindi mo tinuloy yung project", {("threat", "other", "unspecified")}),
        ("bina-blackmail ako ng client para sa 5 stars", {("threat", "other", "unspecified"), FEEDBACK}),
        ("nung tinapos ko yung contract gumanti sya, binura nya lahat ng files ko", {("claim", "other", "destroy")}),
        ("pinasok ng dati kong client yung Upwork account ko nang walang paalam", {("claim", "other", "account_breach")}),
        ("sinabi ko sa client na magbayad sya kung hindi ibababa ko yung website", {("threat", "reporter", "destroy")}),
    ],
)
def test_tl_threats_demands_and_damage_are_read(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "hindi pa ako binabayaran ng client 2 months na, ano po gagawin ko",
        "natatakot ako baka bigyan ako ng client ng bad review",
        "pwede ko bang patayin yung site nya kung di sya magbayad?",
        "hindi naman nya ako tinakot, late lang talaga yung gawa",
        "down yung site ko kasi nag expire yung hosting, nakalimutan kong i-renew",
        "nakalimutan ko yung password ko di ako makalogin sa account",
        "holdap talaga fees ng upwork",
        "paano kung mag file ng dispute yung client?",
        "nabura ko yung job post ko, paano ibalik?",
    ],
)
def test_tl_what_nobody_did_or_announced_is_no_threat_and_no_damage(text: str) -> None:
    found = {fact for fact in facts(read(text)) if fact[0] != "demand"}
    assert {harm for _, _, harm in found} <= {"withhold", "lawful_remedy", "bad_feedback"}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (
            "Sabi niya ibibigay niya sa mga kakumpitensya namin ang presyo namin kung hindi namin dodoblehin ang bayad.",
            ("threat", "other", "disclose"),
        ),
        (
            "Tinawagan niya lahat ng kliyente ko at sinabing manloloko ako dahil lang hindi ko siya kinuha.",
            ("claim", "other", "defame"),
        ),
    ],
)
def test_a_price_on_a_review_a_leak_and_a_smear_are_read(text: str, fact: tuple[str, ...]) -> None:
    assert fact in facts(read(text))


def test_whoever_would_take_somebody_else_threatens_nothing() -> None:
    found = facts(read("Sabi ng client kung hindi matapos sa Lunes kukuha na lang siya ng ibang designer."))
    assert not any(fact[0] == "threat" for fact in found)


ACCOUNT = ("claim", "other", "account_breach")


@pytest.mark.parametrize(
    "text",
    [
        "may mga proposal sa profile ko na hindi ako ang sumulat",
        "nakakapasok pa rin yung dating empleyado sa agency account namin",
        "pinahiram ko account ko sa kaibigan, pinalitan nya password",
        "nasa loob siya ng upwork account ko",
        "ginamit ng freelancer ang card ko para i-hire ang kaibigan niya gamit ang account ko",
        "iba na ang picture at email sa profile ko",
    ],
)
def test_tl_a_breach_of_the_marketplace_account_is_read_from_its_traces(text: str) -> None:
    assert ACCOUNT in facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "may login alert pero bagong laptop ko pala yun",
        "sinuspend ng Upwork ang account ko",
        "ako mismo ang nagpalit ng password ng account ko",
        "hindi na-hack ang account ko",
        "pinalitan ko ang payout method ko kahapon",
        "inalis ng upwork ang mga proposal ko",
        "mahahack ba ang profile ko?",
    ],
)
def test_tl_what_the_owner_or_the_marketplace_did_breaches_nothing(text: str) -> None:
    assert not {fact for fact in facts(read(text)) if fact[0] != "demand"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nakiusap ang freelancer na baguhin ko ang review ko", ("demand", "other", "feedback")),
        ("sisiraan daw ako sa boss ko", ("threat", "other", "defame")),
        ("bayaran daw muna bago ibalik ang site, sabi ng client", ("demand", "other", "money")),
    ],
)
def test_tl_who_asks_and_who_is_hurt_is_told_by_the_verb(text: str, expected: tuple[str, ...]) -> None:
    assert expected in facts(read(text))


def test_tl_before_is_no_change_and_a_mistake_is_an_accident() -> None:
    claims = read("aksidenteng nabura ng developer ang database").damage_claims

    assert not facts(read("may bago akong code sa site"))
    assert [claim.intent for claim in claims] == ["accidental"]


@pytest.mark.parametrize(
    "text",
    [
        "ayaw ibigay ng freelancer ang file kasi di ko pa nababayaran ang kulang",
        "paano ko malalaman kung may gumagamit ng account ko?",
    ],
)
def test_tl_what_is_kept_for_want_of_pay_or_only_asked_is_no_revenge(text: str) -> None:
    claims = read(text).damage_claims

    assert not read(text).threats
    assert all(claim.harm.value == "withhold" and claim.motive.value != "retaliation" for claim in claims)


def test_tl_formal_verbs_tell_what_is_done() -> None:
    found = facts(read("Matapos kong tumanggi, ipinaskil niya sa Facebook ang aking tirahan at larawan ng aking anak."))

    assert ("claim", "other", "disclose") in found
