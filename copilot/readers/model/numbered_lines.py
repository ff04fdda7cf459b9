"""A ticket as a model sees it: numbered lines that cannot be mistaken for anything but ticket text.

Comes in: a `Ticket` and its sentences. Goes out: a `NumberedTicket` that prints any run of them. Sentences carry ids by
position (`m1.1`), whatever the console called its messages, so an id is short, stable and cannot carry text; this page
maps them back, and puts names back that were redacted. Everything a customer can choose is printed on one line, with
control characters made visible.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from copilot.config.settings import Settings
from copilot.core.extraction import Extraction
from copilot.core.hidden import with_hidden_named
from copilot.core.sentences import Sentence, Sentences
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Origin
from copilot.readers.model.citations import cited, same_party
from copilot.readers.redaction import Redaction

MAX_NAME_CHARACTERS = 80
MAX_SUBJECT_CHARACTERS = 300
MAX_PEOPLE = 50

_ORIGINS = {
    Origin.CUSTOMER_REPORT: "a customer wrote to support",
    Origin.AGENT_OBSERVATION: "a support agent noticed something; no customer reported it",
}

_BREAK = re.compile(r"\s*(?:\r\n|[\n\r])\s*")


def visible(text: str) -> str:
    """Text on one line: a line break becomes `⏎`, a tab a space; what nobody sees is dropped or named, as in `hidden`."""
    return _BREAK.sub(" ⏎ ", with_hidden_named(text.strip())).replace("\t", " ")


def capped(text: str, limit: int) -> str:
    """At most `limit` characters, with `…` where some were left out."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True)
class NumberedTicket:
    """One ticket, ready to be printed in whole or in part. With `redaction`, what it hides is printed as placeholders."""

    ticket: Ticket
    sentences: Sentences
    redaction: Redaction | None = None

    @classmethod
    def of(cls, ticket: Ticket, sentences: Sentences, settings: Settings) -> Self:
        """The ticket as a model is shown, as settings say. With redaction it takes a while for a long ticket."""
        return cls(ticket, sentences, Redaction(ticket, settings.marketplace) if settings.redact else None)

    @cached_property
    def wire_ids(self) -> dict[str, str]:
        """For each sentence id of the ticket, the id that the model sees."""
        positions = {message.id: position for position, message in enumerate(self.ticket.messages, start=1)}
        counts: dict[str, int] = {}
        ids = {}
        for sentence in self.sentences:
            counts[sentence.message] = counts.get(sentence.message, 0) + 1
            ids[sentence.id] = f"m{positions[sentence.message]}.{counts[sentence.message]}"
        return ids

    @cached_property
    def real_ids(self) -> dict[str, str]:
        """For each id that the model sees, the sentence id of the ticket."""
        return {wire: real for real, wire in self.wire_ids.items()}

    @cached_property
    def lines(self) -> dict[str, str]:
        """Each sentence that has something to read, printed under its wire id."""
        return {s.id: f"[{self.wire_ids[s.id]}] {visible(self._text(s))}" for s in self.sentences if not s.is_blank}

    def head(self) -> str:
        """Subject, origin and people, one a line."""
        lines = [f"origin: {_ORIGINS[self.ticket.origin]}"]
        subject = self.redaction.subject if self.redaction else self.ticket.subject
        if subject.strip():
            lines.insert(0, f"subject: {capped(visible(subject), MAX_SUBJECT_CHARACTERS)}")
        people = [self._person(position) for position in range(min(len(self.ticket.participants), MAX_PEOPLE))]
        if len(self.ticket.participants) > MAX_PEOPLE:
            people.append(f"  and {len(self.ticket.participants) - MAX_PEOPLE} more")
        return "\n".join([*lines, "people on record:" if people else "people on record: none", *people])

    def body(self, shown: Sequence[Sentence]) -> str:
        """The given sentences under their messages."""
        printed: list[str] = []
        message = None
        for sentence in shown:
            if sentence.id not in self.lines:
                continue
            if sentence.message != message:
                message = sentence.message
                wire = self.wire_ids[sentence.id].partition(".")[0]
                printed.append(f"message {wire}, written by {self._author(sentence.author)}")
            printed.append(self.lines[sentence.id])
        return "\n".join(printed)

    def returned(self, extraction: Extraction) -> Extraction:
        """The model's extraction with the ticket's own sentence ids, however it wrote them; an unknown id stays unknown."""
        given = extraction.model_dump()
        if self.redaction is not None:
            for party in given["parties"]:
                party["name"] = party["name"] and self.redaction.restored(party["name"])
        shown, parties = tuple(self.wire_ids[id] for id in self.lines), [party.id for party in extraction.parties]
        for facts in ("threats", "demands", "damage_claims", "disputes"):
            for fact in given[facts]:
                meant = (id for entry in fact["evidence"] for id in cited(entry, shown))
                fact["evidence"] = [self._real(id) for id in dict.fromkeys(meant)]
                fact |= {role: same_party(fact[role], parties) for role in ("by", "against", "of") if role in fact}
        return Extraction.model_validate(given)

    def _text(self, sentence: Sentence) -> str:
        return self.redaction.part(sentence.message, sentence.start, sentence.end) if self.redaction else sentence.text

    def _real(self, wire: str) -> str:
        real = self.real_ids.get(wire)
        if real is not None:
            return real
        while wire in self.sentences:
            wire = f"?{wire}"
        return wire

    def _person(self, position: int) -> str:
        person = self.ticket.participants[position]
        known = self.redaction.name(position) if self.redaction and person.name else person.name
        name = f'"{capped(visible(known), MAX_NAME_CHARACTERS)}"' if known else "name not given"
        mark = ", the reporter" if person.id == self.ticket.reporter else ""
        return f"  person {position + 1}: {person.role.value}, {name}{mark}"

    def _author(self, author: str | None) -> str:
        if author is None:
            return "the agent" if self.ticket.origin is Origin.AGENT_OBSERVATION else "the reporter"
        position = next(number for number, person in enumerate(self.ticket.participants, start=1) if person.id == author)
        return f"person {position}" + (" (the reporter)" if author == self.ticket.reporter else "")
