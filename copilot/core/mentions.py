"""Whether the words of a ticket let somebody be named as the one who did something.

Comes in: a ticket and its sentences. Goes out: answers about sentences that a fact cites: do they speak of somebody in
particular, or of the writer doing something? It guesses nobody: it only says whether anyone is there.
What is looked for stands in mentions.toml, by language. Text in a language that is not there is not judged: None.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path

from copilot.core.sentences import Sentence, Sentences
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Role

_SHARE_OF_BEST = 0.5
_MOST_SENTENCES = 200
"""The language is told by so many sentences from the start."""
_QUOTED = re.compile(r"^\s*>|^\s*(?:\[[^\]]*\]\s*)?\w[\w .]{0,20}:\s|(?:[\"“„«‘]|(?<!\w)')(?:\s*[^\s\"”“»]+){3}")
"""A quoted line, a line under a speaker's label, three words in quotation marks."""
_STRAIGHT = str.maketrans({"’": "'", "ʼ": "'", "`": "'"})


class Mentions:
    """The persons that one ticket's words bear out as actors."""

    def __init__(self, ticket: Ticket, sentences: Sentences) -> None:
        self._ticket = ticket
        self._sentences = list(sentences)
        self._places = {sentence.id: place for place, sentence in enumerate(self._sentences)}
        self._seen: dict[tuple[str, int], bool] = {}
        self._judged: dict[tuple[tuple[str, ...], Role, str | None], bool | None] = {}
        self._anywhere: dict[tuple[Role, str | None], bool] = {}
        self._roles = {person.id: person.role for person in ticket.participants}

    @cached_property
    def _texts(self) -> list[str]:
        return [_plain(sentence.text) for sentence in self._sentences]

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        """The listed languages that the ticket is written in."""
        text = " ".join(self._texts[:_MOST_SENTENCES])
        found = {code: len(_pattern(code, "known_by").findall(text)) for code in _codes()}
        best = max(found.values())
        here = [code for code, count in found.items() if count > _SHARE_OF_BEST * best]
        judged = tuple(code for code in here if _has_list(code, "others"))
        return judged if any(found[code] == best for code in judged) else ()

    def of_another(self, cited: Iterable[str], role: Role, name: str | None) -> bool | None:
        """Whether cited sentences let somebody of a role, not the reporter, be the actor; None where that cannot be judged."""
        key = (tuple(cited), role, name)
        if key not in self._judged:
            self._judged[key] = self._is_of_another([self._places[id] for id in key[0]], role, name)
        return self._judged[key]

    def _is_of_another(self, places: list[int], role: Role, name: str | None) -> bool | None:
        if any(self._is_of_another_author(self._sentences[place]) for place in places) or any(map(self._is_quoted, places)):
            return True
        if not self._languages:
            return None
        if self._speaks_of_another(places, role, name):
            return True
        if self._has(places, "strangers") or self._has(places, "nobody"):
            return False
        leaves_out = any(_has_list(code, "impersonal") for code in self._languages) and not self._has(places, "impersonal")
        return leaves_out and not self._has(places, "i") and self._is_anywhere(role, name)

    def of_anybody_else(self) -> bool | None:
        """Whether the ticket speaks of anybody in particular but the reporter; None where that cannot be judged."""
        everywhere = range(len(self._sentences))
        if self._is_conversation or any(map(self._is_quoted, everywhere)):
            return True
        return any(self._speaks_of_another(everywhere, role, None) for role in Role) if self._languages else None

    def of_a_stranger(self, cited: Iterable[str]) -> bool:
        """Whether cited sentences say that it was somebody, whoever that may be."""
        return self._has([self._places[id] for id in cited if id in self._places], "strangers")

    def of_the_reporter(self, cited: Iterable[str], name: str | None, spoken: bool) -> bool | None:
        """Whether the reporter says, in the first person, to have done something; None where that cannot be judged.

        `spoken`: it is a threat or a demand, which may be made in the ticket itself, to a «you».
        """
        places = [self._places[id] for id in cited]
        own = [place for place in places if not self._is_of_another_author(self._sentences[place])]
        if not self._languages or self._is_conversation:
            return None
        texts = [self._texts[place] for place in own]
        if any(name and _plain(name) in text for text in texts) or (spoken and self._has(own, "you")):
            return True
        return any(map(self._is_first_person, own))

    def _is_first_person(self, place: int) -> bool:
        """Whether the writer does something in a sentence, by what is left of it without all that is only suffered or noticed."""
        text = self._texts[place]
        return any(_pattern(code, "first").search(_pattern(code, "suffered").sub(" … ", text)) for code in self._languages)

    @cached_property
    def _is_conversation(self) -> bool:
        return any(map(self._is_of_another_author, self._sentences))

    def _is_of_another_author(self, sentence: Sentence) -> bool:
        author = sentence.author
        return author is not None and author != self._ticket.reporter and self._roles.get(author) is not Role.SUPPORT

    def _is_anywhere(self, role: Role, name: str | None) -> bool:
        """Whether the ticket speaks of such a person at all, or has one on record; a verb alone may mean that one."""
        if (role, name) not in self._anywhere:
            on_record = any(one is role for id, one in self._roles.items() if id != self._ticket.reporter)
            self._anywhere[role, name] = on_record or self._speaks_of_another(range(len(self._sentences)), role, name)
        return self._anywhere[role, name]

    def _is_quoted(self, place: int) -> bool:
        """Words that are marked as another's: whoever speaks there is somebody in particular, unless it is the staff."""
        if ("quoted", place) not in self._seen:
            marked = _QUOTED.search(self._sentences[place].text) is not None
            self._seen["quoted", place] = marked and not _staff().search(self._texts[place])
        return self._seen["quoted", place]

    def _has(self, places: Iterable[int], key: str) -> bool:
        return any(self._has_at(place, key) for place in places)

    def _has_at(self, place: int, key: str) -> bool:
        if (key, place) not in self._seen:
            text = self._texts[place]
            codes = [code for code in self._languages if _has_list(code, key)]
            self._seen[key, place] = any(_pattern(code, key).search(text) for code in codes)
        return self._seen[key, place]

    def _speaks_of_another(self, places: Iterable[int], role: Role, name: str | None) -> bool:
        places = list(places)
        texts = [self._texts[place] for place in places]
        people = [p.name or "" for p in self._ticket.participants if p.role is role and p.id != self._ticket.reporter]
        names = [_plain(word) for word in (name or "", *people) for word in word.split() if len(word) > 1]
        if any(re.search(rf"(?<!\w){re.escape(word)}", text) for text in texts for word in names) or self._has(places, "others"):
            return True
        if any(self._has_at(place, "pronouns") and not self._follows_a_stranger(place) for place in places):
            return True
        they = any(self._has_at(place, "they") and not self._follows_a_stranger(place) for place in places)
        return they and not any(_staff().search(text) for text in texts)

    def _follows_a_stranger(self, place: int) -> bool:
        """«Some hacker wrote. He wants money»: «he» is the one whom nobody knows."""
        near = [
            one for one in (place - 1, place) if one >= 0 and self._has_at(one, "strangers") and not self._has_at(one, "others")
        ]
        return any(one < place or self._first_at(one, "strangers") < self._first_at(one, "pronouns") for one in near)

    def _first_at(self, place: int, key: str) -> int:
        text = self._texts[place]
        found = [_pattern(code, key).search(text) for code in self._languages if _has_list(code, key)]
        return min((one.start() for one in found if one), default=len(text))


def _plain(text: str) -> str:
    return text.translate(_STRAIGHT).casefold()


@cache
def _lists() -> dict[str, dict[str, str]]:
    given = tomllib.loads((Path(__file__).parent / "mentions.toml").read_text(encoding="utf-8"))
    return {code: lists for code, lists in given.items() if isinstance(lists, dict)}


def _codes() -> Iterable[str]:
    return _lists()


def _has_list(code: str, key: str) -> bool:
    return key in _lists()[code]


@cache
def _pattern(code: str, key: str) -> re.Pattern[str]:
    return _words(_lists()[code][key])


@cache
def _staff() -> re.Pattern[str]:
    return _words(tomllib.loads((Path(__file__).parent / "mentions.toml").read_text(encoding="utf-8"))["staff"])


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?![\w\u0900-\u0963\u0966-\u097f])")
