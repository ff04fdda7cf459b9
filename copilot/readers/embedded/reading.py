"""One reading by the embedded model: a ticket and its sentences to an extraction.

Apart from the reader, since importing this loads NumPy and ONNX Runtime, and not every run that has an embedded reader uses it.
"""

import re
import time
from dataclasses import replace

import numpy as np

from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.embedded.assemble import assemble, confidence, doubtful, standing
from copilot.readers.embedded.encoder import Text, text_of
from copilot.readers.embedded.model import model
from copilot.readers.embedded.readable import is_readable
from copilot.readers.embedded.reader import EXTRACTOR, TRAINED_ON


def read_once(ticket: Ticket, sentences: Sentences, marketplace: str, seconds: float, floor: float) -> Reading:
    """Read a ticket for at most so many seconds; `marketplace` and `floor` are as in `EmbeddedReader`.

    Where no sentence can be read the outcome says so and there is no extraction.
    """
    started = time.monotonic()
    trained = model()
    text = _as_trained(text_of(ticket, sentences), marketplace)
    marks = trained.marks(text, seconds)
    unread = [bool(np.isnan(row[0])) for row in marks]
    for place, sentence in enumerate(sentences):
        unread[place] = unread[place] or not is_readable(sentence.text, trained.encoder.pieces(sentence.text))
    lettered = [any(char.isalpha() for char in sentence.text) for sentence in sentences]
    if not any(letters and not missed for letters, missed in zip(lettered, unread, strict=True)):
        outcome = ReadOutcome.LANGUAGE_UNSUPPORTED if any(lettered) else ReadOutcome.UNREADABLE
        return Reading(None, outcome, extractor=EXTRACTOR, seconds=time.monotonic() - started)
    marks[unread] = 0
    marks = standing(marks)
    thresholds = trained.thresholds.at_least(floor)
    return Reading(
        assemble(ticket, sentences, marks, thresholds),
        ReadOutcome.OK,
        extractor=EXTRACTOR,
        confidence=confidence(sentences, marks),
        unsure=tuple(list(sentences)[place].id for place in doubtful(marks, thresholds)),
        unread=tuple(sentence.id for sentence, missed in zip(sentences, unread, strict=True) if missed),
        seconds=time.monotonic() - started,
    )


def _as_trained(text: Text, marketplace: str) -> Text:
    """The text with the marketplace called as the model knows it."""
    if marketplace.casefold() == TRAINED_ON.casefold():
        return text
    name = re.compile(rf"(?<!\w){re.escape(marketplace)}(?!\w)", re.IGNORECASE)
    return replace(text, sentences=tuple((role, name.sub(TRAINED_ON, one)) for role, one in text.sentences))
