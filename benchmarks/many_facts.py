"""What a suggestion costs as a reading holds more facts: kept ones, dropped ones, few parties and thousands.

Run from the top of the repository: `python -m benchmarks.many_facts [--rounds N]`. It prints CPU milliseconds, the median of
the rounds, and how many facts were left out. Facts are drawn with a fixed seed; a ticket of 200 sentences bears them out.
"""

import argparse
import random
import statistics
import time

from copilot.core.extraction import Extraction
from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import DemandKind, Harm
from copilot.output.suggestion import Suggestion
from copilot.pipeline import suggest

SENTENCES = 200
SIZES = ((8, 4), (48, 16), (450, 200), (10_000, 4), (10_000, 200), (10_000, 5_000))
"""Facts and parties."""


def extraction(facts: int, parties: int, is_half_dropped: bool) -> Extraction:
    """So many facts between so many parties; half of them may cite a sentence that is not there."""
    chance = random.Random(1)
    lists: dict[str, list[dict[str, object]]] = {"threats": [], "demands": [], "damage_claims": [], "disputes": []}
    for number in range(facts):
        by, other = (f"p{one}" for one in chance.sample(range(parties), 2))
        is_dropped = is_half_dropped and number % 2
        cited = {"evidence": ["m9.9" if is_dropped else f"m1.{chance.randint(1, SENTENCES)}"]}
        harm = {"harm": chance.choice(list(Harm)), "asset": "website"}
        match number // 2 % 4:
            case 0:
                lists["threats"].append({"by": by, "against": other} | harm | cited)
            case 1:
                lists["demands"].append({"by": by, "of": other, "kind": chance.choice(list(DemandKind))} | cited)
            case 2:
                told = {"intent": "unclear", "motive": "not_stated"}
                lists["damage_claims"].append({"by": by, "against": other} | harm | told | cited)
            case _:
                lists["disputes"].append({"kind": "payment"} | cited)
    people = [
        {"id": f"p{one}", "role": "freelancer" if one else "client", "is_reporter": not one, "name": None}
        for one in range(parties)
    ]
    return Extraction.model_validate({"parties": people, **lists})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    ticket = Ticket.model_validate({"messages": [{"text": "He deleted my shop. " * SENTENCES}]})
    sentences = cut(ticket)
    print(f"median of {rounds}; CPU milliseconds a suggestion")
    print(f"{'facts':>7}{'parties':>9}{'dropped':>9}{'ms':>9}{'left out':>10}{'note':>8}")
    for facts, parties in SIZES:
        for is_half_dropped in (False, True):
            reading = Reading(extraction(facts, parties, is_half_dropped), ReadOutcome.OK, extractor="benchmark")

            def once(reading: Reading = reading) -> tuple[float, Suggestion]:
                began = time.process_time()
                suggestion = suggest(ticket, sentences, reading)
                return time.process_time() - began, suggestion

            taken = [once() for _ in range(rounds)]
            milliseconds = statistics.median(seconds for seconds, _ in taken) * 1_000
            last = taken[-1][1]
            half = "half" if is_half_dropped else "none"
            print(f"{facts:>7,}{parties:>9,}{half:>9}{milliseconds:>9.1f}{last.provenance.left_out:>10,}{len(last.note):>8,}")


if __name__ == "__main__":
    main()
