"""Stores the weight matrices of a graph as 8-bit integers with one scale a row, to be multiplied out when it is loaded.

The network gets the rounded weights too, so that PyTorch and the graph compute the same in 32-bit floats. A runtime folds
Cast and Mul of constants into one 32-bit tensor at load: a quarter of the size on disk and no cost in use.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch

SMALLEST = 10_000  # numbers in a matrix; what is smaller is kept as it is


def round_weights(network: torch.nn.Module) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Rounds the matrices in place; (integers, scales) by the name of the parameter."""
    table = {}
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if weight.dim() == 2 and weight.numel() >= SMALLEST:
                scale = (weight.abs().amax(1, keepdim=True) / 127).clamp_min(1e-12)
                whole = (weight / scale).round().clamp(-127, 127)
                weight.copy_(whole * scale)
                table[name] = (whole.to(torch.int8).numpy(), scale.numpy())
    return table


def share_embedding(graph: onnx.ModelProto) -> None:
    """The exporter stores the output layer's weights as a folded transpose of the word embedding. A Transpose node in
    its place lets the graph store them once."""
    tensors = {t.name: t for t in graph.graph.initializer}
    arrays = {name: onnx.numpy_helper.to_array(t) for name, t in tensors.items() if len(t.dims) == 2}
    embedding = next(name for name in arrays if "word_embeddings" in name)
    for name, array in arrays.items():
        if name != embedding and array.shape == arrays[embedding].shape[::-1] and np.array_equal(array, arrays[embedding].T):
            graph.graph.initializer.remove(tensors[name])
            node = onnx.helper.make_node("Transpose", [embedding], [name], name="TiedEmbedding", perm=[1, 0])
            graph.graph.node.insert(0, node)


def compact(path: Path, table: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    """Rewrites the file; fails where a matrix of the table is not found in it."""
    graph = onnx.load(str(path))
    share_embedding(graph)
    missing = dict(table)
    nodes = []
    for tensor in list(graph.graph.initializer):
        if len(tensor.dims) != 2 or tensor.data_type != onnx.TensorProto.FLOAT:
            continue
        array = onnx.numpy_helper.to_array(tensor)
        for name, (whole, scale) in missing.items():
            full = whole.astype(np.float32) * scale
            turned = array.shape == full.T.shape and np.array_equal(array, full.T)
            if turned or (array.shape == full.shape and np.array_equal(array, full)):
                parts = [np.ascontiguousarray(part.T) if turned else part for part in (whole, scale)]
                graph.graph.initializer.remove(tensor)
                stored = [f"{tensor.name}.int8", f"{tensor.name}.scale"]
                graph.graph.initializer.extend(onnx.numpy_helper.from_array(p, n) for p, n in zip(parts, stored))
                cast, made = f"{tensor.name}.float", tensor.name
                nodes.append(onnx.helper.make_node("Cast", stored[:1], [cast], to=onnx.TensorProto.FLOAT))
                nodes.append(onnx.helper.make_node("Mul", [cast, stored[1]], [made]))
                del missing[name]
                break
    if missing:
        raise SystemExit(f"not in the graph: {sorted(missing)}")
    for node in reversed(nodes):
        graph.graph.node.insert(0, node)
    for part in (*graph.graph.node, graph.graph, graph):
        part.ClearField("doc_string")
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, str(path))
