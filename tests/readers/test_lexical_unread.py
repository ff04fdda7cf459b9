"""Which sentences the embedded reader owns up to not having read."""

import pytest

from copilot.readers.lexical import LexicalReader
from copilot.sentences import cut
from copilot.settings import Settings
from copilot.ticket import Ticket


def unread(text: str) -> tuple[str, ...]:
    """Ids of the sentences of a one-message ticket that the reader says it did not read."""
    ticket = Ticket.model_validate({"messages": [{"text": text}]})
    return LexicalReader(Settings()).read(ticket, cut(ticket)).unread


@pytest.mark.parametrize("line", ["Harbour Row 3, second floor", "Mary Lou Smithers Headquarters", "+00 000 000"])
def test_a_signature_below_an_english_ticket_counts_as_read(line: str) -> None:
    found = unread(f"How do I change my photo? Thanks.\n{line}")

    assert found == ()


@pytest.mark.parametrize(
    "line",
    [
        "五万円払えと言っています。",
        "Proszę bardzo usuń moje konto natychmiast bez czekania dłużej dziękuję",
        "QUJD" * 40,
    ],
)
def test_a_sentence_in_a_language_no_lexicon_knows_or_a_blob_counts_as_unread(line: str) -> None:
    found = unread(f"How do I change my photo?\n{line}")

    assert found == ("m1.2",)
