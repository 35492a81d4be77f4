"""Reads the weights of the shipped scope-bert back out of its ONNX file into PyTorch.

    python weights.py --bert FOLDER      checks that the logits agree

The exporter renames and transposes the weights of MatMul nodes; the nodes keep the names of the layers.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from transformers import BertConfig, BertForMaskedLM

PREFIX = "network."
TOLERANCE = 1e-4


def state_of(path: Path) -> dict[str, torch.Tensor]:
    """The state dictionary of the `BertForMaskedLM` that the graph was exported from."""
    graph = onnx.load(str(path)).graph
    arrays = {t.name: onnx.numpy_helper.to_array(t).copy() for t in graph.initializer}
    state = {name.removeprefix(PREFIX): torch.from_numpy(a) for name, a in arrays.items() if name.startswith(PREFIX)}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in arrays:
            # "/network/bert/encoder/layer.0/output/dense/MatMul" computes x · Wᵀ.
            layer = node.name.removesuffix("/MatMul").strip("/").replace("/", ".").removeprefix(PREFIX)
            state[f"{layer}.weight"] = torch.from_numpy(np.ascontiguousarray(arrays[node.input[1]].T))
    embedding = state["bert.embeddings.word_embeddings.weight"]
    state["cls.predictions.decoder.weight"] = embedding
    state["cls.predictions.decoder.bias"] = state["cls.predictions.bias"]
    return state


def config_of(folder: str | Path, **changes: object) -> BertConfig:
    values = json.loads((Path(folder) / "config.json").read_text(encoding="utf-8"))
    for key in ("architectures", "torch_dtype", "transformers_version", "model_type"):
        values.pop(key, None)
    return BertConfig(**{**values, **changes})


def pretrained(folder: str | Path) -> BertForMaskedLM:
    network = BertForMaskedLM._from_config(config_of(folder), attn_implementation="eager")
    missing, unexpected = network.load_state_dict(state_of(Path(folder) / "onnx/model.onnx"), strict=False)
    # Buffers of positions are no weights.
    if unexpected or any("position_ids" not in name and "token_type_ids" not in name for name in missing):
        raise SystemExit(f"missing {missing}, unexpected {unexpected}")
    return network.eval()


def difference(folder: str | Path) -> float:
    """The largest difference of the logits, PyTorch against the file."""
    rng, worst, network = np.random.default_rng(1), 0.0, pretrained(folder)
    run = onnxruntime.InferenceSession(str(Path(folder) / "onnx/model.onnx"), providers=["CPUExecutionProvider"])
    for length in (3, 20, 100):
        ids = rng.integers(5, network.config.vocab_size, (2, length))
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        with torch.no_grad():
            expected = network(**{name: torch.from_numpy(array) for name, array in feeds.items()}).logits.numpy()
        worst = max(worst, float(np.abs(expected - run.run(["logits"], feeds)[0]).max()))
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bert", required=True, help="folder of scope-bert")
    worst = difference(parser.parse_args().bert)
    print(f"the logits differ by at most {worst:.1e}")
    if worst > TOLERANCE:
        raise SystemExit("these are not the weights of the file")


if __name__ == "__main__":
    main()
