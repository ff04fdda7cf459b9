"""From a ticket to marked sentences: tokens, languages, concepts, speakers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from copilot.readers.lexicon_engine import language
from copilot.readers.lexicon_engine.cast import Cast
from copilot.readers.lexicon_engine.lexicon import codes, lexicon, source
from copilot.readers.lexicon_engine.orders import drop_orders
from copilot.readers.lexicon_engine.patterns import Hit
from copilot.readers.lexicon_engine.speakers import Speakers
from copilot.readers.lexicon_engine.text import Token, ending, seen_length, tokenise
from copilot.readers.lexicon_engine.view import View, resolve
from copilot.sentences import MAX_SENTENCE_CHARACTERS, Sentence, Sentences
from copilot.ticket import Ticket

_LABEL_CONCEPTS = ("label_me", "mail_from", "mail_to", "client", "freelancer", "agency")
_LONG_PIECE = 300
_SEEN_SHARE = 0.7
_MOST_PIECES = 20
_COUNTED = ("self_client", "self_freelancer", "client", "freelancer", "agency", "relative")


@dataclass
class Marked:
    """A ticket ready to be read: its sentences marked, its people, and what could not be read."""

    views: list[View]
    cast: Cast
    languages: tuple[str, ...]
    unread: tuple[str, ...]


def mark(ticket: Ticket, sentences: Sentences, marketplace: str) -> Marked:
    """Mark every sentence of a ticket."""
    tokens = _rejoined(sentences, [tokenise(sentence.text) for sentence in sentences])
    languages = language.of_ticket(tokens)
    views = [
        _view(number, sentence, words, languages, marketplace)
        for number, (sentence, words) in enumerate(zip(sentences, tokens, strict=True))
    ]
    mentions = Counter(hit.concept for view in views for hit in view.hits if hit.concept in _COUNTED)
    cast = Cast(ticket, mentions)
    _name(views, cast)
    _speak(ticket, sentences, views, cast)
    for view in views:
        drop_orders(view)
    _point(views, cast)
    unread = tuple(view.id for view in views if not view.hits and not language.is_readable(view.tokens))
    return Marked(views, cast, languages, unread)


def _rejoined(sentences: Sentences, tokens: list[list[Token]]) -> list[list[Token]]:
    """The words of each sentence; one that was cut for what nobody sees is whole again, where most of it stands."""
    found: list[list[Token]] = []
    run: list[int] = []
    pieces = list(sentences)
    for number, piece in enumerate(pieces):
        found.append(tokens[number])
        cut = bool(run) and pieces[run[-1]].message == piece.message and pieces[run[-1]].end == piece.start
        run = [*run, number] if cut and len(run) < _MOST_PIECES else [number]
        text = "".join(pieces[one].text for one in run)
        if len(run) > 1 and seen_length(text) <= MAX_SENTENCE_CHARACTERS:
            words = tokenise(text)
            most = max(run, key=lambda one: len(tokens[one]))
            for one in run:
                found[one] = words if one == most else []
        if not _is_cut(piece):
            run = []
    return found


def _is_cut(piece: Sentence) -> bool:
    """True for a piece that holds more than is seen, and ends in the middle of a sentence."""
    text = piece.text
    hides = len(text) >= _LONG_PIECE and not text.isascii() and seen_length(text) < len(text) * _SEEN_SHARE
    return hides and not text.rstrip(" ").endswith(("\n", ".", "!", "?", "…"))


def _view(number: int, sentence: Sentence, tokens: Sequence[Token], languages: Sequence[str], marketplace: str) -> View:
    here = language.of_sentence(tokens, languages)
    lexicons = [lexicon(code, marketplace) for code in here]
    hits = resolve([hit for one in lexicons for hit in one.find(tokens)])
    negation = "both" if any(one.negation == "both" for one in lexicons) else lexicons[0].negation if lexicons else "before"
    return View(
        sentence.id,
        number,
        sentence.message,
        sentence.author,
        tokens,
        hits,
        tuple(here),
        ending(sentence.text),
        negation,
        tense_folds=any(one.tense_folds for one in lexicons),
        direct_speech=any(one.direct_speech for one in lexicons),
    )


def _name(views: Sequence[View], cast: Cast) -> None:
    """Mark mentions of people by name."""
    names = cast.names()
    if not names:
        return
    for view in views:
        for place, token in enumerate(view.tokens):
            if token.text in names:
                view.names[place] = names[token.text]
                view.hits.append(Hit("named", place, place))
        view.hits.sort(key=lambda hit: (hit.first, hit.last))


def _speak(ticket: Ticket, sentences: Sentences, views: Sequence[View], cast: Cast) -> None:
    speakers = Speakers(cast, _label_words())
    authors = [ticket.author_of(message) for message in ticket.messages]
    others_write = any(author is not None and author != cast.reporter and not cast.is_support(author) for author in authors)
    by_message: dict[str, list[tuple[Sentence, View]]] = {}
    for sentence, view in zip(sentences, views, strict=True):
        if view.narrator is None or (cast.reporter is None and cast.is_support(view.narrator)):
            view.narrator = cast.reporter
        by_message.setdefault(view.message, []).append((sentence, view))
    for number, pairs in enumerate(by_message.values()):
        speakers.conversation(first_is_reporter=number == 0, others_write=others_write)
        speakers.mark([sentence for sentence, _ in pairs], [view for _, view in pairs])


def _point(views: Sequence[View], cast: Cast) -> None:
    """Work out whom «he» means where there are several others: the one last named."""
    if len(cast.others()) < 2:
        return
    message = ""
    last: str | None = None
    for view in views:
        if view.message != message:
            message, last = view.message, None
        for part in view.parts:
            part.third = last
            for clause in part.clauses:
                for hit in clause.hits:
                    key = view.names.get(hit.first) if hit.concept == "named" else cast.by_role(hit.concept, part.speaker)
                    if key is not None and key != part.speaker:
                        last = key
            part.third = part.third or last


@lru_cache(maxsize=1)
def _label_words() -> Mapping[str, frozenset[str]]:
    """Single words that label a line in a chat or a mail, in every language."""
    found: dict[str, set[str]] = {concept: set() for concept in _LABEL_CONCEPTS}
    for code in codes():
        concepts = source(code)["concepts"]
        for concept in _LABEL_CONCEPTS:
            for pattern in concepts.get(concept, ()):
                if not set(pattern) & set("()<>{}*?. "):
                    found[concept].update(token.text for word in pattern.split("|") for token in tokenise(word))
    return {concept: frozenset(words) for concept, words in found.items()}
