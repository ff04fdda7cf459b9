"""A trained network to the file that the wheel carries: one ONNX graph with its weights in 8 bits.

The graph is written node by node: ids and a pooling matrix in, logits out, for one window at a time. Attention's scale, the
segment's vector and the standardisation of the heads are folded into weights. Weights lie in the file in 8 bits with a scale a
column and become 32-bit floats when the session loads them, so every processor computes alike. (Products in 8 bits turned one
mark in eight round, and were faster by a quarter.)
"""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from copilot.readers.embedded.labels import LABELS
from trainer.network import HEADS, WIDTH, Layer, Network

OPSET = 20
Array = NDArray[np.float32]


class _Graph:
    """Nodes and constants, in order."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: NDArray[np.generic]) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def small(self, value: Array, axis: int) -> str:
        """A matrix in 8 bits, one scale for all along an axis; the session makes floats of it once, as it loads."""
        whole, scale = _in_8_bits(value, axis)
        return self.node("Mul", self.node("Cast", self.constant(whole), to=TensorProto.FLOAT), self.constant(scale))

    def node(self, kind: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        name = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def linear(self, x: str, weight: Array, bias: Array | None = None, output: str | None = None) -> str:
        """`weight` as torch has it: outputs, inputs."""
        product = self.node("MatMul", x, self.small(weight.T, axis=0), output=output if bias is None else None)
        return product if bias is None else self.node("Add", product, self.constant(bias), output=output)

    def norm(self, x: str, part: object) -> str:
        weight, bias = (_array(getattr(part, name)) for name in ("weight", "bias"))
        return self.node("LayerNormalization", x, self.constant(weight), self.constant(bias), axis=-1, epsilon=1e-12)


def export(network: Network, file: Path) -> None:
    """Write the graph."""
    graph = _Graph()
    x = _embedded(graph, network)
    for layer in network.layers:
        x = _layer(graph, layer, x)
    sentence, own_bias = _head(network.of_sentence.weight, network.sentence_mean, network.sentence_spread)
    window, window_bias = _head(network.of_window.weight, network.window_mean, network.window_spread)
    bias = _array(network.of_sentence.bias) + own_bias + window_bias
    of_sentence = graph.linear(graph.node("MatMul", "pool", x), sentence, bias)
    of_window = graph.linear(graph.node("ReduceMean", x, graph.constant(np.array([1])), keepdims=1), window)
    graph.node("Add", of_sentence, of_window, output="logits")
    made = helper.make_graph(
        graph.nodes,
        "marks",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"]),
            helper.make_tensor_value_info("pool", TensorProto.FLOAT, [1, "sentences", "tokens"]),
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, "sentences", len(LABELS)])],
        graph.constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    onnx.checker.check_model(model)
    onnx.save(model, file)


def _embedded(graph: _Graph, network: Network) -> str:
    words, scale = map(graph.constant, _in_8_bits(_array(network.words), axis=1))
    rows = graph.node("Cast", graph.node("Gather", words, "ids"), to=TensorProto.FLOAT)
    vectors = graph.node("Mul", rows, graph.node("Gather", scale, "ids"))
    places = graph.constant(_array(network.positions) + _array(network.segment))
    length = graph.node("Shape", "ids", start=1, end=2)
    start, axis = graph.constant(np.array([0])), graph.constant(np.array([0]))
    placed = graph.node("Add", vectors, graph.node("Slice", places, start, length, axis))
    return graph.norm(placed, network.norm)


def _layer(graph: _Graph, layer: Layer, x: str) -> str:
    shape = graph.constant(np.array([1, -1, HEADS, WIDTH // HEADS]))
    scale = 1 / math.sqrt(WIDTH // HEADS)
    query = graph.linear(x, _array(layer.query.weight) * scale, _array(layer.query.bias) * scale)
    key, value = (graph.linear(x, _array(part.weight), _array(part.bias)) for part in (layer.key, layer.value))
    heads = [graph.node("Reshape", part, shape) for part in (query, key, value)]
    query, value = (graph.node("Transpose", heads[place], perm=[0, 2, 1, 3]) for place in (0, 2))
    key = graph.node("Transpose", heads[1], perm=[0, 2, 3, 1])
    weights = graph.node("Softmax", graph.node("MatMul", query, key), axis=-1)
    seen = graph.node("Transpose", graph.node("MatMul", weights, value), perm=[0, 2, 1, 3])
    flat = graph.node("Reshape", seen, graph.constant(np.array([1, -1, WIDTH])))
    out = graph.linear(flat, _array(layer.out.weight), _array(layer.out.bias))
    x = graph.norm(graph.node("Add", x, out), layer.norm1)
    wide = graph.node("Gelu", graph.linear(x, _array(layer.widen.weight), _array(layer.widen.bias)))
    narrow = graph.linear(wide, _array(layer.narrow.weight), _array(layer.narrow.bias))
    return graph.norm(graph.node("Add", x, narrow), layer.norm2)


def _head(weight: object, mean: object, spread: object) -> Sequence[Array]:
    """A head on standardised features as a head on plain ones: its weights, and what goes into the bias."""
    plain = _array(weight) / _array(spread)
    return plain, -(plain @ _array(mean))


def _in_8_bits(value: Array, axis: int) -> tuple[NDArray[np.int8], Array]:
    """Whole numbers and the scales that make them floats again."""
    scale = np.abs(value).max(axis, keepdims=True) / 127
    scale[scale == 0] = 1
    return np.round(value / scale).astype(np.int8), scale.astype(np.float32)


def _array(part: object) -> Array:
    values: Array = part.detach().numpy().astype(np.float32)  # type: ignore[attr-defined]
    return values
