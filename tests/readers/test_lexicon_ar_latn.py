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
