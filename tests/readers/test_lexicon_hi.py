"""What the lexical reader finds in Hindi and Hinglish."""

import pytest

from tests.readers.lexical_reading import facts, read

DESTROY = ("threat", "other", "destroy")
MONEY = ("demand", "other", "money")
FEEDBACK = ("demand", "other", "feedback")
BAD_FEEDBACK = ("threat", "other", "bad_feedback")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("developer bol raha hai 20 hazar aur do warna website delete kar dunga", {DESTROY, MONEY}),
        ("मेरे डेवलपर ने कहा कि अगर मैंने 15000 नहीं दिए तो वह सारा डेटा उड़ा देगा", {DESTROY}),
        ("freelancer dhamki de raha hai ki meri site band kar dega", {DESTROY}),
        ("client ne bola 5 star review do warna main 1 star dunga", {BAD_FEEDBACK, FEEDBACK}),
        ("client refund maang raha hai, bola nahi diya to 1 star review dunga", {BAD_FEEDBACK, MONEY}),
        ("client bol rha h 50 hazar bhejo nahi to teri photo sabko bhej dunga", {("threat", "other", "disclose")}),
        ("client ne phone pe bola ki ghar aake haath pair tod dunga", {("threat", "other", "violence")}),
        ("usne message kiya ki paise wapas karo nahi to dekh lunga tujhe", {("threat", "other", "unspecified")}),
        ("freelancer mujhe blackmail kar raha hai paise ke liye", {("threat", "other", "unspecified")}),
        ("उसने बदला लेने के लिए मेरी वेबसाइट का पूरा डेटाबेस मिटा दिया", {("claim", "other", "destroy")}),
        ("mere developer ne hosting ka password badal diya aur ab 10000 maang raha hai", {("claim", "other", "lock_out"), MONEY}),
        ("मेरी पुरानी एजेंसी ने मेरे अपवर्क अकाउंट में लॉगिन करके बैंक डिटेल बदल दी", {("claim", "other", "account_breach")}),
        ("developer ne mail kiya ki kal server format kar diya jayega", {DESTROY}),
    ],
)
def test_hi_threats_demands_and_damage_are_read(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "mujhe dar hai ki wo kahi 1 star na de de",
        "kya main uski website band kar sakta hu agar payment nahi kare?",
        "usne mujhe kabhi dhamki nahi di, bas kaam late hai",
        "मैं सोच रहा था कि साइट बंद कर दूं, पर अभी कुछ नहीं किया",
        "meri website down hai, hosting expire ho gayi thi",
        "मैं अपना पासवर्ड भूल गया, लॉगिन नहीं हो रहा, मदद करें",
        "bhai upwork ki fees blackmail jaisi hai",
        "agar client ne dispute kiya to kya hoga?",
        "maine galti se apni job post delete kar di",
    ],
)
def test_hi_what_nobody_did_or_announced_is_no_threat_and_no_damage(text: str) -> None:
    found = {fact for fact in facts(read(text)) if fact[0] != "demand"}
    assert {harm for _, _, harm in found} <= {"withhold", "lawful_remedy", "bad_feedback"}


ACCOUNT = ("claim", "other", "account_breach")


@pytest.mark.parametrize(
    "text",
    [
        "mere upwork account se kisi ne chaar bids laga di",
        "मेरे अपवर्क खाते का पासवर्ड किसी ने बदल दिया और मैं बाहर हूँ",
        "profile par kisi aur ki photo lagi hui hai",
        "जिस कर्मचारी ने एजेंसी छोड़ दी वह अब भी एजेंसी खाते में घुसकर संदेश पढ़ता है",
        "मेरे नाम से बोली लगा दी गई, मैंने कुछ नहीं भेजा",
        "dost ko account chalane ko diya tha, ab usne password badal diya",
    ],
)
def test_hi_a_breach_of_the_marketplace_account_is_read_from_its_traces(text: str) -> None:
    assert ACCOUNT in facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "naye laptop se login ka alert aaya, wo main hi tha",
        "upwork ne jaanch ke liye mera account band kar diya hai",
        "maine khud apna password badla hai, ab naya kaise set karu?",
        "मेरा खाता हैक नहीं हुआ है",
        "मेरा फोन नंबर बदल गया है, नया नंबर खाते में कैसे जोड़ूँ?",
        "mere dost ka instagram hack ho gaya tha isliye main 2fa lagana chahta hu",
        "डेवलपर ने मेरे कहने पर पुरानी फाइलें डिलीट कर दीं",
    ],
)
def test_hi_what_the_owner_or_the_marketplace_did_breaches_nothing(text: str) -> None:
    assert not {fact for fact in facts(read(text)) if fact[0] != "demand"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("freelancer chahta hai ki main apna review badal du", FEEDBACK),
        ("क्लाइंट कहता है कि मैं पैसे लौटा दूँ वरना वह साइट मिटा देगा", MONEY),
        ("client ne mujhse paanch star dene ko kaha", FEEDBACK),
        ("achha review nahi diya to website uda dunga, client ne likha", FEEDBACK),
    ],
)
def test_hi_a_wish_told_as_what_the_writer_is_to_do_is_a_demand(text: str, expected: tuple[str, ...]) -> None:
    assert expected in facts(read(text))


def test_hi_a_mistake_of_the_other_side_takes_nothing_back() -> None:
    claims = read("usne galti se meri database delete kar di").damage_claims

    assert [claim.intent for claim in claims] == ["accidental"]


@pytest.mark.parametrize(
    "text",
    [
        "फ्रीलांसर फाइल नहीं दे रहा क्योंकि मैंने बाकी पैसे नहीं दिए",
        "kaise pata chale ki koi mera account use kar raha hai?",
        "freelancer ne khud apna access hata liya",
    ],
)
def test_hi_what_is_kept_for_want_of_pay_or_only_asked_is_no_revenge(text: str) -> None:
    claims = read(text).damage_claims

    assert all(claim.harm.value == "withhold" and claim.motive.value != "retaliation" for claim in claims)


def test_hi_formal_words_are_read_as_the_everyday_ones() -> None:
    found = facts(read("वे कहते हैं कि मैं समीक्षा बदल दूँ, नहीं तो वे अनुबंध की सारी फाइलें मिटा देंगे।"))

    assert {DESTROY, FEEDBACK} <= found
