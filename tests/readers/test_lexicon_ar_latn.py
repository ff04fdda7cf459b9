"""What the lexical reader finds in Arabizi."""

import pytest

from tests.readers.lexical_reading import facts, read

DESTROY = ("threat", "other", "destroy")
MONEY = ("demand", "other", "money")
FEEDBACK = ("demand", "other", "feedback")
BAD_FEEDBACK = ("threat", "other", "bad_feedback")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("el mobarmeg beyhadedni ye2ol law madafa3tsh 400 dollar hamsa7 el website kolo", {DESTROY, MONEY}),
        ("el client 2alli 7otili 5 stars ya ema ha7otlek review we7esh", {BAD_FEEDBACK, FEEDBACK}),
        ("el developer ghayar password el hosting w 3ayez 300 dollar 3ashan yerga3o", {("claim", "other", "lock_out"), MONEY}),
        ("7ad dakhal 3ala account el upwork bta3i w ghayar el password", {("claim", "other", "account_breach")}),
    ],
)
def test_ar_latn_threats_demands_and_damage_are_read(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "el client lessa ma dafa3sh men shahrein, a3mel eh?",
        "khayfa yeddini 1 star, momken a3mel eh?",
    ],
)
def test_ar_latn_what_nobody_did_or_announced_is_no_threat_and_no_damage(text: str) -> None:
    found = {fact for fact in facts(read(text)) if fact[0] != "demand"}
    assert {harm for _, _, harm in found} <= {"withhold", "lawful_remedy", "bad_feedback"}


BREACH = "account_breach"


@pytest.mark.parametrize(
    "text",
    [
        "7ad dakhal 3ala account upwork bta3y w ghayar el ra2am",
        "7ada da5al 3a 7sabi w b3at 3oroud b esmi",
        "etsara2 el account bta3y 3ala upwork",
        "el mowazaf el adeem lessa gowa account el agency",
    ],
)
def test_ar_latn_a_breach_of_a_marketplace_account_is_read_in_everyday_words(text: str) -> None:
    assert BREACH in {harm for sort, _, harm in facts(read(text)) if sort == "claim"}


@pytest.mark.parametrize("verb", ["haymsa7", "hayemsa7", "hymsa7", "hayimsa7"])
def test_ar_latn_vowels_may_be_written_or_left_out(verb: str) -> None:
    assert ("threat", "other", "destroy") in facts(read(f"el developer 2al {verb} el site law ma dafa3tsh"))


@pytest.mark.parametrize(
    "text",
    ["upwork wa22af 7sabi w 3ayzeen el bata2a", "ghayart esmi ba3d el gawaz", "fein ala2y el fawateer?"],
)
def test_ar_latn_own_steps_and_the_marketplace_s_own_checks_breach_nothing(text: str) -> None:
    assert not {harm for sort, _, harm in facts(read(text)) if sort != "demand"}
