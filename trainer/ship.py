"""`python -m trainer.ship FOLDER`: average the last epochs, choose thresholds, write the model into the package."""

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from copilot.core.sentences import cut
from copilot.evaluation.cases.case import load_cases
from copilot.readers.embedded.encoder import Encoder
from copilot.readers.embedded.model import FOLDER, MODEL, THRESHOLDS, TOKENIZER
from trainer.__main__ import examples, shown
from trainer.choose import Development, Setting, development, probabilities, thresholds
from trainer.data import rows
from trainer.export import export
from trainer.fit import Recipe, frozen_output, marks, prepared
from trainer.network import WIDTH, Network
from trainer.weights import pretrained


def main() -> None:
    """Average, choose and write."""
    parser = argparse.ArgumentParser(prog="python -m trainer.ship", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the training run wrote")
    parser.add_argument("--to", type=Path, default=FOLDER)
    asked = parser.parse_args()
    last = range(Recipe.stop_after - Recipe.averaged, Recipe.stop_after)
    files = [asked.folder / f"epoch{epoch}.pt" for epoch in last]
    missing = [file.name for file in files if not file.exists()]
    if missing:
        sys.exit(f"{asked.folder}: lacks {', '.join(missing)}; train first (make train)")
    network = _averaged(asked.folder, files)
    encoder = Encoder(asked.folder / TOKENIZER)
    _, develop = examples(Path("training"), Path("evals/cases"))
    kept_back = [row for example, role in shown(develop) for row in rows(example, role, encoder)]
    windows = prepared(kept_back)
    frozen_output(network, windows)
    cases = {case.id: (case.ticket, cut(case.ticket), case.expect.route) for case in load_cases([Path("evals/cases")]).cases}
    tried = development(develop, cases)
    setting, found = Development(tried, probabilities(marks(network, kept_back, windows), tried)).best()
    print(
        json.dumps({"cost": round(found.cost, 4), "right": [found.right, found.tickets], **found.counts, **setting}), flush=True
    )
    asked.to.mkdir(parents=True, exist_ok=True)
    shutil.copy(asked.folder / TOKENIZER, asked.to / TOKENIZER)
    (asked.to / THRESHOLDS).write_text(_toml(setting), encoding="utf-8")
    export(network, asked.to / MODEL)
    for name in (MODEL, TOKENIZER):
        print(f"{hashlib.sha256((asked.to / name).read_bytes()).hexdigest()}  {name}")


def _averaged(folder: Path, files: Sequence[Path]) -> Network:
    """The network with the mean of the weights in some files."""
    given = pretrained()
    given.tensors["emb.word"] = given.tensor("emb.word", -1, WIDTH)[np.load(folder / "pieces.npy")].reshape(-1)
    network = Network(given, Recipe.frozen_layers)
    states = [torch.load(file) for file in files]
    network.load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    network.eval()
    return network


def _toml(setting: Setting) -> str:
    given = thresholds(setting)
    lines = [
        "# From what probability on a mark is a fact. Chosen on development tickets by trainer/choose.py; written by make train.",
        f"demand = {given.demand}",
        f"dispute = {given.dispute}",
        f"motive = {given.motive}",
        f"unsure = {given.unsure}",
        *("", "[threat]", *(f"{harm} = {value}" for harm, value in given.threat.items())),
        *("", "[claim]", *(f"{harm} = {value}" for harm, value in given.claim.items())),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
