"""multilingual-e5-small with linear heads: a mark for every label of every sentence.

12 layers, 384 wide. The lower layers are frozen and their output is kept, so that a step costs half; the others learn.
A sentence is the mean of its tokens, a window the mean of all; both are standardised and each has a linear head.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from copilot.readers.embedded.encoder import pooling
from copilot.readers.embedded.labels import LABELS
from trainer.weights import Pretrained

WIDTH, INNER, HEADS, LAYERS, POSITIONS = 384, 1536, 12, 12, 512
DROPOUT = 0.1


class Layer(nn.Module):
    """One transformer layer, as BERT has it: attention, then a feed-forward network, a norm behind each."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.widen, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)

    def load(self, given: Pretrained, number: int) -> None:
        """Take over the weights of one layer."""
        names = {"q": self.query, "k": self.key, "v": self.value, "ao": self.out, "fi": self.widen, "fo": self.narrow}
        for name, part in {**names, "aln": self.norm1, "oln": self.norm2}.items():
            part.weight.data.copy_(torch.from_numpy(given.tensor(f"l{number}.{name}.w", *part.weight.shape)))
            part.bias.data.copy_(torch.from_numpy(given.tensor(f"l{number}.{name}.b", *part.bias.shape)))

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """`x`: batch, tokens, width; `mask`: batch, 1, 1, tokens, True where a token may be seen."""
        size, length, _ = x.shape

        def heads(part: nn.Linear) -> Tensor:
            return part(x).view(size, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        query, key, value = heads(self.query), heads(self.key), heads(self.value)
        if torch.onnx.is_in_onnx_export():
            seen = torch.softmax(query @ key.transpose(-1, -2) / math.sqrt(WIDTH // HEADS), -1) @ value
        else:
            seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        seen = self.out(seen.transpose(1, 2).reshape(size, length, WIDTH))
        x = self.norm1(x + functional.dropout(seen, DROPOUT, self.training))
        wide = self.narrow(functional.gelu(self.widen(x)))
        return self.norm2(x + functional.dropout(wide, DROPOUT, self.training))


@dataclass(frozen=True)
class Batch:
    """Windows side by side. `inputs`: token vectors, or the frozen layers' output; `pool`: the mean of each sentence."""

    inputs: Tensor
    mask: Tensor
    pool: Tensor
    targets: Tensor
    weights: Tensor


class Network(nn.Module):
    """The model. `frozen` lower layers stay as they came."""

    def __init__(self, given: Pretrained, frozen: int) -> None:
        super().__init__()
        self.frozen = frozen
        self.register_buffer("words", torch.from_numpy(given.tensor("emb.word", -1, WIDTH)))
        self.register_buffer("positions", torch.from_numpy(given.tensor("emb.pos", POSITIONS, WIDTH)))
        self.register_buffer("segment", torch.from_numpy(given.tensor("emb.type", 2, WIDTH)[0].copy()))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.norm.weight.data.copy_(torch.from_numpy(given.tensor("emb.ln.w", WIDTH)))
        self.norm.bias.data.copy_(torch.from_numpy(given.tensor("emb.ln.b", WIDTH)))
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        for number, layer in enumerate(self.layers):
            layer.load(given, number)
        self.of_sentence, self.of_window = nn.Linear(WIDTH, len(LABELS)), nn.Linear(WIDTH, len(LABELS), bias=False)
        for name in ("sentence", "window"):
            self.register_buffer(f"{name}_mean", torch.zeros(WIDTH))
            self.register_buffer(f"{name}_spread", torch.ones(WIDTH))

    def body(self) -> list[nn.Parameter]:
        """What learns, but for the heads."""
        return [part for layer in list(self.layers)[self.frozen :] for part in layer.parameters()]

    def heads(self) -> list[nn.Parameter]:
        """The two linear heads."""
        return [*self.of_sentence.parameters(), *self.of_window.parameters()]

    def lower(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """Token ids through the frozen layers."""
        x = self.norm(self.words[ids] + self.positions[: ids.shape[1]] + self.segment)
        for layer in list(self.layers)[: self.frozen]:
            x = layer(x, mask)
        return x

    def features(self, x: Tensor, mask: Tensor, pool: Tensor) -> tuple[Tensor, Tensor]:
        """Standardised vectors of sentences and of windows, from what the frozen layers gave."""
        shown = mask[:, None, None, :]
        for layer in list(self.layers)[self.frozen :]:
            x = layer(x, shown)
        window = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        sentence = (pool @ x - self.sentence_mean) / self.sentence_spread
        return sentence, (window - self.window_mean) / self.window_spread

    def forward(self, x: Tensor, mask: Tensor, pool: Tensor) -> Tensor:
        """Logits: batch, sentences, labels."""
        sentence, window = self.features(x, mask, pool)
        return self.of_sentence(sentence) + self.of_window(window)[:, None, :]


def loss(logits: Tensor, batch: Batch, positive: float, strongest: float) -> Tensor:
    """Binary cross-entropy of every mark, positives weighing more, and once more on the strongest sentence of a window."""
    weigh = torch.tensor(positive)
    each = functional.binary_cross_entropy_with_logits(logits, batch.targets, reduction="none", pos_weight=weigh)
    by_sentence = (each * batch.weights).sum() / batch.weights.amax(-1).sum()
    there = batch.weights.amax(-1, keepdim=True) > 0
    top, told = logits.masked_fill(~there, -30).amax(1), (batch.targets * batch.weights).amax(1)
    by_window = functional.binary_cross_entropy_with_logits(top, told, reduction="none") * batch.weights.amax(1)
    return by_sentence + strongest * by_window.sum(-1).mean()


def fit_heads(network: Network, batches: Sequence[Batch], positive: float) -> None:
    """Fit the heads on the features as they came: a body that learns from heads that know nothing learns nothing."""
    network.eval()
    sentences, windows, targets, weights = [], [], [], []
    with torch.no_grad():
        for batch in batches:
            sentence, window = network.features(batch.inputs, batch.mask, batch.pool)
            there = batch.pool.sum(-1) > 0
            sentences.append(sentence[there])
            windows.append(window[:, None].expand_as(sentence)[there])
            targets.append(batch.targets[there])
            weights.append(batch.weights[there])
    x, g, y, w = (torch.cat(parts) for parts in (sentences, windows, targets, weights))
    network.sentence_mean.copy_(x.mean(0))
    network.sentence_spread.copy_(x.std(0))
    network.window_mean.copy_(g.mean(0))
    network.window_spread.copy_(g.std(0).clamp(min=1e-3))
    x, g = (x - network.sentence_mean) / network.sentence_spread, (g - network.window_mean) / network.window_spread
    share = (y * w).sum(0) / w.sum(0).clamp(min=1)
    network.of_sentence.bias.data.copy_(torch.logit(share.clamp(1e-3, 0.9)))
    network.of_sentence.weight.data.zero_()
    network.of_window.weight.data.zero_()
    optimizer = torch.optim.AdamW(network.heads(), lr=2e-3, weight_decay=0.3)
    for _ in range(60):
        for chosen in torch.randperm(len(x)).split(2000):
            logits = network.of_sentence(x[chosen]) + network.of_window(g[chosen])
            each = functional.binary_cross_entropy_with_logits(
                logits, y[chosen], reduction="none", pos_weight=torch.tensor(positive)
            )
            optimizer.zero_grad()
            ((each * w[chosen]).sum() / len(chosen)).backward()
            optimizer.step()


@dataclass
class Prepared:
    """A window for the network. `inputs` are token ids at first, then what the frozen layers made of them (16 bits)."""

    inputs: np.ndarray
    owners: np.ndarray
    targets: np.ndarray
    weights: np.ndarray


def collated(rows: Sequence[Prepared]) -> Batch:
    """Windows as one batch, padded on the right."""
    length, most = max(row.inputs.shape[0] for row in rows), max(len(row.targets) for row in rows)
    width = rows[0].inputs.shape[1:]
    inputs = np.zeros((len(rows), length, *width), rows[0].inputs.dtype)
    mask = np.zeros((len(rows), length), bool)
    pool = np.zeros((len(rows), most, length), np.float32)
    targets = np.zeros((len(rows), most, len(LABELS)), np.float32)
    weights = np.zeros_like(targets)
    for number, row in enumerate(rows):
        inputs[number, : len(row.inputs)] = row.inputs
        mask[number, : len(row.inputs)] = True
        pool[number, : len(row.targets), : len(row.inputs)] = pooling(row.owners, len(row.targets))
        targets[number, : len(row.targets)] = row.targets
        weights[number, : len(row.targets)] = row.weights
    vectors = torch.from_numpy(inputs if inputs.dtype != np.float16 else inputs.astype(np.float32))
    return Batch(vectors, *map(torch.from_numpy, (mask, pool, targets, weights)))
