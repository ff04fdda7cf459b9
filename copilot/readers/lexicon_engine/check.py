"""Check a language's lexicon: `python -m copilot.readers.lexicon_engine.check CODE [SENTENCE]`.

Prints unknown concepts, broken patterns and missing concepts; with a sentence, the concepts seen in it and the
facts read from it. Exit code 1 where something is wrong.
"""

import sys

from copilot.readers.lexical import LexicalReader
from copilot.readers.lexicon_engine.concepts import CONCEPTS
from copilot.readers.lexicon_engine.lexicon import Lexicon, source
from copilot.readers.lexicon_engine.pattern_syntax import PatternError, parse
from copilot.readers.lexicon_engine.text import tokenise
from copilot.sentences import cut
from copilot.settings import Settings
from copilot.ticket import Message, Ticket


def faults(code: str) -> list[str]:
    """What is wrong with a language's file."""
    given = source(code)
    words = given.get("words", {})
    found = [f"unknown concept {concept!r}" for concept in given["concepts"] if concept not in CONCEPTS]
    for concept, patterns in given["concepts"].items():
        for pattern in patterns:
            try:
                parse(pattern, words, "Upwork")
            except PatternError as error:
                found.append(f"{concept}: {error}")
    return found


def main(arguments: list[str]) -> int:
    """Check one language, and show what it sees in a sentence."""
    code = arguments[0]
    found = faults(code)
    missing = sorted(CONCEPTS - source(code)["concepts"].keys())
    print("\n".join(found) or f"{code}: no faults", f"not filled: {', '.join(missing) or 'none'}", sep="\n")
    if arguments[1:] and not found:
        _show(code, " ".join(arguments[1:]))
    return 1 if found else 0


def _show(code: str, sentence: str) -> None:
    tokens = tokenise(sentence)
    for hit in Lexicon(source(code), "Upwork").find(tokens):
        print(f"{hit.concept:22} {' '.join(token.text for token in tokens[hit.first : hit.last + 1])}")
    ticket = Ticket(messages=(Message(id="m1", text=sentence),))
    reading = LexicalReader(Settings()).read(ticket, cut(ticket))
    print(reading.extraction.model_dump_json(indent=1) if reading.extraction else reading.outcome)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
