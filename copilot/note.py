"""The internal note: fixed wording around facts, one template a route.

Comes in: a ticket, its sentences, verified facts and the decision. Goes out: plain text. Customer text stands only
inside the frame (lines that begin with `  | `), one line each, made safe by `framed`. No model wrote any of it, and it
accuses nobody: the ticket says, the note reports.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from copilot.facts import DamageClaim, Demand, Fact, Facts, Party, Threat
from copilot.hidden import is_hidden
from copilot.policy import POLICY_VERSION, Decision, Weighed
from copilot.policy.decide import ESCALATIONS
from copilot.reading import Reading
from copilot.sentences import Sentence, Sentences, message_numbers, shown_id
from copilot.ticket import Ticket
from copilot.vocabulary import Asset, Caution, DemandKind, DisputeKind, Harm, Intent, Label, Motive, Origin, Role

MAX_QUOTES = 12
"""A note quotes at most so many sentences, gravest first; it says how many more there are, and where."""
MAX_IDS = 6
"""So many sentence ids stand in one line; the rest are counted."""

LABEL_WORDS = {
    Label.COERCION_AND_RETALIATION: "coercion and retaliation",
    Label.FEEDBACK_BUILDING: "feedback building",
    Label.RETALIATION: "retaliation",
}
ROLE_WORDS = {
    Role.CLIENT: "client",
    Role.FREELANCER: "freelancer",
    Role.AGENCY: "agency",
    Role.SUPPORT: "support staff",
    Role.UNKNOWN: "role not known",
}
HARM_WORDS = {
    Harm.DESTROY: "deleting, defacing, breaking or changing property",
    Harm.LOCK_OUT: "keeping the owner out of property",
    Harm.ACCOUNT_BREACH: "getting into, taking over or changing an account",
    Harm.DISCLOSE: "making private information or material public",
    Harm.DEFAME: "spreading accusations elsewhere",
    Harm.VIOLENCE: "hurting a person",
    Harm.BAD_FEEDBACK: "leaving poor feedback on the marketplace",
    Harm.WITHHOLD: "holding back work or payment",
    Harm.LAWFUL_REMEDY: "using a lawful remedy (dispute, chargeback, legal action or report)",
    Harm.UNSPECIFIED: "harm whose kind is not said",
}
ASSET_WORDS = {
    Asset.WEBSITE: "a website",
    Asset.CODE_OR_FILES: "code or files",
    Asset.OUTSIDE_ACCOUNT: "an account outside the marketplace",
    Asset.MARKETPLACE_ACCOUNT: "a marketplace account",
    Asset.BUSINESS_LISTING: "a business listing",
    Asset.DOMAIN_OR_HOSTING: "a domain or hosting",
    Asset.PRIVATE_INFORMATION: "private information",
    Asset.REPUTATION: "reputation",
    Asset.PERSON: "a person",
    Asset.OTHER: "something else",
    Asset.NOT_STATED: "",
}
DEMAND_WORDS = {
    DemandKind.FEEDBACK: "feedback (giving, changing or removing a rating or review)",
    DemandKind.MONEY: "money",
    DemandKind.WORK: "work",
    DemandKind.CONTRACT: "a step on a contract, complaint or dispute",
    DemandKind.INFORMATION: "information, credentials or private material",
    DemandKind.OTHER: "something other than feedback",
    DemandKind.NOT_STATED: "something that the ticket does not name",
}
DISPUTE_WORDS = {
    DisputeKind.PAYMENT: "payment",
    DisputeKind.REFUND: "a refund",
    DisputeKind.QUALITY: "quality of work",
    DisputeKind.SCOPE: "scope of work",
    DisputeKind.DEADLINE: "a deadline",
    DisputeKind.OWNERSHIP: "ownership",
    DisputeKind.OTHER: "another matter",
}
INTENT_WORDS = {
    Intent.DELIBERATE: "told as deliberate",
    Intent.ACCIDENTAL: "told as an accident",
    Intent.UNCLEAR: "intent not clear",
}
MOTIVE_WORDS = {
    Motive.RETALIATION: "told as an answer to something that came before",
    Motive.LEVERAGE: "told as a means of pressure",
    Motive.NOT_STATED: "no motive told",
}
CAUTION_WORDS = {
    Caution.NO_REPORT_RECEIVED: "No other customer reported this.",
    Caution.CLAIMS_UNVERIFIED: "These are claims, and unverified.",
    Caution.ALSO_COERCION: "As told, this is a matter of coercion as well.",
    Caution.ALSO_RETALIATION: "As told, this is a matter of retaliation as well.",
    Caution.CHECK_MEDIATION: (
        "It is not known whether the customer qualifies for mediation or dispute assistance. If so, that team takes the matter."
    ),
    Caution.SAFETY_RISK: "Physical violence is mentioned: treat as a possible risk to a person's safety.",
    Caution.THREAT_TO_STAFF: "Something is aimed at support staff.",
    Caution.UNVERIFIED_FACT: "Part of what was read could not be verified against the ticket and was left out.",
    Caution.SECOND_READER_DISAGREES: "A second reader saw more in the ticket than the facts cite.",
    Caution.DEGRADED_EXTRACTOR: "The usual reader was not available or failed; a simpler reader, or none, was used.",
    Caution.TRUNCATED_TICKET: "Part of the ticket was not read.",
}

_SAID_IN_FULL = (Caution.NO_REPORT_RECEIVED, Caution.CLAIMS_UNVERIFIED)
"""Cautions that every note to a team spells out in a sentence of its own."""


@dataclass(frozen=True)
class NoteInput:
    """All that a note is written from."""

    ticket: Ticket
    sentences: Sentences
    facts: Facts
    weighed: Weighed
    decision: Decision
    cautions: tuple[Caution, ...]
    ask_next: tuple[str, ...]
    reading: Reading

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The place of each message, by which the note calls it: a message's own id is somebody else's text."""
        return message_numbers(self.ticket)


