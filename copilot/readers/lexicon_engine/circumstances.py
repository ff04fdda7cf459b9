"""What stands around a harm and changes what it amounts to: a «not», an «if», a trifle, the thing it falls on."""

from copilot.readers.lexicon_engine.concepts import ASSETS
from copilot.readers.lexicon_engine.harms import Place
from copilot.readers.lexicon_engine.patterns import Hit
from copilot.readers.lexicon_engine.view import SUBJECTS
from copilot.vocabulary import Asset, Harm

_NEGATION_REACH = 4
_REQUEST_REACH = 2


def is_negated(place: Place) -> bool:
    """True where a «not» reaches the harm; one in the condition of an «if» does not."""
    reach = [
        hit
        for hit in place.clause.find("negation")
        if hit.last < place.hit.first
        and place.hit.first - hit.last <= _NEGATION_REACH
        and not any(opener.first <= hit.first for opener in place.before("if_", "unless"))
    ]
    if place.view.negation in ("after", "both"):
        reach += [hit for hit in place.clause.find("negation") if 0 < hit.first - place.hit.last <= 2]
        if place.view.negation == "both":
            reach += [
                hit
                for hit in place.clause.find("negation")
                if place.hit.first < hit.first <= place.hit.last and not place.hit.concept.startswith("withhold")
            ]
    return bool(reach) and not place.clause.has("veiled")


def is_condition(place: Place) -> bool:
    """True inside the «if» half of a sentence: «if he deletes it, I will …»."""
    opener = place.before("if_", "unless")
    if not opener:
        return False
    between = [hit for hit in place.clause.hits if opener[-1].last < hit.first < place.hit.first]
    if any(hit.concept in ("will", "or_else") for hit in between):
        return False
    if any(hit.concept == "will" and hit.first <= place.hit.last and opener[-1].last < hit.first for hit in place.clause.hits):
        return False
    wanted = any(hit.concept.startswith("want_") or hit.concept == "feedback_word" for hit in between)
    return not wanted


def is_asked_of(place: Place) -> bool:
    """«They want me to take it down»: what the other side is asked to do is a demand, no threat."""
    asks = place.before("asks")
    told = place.hit.concept != "vague" and place.part.reports and place.before("i") and place.earlier("says", "asks")
    ordered = place.before("must") if told else []
    if not asks or (place.view.has("or_else", "threat") and place.clause.link == "or_else"):
        return bool(ordered)
    between = [hit for hit in place.clause.hits if asks[-1].last <= hit.first < place.hit.first]
    things = {hit.first for hit in place.clause.hits if hit.concept in ASSETS}
    if any(hit.concept in ("me", "i") and things.isdisjoint(range(hit.first, hit.last + 2)) for hit in between):
        return True
    intent = [hit for hit in place.clause.find("will") if hit.last >= asks[-1].first and hit.first <= place.hit.last]
    return not intent and not any(hit.concept in ("or_else", "threat", "unless", "if_") for hit in between)


def is_request(place: Place) -> bool:
    """«Please delete it», «if this reached you in error, delete it»: the one spoken to is to do it."""
    doers = [hit for hit in place.before(*SUBJECTS, "will") if hit.concept != "you"]
    if place.clause.link == "or_else" or place.before("or_else"):
        return False
    if place.view.has("disclaimer"):
        return not doers
    asked = [hit for hit in place.before("ask_support") if place.hit.first - hit.last <= _REQUEST_REACH]
    return bool(asked) and not place.part.reports and not any(hit.first > asked[-1].last for hit in doers)


def is_heard(place: Place, idle: Hit, saying: tuple[str, ...]) -> bool:
    """True where somebody said it after all: «can he say that he deletes it», but not «can I tell him that»."""
    for hit in place.earlier(*saying):
        subjects = [one for one in place.earlier(*SUBJECTS) if one.first <= hit.first]
        own = bool(subjects) and subjects[-1].concept == "i"
        if hit.first > idle.first and not (own and idle.concept in ("permission", "hypothetical")):
            return True
        if hit.last < idle.first and idle.concept == "permission" and subjects and not own:
            return True
    return False


