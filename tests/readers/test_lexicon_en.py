"""What the lexical reader finds in English, as people type it: families of sayings, each with its near misses."""

from collections.abc import Callable

import pytest

from tests.readers.lexical_reading import facts, read

BREACH = "account_breach"


def harms(text: str) -> set[tuple[str, str]]:
    """Sort and harm of every threat and claim in a text."""
    return {(sort, kind) for sort, _, kind in facts(read(text)) if sort != "demand"}


@pytest.mark.parametrize(
    "text",
    [
        "Our old intern is still inside our agency account answering clients.",
        "Upwork got hacked on me, my Upwork got hacked!",
        "I caught my flatmate using my login here to apply for jobs.",
        "A colleague I trusted with my password is now using my account to send bids.",
        "The agency we left sold our login to another man who works under our photo.",
        "Somebody turned on two factor with a number that isn't mine.",
        "He logged in again with the old password and ended three contracts.",
        "She swapped my email and my phone number, both.",
        "I lent my Upwork login to my cousin. Now he has changed the password.",
        "The bookkeeper put her own IBAN where ours stood, on our Upwork.",
        "Our agency account was used to hire her friends.",
        "She has been reading my inbox on Upwork for weeks.",
    ],
)
def test_somebody_in_the_marketplace_account_is_read_as_a_breach(text: str) -> None:
    assert ("claim", BREACH) in harms(text)


@pytest.mark.parametrize(
    "text",
    [
        "Two offers were accepted in my name that I never opened.",
        "Login codes keep coming by text which I never asked for.",
        "A contract was ended from my side while I was asleep.",
        "There is a new bank account listed under my withdrawals.",
        "A device I don't own was added, sign in from Kenya.",
        "There are 900 dollars missing from my balance.",
        "My old clients got a strange link from my profile.",
        "Nine people have been hired on our account since Sunday, we have not hired anyone.",
    ],
)
def test_a_breach_told_by_its_traces_is_read_without_a_culprit(text: str) -> None:
    assert ("claim", BREACH) in harms(text)


@pytest.mark.parametrize(
    "text",
    [
        "He wrote that he will get into my Upwork tonight and empty it.",
        "She says my profile here will be gone by Monday, she has my recovery phone and uses it.",
        "Pay or say goodbye to your Upwork profile, he texted.",
        "He threatens to sell my Upwork account if I stop working for him.",
    ],
)
def test_a_threat_to_the_marketplace_account_is_read(text: str) -> None:
    assert ("threat", BREACH) in harms(text)


@pytest.mark.parametrize(
    "text",
    [
        "I forgot my password and the reset mail never comes.",
        "I typed it wrong five times and now I'm locked out for an hour.",
        "My payout method was changed last week. I changed it myself.",
        "Upwork asks me for a selfie and my account is on hold.",
        "I can't send proposals and nobody else uses this account.",
        "The client wants to rent my account for a month.",
        "My Job Success went down to 88.",
        "We gave our assistant access to the agency account so that she can answer clients.",
        "A login from Spain is in the list. That was me, on holiday!",
        "My profile was set to private by you.",
        "The VA will log in to our account each morning, as agreed.",
        "I was late because I was in hospital.",
        "Nothing looks different, no messages I didn't write.",
    ],
)
def test_an_owner_without_access_is_no_breach(text: str) -> None:
    assert BREACH not in {kind for _, kind in harms(text)}


@pytest.mark.parametrize(
    "text",
    [
        "As agreed she took the site down for the night.",
        "The freelancer deleted the old draft page as I had asked him.",
        "A phishing message came in. I deleted it.",
        "He wiped the whiteboard clean and drew it again.",
        "I am reading a novel in which a client threatens to burn down a house.",
        "He'll destroy the competition with that logo.",
        "He says my site would break if I install that plugin.",
        "Do I get a bad review if I refuse a job?",
        "He said he'd change the colours and send me the new version.",
        "The developer says that he'll take the shop down for an hour to update it.",
        "She says she'll delete the draft after I approve the final version.",
        "He told me that he'll tell his boss how good my work was.",
        "He promised to be done by Easter and swears every week that it comes tonight.",
        "The composer warned me that prices go up in summer.",
        "If we don't renew the certificate the site goes offline.",
        "He says he will pay for it as soon as the bank opens.",
        "She wrote that she'll see what she can do about the price.",
        "Would you rather have a refund or a new draft, he asked.",
        "Nobody asked us for money or anything.",
        "He removed himself from our room when the contract ended.",
    ],
)
def test_what_was_agreed_invented_or_harmless_accuses_nobody(text: str) -> None:
    assert not harms(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("she goes pay me or I'm posting your chats everywhere", {("threat", "other", "disclose"), ("demand", "other", "money")}),
        ("He took our shop down. To get it back I'm to pay 300.", {("claim", "other", "destroy"), ("demand", "other", "money")}),
        ("He gave me a really terrible review only because I complained.", {("claim", "other", "bad_feedback")}),
        ("he said if no refund he give bad rating to me", {("threat", "other", "bad_feedback"), ("demand", "other", "money")}),
    ],
)
def test_bargains_in_people_s_own_words_are_read(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "The moment the last payment cleared he deleted the repository.",
        "He refuses to hand over the files until I promise five stars.",
    ],
)
def test_a_point_in_time_or_another_s_refusal_is_no_wish_of_theirs(text: str) -> None:
    kinds = {kind for sort, _, kind in facts(read(text)) if sort == "demand"}

    assert not kinds & {"money", "work"}


