"""The trained model at run time: a ticket in, a probability for every label of every sentence out.

ONNX Runtime on one thread, no network, no telemetry. Windows are read one at a time, so memory does not grow with the
ticket, and the clock is looked at between two of them.
"""

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np
import onnxruntime

from copilot.readers.embedded.assemble import Marks, Thresholds
from copilot.readers.embedded.encoder import Encoder, Text, pooling
from copilot.readers.embedded.labels import LABELS

FOLDER = Path(__file__).parent / "weights"
MODEL, TOKENIZER, THRESHOLDS = "marks.onnx", "tokenizer.json", "thresholds.toml"


@dataclass(frozen=True)
class Model:
    """The encoder and the session; safe to share between threads."""

    encoder: Encoder
    session: onnxruntime.InferenceSession
    thresholds: Thresholds

    def marks(self, text: Text, seconds: float) -> Marks:
        """Probabilities, a row a sentence; a sentence in two windows has the mean of both. NaN: not read in time.

        The first window is always read.
        """
        ends = time.monotonic() + seconds
        total = np.zeros((len(text.sentences), len(LABELS)), np.float32)
        times = np.zeros((len(text.sentences), 1), np.float32)
        for window in self.encoder.windows(text):
            if times.any() and time.monotonic() >= ends:
                break
            ids = np.array([window.ids], np.int64)
            (logits,) = self.session.run(None, {"ids": ids, "pool": pooling(window.owners, window.sentences)[None]})
            inside = slice(window.first, window.first + window.sentences)
            total[inside] += logits[0]
            times[inside] += 1
        with np.errstate(invalid="ignore"):
            return np.asarray(1 / (1 + np.exp(-total / times)), np.float32)


_LOADING = Lock()


def model() -> Model:
    """The model of this installation, loaded once a process: one thread loads it while the others wait."""
    with _LOADING:
        return _load()


@cache
def _load() -> Model:
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(FOLDER / MODEL, options, providers=["CPUExecutionProvider"])
    return Model(Encoder(FOLDER / TOKENIZER), session, Thresholds.load(FOLDER / THRESHOLDS))
