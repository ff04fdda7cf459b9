"""What the embedded reader costs for each 1,000 characters, and whether hostile text makes it cost more.

Run from the top of the repository: `python benchmarks/embedded_throughput.py [--rounds N]`.
Prints one table for invented everyday text, and one for text written to slow a reader down: the cost of a
character at 1,000 and 10,000 characters, as a ratio to the first. A ratio near 1 is linear. Then short tickets a
second on one core, and the most memory that the process took.
"""

import argparse
import random
import resource
import statistics
import time

from copilot.core.sentences import cut
from copilot.core.ticket import Message, Ticket
from copilot.readers.embedded.reader import EmbeddedReader

READER = EmbeddedReader(seconds=1_000_000)
SIZES = (1_000, 10_000)
SHORT = "He deleted my website yesterday. He says he will put it back if I pay him $500."

WHO = ["The freelancer", "My client", "She", "He", "The agency", "Their designer", "The buyer", "A developer I hired"]
DID = [
    "delivered the logo two days late", "asked for another revision of the header", "deleted the product pages on Monday",
    "says he will take the shop offline", "has not paid the third invoice", "sent me the files as agreed",
    "wants five stars before she hands over the source", "changed the password of our hosting", "thanked me for the quick start",
    "threatened to tell my employer", "opened a dispute over the deposit", "forgot to renew the domain",
]  # fmt: skip
WHY = [
    "",
    " unless I pay $300 more",
    " because I ended the contract",
    ", which is fine",
    " and then went silent",
    " by mistake, he says",
]
ENDS = [".", ".", ".", "!", "…", "?", "\n\n"]

HOSTILE: dict[str, str] = {
    "one letter": "a",
    "one word": "threaten ",
    "conditions": "if he does not pay unless she ",
    "cue after cue": "delete my website pay me five stars or else ",
    "stops": ". ",
    "no stops": "he said that she said that ",
    "commas": ",",
    "zero-width joiners": "d\u200de\u200dl\u200de\u200dt\u200de ",
    "spaced letters": "d e l e t e ",
    "combining marks": "e\u0301\u0302\u0303",
    "quotation marks": "\"'«“",
    "brackets": "([{",
    "digits": "$5,000.00 ",
    "han": "删除我的网站否则付款",
    "line breaks": "\n> ",
}


def everyday(characters: int, seed: int) -> str:
    """Invented complaints of about that length; the same seed gives the same text."""
    chance = random.Random(seed)
    parts: list[str] = []
    length = 0
    while length < characters:
        parts.append(f"{chance.choice(WHO)} {chance.choice(DID)}{chance.choice(WHY)}{chance.choice(ENDS)} ")
        length += len(parts[-1])
    return "".join(parts)[:characters]


def seconds(text: str, rounds: int) -> float:
    """The median CPU time of cutting and reading a ticket of one message."""
    ticket = Ticket(messages=(Message(id="m1", text=text),))

    def once() -> float:
        start = time.process_time()
        READER.read(ticket, cut(ticket))
        return time.process_time() - start

    return statistics.median(once() for _ in range(rounds))


def everyday_table(rounds: int) -> None:
    print(f"everyday text, median of {rounds} texts of each size")
    print(f"{'characters':>12} {'ms':>10} {'ms per 1,000':>14}")
    for size in (300, 1_000, 3_000, 10_000, 30_000):
        took = statistics.median(seconds(everyday(size, seed), 1) for seed in range(rounds))
        print(f"{size:>12,} {took * 1000:>10.2f} {took * 1e6 / size:>14.3f}")


def hostile_table(rounds: int, sizes: tuple[int, ...] = SIZES) -> float:
    """Print how the cost of a character grows with the size; the worst growth of all kinds."""
    print(f"\nhostile text, CPU ms per 1,000 characters (median of {rounds}); growth is the last over the first")
    print(f"{'kind':<22}" + "".join(f"{size:>12,}" for size in sizes) + f"{'growth':>10}")
    worst = 0.0
    for kind, unit in HOSTILE.items():
        costs = [seconds((unit * (size // len(unit) + 1))[:size], rounds) * 1e6 / size for size in sizes]
        growth = costs[-1] / costs[0]
        worst = max(worst, growth)
        print(f"{kind:<22}" + "".join(f"{cost:>12.3f}" for cost in costs) + f"{growth:>9.1f}x")
    print(f"worst growth over {sizes[-1] // sizes[0]} times the text: {worst:.1f}x")
    return worst


def short_table(rounds: int) -> None:
    each = statistics.median(seconds(SHORT, rounds) for _ in range(5))
    print(f"\nshort tickets ({len(SHORT)} characters): {1 / each:.1f} a second on one core")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    seconds(everyday(3_000, 0), 1)
    everyday_table(rounds * 4)
    hostile_table(rounds)
    short_table(rounds)


if __name__ == "__main__":
    main()
