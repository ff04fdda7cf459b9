"""The internal note: fixed wording around facts, one template a route.

Comes in: a ticket, its sentences, verified facts and the decision. Goes out: plain text. Customer text stands only
inside the frame (lines that begin with `  | `), one line each, made safe by `framed`. No model wrote any of it, and it
accuses nobody: the ticket says, the note reports.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from copilot.facts import DamageClaim, Demand, Fact, Facts, Party, Threat
from copilot.policy import POLICY_VERSION, Decision, Weighed
from copilot.reading import Reading
from copilot.sentences import Sentence, Sentences
from copilot.ticket import Ticket
from copilot.vocabulary import Asset, Caution, DemandKind, DisputeKind, Harm, Intent, Label, Motive, Origin, Role, Route

MAX_QUOTES = 60
"""A note quotes at most so many sentences; it names the ids of the rest."""

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
    Caution.CLAIMS_UNVERIFIED: "The claims are not verified.",
    Caution.ALSO_COERCION: "The facts also describe coercion.",
    Caution.ALSO_RETALIATION: "The facts also describe retaliation.",
    Caution.CHECK_MEDIATION: "It is not known whether the customer qualifies for mediation or dispute assistance; if so, that team takes it.",
    Caution.SAFETY_RISK: "Physical violence is mentioned: treat as a possible risk to a person's safety.",
    Caution.THREAT_TO_STAFF: "Something is aimed at support staff.",
    Caution.UNVERIFIED_FACT: "Part of what was read could not be verified against the ticket and was left out.",
    Caution.SECOND_READER_DISAGREES: "A second reader saw more in the ticket than the facts below cite.",
    Caution.DEGRADED_EXTRACTOR: "The usual reader was not available or failed; a simpler reader, or none, was used.",
    Caution.TRUNCATED_TICKET: "Part of the ticket was not read.",
}


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


def write_note(given: NoteInput) -> str:
    """The note for a decision, as plain text with lines ended by a newline."""
    template = _templates().get_template(f"{given.decision.route.value}.j2")
    quoted = _evidence(given)
    text = template.render(
        decision=given.decision,
        labels=" and ".join(f"“{LABEL_WORDS[label]}”" for label in given.decision.labels),
        report=_report(given),
        parties=[_party_line(party) for party in given.facts.parties],
        counted=_fact_lines(given, counted=True),
        uncounted=_fact_lines(given, counted=False),
        cautions=[CAUTION_WORDS[caution] for caution in given.cautions],
        quotes=[frame(given.ticket, sentence) for sentence in quoted[:MAX_QUOTES]],
        unquoted=[sentence.id for sentence in quoted[MAX_QUOTES:]],
        uncited=[frame(given.ticket, given.sentences.by_id[id]) for id in given.reading.uncited[:MAX_QUOTES]],
        unread=len(given.reading.unread),
        failed=given.reading.outcome.value if given.reading.extraction is None else None,
        ask_next=given.ask_next,
        policy_version=POLICY_VERSION,
    )
    return text.strip() + "\n"


def frame(ticket: Ticket, sentence: Sentence) -> str:
    """One sentence as a single framed line: `  | [m1.2] client, 2026-03-01 10:00 UTC: “…”`."""
    message = next(message for message in ticket.messages if message.id == sentence.message)
    person = ticket.participant(sentence.author)
    who = ROLE_WORDS[person.role] if person and person.role is not Role.UNKNOWN else "author's role not known"
    when = message.sent_at.strftime("%Y-%m-%d %H:%M %Z").strip() if message.sent_at else "time not known"
    return f"  | [{framed(sentence.id)}] {who}, {when}: “{framed(sentence.text.strip())}”"


def framed(text: str) -> str:
    """Customer text as it may stand in a note: one line, controls visible, links dead, no markup.

    White space becomes single spaces; control, format and bidirectional characters become `<U+202E>`-like marks in
    angle quotes; `http` becomes `hxxp` and dots in host names `[.]`; brackets that mark-up needs are replaced.
    """
    line = " ".join(text.split())
    shown = "".join(_visible(character) for character in line)
    shown = re.sub(r"(?i)\bh(tt)(ps?)\b(?=\s*[:;])", r"hxx\2", shown)
    shown = re.sub(r"(?<=[\w-])\.(?=[^\W\d_]{2,})", "[.]", shown)
    shown = shown.replace("://", "[:]//").replace("](", "] (").replace("![", "! [")
    return shown.translate({ord("<"): "‹", ord(">"): "›", ord("`"): "ˋ", ord("“"): '"', ord("”"): '"'})


def _visible(character: str) -> str:
    is_hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return f"‹U+{ord(character):04X}›" if is_hidden or is_selector else character


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
    )


def _party_line(party: Party) -> str:
    who = f"{framed(party.id)}: {ROLE_WORDS[party.role]}"
    reports = ", reports" if party.is_reporter else ""
    return f"  | {who}{reports}" + (f", named in the ticket as “{framed(party.name)}”" if party.name else "")


def _who(facts: Facts, id: str) -> str:
    party = facts.party(id)
    if party is None:
        return framed(id)
    return f"the {ROLE_WORDS[party.role]} ({framed(id)})" if party.role is not Role.UNKNOWN else f"party {framed(id)}"


def _report(given: NoteInput) -> str:
    """Whether a report was received, and from which side, or that none was."""
    if given.decision.report_received:
        reporter = next((party for party in given.facts.parties if party.is_reporter), None)
        person = given.ticket.participant(given.ticket.reporter)
        role = person.role if person else (reporter.role if reporter else Role.UNKNOWN)
        side = f"the {ROLE_WORDS[role]}" if role is not Role.UNKNOWN else "a customer whose role is not known"
        return f"A report was received from {side}."
    if given.ticket.origin is Origin.AGENT_OBSERVATION:
        return "No report was received from another customer. An agent came across the evidence quoted below and passes it on because of it."
    return (
        "No report was received from another customer. The customer who wrote the ticket describes their own conduct; "
        "the evidence quoted below prompted this note."
    )


def _fact_lines(given: NoteInput, counted: bool) -> list[str]:
    """Facts in words, those that count or those that do not, each with the sentences it rests on."""
    return [
        f"{_fact_words(given.facts, fact)} [{', '.join(framed(id) for id in fact.evidence)}]"
        + ("" if counted else f" - {weight.reason}")
        for fact, weight in zip(given.facts.all, given.weighed.all, strict=True)
        if weight.counted is counted
    ]


def _fact_words(facts: Facts, fact: Fact) -> str:
    match fact:
        case Threat():
            return f"Threat told: {_who(facts, fact.by)} to {_who(facts, fact.against)}: {_harm_words(fact.harm, fact.asset)}."
        case Demand():
            return f"Demand told: {_who(facts, fact.by)} asks {_who(facts, fact.of)} for {DEMAND_WORDS[fact.kind]}."
        case DamageClaim():
            return (
                f"Damage claimed: by {_who(facts, fact.by)}, to {_who(facts, fact.against)}: "
                f"{_harm_words(fact.harm, fact.asset)}; {INTENT_WORDS[fact.intent]}; {MOTIVE_WORDS[fact.motive]}."
            )
        case _:
            return f"Dispute told: about {DISPUTE_WORDS[fact.kind]}."


def _harm_words(harm: Harm, asset: Asset) -> str:
    return f"{HARM_WORDS[harm]} ({ASSET_WORDS[asset]})" if ASSET_WORDS[asset] else HARM_WORDS[harm]


def _evidence(given: NoteInput) -> list[Sentence]:
    """Sentences the note quotes: those that counted facts cite, or all cited ones where nothing counts."""
    weighed = zip(given.facts.all, given.weighed.all, strict=True)
    counted = {id for fact, weight in weighed if weight.counted for id in fact.evidence}
    in_ce = given.decision.route is Route.CONTENT_ENFORCEMENT and counted
    ids = counted if in_ce else given.facts.cited()
    return [sentence for sentence in given.sentences if sentence.id in ids]
