"""Exports scope-gpt to ONNX with a key-value cache, in the layout of Hugging Face, and quantises it to int8.

    python export.py --work FOLDER --model FOLDER [--tokenizer FOLDER]

The weights are those of the model's name in the work folder (`scope-gpt-pytorch`). With `--tokenizer` the model is the
one that converses: it takes that tokenizer, a chat template, and ends its turns with <|im_end|>. The full-precision
graph stays in the work folder (`fp32/NAME.onnx`), for comparison.
"""

import argparse
import json
import shutil
import warnings
from pathlib import Path

import instruct
import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import DynamicCache, GPT2LMHeadModel


class Cached(torch.nn.Module):
    """Flat tensors in, flat tensors out, as a graph has them."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, position_ids, *past):
        cache = DynamicCache()
        for layer in range(len(past) // 2):
            cache.update(past[2 * layer], past[2 * layer + 1], layer)
        result = self.model(
            input_ids=input_ids, attention_mask=attention_mask, position_ids=position_ids,
            past_key_values=cache, use_cache=True,
        )
        present = [part for layer in result.past_key_values.layers for part in (layer.keys, layer.values)]
        return (result.logits, *present)


def names(prefix, layers):
    return [f"{prefix}.{layer}.{part}" for layer in range(layers) for part in ("key", "value")]


def export(model, file):
    size = model.config
    past = [torch.randn(1, size.n_head, 3, size.n_embd // size.n_head) for _ in range(2 * size.n_layer)]
    inputs = ["input_ids", "attention_mask", "position_ids", *names("past_key_values", size.n_layer)]
    outputs = ["logits", *names("present", size.n_layer)]
    axes = {name: {0: "batch_size", 2: "past_sequence_length"} for name in inputs[3:]}
    axes |= {name: {0: "batch_size", 2: "total_sequence_length"} for name in outputs[1:]}
    axes |= {name: {0: "batch_size", 1: "sequence_length"} for name in ("input_ids", "position_ids", "logits")}
    axes["attention_mask"] = {0: "batch_size", 1: "total_sequence_length"}
    example = (torch.ones(1, 2, dtype=torch.long), torch.ones(1, 5, dtype=torch.long), torch.tensor([[3, 4]]), *past)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Cached(model), example, str(file), dynamo=False, opset_version=17,
            input_names=inputs, output_names=outputs, dynamic_axes=axes,
        )
    graph = onnx.load(str(file))
    for part in (*graph.graph.node, graph.graph, graph):
        part.ClearField("doc_string")
    onnx.save(graph, str(file))


def check(model, file):
    """The graph against PyTorch: a whole text, and the same in two steps with a cache."""
    size = model.config
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    ids = torch.randint(3, size.vocab_size, (1, 9), generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        expected = model(ids).logits.numpy()

    def run(part, start, past):
        feeds = {
            "input_ids": part.numpy(), "attention_mask": np.ones((1, start + part.shape[1]), dtype=np.int64),
            "position_ids": np.arange(start, start + part.shape[1], dtype=np.int64)[None],
        } | past
        return session.run(None, feeds)

    empty = np.zeros((1, size.n_head, 0, size.n_embd // size.n_head), dtype=np.float32)
    inputs = names("past_key_values", size.n_layer)
    whole = run(ids, 0, dict.fromkeys(inputs, empty))
    first = run(ids[:, :6], 0, dict.fromkeys(inputs, empty))
    second = run(ids[:, 6:], 6, dict(zip(inputs, first[1:])))
    error = max(np.abs(whole[0] - expected).max(), np.abs(second[0] - expected[:, 6:]).max())
    return float(error)


def converse(source, folder):
    """The base model's tokenizer with a chat template."""
    shutil.copy(source / "tokenizer.json", folder / "tokenizer.json")
    config = json.loads((source / "tokenizer_config.json").read_text(encoding="utf-8"))
    config |= {"eos_token": "<|im_end|>", "chat_template": instruct.TEMPLATE}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--tokenizer")
    options = parser.parse_args()
    work, folder = Path(options.work), Path(options.model).resolve()
    model = GPT2LMHeadModel.from_pretrained(work / f"{folder.name}-pytorch", attn_implementation="eager").eval()
    (work / "fp32").mkdir(exist_ok=True)
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    full = work / "fp32" / f"{folder.name}.onnx"
    export(model, full)
    error = check(model, full)
    assert error < 1e-3, error
    small = folder / "onnx" / "model_quantized.onnx"
    quantize_dynamic(
        full, small, per_channel=True, reduce_range=False, weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
    )
    config = model.config.to_dict() | {"architectures": ["GPT2LMHeadModel"]}
    kept = ("model_type", "architectures", "vocab_size", "n_positions", "n_embd", "n_layer", "n_head",
            "activation_function", "layer_norm_epsilon", "bos_token_id", "eos_token_id")
    (folder / "config.json").write_text(json.dumps({key: config[key] for key in kept}, indent=2) + "\n")
    ends = 0
    if options.tokenizer:
        ends = [0, instruct.CLOSE]
        converse(Path(options.tokenizer), folder)
    (folder / "generation_config.json").write_text(
        json.dumps({"bos_token_id": 0, "eos_token_id": ends, "pad_token_id": 0}, indent=2) + "\n"
    )
    print(f"fp32 {full.stat().st_size / 1e6:.1f} MB, off by {error:.1e}; int8 {small.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
