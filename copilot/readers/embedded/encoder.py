"""Text to what the model reads: token ids in overlapping windows, and which tokens each sentence owns.

A window opens with who reports and why the ticket exists, and holds as many whole sentences as fit; the next one starts
two sentences back. A sentence by somebody else than the reporter is marked with its author's role. Training and reading
share this module, so the model meets at run time what it learned from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Origin, Role
from copilot.readers.embedded.plain import plain

WINDOW_TOKENS = 380
SENTENCE_TOKENS = 100
OVERLAP_SENTENCES = 2
START = "<s>"


@dataclass(frozen=True, slots=True)
class Text:
    """A ticket as the model is shown it: why it exists, the reporter's role, sentences with their author's role if another's."""

    origin: Origin
    role: Role
    sentences: tuple[tuple[Role | None, str], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids, and for each token the place of its sentence in the window, -1 for the opening."""

    first: int
    ids: tuple[int, ...]
    owners: tuple[int, ...]

    @property
    def sentences(self) -> int:
        """How many sentences it holds."""
        return self.owners[-1] + 1


def text_of(ticket: Ticket, sentences: Sentences) -> Text:
    """What the model is shown of a ticket."""
    roles = {person.id: person.role for person in ticket.participants}
    reporter = roles.get(ticket.reporter, Role.UNKNOWN) if ticket.reporter else Role.UNKNOWN
    return Text(
        ticket.origin,
        reporter,
        tuple((roles[s.author] if s.author is not None and s.author != ticket.reporter else None, s.text) for s in sentences),
    )


def pooling(owners: Sequence[int], sentences: int) -> NDArray[np.float32]:
    """The matrix (sentences, tokens) that takes the mean of each sentence's tokens."""
    matrix = (np.arange(sentences)[:, None] == np.asarray(owners)[None, :]).astype(np.float32)
    means: NDArray[np.float32] = matrix / matrix.sum(1, keepdims=True)
    return means


class Encoder:
    """Cuts texts into windows with one tokenizer."""

    def __init__(self, file: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(file))
        self._start: int = self._tokenizer.token_to_id(START) or 0

    def windows(self, text: Text) -> Iterator[Window]:
        """The windows of a text, in order; every sentence stands in at least one."""
        opening = [self._start, *self._ids(f"query: {text.origin} by {text.role}.")]
        pieces = [self._piece(role, sentence) for role, sentence in text.sentences]
        first = 0
        while first < len(pieces):
            last = _last(pieces, first, WINDOW_TOKENS - len(opening))
            ids, owners = list(opening), [-1] * len(opening)
            for place, piece in enumerate(pieces[first:last]):
                ids += piece
                owners += [place] * len(piece)
            yield Window(first, tuple(ids), tuple(owners))
            if last == len(pieces):
                return
            first = max(first + 1, last - OVERLAP_SENTENCES)

    def pieces(self, sentence: str) -> int:
        """How many vocabulary pieces a sentence falls into."""
        return len(self._ids(plain(sentence).strip()))

    def _piece(self, role: Role | None, sentence: str) -> list[int]:
        seen = plain(sentence).strip()
        return self._ids(seen if role is None else f"[{role}] {seen}")[:SENTENCE_TOKENS] or [self._start]

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)


def _last(pieces: Sequence[Sequence[int]], first: int, room: int) -> int:
    """The end of the window that starts at `first`: at least one sentence, and no more than fit."""
    last, used = first + 1, len(pieces[first])
    while last < len(pieces) and used + len(pieces[last]) <= room:
        used += len(pieces[last])
        last += 1
    return last
