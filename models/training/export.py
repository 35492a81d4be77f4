"""Writes config.json and onnx/model.onnx from the checkpoint, and checks one against the other.

    python export.py --work FOLDER --model FOLDER

The graph is exported with eager attention, so that the attention probabilities are the outputs of plain Softmax nodes.
Its matrices are stored as 8-bit integers (see compact.py) and computed with as 32-bit floats; `full` gives the network
with the weights as they were trained, for comparison.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForPreTraining

from architecture import CONFIG
from compact import compact, round_weights
from pairs import PAD

OPSET = 17
TOLERANCE = 1e-4
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUTS = {"BertForPreTraining": ["logits", "seq_relationship_logits"], "BertForSequenceClassification": ["logits"]}


def state(work):
    """The weights after the last stage of training."""
    stages = [Path(work) / name for name in ("checkpoint-next.pt", "checkpoint.pt")]
    return torch.load(next(path for path in stages if path.exists()), weights_only=True)["model"]


def full(work, model):
    """The model as it was trained, with eager attention."""
    tokenizer = Tokenizer.from_file(str(Path(model) / "tokenizer.json"))
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), pad_token_id=PAD, **CONFIG)
    network = BertForPreTraining._from_config(config, attn_implementation="eager")
    network.load_state_dict(state(work))
    return network.eval(), tokenizer


def trained(work, model):
    """The model with the weights that are shipped."""
    network, tokenizer = full(work, model)
    round_weights(network)
    return network, tokenizer


class Flat(torch.nn.Module):
    """The model with the inputs in the order of the graph and a tuple of its outputs."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, input_ids, attention_mask, token_type_ids):
        output = self.network(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        if "prediction_logits" in output:
            return output.prediction_logits, output.seq_relationship_logits
        return (output.logits,)


def examples(vocabulary, rows, length, seed):
    """Random ids, rows of different lengths padded to the longest, the later half of each type 1."""
    rng = np.random.default_rng(seed)
    ids = rng.integers(5, vocabulary, (rows, length))
    lengths = np.maximum(1, length - np.arange(rows) * (length // (rows + 1)))
    mask = (np.arange(length)[None] < lengths[:, None]).astype(np.int64)
    types = (np.arange(length)[None] >= lengths[:, None] // 2).astype(np.int64) * mask
    return np.where(mask == 1, ids, PAD).astype(np.int64), mask, types


def session(model):
    return onnxruntime.InferenceSession(str(Path(model) / "onnx/model.onnx"), providers=["CPUExecutionProvider"])


def difference(network, model):
    """The largest difference of any output over shapes that the export did not see."""
    run, worst = session(model), 0.0
    for seed, (rows, length) in enumerate([(1, 1), (1, 3), (1, 10), (3, 17), (2, 128), (4, 256)]):
        arrays = examples(network.config.vocab_size, rows, length, seed)
        with torch.no_grad():
            expected = Flat(network)(*map(torch.from_numpy, arrays))
        for one, other in zip(expected, run.run(None, dict(zip(INPUTS, arrays)))):
            apart = np.abs(one.numpy() - other)
            worst = max(worst, float((apart[arrays[1] == 1] if apart.ndim == 3 else apart).max()))
    return worst


def write(network, model, **settings):
    """Rounds the network's weights and writes graph and configuration; the figures of the export."""
    parameters = sum(p.numel() for p in network.parameters())
    kind = type(network).__name__
    table = round_weights(network)
    path = Path(model) / "onnx/model.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    sample = tuple(map(torch.from_numpy, examples(network.config.vocab_size, 2, 12, 0)))
    axes = {0: "batch_size", 1: "sequence_length"}
    ends = {"logits": axes if kind == "BertForPreTraining" else {0: "batch_size"}, "seq_relationship_logits": {0: "batch_size"}}
    with torch.no_grad():
        torch.onnx.export(
            Flat(network).eval(),
            sample,
            str(path),
            input_names=INPUTS,
            output_names=OUTPUTS[kind],
            dynamic_axes={name: axes for name in INPUTS} | {name: ends[name] for name in OUTPUTS[kind]},
            opset_version=OPSET,
            dynamo=False,
        )
    compact(path, table)

    config = {"architectures": [kind], **network.config.to_diff_dict()}
    config |= {"model_type": "bert", "vocab_size": network.config.vocab_size, "pad_token_id": PAD, **CONFIG, **settings}
    # Written out though they are BERT's defaults: readers other than transformers need them.
    config |= {"hidden_act": "gelu", "layer_norm_eps": 1e-12, "tie_word_embeddings": True, "torch_dtype": "float32"}
    for key in ("dtype", "_name_or_path", "_attn_implementation"):
        config.pop(key, None)
    (Path(model) / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")

    worst = difference(network, model)
    if worst > TOLERANCE:
        raise SystemExit(f"ONNX and PyTorch differ by {worst}")
    return {"parameters": parameters, "bytes": path.stat().st_size, "maxDifferenceToPyTorch": worst}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the checkpoint")
    parser.add_argument("--model", required=True, help="folder of the model")
    args = parser.parse_args()
    network, _ = full(args.work, args.model)
    report = write(network, args.model)
    (Path(args.work) / "export.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
