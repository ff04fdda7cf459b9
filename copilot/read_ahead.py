"""A ticket that was read before somebody opened it: the earlier reading, carried over to the ticket as it is handed over now.

Comes in: the ticket, and an earlier one that tells the same, with its suggestion. Goes out: a suggestion on the ticket at hand,
decided anew, with no reader asked; or None where its sentences are not the same, or the earlier reading was not whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from copilot.core.extraction import Extraction
from copilot.core.reading import Reading
from copilot.core.sentences import Sentence, cut
from copilot.core.ticket import Ticket
from copilot.output.in_common import extraction_behind
from copilot.output.same_ticket import bare, told
from copilot.output.suggestion import Suggestion, confidence_keys
from copilot.pipeline import reading_again, suggest


def carried_over(ticket: Ticket, earlier: Ticket, suggestion: Suggestion) -> Suggestion | None:
    """The suggestion that the earlier reading gives on this ticket."""
    if suggestion.provenance.degraded:
        return None
    before, now = cut(earlier), cut(ticket)
    ids = _ids(before, now)
    if ids is None or told(earlier, before) != told(ticket, now):
        return None
    reading = _reading(suggestion)
    if _decided(suggest(earlier, before, reading)) != _decided(suggestion):
        return None  # something about the reading was not kept, such as a sentence that nobody could make out
    found = suggest(ticket, now, _renamed(reading, ids))
    return None if found.dropped else found


def _decided(suggestion: Suggestion) -> tuple[object, ...]:
    return suggestion.route, suggestion.labels, suggestion.rule, suggestion.cautions, suggestion.facts, suggestion.dropped


def _ids(before: Iterable[Sentence], now: Iterable[Sentence]) -> Mapping[str, str] | None:
    """For each id of the earlier sentences, the id here; None where they were cut otherwise."""
    first, second = ([one for one in sentences if not one.is_blank] for sentences in (before, now))
    if [bare(one.text) for one in first] != [bare(one.text) for one in second]:
        return None
    return {one.id: other.id for one, other in zip(first, second, strict=True)}


def _reading(suggestion: Suggestion) -> Reading:
    confidence = {key: fact.confidence for fact in suggestion.facts if fact.confidence for key in confidence_keys(fact)}
    reading = reading_again(extraction_behind(suggestion), suggestion.provenance)
    return replace(reading, confidence=confidence, unread=(), left_out=0, second_unread=())


def _renamed(reading: Reading, ids: Mapping[str, str]) -> Reading:
    """The same reading, citing the sentences of another ticket."""
    uncited, unsure = (tuple(ids[id] for id in told if id in ids) for told in (reading.uncited, reading.unsure))
    extraction, second = (_with_ids(one, ids) for one in (reading.extraction, reading.second))
    confidence = {(kind, value, ids[id]): chance for (kind, value, id), chance in reading.confidence.items() if id in ids}
    return replace(reading, extraction=extraction, second=second, uncited=uncited, unsure=unsure, confidence=confidence)


def _with_ids(extraction: Extraction | None, ids: Mapping[str, str]) -> Extraction | None:
    if extraction is None:
        return None
    given = extraction.model_dump(mode="json")
    for fact in (fact for name, facts in given.items() if name != "parties" for fact in facts):
        fact["evidence"] = [ids.get(id, id) for id in fact["evidence"]]
    return Extraction.model_validate(given)