def write_note(given: NoteInput) -> str:
    """The note for a decision, as plain text with lines ended by a newline."""
    template = _templates().get_template(f"{given.decision.route.value}.j2")
    quoted, unquoted = _evidence(given)
    said_elsewhere = _SAID_IN_FULL if given.decision.route in ESCALATIONS else ()
    text = template.render(
        decision=given.decision,
        labels=" and ".join(f"“{LABEL_WORDS[label]}”" for label in given.decision.labels),
        report=_report(given),
        parties=[_party_line(party) for party in given.facts.parties],
        counted=_fact_lines(given, counted=True),
        uncounted=_fact_lines(given, counted=False),
        reasons=_reasons_to_judge(given),
        cautions=[CAUTION_WORDS[caution] for caution in given.cautions if caution not in said_elsewhere],
        quotes=[frame(given, sentence) for sentence in quoted],
        unquoted=_ids(given, [sentence.id for sentence in unquoted]),
        uncited=[frame(given, given.sentences.by_id[id]) for id in given.reading.uncited[:MAX_QUOTES]],
        uncited_more=_ids(given, given.reading.uncited[MAX_QUOTES:]),
        unread=_ids(given, given.reading.unread),
        is_answered=given.reading.is_answered,
        failed=given.reading.outcome.value if given.reading.extraction is None else None,
        ask_next=given.ask_next,
        policy_version=POLICY_VERSION,
    )
    return text.strip() + "\n"


def frame(given: NoteInput, sentence: Sentence) -> str:
    """One sentence as a single framed line: `  | [m1.2] client, 2026-03-01 10:00 UTC: “…”`."""
    message = given.ticket.messages[given.numbers[sentence.message] - 1]
    person = given.ticket.participant(sentence.author)
    who = ROLE_WORDS[person.role] if person and person.role is not Role.UNKNOWN else "author's role not known"
    when = message.sent_at.strftime("%Y-%m-%d %H:%M %Z").strip() if message.sent_at else "time not known"
    return f"  | [{shown_id(sentence.id, given.numbers)}] {who}, {when}: “{framed(sentence.text.strip())}”"


def framed(text: str) -> str:
    """Customer text as it may stand in a note: one line, controls visible, links dead, no markup.

    White space becomes single spaces; control, format and bidirectional characters become `<U+202E>`-like marks in
    angle quotes; `http` becomes `hxxp` and dots in host names `[.]`; brackets that mark-up needs are replaced.
    """
    line = " ".join(text.split())
    shown = "".join(_visible(line, at) for at in range(len(line)))
    shown = re.sub(r"(?i)htt(ps?)(?=\s*[:;])", r"hxx\1", shown)
    shown = re.sub(r"(?i)(?<=www)\.|(?<=[\w-])\.(?=[^\W\d_]{2,})", "[.]", shown)
    shown = shown.replace("://", "[:]//").replace("](", "] (").replace("![", "! [")
    return shown.translate({ord("<"): "‹", ord(">"): "›", ord("`"): "ˋ", ord("“"): '"', ord("”"): '"'})


_MARKS_IN_A_ROW = 4
"""So many accents on one letter are writing; a longer pile would be drawn over the lines around it."""


def _visible(line: str, at: int) -> str:
    character, before = line[at], line[max(0, at - _MARKS_IN_A_ROW) : at]
    if character.isascii() and character.isprintable():
        return character
    category = unicodedata.category(character)
    is_piled = category in ("Mn", "Me") and len(before) == _MARKS_IN_A_ROW and all(map(unicodedata.combining, before))
    return f"‹U+{ord(character):04X}›" if category == "Cn" or is_hidden(line, at) or is_piled else character


@cache
def _templates() -> Environment:
    folder = Path(__file__).parent / "notes"
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  plain text; `framed` makes customer text safe
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def _party_line(party: Party) -> str:
    role = "somebody, and it is not known who" if _is_nobody_known(party) else ROLE_WORDS[party.role]
    reports = ", reports" if party.is_reporter else ""
    return f"  | {framed(party.id)}: {role}{reports}" + (f", named in the ticket as “{framed(party.name)}”" if party.name else "")


