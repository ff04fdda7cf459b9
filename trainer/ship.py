"""`python -m trainer.ship FOLDER`: choose epoch and thresholds, and write the model where the package carries it."""

import argparse
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import torch

from copilot.evaluation.cases import load_cases
from copilot.readers.embedded.model import FOLDER, MODEL, THRESHOLDS, TOKENIZER
from copilot.sentences import cut
from trainer.__main__ import examples
from trainer.choose import Development, Setting, development, probabilities, thresholds
from trainer.export import export
from trainer.fit import Recipe
from trainer.network import WIDTH, Network
from trainer.weights import pretrained


def main() -> None:
    """Choose and write."""
    parser = argparse.ArgumentParser(prog="python -m trainer.ship", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the training run wrote")
    parser.add_argument("--to", type=Path, default=FOLDER)
    parser.add_argument("--epoch", type=int, help="this one, whatever the development tickets say")
    asked = parser.parse_args()
    _, develop = examples(Path("training"), Path("evals/cases"))
    cases = {case.id: (case.ticket, cut(case.ticket), case.expect.route) for case in load_cases([Path("evals/cases")]).cases}
    tried = development(develop, cases)
    chosen = None
    for file in sorted(asked.folder.glob("marks*.npz")):
        epoch = int(file.stem.removeprefix("marks"))
        if asked.epoch is not None and epoch != asked.epoch:
            continue
        setting, found = Development(tried, probabilities(np.load(file), tried)).best()
        told = {"epoch": epoch, "cost": round(found.cost, 4), "right": [found.right, found.tickets], **found.counts, **setting}
        print(json.dumps(told), flush=True)
        if chosen is None or found.cost < chosen[0]:
            chosen = (found.cost, epoch, setting)
    if chosen is None:
        sys.exit(f"{asked.folder}: holds no marks of an epoch; train first (make train)")
    _, epoch, setting = chosen
    given = pretrained()
    given.tensors["emb.word"] = given.tensor("emb.word", -1, WIDTH)[np.load(asked.folder / "pieces.npy")].reshape(-1)
    network = Network(given, Recipe.frozen_layers)
    network.load_state_dict(torch.load(asked.folder / f"epoch{epoch}.pt"))
    network.eval()
    asked.to.mkdir(parents=True, exist_ok=True)
    shutil.copy(asked.folder / TOKENIZER, asked.to / TOKENIZER)
    (asked.to / THRESHOLDS).write_text(_toml(setting), encoding="utf-8")
    print(f"epoch {epoch}: {export(network, asked.to / MODEL)} {MODEL}")


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