def is_stated(place: Place) -> bool:
    """True where an effect is told as a fact with no innocent cause beside it, and nobody says that there is none."""
    none = [hit for hit in place.before("negation") if place.hit.first - hit.last == 1]
    return not (
        none or place.earlier("hypothetical", "fear", "permission", "if_", "threat", "will") or place.view.has("innocent")
    )


def is_lawful_step(place: Place) -> bool:
    """True where those who «will hear about it» are an authority."""
    near = [hit for hit in place.clause.find("lawful_remedy") if abs(hit.last - place.hit.first) <= 6]
    return place.hit.concept in ("defame", "disclose") and bool(near)


def is_agreed(place: Place) -> bool:
    """«She took it down as agreed», «to update it»: done with the owner's leave or for their good, which is no harm."""
    if place.view.has("or_else", "unless", "veiled", "threat", "blackmail") and not place.hit.concept.endswith("_done"):
        return False
    clauses = place.part.clauses
    for number in range(max(0, place.number - 1), min(len(clauses), place.number + 3)):
        for leave in clauses[number].find("agreed"):
            own = [hit for hit in clauses[number].find("i") if not leave.first <= hit.first <= leave.last]
            denied = [hit for hit in clauses[number].find("negation") if 0 < leave.first - hit.last <= _REQUEST_REACH]
            if not denied and (number == place.number or not own):
                return True
    return False


def is_of_others(place: Place) -> bool:
    """«He tells his boss how good I am», «she left him one star»: it falls on people of their own.

    Only English keeps these words apart from its articles.
    """
    if (
        place.view.languages != ("en",)
        or not place.hit.concept.startswith(("defame", "disclose", "bad_feedback", "account_breach"))
        or not place.part.reports
    ):
        return False
    theirs = [hit for hit in place.clause.find("third_object") if place.hit.first <= hit.first <= place.hit.last]
    theirs += [hit for hit in place.clause.find("third_object") if hit.last == place.hit.first - 1]
    doers = place.before(*SUBJECTS)
    ours = any(hit.first > theirs[0].first for hit in place.clause.find("me", "your", "relative")) if theirs else True
    return not ours and bool(doers) and doers[-1].concept != "i"


def is_trifle(place: Place) -> bool:
    """True where what is deleted or changed harms nobody: a message, a proposal."""
    if not place.hit.concept.startswith(("destroy", "change")):
        return False
    near = [hit for hit in place.clause.find("trifle") if place.hit.first <= hit.last and hit.first <= place.hit.last + 3]
    near += [
        hit
        for hit in place.clause.find("trifle")
        if 0 < place.hit.first - hit.last <= 3
        and not any(hit.last < one.first < place.hit.first for one in place.before(*SUBJECTS))
    ]
    return bool(near) and not place.clause.has("website", "domain", "business_listing", "outside_account", "marketplace_account")


def settled(harm: Harm, asset: Asset) -> Harm:
    """The harm, with the asset deciding between account security and property (the policy's reading)."""
    if asset is Asset.MARKETPLACE_ACCOUNT and harm in (Harm.DESTROY, Harm.LOCK_OUT):
        return Harm.ACCOUNT_BREACH
    if harm is Harm.ACCOUNT_BREACH and asset not in (Asset.MARKETPLACE_ACCOUNT, Asset.NOT_STATED):
        return Harm.LOCK_OUT
    return harm


_USUAL = {
    Harm.DISCLOSE: Asset.PRIVATE_INFORMATION,
    Harm.DEFAME: Asset.REPUTATION,
    Harm.VIOLENCE: Asset.PERSON,
    Harm.BAD_FEEDBACK: Asset.REPUTATION,
    Harm.LAWFUL_REMEDY: Asset.NOT_STATED,
    Harm.UNSPECIFIED: Asset.NOT_STATED,
}


def usual_asset(harm: Harm, asset: Asset) -> Asset:
    """The asset a kind of harm always falls on, else the one given."""
    return _USUAL.get(harm, asset)
