"""Why an answer was cut short is told from how it ends and what was counted."""

import pytest

from copilot.core.reading import Usage
from copilot.readers.model.cut_short import Cut, goes_round, why_cut
from copilot.readers.model.envelope import Reply


def cut_reply(content: str | None, tokens: int) -> Reply:
    return Reply(content, "length", refused=False, model=None, usage=Usage(completion_tokens=tokens))


@pytest.mark.parametrize(
    ("tokens", "cap", "why"),
    [(799, 800, Cut.CONTEXT_FULL), (800, 800, Cut.CAP), (801, 800, Cut.CAP), (0, 800, Cut.CAP), (9, None, Cut.CONTEXT_FULL)],
)
def test_fewer_tokens_than_the_cap_show_a_full_context_and_no_count_shows_nothing(tokens: int, cap: int | None, why: Cut) -> None:
    assert why_cut(cut_reply('{"parties": [', tokens), cap) is why


@pytest.mark.parametrize(
    "end",
    [
        "\n" * 200,
        '{"id": "p2", "role": "client"}, ' * 8,
        "".join(f'{{"id": "p{number}", "role": "client"}}, ' for number in range(2, 12)),
        "[" + ", ".join(f'"m1.{number}"' for number in range(1, 60)),
        "what he wrote to me " * 20,
    ],
    ids=["blank lines", "one party", "parties counted up", "sentences counted up", "a phrase"],
)
def test_a_piece_over_and_over_is_a_loop_however_it_counts(end: str) -> None:
    assert why_cut(cut_reply('{"parties": ' + end, 800), 800) is Cut.LOOP


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"parties": [',
        '{"evidence": ["m1.1", "m1.2", "m1.3", "m1.4", "m1.5"',
        '{"by": "p2", "harm": "destroy", "evidence": ["m1.1"]}, {"by": "p2", "harm": "disclose", "evidence": ["m1.2"]}, '
        '{"by": "p2", "harm": "defame", "evidence": ["m1.3"]}, {"by": "p2", "harm": "violence", "evidence": ["m1.4"]}',
    ],
)
def test_an_answer_that_lists_different_things_is_no_loop(text: str) -> None:
    assert not goes_round(text)


@pytest.mark.parametrize(("rounds", "is_loop"), [(11, False), (12, True), (13, True)])
def test_a_short_piece_is_a_loop_from_a_bound_on(rounds: int, is_loop: bool) -> None:
    assert goes_round("abcdefghij" * rounds) is is_loop
