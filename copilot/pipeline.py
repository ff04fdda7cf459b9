"""The one path from a ticket to a suggestion: command line, service, batch and evaluation all come through here."""

import asyncio
import logging
from dataclasses import replace
from importlib.metadata import version

from copilot.disagreement import disagreement
from copilot.extraction import Extraction
from copilot.facts import verify
from copilot.note import NoteInput, write_note
from copilot.policy import POLICY_VERSION, Circumstances, ask_next, decide_facts, within_bounds, would_change
from copilot.policy.decide import in_caution_order
from copilot.readers.base import Reader
from copilot.readers.choose import default_reader
from copilot.reading import Reading, ReadOutcome, Usage
from copilot.sentences import Sentences, cut
from copilot.suggestion import Provenance, Suggestion, show_changes, show_facts, show_provenance, show_sentences
from copilot.ticket import Ticket
from copilot.vocabulary import Caution

COPILOT_VERSION = version("triage-copilot")
BY_AGENT = "agent"
"""The extractor of facts that an agent corrected."""

_log = logging.getLogger(__name__)


def triage(ticket: Ticket, reader: Reader | None = None) -> Suggestion:
    """Read a ticket and suggest where it goes.

    `reader` None: as the settings say (a model with a key, else the embedded reader). A reader that fails, or even
    raises, ends in a suggestion too. Raises `SettingsError` only, and only where `reader` is None.
    """
    sentences = cut(ticket)
    asked = default_reader() if reader is None else reader
    try:
        reading = asked.read(ticket, sentences)
    except Exception as fault:
        reading = _broken(asked, fault)
    return suggest(ticket, sentences, reading)


async def atriage(ticket: Ticket, reader: Reader | None = None) -> Suggestion:
    """The same as `triage`, for an event loop: what takes time of its own runs beside it."""
    sentences = await asyncio.to_thread(cut, ticket)
    asked = default_reader() if reader is None else reader
    try:
        reading = await asked.aread(ticket, sentences)
    except Exception as fault:
        reading = _broken(asked, fault)
    return await asyncio.to_thread(suggest, ticket, sentences, reading)


def decide(ticket: Ticket, extraction: Extraction) -> Suggestion:
    """The policy alone, on a given extraction; pure. Facts that the ticket does not bear out are dropped and reported."""
    return suggest(ticket, cut(ticket), Reading(extraction, ReadOutcome.OK, extractor="given"))


def decide_again(ticket: Ticket, extraction: Extraction, before: Provenance, is_answered: bool = False) -> Suggestion:
    """The policy on facts that an agent corrected after a first reading; pure, and no reader is asked.

    `is_answered`: the ticket's eligibility for mediation is the agent's answer.

    Where the first reading came from, and how it ended, stays told; the extractor becomes `agent`. What nobody read stays
    unread. What a second reader read is compared with the corrected facts as it was with the first, so the same facts
    give the same suggestion; and a sentence that was told in `disagreement` stays there until one of the facts cites it.
    """
    reading = Reading(
        extraction,
        ReadOutcome(before.outcome),
        extractor=BY_AGENT,
        model=before.model,
        prompt_sha256=before.prompt_sha256,
        schema_sha256=before.schema_sha256,
        usage=Usage(**before.usage.model_dump()),
        seconds=before.seconds,
        attempts=before.attempts,
        degraded=before.degraded,
        mode=before.mode,
        adapted=tuple(before.adapted),
        unread=tuple(before.unread),
        left_out=before.left_out,
        uncited=tuple(before.disagreement),
        second=before.second,
        second_unread=tuple(before.second_unread),
        is_answered=is_answered,
    )
    return suggest(ticket, cut(ticket), reading)


def suggest(ticket: Ticket, sentences: Sentences, reading: Reading) -> Suggestion:
    """Verify a reading, decide on it, and write everything an agent is shown."""
    verified = verify(ticket, sentences, reading.extraction or Extraction.empty(), by_person=reading.extractor == BY_AGENT)
    facts, left_out = within_bounds(verified)
    reading = replace(reading, left_out=max(reading.left_out, left_out))
    read_in_full = reading.in_full and not ticket.is_partial
    circumstances = Circumstances(ticket.origin, ticket.context.mediation_eligible, reading_failed=not read_in_full)
    decision, weighed = decide_facts(facts, circumstances)
    reading = replace(reading, uncited=disagreement(ticket, sentences, facts, decision, reading))
    cautions = in_caution_order({*decision.cautions, *_reading_cautions(ticket, reading)})
    questions = ask_next(facts, circumstances)
    note = write_note(NoteInput(ticket, sentences, facts, weighed, decision, cautions, questions, reading))
    return Suggestion(
        ticket_id=ticket.id,
        route=decision.route,
        queue=decision.queue,
        labels=list(decision.labels),
        rule=decision.rule,
        statements=list(decision.statements),
        report_received=decision.report_received,
        cautions=list(cautions),
        note=note,
        ask_next=list(questions),
        would_change=show_changes(would_change(facts, circumstances)),
        facts=show_facts(facts, weighed, sentences),
        sentences=show_sentences(sentences),
        provenance=show_provenance(reading, sentences, POLICY_VERSION, COPILOT_VERSION),
    )


def _broken(reader: Reader, fault: Exception) -> Reading:
    """What stands for the reading where a reader broke its promise not to raise; the log names the types, never the text."""
    _log.error("reader %s raised %s; the ticket goes to a person", type(reader).__name__, type(fault).__name__)
    return Reading(None, ReadOutcome.UNREADABLE, extractor="none")


def _reading_cautions(ticket: Ticket, reading: Reading) -> set[Caution]:
    """Cautions about how the ticket was read."""
    found = {
        Caution.SECOND_READER_DISAGREES: bool(reading.uncited),
        Caution.DEGRADED_EXTRACTOR: reading.degraded or reading.outcome.failed or reading.extraction is None,
        Caution.TRUNCATED_TICKET: bool(reading.unread or reading.left_out) or ticket.is_partial,
    }
    return {caution for caution, holds in found.items() if holds}
