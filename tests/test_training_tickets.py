"""The training tickets keep to their form, repeat neither themselves nor any labelled case, and hold both sides."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copilot.core.vocabulary import Asset, DemandKind, DisputeKind, Harm, Intent, Motive, Origin, Role

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "training").glob("*.jsonl"))
CASES = sorted((ROOT / "evals/cases").glob("*.jsonl"))
SHINGLE_WORDS = 10
CHANCE = 3
"""Two tickets that share fewer runs of ten words share a turn of phrase."""
WHO = r"[roxs]>[roxs]"


def one_of(values: Any) -> str:
    return "(" + "|".join(values) + ")"


LABEL = re.compile(
    f"threat:{one_of(Harm)}:{WHO}|demand:{one_of(DemandKind)}:{WHO}|claim:{one_of(Harm)}:{WHO}:{one_of(Intent)}:{one_of(Motive)}"
    f"|dispute:{one_of(DisputeKind)}|asset:{one_of(Asset)}|neg:(denied|hypothetical|fear|withdrawn|bigword)"
)


TWIN_LINES = 5


def lines(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with file.open(encoding="utf-8") as opened:
        yield from ((f"{file.name}:{number}", json.loads(line)) for number, line in enumerate(opened, start=1))


def are_twins(places: set[str]) -> bool:
    """Near twins, told alike but for what makes the one harm, stand a few lines apart at most."""
    where = sorted((file, int(line)) for file, line in (place.split(":") for place in places))
    return len({file for file, _ in where}) == 1 and where[-1][1] - where[0][1] <= TWIN_LINES


def shingles(text: str) -> set[str]:
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_ticket_has_the_form_and_every_label_is_of_the_vocabulary(file: Path) -> None:
    faults = []

    for place, ticket in lines(file):
        is_whole = set(ticket) == {"lang", "role", "origin", "note", "sents"} and bool(ticket["sents"])
        if not is_whole or ticket["role"] not in set(Role) or ticket["origin"] not in set(Origin):
            faults.append(place)
        for sentence, labels in ticket["sents"]:
            faults += [f"{place} {label}" for label in labels if not LABEL.fullmatch(label)]
            faults += [place] if not sentence.strip() else []

    assert faults == []


def test_no_two_tickets_share_a_run_of_words_and_none_shares_one_with_a_case() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for file in FILES:
        for place, ticket in lines(file):
            for shingle in shingles(" ".join(sentence for sentence, _ in ticket["sents"])):
                seen[shingle].add(place)
    cases = {
        shingle
        for file in CASES
        for _, case in lines(file)
        for message in case["ticket"]["messages"]
        for shingle in shingles(message["text"])
    }

    repeated = Counter(tuple(sorted(places)) for places in seen.values() if not are_twins(places))
    shared = Counter(place for shingle, places in seen.items() if shingle in cases for place in places)

    assert [places for places, times in repeated.items() if times >= CHANCE] == []
    assert [place for place, times in shared.items() if times >= CHANCE] == []


def test_tickets_without_counted_harm_are_as_many_as_a_third_at_least() -> None:
    """A reader that only ever saw harm would see it everywhere."""
    counted = re.compile(r"(threat|claim):(?!withhold|lawful_remedy|bad_feedback)(?!.*accidental)")
    tickets = [ticket for file in FILES for _, ticket in lines(file)]

    calm = [ticket for ticket in tickets if not any(counted.match(label) for _, labels in ticket["sents"] for label in labels)]

    assert len(calm) * 3 >= len(tickets) >= 2_300