@pytest.mark.parametrize("hidden", ["\u200b", "\u200e", "\u2066", "\u00ad", "\u2800", "\u3164", "\U000e0041", "\U000e0020"])
@pytest.mark.parametrize(
    "spoiled",
    [
        lambda text, hidden: hidden.join(text),
        lambda text, hidden: (hidden * 7).join(text),
        lambda text, hidden: text.replace(" my ", " " + hidden * 600 + "my "),
        lambda text, hidden: text.replace(" ", " " + hidden),
        lambda text, hidden: hidden + text + hidden * 40,
    ],
)
def test_signs_that_show_nothing_hide_no_threat(spoiled: Callable[[str, str], str], hidden: str) -> None:
    text = "He says he will tell all my clients that I am a thief unless I refund him."

    assert facts(read(spoiled(text, hidden))) == {("threat", "other", "defame"), ("demand", "other", "money")}


def test_words_that_only_invisible_signs_keep_apart_are_words() -> None:
    text = "He says he will tell all my clients that I am a thief unless I refund him."

    assert facts(read(text.replace(" ", "\u200b"))) == facts(read(text))


def test_words_given_back_to_their_speaker_are_his() -> None:
    text = "Pay me, I know where your kids go to school. That is what he wrote."

    assert ("threat", "other", "violence") in facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Leave five stars, he wrote, or your shop is gone.",
        "I will delete your shop if I don't get five stars (his words).",
    ],
)
def test_a_word_of_saying_may_stand_inside_or_in_brackets(text: str) -> None:
    assert {("threat", "other", "destroy"), ("demand", "other", "feedback")} <= facts(read(text))


def test_a_rating_that_merely_came_after_a_quarrel_is_no_revenge() -> None:
    after = read("The client gave me a bad rating after I asked him for more time.").damage_claims
    because = read("The client gave me a bad rating because I asked him for more time.").damage_claims

    assert [claim.motive.value for claim in after] == ["not_stated"]
    assert [claim.motive.value for claim in because] == ["retaliation"]


@pytest.mark.parametrize(
    "text",
    [
        "I posted a job last week and I have not hired anyone yet.",
        "The client claims that I agreed to unlimited revisions.",
        "This is about a payment we never received.",
        "There are messages I did not answer in time. Does it hurt my score?",
        "The contract I never signed says forty hours.",
        "She says we agreed on five screens, I say three. I have not made any changes since.",
        "How do I change the name of my account? I have not hired anyone yet.",
        "My account shows a login from another country, but that is my VPN.",
    ],
)
def test_what_one_did_not_do_is_a_trace_of_nobody_where_no_account_is_spoken_of(text: str) -> None:
    assert not any(fact[0] != "demand" for fact in facts(read(text)))


@pytest.mark.parametrize(
    "text",
    [
        "The freelancer threatened to cancel the contract because I am late.",
        "I read in a forum that clients here threaten people with bad reviews. Is it true?",
        "Our assistant changed the passwords of our social accounts because I asked her to.",
        "The editor lost our footage when his disk broke, and offers half the price back.",
        "He said he would tell all his friends about me because he was so happy.",
        "Is that blackmail of my patience? He is late, that is all.",
    ],
)
def test_everyday_steps_hearsay_accidents_and_praise_accuse_nobody(text: str) -> None:
    assert not any(claim.intent.value == "deliberate" for claim in read(text).damage_claims)
    assert not read(text).threats


@pytest.mark.parametrize(
    "text",
    [
        "Before we hire anyone: should we give a temporary login?",
        "Should I share my hosting password with a freelancer?",
    ],
)
def test_a_question_about_one_s_own_step_is_no_demand(text: str) -> None:
    assert not read(text).demands


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He only pays the rest after I have given him five stars.", ("demand", "other", "feedback")),
        ("The last milestone gets released only after I post a good review.", ("demand", "other", "feedback")),
        ("The writer asked whether I could make it five stars instead of four.", ("demand", "other", "feedback")),
        ("He asked me to please consider raising my rating a bit.", ("demand", "other", "feedback")),
        ("He won't release the payment because I left an honest review.", ("claim", "other", "withhold")),
    ],
)
def test_reviews_asked_for_in_a_roundabout_way_and_money_kept_for_one_are_read(text: str, expected: tuple[str, ...]) -> None:
    assert expected in facts(read(text))