def _who(facts: Facts, id: str) -> str:
    party = facts.party(id)
    if party is None:
        return framed(id)
    if _is_nobody_known(party):
        return f"somebody ({framed(id)}, not known who)"
    return f"the {ROLE_WORDS[party.role]} ({framed(id)})" if party.role is not Role.UNKNOWN else f"party {framed(id)}"


def _is_nobody_known(party: Party) -> bool:
    return party.role is Role.UNKNOWN and not party.is_reporter and party.name is None


def _report(given: NoteInput) -> str:
    """Whether a report was received, and from which side, or that none was and what prompted the note (S3)."""
    if given.decision.report_received:
        return f"A report was received from {_reporting_side(given)}."
    if given.ticket.origin is Origin.AGENT_OBSERVATION:
        prompt = "An agent came across the evidence quoted below, and that evidence is the reason for this note."
    else:
        prompt = (
            "The customer who wrote in describes their own conduct, and the evidence quoted below is the reason for this note."
        )
    return f"No report was received from another customer. {prompt}"


def _reporting_side(given: NoteInput) -> str:
    """The role on record, else the role that was read."""
    person = given.ticket.participant(given.ticket.reporter)
    reader_says = next((party.role for party in given.facts.parties if party.is_reporter), Role.UNKNOWN)
    role = person.role if person and person.role is not Role.UNKNOWN else reader_says
    return f"the {ROLE_WORDS[role]}" if role is not Role.UNKNOWN else "a customer whose role is not known"


def _reasons_to_judge(given: NoteInput) -> list[str]:
    """Why the matter is for a person, limb by limb of R6."""
    case = given.weighed.case
    has_facts = given.reading.extraction is not None
    reasons = {
        "Feedback is asked for, and no force or threat is told with it.": case.uncoerced_feedback_demand,
        "This reads like a dispute, and it is not known whether the customer qualifies for mediation or dispute assistance.": (
            case.dispute_like and case.mediation_eligible is None
        ),
        "Something is aimed at support staff.": case.threat_to_staff,
        "Something that was read could not be found in the ticket, and it would have changed this suggestion.": (
            not case.reliable and given.reading.in_full and not given.ticket.is_partial
        ),
        "The reading holds more facts than a ticket can; the gravest were kept, and nothing is ruled out.": bool(
            given.reading.left_out
        ),
        "Part of the ticket could not be read, so nothing is ruled out.": (bool(given.reading.unread) and has_facts),
        "Only part of the conversation was handed over, so nothing is ruled out.": given.ticket.is_partial and has_facts,
    }
    return [words for words, holds in reasons.items() if holds]


def _fact_lines(given: NoteInput, counted: bool) -> list[str]:
    """Facts in words, those that count or those that do not, each with the sentences it rests on."""
    return [
        f"{_fact_words(given.facts, fact)} [{_ids(given, fact.evidence)}]" + ("" if counted else f" ({weight.reason})")
        for fact, weight in zip(given.facts.all, given.weighed.all, strict=True)
        if weight.counted is counted
    ]


def _fact_words(facts: Facts, fact: Fact) -> str:
    match fact:
        case Threat():
            said = f"{_who(facts, fact.by)} is said to have threatened {_who(facts, fact.against)} with this"
            return f"Threat: {said}: {_harm_words(fact.harm, fact.asset)}."
        case Demand():
            return f"Demand: {_who(facts, fact.by)} is said to want from {_who(facts, fact.of)}: {DEMAND_WORDS[fact.kind]}."
        case DamageClaim():
            said = f"{_who(facts, fact.by)} is said to have done this to {_who(facts, fact.against)}"
            how = f"{INTENT_WORDS[fact.intent]}; {MOTIVE_WORDS[fact.motive]}"
            return f"Damage: {said}: {_harm_words(fact.harm, fact.asset)}; {how}."
        case _:
            return f"Dispute: about {DISPUTE_WORDS[fact.kind]}."


def _harm_words(harm: Harm, asset: Asset) -> str:
    return f"{HARM_WORDS[harm]} ({ASSET_WORDS[asset]})" if ASSET_WORDS[asset] else HARM_WORDS[harm]


def _evidence(given: NoteInput) -> tuple[list[Sentence], list[Sentence]]:
    """The cited sentences to quote, what counts first, and those for which there is no room."""
    weighed = zip(given.facts.all, given.weighed.all, strict=True)
    counted = {id for fact, weight in weighed if weight.counted for id in fact.evidence}
    cited = given.facts.cited()
    sentences = sorted((one for one in given.sentences if one.id in cited), key=lambda one: one.id not in counted)
    return sentences[:MAX_QUOTES], sentences[MAX_QUOTES:]


def _ids(given: NoteInput, ids: Sequence[str]) -> str:
    """Sentence ids in one short line: the first few, then how many more and up to where; nothing for none."""
    shown = ", ".join(shown_id(id, given.numbers) for id in ids[:MAX_IDS])
    more = len(ids) - MAX_IDS
    return f"{shown} and {more} more, up to {shown_id(ids[-1], given.numbers)}" if more > 0 else shown
