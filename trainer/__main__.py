"""`python -m trainer FOLDER`: learn, keep a checkpoint an epoch, and write the marks of the development tickets beside it.

Every tenth ticket of each training file, every third case that is not held out, and the plain-word cases are kept back for
development: the thresholds are chosen on them. Held-out cases are never opened.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from copilot.core.vocabulary import Role
from copilot.evaluation.cases.case import load_cases
from copilot.evaluation.cases.tags import HELD_OUT_TAG
from copilot.readers.embedded.encoder import Encoder
from trainer.data import Example, from_case, from_training, rows, without_role
from trainer.fit import Recipe, fit, frozen_output, marks, prepared
from trainer.network import WIDTH, Network
from trainer.vocabulary import kept
from trainer.weights import pretrained, tokenizer

PLAIN_WORDS = "plain-words"
Split = tuple[list[Example], list[Example]]


def examples(training: Path, cases: Path) -> Split:
    """What is learned from, and what is kept back for development."""
    learn: list[Example] = []
    develop: list[Example] = []
    for file in sorted(training.glob("*.jsonl")):
        for number, example in enumerate(from_training(file)):
            (develop if number % 10 == 3 else learn).append(example)
    known = [case for case in load_cases([cases]).cases if HELD_OUT_TAG not in case.tags]
    for number, example in enumerate(filter(None, map(from_case, known))):
        (develop if number % 3 == 1 or PLAIN_WORDS in example.tags else learn).append(example)
    return learn, develop


def shown(found: Sequence[Example]) -> Iterator[tuple[Example, Role]]:
    """Tickets as they are shown: in two of five the records do not say what the reporter is."""
    for number, example in enumerate(found):
        yield (without_role(example) if number % 5 in (1, 3) else example), example.text.role


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(prog="python -m trainer", description=__doc__)
    parser.add_argument("folder", type=Path, help="where checkpoints and marks go")
    parser.add_argument("--share", type=float, default=1.0, help="the share of the tickets to learn from, for a curve")
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(Recipe.seed)
    asked.folder.mkdir(parents=True, exist_ok=True)
    given = pretrained()
    whole = tokenizer(given.pieces, given.unknown)
    learn, develop = examples(Path("training"), Path("evals/cases"))
    pieces = kept(given.pieces, whole, (sentence for example in learn for _, sentence in example.text.sentences))
    cut = tokenizer([given.pieces[place] for place in pieces], pieces.index(given.unknown))
    cut.save(str(asked.folder / "tokenizer.json"))
    np.save(asked.folder / "pieces.npy", np.array(pieces))
    given.tensors["emb.word"] = given.tensor("emb.word", -1, WIDTH)[pieces].reshape(-1)
    encoder = Encoder(asked.folder / "tokenizer.json")
    learn = [learn[place] for place in np.random.default_rng(0).permutation(len(learn))[: round(asked.share * len(learn))]]
    network = Network(given, Recipe.frozen_layers)
    training = prepared([row for example, role in shown(learn) for row in rows(example, role, encoder)])
    kept_back = [row for example, role in shown(develop) for row in rows(example, role, encoder)]
    development = prepared(kept_back)
    recipe = Recipe(epochs=asked.epochs)
    counts = {"learn": len(learn), "develop": len(develop), "windows": len(training), "pieces": len(pieces)}
    counts["tokens"] = sum(len(window.owners) for window in training)
    print(json.dumps({**counts, "weights_sha256": given.sha256, "recipe": asdict(recipe)}), flush=True)
    frozen_output(network, training + development)
    for epoch in fit(network, training, recipe, asked.folder):
        np.savez(asked.folder / f"marks{epoch}.npz", **marks(network, kept_back, development))


if __name__ == "__main__":
    main()
