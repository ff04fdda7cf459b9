"""The one path from a ticket to a suggestion: command line, service, batch and evaluation all come through here."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version

from copilot.core.extraction import Extraction
from copilot.core.reading import Reading, ReadOutcome, Usage
from copilot.core.sentences import Sentences, cut
from copilot.core.ticket import Ticket
from copilot.core.verification import verify
from copilot.core.vocabulary import CONTENT_ENFORCEMENT_QUEUE, Label, Route
from copilot.output.cautions import cautions, review_reasons
from copilot.output.disagreement import disagreement
from copilot.output.in_common import extraction_behind
from copilot.output.note import NoteInput, write_note
from copilot.output.suggestion import (
    ChosenNote,
    Provenance,
    Suggestion,
    change_views,
    dropped_views,
    fact_views,
    party_views,
    provenance_of,
    question_views,
    reason_view,
    sentence_views,
)
from copilot.policy import POLICY_VERSION, Circumstances, Trials, ask_next, within_bounds, would_change
from copilot.policy.decide import ESCALATIONS
from copilot.readers.base import Reader
from copilot.readers.factory import default_reader

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
    reading = await _reading_of(ticket, sentences, default_reader() if reader is None else reader)
    return await asyncio.to_thread(suggest, ticket, sentences, reading)


async def read_first(ticket: Ticket, sentences: Sentences, reader: Reader) -> Callable[[], Suggestion]:
    """Have a ticket read, and give the rest of the way: it makes the suggestion, in whichever thread the caller has for it."""
    reading = await _reading_of(ticket, sentences, reader)
    return partial(suggest, ticket, sentences, reading)


async def _reading_of(ticket: Ticket, sentences: Sentences, reader: Reader) -> Reading:
    """What a reader makes of a ticket; one that raises ends in a reading without facts."""
    try:
        return await reader.aread(ticket, sentences)
    except Exception as fault:
        return _broken(reader, fault)


def decide(ticket: Ticket, extraction: Extraction, by_person: bool = False) -> Suggestion:
    """The policy alone, on a given extraction; pure. Facts that the ticket does not bear out are dropped and reported.

    `by_person`: an agent gave the facts, who may know from elsewhere who did something.
    """
    return suggest(ticket, cut(ticket), Reading(extraction, ReadOutcome.OK, extractor=BY_AGENT if by_person else "given"))


def decide_again(ticket: Ticket, extraction: Extraction, before: Provenance, is_answered: bool = False) -> Suggestion:
    """The policy on facts that an agent corrected after a first reading; pure, and no reader is asked.

    `is_answered`: the ticket's eligibility for mediation is the agent's answer.

    Where the first reading came from, and how it ended, stays told; the extractor becomes `agent`. What nobody read stays
    unread. What a second reader read is compared with the corrected facts as it was with the first, so the same facts
    give the same suggestion; and a sentence that was told in `disagreement` stays there until one of the facts cites it.
    """
    reading = replace(reading_again(extraction, before), extractor=BY_AGENT, is_answered=is_answered)
    return suggest(ticket, cut(ticket), reading)


def reading_again(extraction: Extraction, before: Provenance) -> Reading:
    """The reading that a provenance tells of, with facts: what came of it, whoever gives the facts now."""
    return Reading(
        extraction,
        ReadOutcome(before.outcome),
        extractor=before.extractor,
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
        unsure=tuple(before.unsure),
        left_out=before.left_out,
        uncited=tuple(before.disagreement),
        second=before.second,
        second_unread=tuple(before.second_unread),
    )


def chosen_note(ticket: Ticket, suggestion: Suggestion, route: Route, labels: Sequence[Label]) -> ChosenNote:
    """The note and queue for a team that an agent chose instead of the suggested one; pure, and no reader is asked.

    The note says that an agent chose, what was suggested, and the same facts. What is no team gets neither.
    """
    if route not in ESCALATIONS:
        return ChosenNote(route=route, labels=[], queue=None, note=None)
    given = _weighed(ticket, cut(ticket), reading_again(extraction_behind(suggestion), suggestion.provenance))[0]
    queue = CONTENT_ENFORCEMENT_QUEUE if route is Route.CONTENT_ENFORCEMENT else None
    chosen = replace(given.decision, route=route, labels=tuple(labels), queue=queue)
    note = write_note(replace(given, decision=chosen), instead_of=suggestion.route)
    return ChosenNote(route=route, labels=list(labels), queue=queue, note=note)


def suggest(ticket: Ticket, sentences: Sentences, reading: Reading) -> Suggestion:
    """Verify a reading, decide on it, and write everything an agent is shown."""
    written, trials = _weighed(ticket, sentences, reading)
    facts, decision, reading = written.facts, written.decision, written.reading
    return Suggestion(
        ticket_id=ticket.id,
        route=decision.route,
        queue=decision.queue,
        labels=list(decision.labels),
        rule=decision.rule,
        statements=list(decision.statements),
        report_received=decision.report_received,
        cautions=list(written.cautions),
        note=write_note(written),
        ask_next=question_views(written.questions, facts),
        would_change=change_views(would_change(trials), facts),
        review_reasons=[reason_view("why", reason) for reason in written.review_reasons],
        parties=party_views(facts),
        facts=fact_views(facts, written.assessment, reading.confidence),
        dropped=dropped_views(facts, sentences),
        sentences=sentence_views(sentences),
        provenance=provenance_of(reading, sentences, POLICY_VERSION, COPILOT_VERSION),
    )


def _weighed(ticket: Ticket, sentences: Sentences, reading: Reading) -> tuple[NoteInput, Trials]:
    """A reading verified and decided on: all that a note is written from, and the decision's trials."""
    verified = verify(ticket, sentences, reading.extraction or Extraction.empty(), by_person=reading.extractor == BY_AGENT)
    facts, left_out = within_bounds(verified)
    told = {id for harm in facts.harms for id in harm.evidence}
    unsure = tuple(id for id in reading.unsure if id not in told)
    reading = replace(reading, left_out=max(reading.left_out, left_out), unsure=unsure)
    read_in_full = reading.in_full and not ticket.is_partial
    trials = Trials(facts, Circumstances(ticket.origin, ticket.context.mediation_eligible, reading_failed=not read_in_full))
    decision, assessment = trials.now, trials.assessment
    reading = replace(reading, uncited=disagreement(ticket, sentences, facts, decision, reading))
    found = cautions(assessment.case, decision.route, facts, reading, ticket.is_partial)
    reasons = review_reasons(assessment.case, decision.route, reading, ticket.is_partial)
    questions = ask_next(trials)
    return NoteInput(ticket, sentences, facts, assessment, decision, found, reasons, questions, reading), trials


def _broken(reader: Reader, fault: Exception) -> Reading:
    """What stands for the reading where a reader broke its promise not to raise; the log names the types, never the text."""
    _log.error("reader %s raised %s; the ticket goes to a person", type(reader).__name__, type(fault).__name__)
    return Reading(None, ReadOutcome.UNREADABLE, extractor="none")
