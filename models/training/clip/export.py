"""Writes the graph of both towers and its configuration from the checkpoint, and checks it against PyTorch.

    python export.py --work FOLDER --model FOLDER

`onnx/model.onnx` is fp32 with eager attention, so that the attention probabilities are outputs of
plain Softmax nodes; `onnx/model_quantized.onnx` has int8 weights.
"""

from __future__ import annotations

import argparse
import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from transformers import CLIPModel

from picture import SIDE
from tokenizer import EOS, PAD
from train import MEAN, STD, config

OPSET = 17
TOLERANCE = 1e-3  # of the logits, which go up to 100
INPUTS = {
    "input_ids": {0: "text_batch_size", 1: "sequence_length"},
    "pixel_values": {0: "image_batch_size"},
    "attention_mask": {0: "text_batch_size", 1: "sequence_length"},
}
OUTPUTS = {
    "logits_per_image": {0: "image_batch_size", 1: "text_batch_size"},
    "logits_per_text": {0: "text_batch_size", 1: "image_batch_size"},
    "text_embeds": {0: "text_batch_size"},
    "image_embeds": {0: "image_batch_size"},
}


class Both(torch.nn.Module):
    def __init__(self, network: CLIPModel):
        super().__init__()
        self.network = network

    def forward(self, input_ids, pixel_values, attention_mask):
        found = self.network(input_ids=input_ids, pixel_values=pixel_values, attention_mask=attention_mask)
        return tuple(found[name] for name in OUTPUTS)


def trained(work: str, model: str) -> tuple[CLIPModel, Tokenizer]:
    """The trained model in fp32 with eager attention."""
    tokenizer = Tokenizer.from_file(str(Path(model) / "tokenizer.json"))
    network = CLIPModel._from_config(config(tokenizer), attn_implementation="eager")
    network.load_state_dict(torch.load(Path(work) / "checkpoint.pt", weights_only=True)["model"])
    return network.eval(), tokenizer


def example(tokenizer: Tokenizer, texts: int, length: int, images: int, seed: int) -> tuple[np.ndarray, ...]:
    """Random ids that end at different places, random pixels."""
    rng = np.random.default_rng(seed)
    ids = rng.integers(4, tokenizer.get_vocab_size(), (texts, length))
    for row in range(texts):
        end = max(1, length - 1 - 2 * row)
        ids[row, end], ids[row, end + 1 :] = tokenizer.token_to_id(EOS), tokenizer.token_to_id(PAD)
    pixels = rng.uniform(-4, 1, (images, 3, SIDE, SIDE)).astype(np.float32)
    return ids, pixels, (ids != tokenizer.token_to_id(PAD)).astype(np.int64)


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def difference(network: CLIPModel, tokenizer: Tokenizer, path: Path) -> float:
    run, worst = session(path), 0.0
    for seed, (texts, length, images) in enumerate([(1, 4, 1), (3, 12, 2), (2, 30, 5)]):
        arrays = example(tokenizer, texts, length, images, seed)
        with torch.no_grad():
            expected = Both(network)(*map(torch.from_numpy, arrays))[0].numpy()
        found = run.run(["logits_per_image"], dict(zip(INPUTS, arrays)))[0]
        worst = max(worst, float(np.abs(expected - found).max()))
    return worst


def slim(path: Path) -> None:
    """Long names of nodes and of what flows between them take as much room as a layer: numbers do as well."""
    model = onnx.load(str(path))
    graph = model.graph
    fixed = {each.name for each in (*graph.input, *graph.output, *graph.initializer)}
    short: dict[str, str] = {"": ""}
    name = lambda long: long if long in fixed else short.setdefault(long, f"t{len(short)}")  # noqa: E731
    for node in graph.node:
        node.name, node.doc_string = "", ""
        for names in (node.input, node.output):
            names[:] = [name(each) for each in names]
    del graph.value_info[:]
    onnx.save(model, str(path))


def write_config(network: CLIPModel, model: Path) -> None:
    values = {"architectures": ["CLIPModel"], "model_type": "clip", **network.config.to_dict()}
    for part in (values, values["text_config"], values["vision_config"]):
        for key in ("dtype", "_name_or_path", "_attn_implementation", "_attn_implementation_internal"):
            part.pop(key, None)
    # Where training began; what it came to is in the graph.
    values |= {"torch_dtype": "float32"}
    processor = {
        "image_processor_type": "CLIPImageProcessor", "do_convert_rgb": True,
        "do_resize": True, "size": {"shortest_edge": SIDE}, "resample": 3,
        "do_center_crop": True, "crop_size": {"height": SIDE, "width": SIDE},
        "do_rescale": True, "rescale_factor": 1 / 255,
        "do_normalize": True, "image_mean": [MEAN] * 3, "image_std": [STD] * 3,
    }
    for name, value in (("config", values), ("preprocessor_config", processor)):
        (model / f"{name}.json").write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the checkpoint")
    parser.add_argument("--model", required=True, help="folder of the model")
    args = parser.parse_args()
    network, tokenizer = trained(args.work, args.model)
    path = Path(args.model) / "onnx/model.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Both(network).eval(), tuple(map(torch.from_numpy, example(tokenizer, 3, 9, 2, 0))), str(path),
            input_names=list(INPUTS), output_names=list(OUTPUTS), dynamic_axes={**INPUTS, **OUTPUTS},
            opset_version=OPSET, dynamo=False,
        )
    onnx.checker.check_model(str(path), full_check=True)
    small = path.with_name("model_quantized.onnx")
    # Not the convolution over patches: its integer operator is missing in some runtimes.
    quantize_dynamic(str(path), str(small), weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"])
    for each in (path, small):
        slim(each)
    write_config(network, Path(args.model))
    report = {
        "parameters": sum(p.numel() for p in network.parameters()),
        "bytes": {file.name: file.stat().st_size for file in sorted(path.parent.glob("*.onnx"))},
        "logitScale": network.logit_scale.exp().item(),
        "maxDifferenceToPyTorch": difference(network, tokenizer, path),
    }
    (Path(args.work) / "export.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    if report["maxDifferenceToPyTorch"] > TOLERANCE:
        raise SystemExit("ONNX and PyTorch differ")


if __name__ == "__main__":
    main()
