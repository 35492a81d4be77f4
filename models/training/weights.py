"""Reads the weights of a shipped scope-bert back out of its ONNX file into PyTorch.

The exporter renames and transposes the weights of MatMul nodes; the nodes keep the names of the layers. Matrices that
compact.py stored as integers are multiplied out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch

PREFIX = "network."


def state_of(model: str | Path) -> dict[str, torch.Tensor]:
    """The state dictionary that the graph in a model's folder was exported from."""
    graph = onnx.load(str(Path(model) / "onnx/model.onnx")).graph
    arrays = {t.name: onnx.numpy_helper.to_array(t).copy() for t in graph.initializer}
    for name in [n for n in arrays if n.endswith(".int8")]:
        whole = name.removesuffix(".int8")
        arrays[whole] = arrays.pop(name).astype(np.float32) * arrays.pop(f"{whole}.scale")
    state = {name.removeprefix(PREFIX): torch.from_numpy(a) for name, a in arrays.items() if name.startswith(PREFIX)}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in arrays:
            # "/network/bert/encoder/layer.0/output/dense/MatMul" computes x · Wᵀ.
            layer = node.name.removesuffix("/MatMul").strip("/").replace("/", ".").removeprefix(PREFIX)
            state[f"{layer}.weight"] = torch.from_numpy(np.ascontiguousarray(arrays[node.input[1]].T))
    if "cls.predictions.bias" in state:
        state["cls.predictions.decoder.weight"] = state["bert.embeddings.word_embeddings.weight"]
        state["cls.predictions.decoder.bias"] = state["cls.predictions.bias"]
    return state
