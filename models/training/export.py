"""Writes config.json and onnx/model.onnx from the checkpoint, and checks one against the other.

    python export.py --work FOLDER --model FOLDER

The graph is exported with eager attention, so that the attention probabilities are the
outputs of plain Softmax nodes, and stays in fp32, so that it can be compared with PyTorch.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForMaskedLM

from train import CONFIG, PAD

OPSET = 17
TOLERANCE = 1e-4
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


def trained(work, model):
    """The trained model in fp32 with eager attention."""
    tokenizer = Tokenizer.from_file(str(Path(model) / "tokenizer.json"))
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), pad_token_id=PAD, **CONFIG)
    network = BertForMaskedLM._from_config(config, attn_implementation="eager")
    network.load_state_dict(torch.load(Path(work) / "checkpoint.pt", weights_only=True)["model"])
    return network.eval(), tokenizer


class Logits(torch.nn.Module):
    """The model with the inputs in the order of the graph and the logits as its only output."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.network(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).logits


def examples(tokenizer, rows, length, seed):
    """Random ids, rows of different lengths padded to the longest, the later half of each type 1."""
    rng = np.random.default_rng(seed)
    ids = rng.integers(5, tokenizer.get_vocab_size(), (rows, length))
    lengths = np.maximum(1, length - np.arange(rows) * (length // (rows + 1)))
    mask = (np.arange(length)[None] < lengths[:, None]).astype(np.int64)
    types = (np.arange(length)[None] >= lengths[:, None] // 2).astype(np.int64) * mask
    return np.where(mask == 1, ids, PAD).astype(np.int64), mask, types


def share_embedding(path):
    """The exporter stores the output layer's weights as a folded transpose of the word
    embedding: 6 MB twice. A Transpose node in its place lets the graph store them once."""
    graph = onnx.load(str(path))
    tensors = {t.name: t for t in graph.graph.initializer}
    arrays = {name: onnx.numpy_helper.to_array(t) for name, t in tensors.items() if len(t.dims) == 2}
    embedding = next(name for name in arrays if "word_embeddings" in name)
    for name, array in arrays.items():
        if name != embedding and array.shape == arrays[embedding].shape[::-1]:
            if np.array_equal(array, arrays[embedding].T):
                graph.graph.initializer.remove(tensors[name])
                node = onnx.helper.make_node("Transpose", [embedding], [name], name="TiedEmbedding", perm=[1, 0])
                graph.graph.node.insert(0, node)
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, str(path))


def session(model):
    return onnxruntime.InferenceSession(str(Path(model) / "onnx/model.onnx"), providers=["CPUExecutionProvider"])


def difference(network, tokenizer, model):
    """The largest difference of the two models' logits over shapes the export did not see."""
    run, worst = session(model), 0.0
    for seed, (rows, length) in enumerate([(1, 1), (1, 3), (1, 10), (3, 17), (2, 128), (4, 256)]):
        arrays = examples(tokenizer, rows, length, seed)
        with torch.no_grad():
            expected = Logits(network)(*map(torch.from_numpy, arrays)).numpy()
        found = run.run(["logits"], dict(zip(INPUTS, arrays)))[0]
        worst = max(worst, float(np.abs(expected - found)[arrays[1] == 1].max()))
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the checkpoint")
    parser.add_argument("--model", required=True, help="folder of the model")
    args = parser.parse_args()

    network, tokenizer = trained(args.work, args.model)
    path = Path(args.model) / "onnx/model.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    sample = tuple(map(torch.from_numpy, examples(tokenizer, 2, 12, 0)))
    axes = {0: "batch_size", 1: "sequence_length"}
    with torch.no_grad():
        torch.onnx.export(
            Logits(network).eval(),
            sample,
            str(path),
            input_names=INPUTS,
            output_names=["logits"],
            dynamic_axes={name: axes for name in [*INPUTS, "logits"]},
            opset_version=OPSET,
            dynamo=False,
        )
    share_embedding(path)

    config = {"architectures": ["BertForMaskedLM"], **network.config.to_diff_dict()}
    config |= {"model_type": "bert", "vocab_size": tokenizer.get_vocab_size(), "pad_token_id": PAD, **CONFIG}
    # Written out though they are BERT's defaults: readers other than transformers need them.
    config |= {"hidden_act": "gelu", "layer_norm_eps": 1e-12, "tie_word_embeddings": True, "torch_dtype": "float32"}
    for key in ("dtype", "_name_or_path", "_attn_implementation"):
        config.pop(key, None)
    (Path(args.model) / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")

    worst = difference(network, tokenizer, args.model)
    parameters = sum(p.numel() for p in network.parameters())
    report = {"parameters": parameters, "bytes": path.stat().st_size, "maxDifferenceToPyTorch": worst}
    (Path(args.work) / "export.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    if worst > TOLERANCE:
        raise SystemExit(f"ONNX and PyTorch differ by {worst}")


if __name__ == "__main__":
    main()
