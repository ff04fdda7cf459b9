"""A simulated model leaves facts out, and the figures tell how often somebody would notice."""

from pathlib import Path

from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import cut
from copilot.core.vocabulary import Route
from copilot.evaluation.score.omissions import DRAWS, OmissionCount, lines_of, try_models
from copilot.readers.embedded.reader import EmbeddedReader
from tests.evaluation.conftest import Evaluate
from tests.evaluation.small import small_set, write_cases
from tests.scripted_reader import Scripted

EMBEDDED = EmbeddedReader()
BLIND = Scripted(Reading(None, ReadOutcome.LANGUAGE_UNSUPPORTED, extractor="embedded"))
"""A second reader that sees nothing."""


def figures(lines: list[OmissionCount]) -> dict[tuple[str, str, str], tuple[float, int] | None]:
    return {(one.model, one.decisions, one.on): one.flagged and (one.flagged.value, one.flagged.n) for one in lines}


def test_of_wrong_all_clears_those_are_marked_in_which_the_embedded_reader_sees_more(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 6).cases

    seen, unseen = (figures(list(lines_of(try_models(cases, reader)))) for reader in (EMBEDDED, BLIND))

    assert seen["reads nothing", "wrong all-clears", "all"] == (1.0, 3)
    assert unseen["reads nothing", "wrong all-clears", "all"] == (0.0, 3)
    assert seen["reads nothing", "right, no escalation", "all"] == (0.0, 3)


def test_a_model_that_reads_as_labelled_is_right_and_never_less_careful(tmp_path: Path) -> None:
    told = figures(list(lines_of(try_models(small_set(tmp_path, 6).cases, EMBEDDED))))

    assert told["reads as labelled", "right", "all"] == (0.0, 6)
    assert told["reads as labelled", "less careful than the label", "all"] is None


def test_a_mark_on_a_right_decision_is_a_false_alarm(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 6).cases
    alarmed = EMBEDDED.read(cases[0].ticket, cut(cases[0].ticket))

    told = figures(list(lines_of(try_models(cases, Scripted(alarmed)))))

    assert told["reads as labelled", "right, no escalation", "all"] == (1.0, 3)


def test_held_out_cases_are_counted_apart(tmp_path: Path) -> None:
    cases = [*small_set(tmp_path, 2).cases, *small_set(tmp_path, 2, tags=("held-out",)).cases]

    told = figures(list(lines_of(try_models(cases, EMBEDDED))))

    assert told["reads nothing", "wrong all-clears", "all"] == (1.0, 2)
    assert told["reads nothing", "wrong all-clears", "held-out"] == (1.0, 1)


def test_chance_is_seeded_and_drops_about_half(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 20).cases

    one, same, other = (
        [trial.suggested for trial in try_models(cases, BLIND, seed) if "1/2" in trial.model] for seed in (0, 0, 1)
    )

    threatened = [route for place, route in enumerate(one) if place // DRAWS % 2 == 0]
    assert one == same != other
    assert 0.35 < threatened.count(Route.NO_ESCALATION) / len(threatened) < 0.65


def test_the_command_prints_every_figure_with_its_interval(evaluate: Evaluate, tmp_path: Path) -> None:
    ran = evaluate("omissions", write_cases(tmp_path / "cases.jsonl", 6))

    assert ran.code == 0
    assert "reads nothing; wrong all-clears (all): marked 100.0 % [43.9, 100.0]  n=3" in ran.out
    assert "reads nothing; wrong all-clears (held-out): marked nothing to count" in ran.out
