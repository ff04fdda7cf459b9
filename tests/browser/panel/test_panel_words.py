"""Every visible word is in the table of words, in each locale."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from copilot.core.facts import DropReason
from copilot.core.reading import ReadOutcome
from copilot.core.vocabulary import Asset, Caution, DemandKind, DisputeKind, Harm, Intent, Label, Motive, Role, Route
from copilot.output import wording
from copilot.output.cautions import ReviewReason
from copilot.policy import Ask, Condition
from copilot.policy.assess import Reason
from copilot.policy.rules import RULES

PANEL = Path(__file__).parents[3] / "copilot" / "sidebar" / "panel"
LOCALES = wording.LANGUAGES
OF_PYTHON = ("written", "terminal")
"""Groups that notes and the terminal alone speak from, in English."""
PLURALS = {"zero", "one", "two", "few", "many", "other"}
FEEDBACK_REASONS = {
    "wrong_team", "wrong_label", "missed_fact", "invented_fact", "wrong_person", "wrong_kind", "not_enough_information",
    "duplicate_ticket", "already_handled", "note_unsuitable", "too_slow", "test_ticket", "other",
}  # fmt: skip
VOCABULARY: dict[str, type[StrEnum]] = {
    "role": Role, "role_option": Role, "harm": Harm, "asset": Asset, "demand": DemandKind, "dispute": DisputeKind,
    "intent": Intent, "motive": Motive, "route": Route, "label": Label, "caution": Caution, "reason": Reason, "drop": DropReason,
    "outcome": ReadOutcome, "why": ReviewReason,
}  # fmt: skip
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|setHTML|createContextualFragment"
)
ELSEWHERE = re.compile(r"https?://(?!www\.w3\.org/2000/svg)|\bimport\([^`]*http|sendBeacon|WebSocket|EventSource")


def words(locale: str) -> dict[str, Any]:
    return {name: group for name, group in wording.table(locale).items() if name not in OF_PYTHON}


def leaves(given: dict[str, Any], path: tuple[str, ...] = ()) -> dict[tuple[str, ...], set[str]]:
    """Each string's place and the names of its fillings; the plural forms of one string are one place."""
    found: dict[tuple[str, ...], set[str]] = {}
    for name, value in given.items():
        if isinstance(value, str):
            found[(*path, name)] = set(re.findall(r"\{(\w+)\}", value))
        elif "other" in value and set(value) <= PLURALS:
            found[(*path, name)] = {"n"}
        else:
            found |= leaves(value, (*path, name))
    return found


def scripts() -> list[Path]:
    return sorted(PANEL.rglob("*.js"))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("group", VOCABULARY)
def test_every_value_of_the_vocabulary_has_words(locale: str, group: str) -> None:
    given = words(locale)[group]

    assert set(given) == {value.value for value in VOCABULARY[group]}
    assert all(given.values())


@pytest.mark.parametrize("locale", LOCALES)
def test_rules_and_reasons_for_feedback_have_words(locale: str) -> None:
    given = words(locale)

    assert set(given["rule"]) == {rule.id for rule in RULES}
    assert set(given["feedback_reason"]) == FEEDBACK_REASONS


@pytest.mark.parametrize("locale", LOCALES)
def test_every_question_and_condition_has_words(locale: str) -> None:
    given = words(locale)

    assert set(given["ask"]) == {*(one.value for one in Ask), "mediation_customer"}
    assert set(given["condition"]) == {*(one.value for one in Condition), "dispute_removed", "kind"}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_question_to_the_customer_has_words_unless_records_or_staff_have_to_answer_it(locale: str) -> None:
    not_for_customers = {Ask.MEDIATION, Ask.UNREAD, Ask.UNVERIFIED, Ask.STAFF}
    beside = {"hello", "thanks", "known_letters", "known_words"}

    assert set(words(locale)["ask_customer"]) == {one.value for one in set(Ask) - not_for_customers} | beside
    assert bool(words(locale)["ask_customer"]["known_letters"]) != bool(words(locale)["ask_customer"]["known_words"])


def test_no_question_to_a_customer_names_a_side_an_accusation_or_what_the_note_says() -> None:
    """It goes to whoever wrote in, who may be the one that is complained of."""
    table = words("en")
    told = {word for group in ("role", "harm", "label", "demand") for text in table[group].values() for word in text.split()}
    loaded = {"threat", "threatened", "coercion", "accused", "victim", "damage", "harm", "he", "she", "they", "him", "his", "her"}
    plain = {
        "a", "the", "and", "of", "on", "or", "not", "is", "an", "ticket", "does", "which", "something", "work", "said", "other",
        "back", "things",
    }  # fmt: skip
    questions = {name: text for name, text in table["ask_customer"].items() if not name.startswith("known_")}

    found = {name: set(re.findall(r"[a-z]+", text.lower())) & ((told | loaded) - plain) for name, text in questions.items()}

    assert {name: hits for name, hits in found.items() if hits} == {"property": {"account", "marketplace"}}


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_a_translation_has_the_same_strings_with_the_same_fillings(locale: str) -> None:
    english, translated = leaves(words("en")), leaves(words(locale))

    assert translated.keys() == english.keys()
    assert {path: names for path, names in translated.items() if names != english[path]} == {}


def test_there_is_a_right_to_left_translation() -> None:
    assert {words(locale)["dir"] for locale in LOCALES} == {"ltr", "rtl"}


def test_every_string_that_a_script_asks_for_is_there() -> None:
    asked = {
        (path.name, name)
        for path in scripts()
        for name in re.findall(r"""\b(?:t|parts)\("([\w.]+)\"""", path.read_text(encoding="utf-8"))
    }
    known = {".".join(path) for path in leaves(words("en"))}

    assert len(asked) > 100
    assert sorted((file, name) for file, name in asked if name not in known) == []


def test_no_script_reads_markup_or_runs_text() -> None:
    found = {path.name: match[0] for path in scripts() if (match := MARKUP.search(path.read_text(encoding="utf-8")))}

    assert found == {}


def test_nothing_of_the_panel_comes_from_elsewhere() -> None:
    files = [*scripts(), *PANEL.glob("*.css"), *PANEL.glob("*.html")]

    found = {path.name: match[0] for path in files if (match := ELSEWHERE.search(path.read_text(encoding="utf-8")))}

    assert found == {}


def test_the_page_has_no_inline_script_style_or_handler() -> None:
    page = (PANEL / "index.html").read_text(encoding="utf-8")

    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", page) == []


def test_no_script_is_longer_than_two_hundred_lines() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in scripts()}

    assert {name: lines for name, lines in lengths.items() if lines > 200} == {}
