"""Read short texts with the lexical reader and name facts briefly, for its tests."""

from copilot.extraction import Extraction
from copilot.readers.lexical import LexicalReader
from copilot.sentences import cut
from copilot.settings import Settings
from copilot.ticket import Ticket

READER = LexicalReader(Settings())


def ticket(*texts: str | tuple[str, str], **fields: object) -> Ticket:
    """A ticket of plain texts, or of (author, text) pairs."""
    messages = [{"text": one} if isinstance(one, str) else {"author": one[0], "text": one[1]} for one in texts]
    return Ticket.model_validate({"messages": messages, **fields})


def read(*texts: str | tuple[str, str], **fields: object) -> Extraction:
    """The extraction of a ticket."""
    given = ticket(*texts, **fields)
    extraction = READER.read(given, cut(given)).extraction
    assert extraction is not None
    return extraction


def facts(extraction: Extraction) -> set[tuple[str, ...]]:
    """Threats, demands and claims as (sort, by whom, kind); disputes are left out."""
    who = {party.id: "reporter" if party.is_reporter else "other" for party in extraction.parties}
    return {
        *(("threat", who[fact.by], fact.harm.value) for fact in extraction.threats),
        *(("demand", who[fact.by], fact.kind.value) for fact in extraction.demands),
        *(("claim", who[fact.by], fact.harm.value) for fact in extraction.damage_claims),
    }
