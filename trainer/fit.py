"""The training run: seeds, batches, the steps, a checkpoint an epoch, and the running mean of the weights that is kept."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from copilot.readers.embedded.labels import LABELS
from trainer.data import Row
from trainer.network import Network, Prepared, collated, fit_heads, loss


@dataclass(frozen=True)
class Recipe:
    """All that steers a run. Tokens are counted with padding; rates are AdamW's, warmed up and then brought down in a line.

    The schedule is as long as `epochs`, and the run stops before: past the fourth, development tickets were read worse again.
    What ships is the mean of the weights that the last `averaged` epochs kept.
    """

    seed: int = 0
    epochs: int = 6
    stop_after: int = 4
    averaged: int = 3
    frozen_layers: int = 6
    body_rate: float = 2e-4
    head_rate: float = 1e-3
    batch_tokens: int = 1400
    positive_weight: float = 3.0
    strongest_weight: float = 0.3
    warm_up: float = 0.06
    floor: float = 0.02
    kept_mean: float = 0.995


def prepared(rows: Sequence[Row]) -> list[Prepared]:
    """Windows as the network takes them."""
    return [Prepared(np.array(row.window.ids), np.array(row.window.owners), row.targets, row.weights) for row in rows]


def frozen_output(network: Network, rows: Sequence[Prepared]) -> None:
    """Replace token ids by what the frozen layers make of them, once for all epochs."""
    network.eval()
    with torch.no_grad():
        for places in batches(rows, 6000):
            batch = collated([rows[place] for place in places])
            vectors = network.lower(batch.inputs, batch.mask[:, None, None, :]).half().numpy()
            for number, place in enumerate(places):
                rows[place].inputs = vectors[number, : len(rows[place].owners)].copy()


def batches(rows: Sequence[Prepared], tokens: int, generator: np.random.Generator | None = None) -> list[list[int]]:
    """Places of windows of like length, as many as make so many tokens with padding; in a new order if a generator is given."""
    order = np.arange(len(rows))
    jitter = np.zeros(len(rows))
    if generator is not None:
        generator.shuffle(order)
        jitter = generator.random(len(rows)) / 2
    by_length = sorted(order, key=lambda place: len(rows[place].owners) // 24 + jitter[place])
    found: list[list[int]] = []
    longest = 0
    for place in by_length:
        longest = max(longest, len(rows[place].owners))
        if not found or (len(found[-1]) + 1) * longest > tokens:
            found.append([])
            longest = len(rows[place].owners)
        found[-1].append(int(place))
    if generator is not None:
        generator.shuffle(found)
    return found


def fit(network: Network, rows: Sequence[Prepared], recipe: Recipe, folder: Path) -> Iterator[int]:
    """Train; after each epoch the kept weights are in the network and in `folder`, and its number is given.

    A run that was stopped goes on after the last whole epoch.
    """
    torch.manual_seed(recipe.seed)
    generator = np.random.default_rng(recipe.seed)
    checkpoint = folder / "checkpoint.pt"
    if not checkpoint.exists():
        fit_heads(network, [collated([rows[p] for p in places]) for places in batches(rows, 6000)], recipe.positive_weight)
    parts = [{"params": network.body(), "lr": recipe.body_rate}, {"params": network.heads(), "lr": recipe.head_rate}]
    optimizer = torch.optim.AdamW(parts, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    steps = recipe.epochs * len(batches(rows, recipe.batch_tokens))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (recipe.warm_up * steps)) * max(recipe.floor, 1 - step / steps)
    )
    learning = [*network.body(), *network.heads()]
    kept = [part.detach().clone() for part in learning]
    first = 0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        if state["recipe"] != asdict(recipe):
            raise ValueError(f"{checkpoint}: is of another recipe; remove it, or name another folder")
        _put(learning, state["learning"])
        kept, first = state["kept"], state["epoch"] + 1
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        for name in ("sentence_mean", "sentence_spread", "window_mean", "window_spread"):
            getattr(network, name).copy_(state[name])
    for epoch in range(first, recipe.stop_after):
        started, losses = time.monotonic(), []
        network.train()
        for number, places in enumerate(batches(rows, recipe.batch_tokens, generator)):
            batch = collated([rows[place] for place in places])
            error = loss(network(batch.inputs, batch.mask, batch.pool), batch, recipe.positive_weight, recipe.strongest_weight)
            optimizer.zero_grad()
            error.backward()
            nn.utils.clip_grad_norm_(learning, 1.0)
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                for mean, part in zip(kept, learning, strict=True):
                    mean.lerp_(part, 1 - min(recipe.kept_mean, (number + 1 + epoch * 200) / (number + 10 + epoch * 200)))
            losses.append(float(error.detach()))
            if number % 50 == 49:
                _tell(f"epoch {epoch} step {number}", losses[-50:], started)
        current = [part.detach().clone() for part in learning]
        state = {name: getattr(network, name) for name in ("sentence_mean", "sentence_spread", "window_mean", "window_spread")}
        state |= {"recipe": asdict(recipe), "epoch": epoch, "learning": current, "kept": kept}
        state |= {"optimizer": optimizer.state_dict(), "schedule": schedule.state_dict()}
        torch.save(state, checkpoint.with_suffix(".new"))
        checkpoint.with_suffix(".new").replace(checkpoint)
        _put(learning, kept)
        torch.save(network.state_dict(), folder / f"epoch{epoch}.pt")
        _tell(f"epoch {epoch}", losses, started)
        yield epoch
        _put(learning, current)


def _tell(what: str, losses: Sequence[float], started: float) -> None:
    print(f"{what}: loss {np.mean(losses):.3f}, {time.monotonic() - started:.0f} s", flush=True)


def _put(parts: Sequence[nn.Parameter], values: Sequence[torch.Tensor]) -> None:
    with torch.no_grad():
        for part, value in zip(parts, values, strict=True):
            part.copy_(value)


def marks(network: Network, rows: Sequence[Row], windows: Sequence[Prepared]) -> dict[str, NDArray[np.float32]]:
    """Logits of every ticket: key -> (sentences, labels); a sentence in two windows has the mean of both."""
    network.eval()
    given: dict[str, list[tuple[int, NDArray[np.float32]]]] = {}
    with torch.no_grad():
        for places in batches(windows, 6000):
            batch = collated([windows[place] for place in places])
            logits = network(batch.inputs, batch.mask, batch.pool).numpy()
            for number, place in enumerate(places):
                row = rows[place]
                given.setdefault(row.key, []).append((row.window.first, logits[number, : row.window.sentences]))
    found = {}
    for key, pieces in given.items():
        size = max(first + len(piece) for first, piece in pieces)
        total, count = np.zeros((size, len(LABELS)), np.float32), np.zeros((size, 1), np.float32)
        for first, piece in pieces:
            total[first : first + len(piece)] += piece
            count[first : first + len(piece)] += 1
        found[key] = total / count
    return found
