"""Writes a language model of a few hundred kilobytes, with no weights of anybody's.

Comes in: a path and a `Habit`. Goes out: a GGUF file of one layer that does nothing, so that the next token follows from
the last one alone. Under a schema it writes the shortest answer there is, or `says`, or goes on without end. It knows
nothing: it is for trying what a server does with schema, template, context and time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from copilot.readers.model import prompt

WIDTH = 32
INNER = 64
CONTEXT = 65_536
_SPECIAL = ("<unk>", "<s>", "</s>")
_UNKNOWN, _CONTROL, _PLAIN, _BYTE = 2, 3, 1, 6
_BLANK = "\u2581"
_CLOSES = {"]": 9.0, "}": 8.0, '"': 7.0, "</s>": 10.0}
_OPENS = {'"': 13.0, ",": 12.0, "{": 11.0, "}": 6.0}


@dataclass(frozen=True, slots=True)
class Habit:
    """How a model writes. `says` is one token that it prefers to all, and ends after; `goes_on`: it opens another item
    where it may. `template` is the chat template in the file's metadata."""

    says: str | None = None
    goes_on: bool = False
    template: str | None = None


def write(path: Path, habit: Habit) -> None:
    """Write the model. The same habit gives the same file."""
    import gguf
    import numpy as np

    tokens, kinds = _vocabulary(habit)
    file = gguf.GGUFWriter(str(path), "llama")
    _describe(file, tokens, kinds)
    if habit.template is not None:
        file.add_chat_template(habit.template)
    embedding = np.zeros((len(tokens), WIDTH), np.float32)
    embedding[:, 0] = 1
    head = np.zeros((len(tokens), WIDTH), np.float32)
    head[:, 0] = [_rank(token, kind, habit) for token, kind in zip(tokens, kinds, strict=True)]
    if habit.says is not None:
        embedding[tokens.index(habit.says), 1] = 4
        head[tokens.index("</s>"), 1] = 40
    file.add_tensor("token_embd.weight", embedding)
    file.add_tensor("output.weight", head)
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        file.add_tensor(f"{name}.weight", np.ones(WIDTH, np.float32))
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        file.add_tensor(f"blk.0.{name}.weight", np.zeros((WIDTH, WIDTH), np.float32))
    for name, shape in (("ffn_gate", (INNER, WIDTH)), ("ffn_up", (INNER, WIDTH)), ("ffn_down", (WIDTH, INNER))):
        file.add_tensor(f"blk.0.{name}.weight", np.zeros(shape, np.float32))
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()


def _describe(file: object, tokens: list[str], kinds: list[int]) -> None:
    numbers = {
        "context_length": CONTEXT,
        "embedding_length": WIDTH,
        "block_count": 1,
        "feed_forward_length": INNER,
        "head_count": 1,
        "head_count_kv": 1,
        "layer_norm_rms_eps": 1e-5,
        "rope_dimension_count": WIDTH,
        "vocab_size": len(tokens),
        "tokenizer_model": "llama",
        "tokenizer_pre": "default",
        "token_list": [token.encode() for token in tokens],
        "token_scores": [float(len(token)) if kind == _PLAIN else 0.0 for token, kind in zip(tokens, kinds, strict=True)],
        "token_types": kinds,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "unk_token_id": 0,
        "add_bos_token": True,
        "add_space_prefix": False,
    }
    for name, value in numbers.items():
        getattr(file, f"add_{name}")(value)


def _vocabulary(habit: Habit) -> tuple[list[str], list[int]]:
    """Bytes, characters, and the beginnings of the prompt's words, so that a prompt is thousands of tokens, not ten thousands."""
    letters = [chr(code) for code in range(33, 127)]
    pieces = dict.fromkeys([*letters, _BLANK, *_beginnings(prompt.system_text("Upwork").split())])
    pieces |= dict.fromkeys([habit.says] if habit.says is not None else [])
    tokens = [*_SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256)), *pieces]
    return tokens, [_UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * 256, *[_PLAIN] * len(pieces)]


def _beginnings(words: Iterable[str]) -> list[str]:
    plain = sorted({word for word in words if word.isascii()})
    return [piece for word in plain for size in range(1, len(word) + 1) for piece in (_BLANK + word[:size],)]


def _rank(token: str, kind: int, habit: Habit) -> float:
    if token == habit.says:
        return 30.0
    known = _OPENS if habit.goes_on else _CLOSES
    return known.get(token, 1.0 if kind == _PLAIN and len(token) == 1 and token != _BLANK else 0.0)
