"""Writes the graphs and their configuration from the checkpoint, and checks them against PyTorch.

    python export.py --work FOLDER --model FOLDER

`encoder_model.onnx` and `decoder_model.onnx` are fp32 with eager attention, so that the attention
probabilities are outputs of plain Softmax nodes. The two int8 files are for transformers.js, whose
decoder takes the keys and values of earlier tokens: none at the first step, by an empty axis.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from transformers import MarianMTModel
from transformers.cache_utils import DynamicCache, EncoderDecoderCache

from tokenizer import EOS, MAX_TOKENS, PAD
from train import CONFIG, config

OPSET = 17
TOLERANCE = 1e-4
ROWS = {0: "batch_size", 1: "encoder_sequence_length"}
TARGETS = {0: "batch_size", 1: "decoder_sequence_length"}


class Encoder(torch.nn.Module):
    def __init__(self, network: MarianMTModel):
        super().__init__()
        self.network = network

    def forward(self, input_ids, attention_mask):
        return self.network.model.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state


class Decoder(torch.nn.Module):
    """Logits after every token so far; with `past`, of the new tokens, and the longer past."""

    def __init__(self, network: MarianMTModel):
        super().__init__()
        self.network = network

    def forward(self, encoder_attention_mask, input_ids, encoder_hidden_states, *past):
        cache = None
        if past:
            cache = EncoderDecoderCache(DynamicCache(), DynamicCache())
            for layer in range(len(past) // 2):
                cache.self_attention_cache.update(past[2 * layer], past[2 * layer + 1], layer)
        hidden = self.network.model.decoder(
            input_ids=input_ids, encoder_hidden_states=encoder_hidden_states,
            encoder_attention_mask=encoder_attention_mask, past_key_values=cache, use_cache=bool(past),
        ).last_hidden_state
        logits = self.network.lm_head(hidden) + self.network.final_logits_bias
        if not past:
            return logits
        return (logits, *(part for layer in cache.self_attention_cache.layers for part in (layer.keys, layer.values)))


def trained(work: str, model: str) -> tuple[MarianMTModel, Tokenizer]:
    """The trained model in fp32 with eager attention."""
    tokenizer = Tokenizer.from_file(str(Path(model) / "tokenizer.json"))
    network = MarianMTModel._from_config(config(tokenizer), attn_implementation="eager")
    network.load_state_dict(torch.load(Path(work) / "checkpoint.pt", weights_only=True)["model"])
    return network.eval(), tokenizer


def share_embedding(path: Path) -> None:
    """The exporter stores the output layer's weights as a folded transpose of the embedding; a
    Transpose node in their place lets the graph store them once."""
    graph = onnx.load(str(path))
    tensors = {t.name: t for t in graph.graph.initializer}
    arrays = {name: onnx.numpy_helper.to_array(t) for name, t in tensors.items() if len(t.dims) == 2}
    for name, array in arrays.items():
        twin = next((n for n, a in arrays.items() if n != name and a.shape == array.shape[::-1] and np.array_equal(a.T, array)), None)
        if twin and "shared" in twin:
            graph.graph.initializer.remove(tensors[name])
            node = onnx.helper.make_node("Transpose", [twin], [name], name="TiedEmbedding", perm=[1, 0])
            graph.graph.node.insert(0, node)
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, str(path))


def export(module: torch.nn.Module, path: Path, inputs: dict, outputs: list[str], axes: dict) -> None:
    with torch.no_grad():
        torch.onnx.export(
            module.eval(), tuple(inputs.values()), str(path), input_names=list(inputs), output_names=outputs,
            dynamic_axes=axes, opset_version=OPSET, dynamo=False,
        )
    share_embedding(path)


def past_names(prefix: str) -> list[str]:
    return [f"{prefix}.{i}.decoder.{part}" for i in range(CONFIG["decoder_layers"]) for part in ("key", "value")]


def graphs(network: MarianMTModel, folder: Path) -> None:
    ids = torch.randint(5, 900, (2, 9))
    ones = torch.ones_like(ids)
    hidden = Encoder(network)(ids, ones).detach()
    target = torch.randint(5, 900, (2, 6))
    axes = {"input_ids": ROWS, "attention_mask": ROWS, "last_hidden_state": ROWS}
    export(Encoder(network), folder / "encoder_model.onnx", {"input_ids": ids, "attention_mask": ones}, ["last_hidden_state"], axes)

    inputs = {"encoder_attention_mask": ones, "input_ids": target, "encoder_hidden_states": hidden}
    axes = {"encoder_attention_mask": ROWS, "encoder_hidden_states": ROWS, "input_ids": TARGETS, "logits": TARGETS}
    export(Decoder(network), folder / "decoder_model.onnx", inputs, ["logits"], axes)

    heads = CONFIG["decoder_attention_heads"]
    empty = torch.zeros(2, heads, 3, CONFIG["d_model"] // heads)
    inputs |= {name: empty for name in past_names("past_key_values")}
    axes |= {name: {0: "batch_size", 2: "past_decoder_sequence_length"} for name in past_names("past_key_values")}
    axes |= {name: {0: "batch_size", 2: "total_sequence_length"} for name in past_names("present")}
    with tempfile.TemporaryDirectory() as scratch:
        merged = Path(scratch) / "decoder_model_merged.onnx"
        export(Decoder(network), merged, inputs, ["logits", *past_names("present")], axes)
        for source in (merged, folder / "encoder_model.onnx"):
            small = folder / f"{source.stem}_quantized.onnx"
            quantize_dynamic(str(source), str(small), weight_type=QuantType.QInt8, per_channel=True)


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def difference(network: MarianMTModel, tokenizer: Tokenizer, folder: Path) -> float:
    """The largest difference of the logits over shapes that the export did not see, one row padded."""
    encoder, decoder = session(folder / "encoder_model.onnx"), session(folder / "decoder_model.onnx")
    rng, worst, pad = np.random.default_rng(5), 0.0, tokenizer.token_to_id(PAD)
    for rows, sources, targets in ((1, 1, 1), (1, 7, 3), (3, 20, 31), (2, MAX_TOKENS, 40)):
        ids = rng.integers(5, tokenizer.get_vocab_size(), (rows, sources))
        mask = np.ones_like(ids)
        if rows > 1:
            mask[-1, sources // 2 :] = 0
        ids = np.where(mask == 1, ids, pad)
        outputs = rng.integers(5, tokenizer.get_vocab_size(), (rows, targets))
        outputs[:, 0] = pad
        with torch.no_grad():
            expected = network(
                input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask),
                decoder_input_ids=torch.from_numpy(outputs), use_cache=False,
            ).logits.numpy()
        hidden = encoder.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        found = decoder.run(None, {"encoder_attention_mask": mask, "input_ids": outputs, "encoder_hidden_states": hidden})[0]
        worst = max(worst, float(np.abs(expected - found).max()))
    return worst


def write_config(network: MarianMTModel, tokenizer: Tokenizer, model: Path) -> None:
    values = {"architectures": ["MarianMTModel"], **network.config.to_diff_dict()}
    values |= {"model_type": "marian", "is_encoder_decoder": True, **CONFIG}
    values |= {"num_hidden_layers": CONFIG["encoder_layers"], "tie_word_embeddings": True, "torch_dtype": "float32"}
    ids = {"pad_token_id": tokenizer.token_to_id(PAD), "eos_token_id": tokenizer.token_to_id(EOS)}
    ids |= {"decoder_start_token_id": ids["pad_token_id"]}
    values |= {**ids, "vocab_size": tokenizer.get_vocab_size(), "decoder_vocab_size": tokenizer.get_vocab_size()}
    for key in ("dtype", "_name_or_path", "_attn_implementation"):
        values.pop(key, None)
    generation = {**ids, "bad_words_ids": [[ids["pad_token_id"]]], "max_length": MAX_TOKENS, "num_beams": 1}
    for name, value in (("config", values), ("generation_config", generation)):
        (model / f"{name}.json").write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the checkpoint")
    parser.add_argument("--model", required=True, help="folder of the model")
    args = parser.parse_args()
    network, tokenizer = trained(args.work, args.model)
    folder = Path(args.model) / "onnx"
    folder.mkdir(parents=True, exist_ok=True)
    graphs(network, folder)
    write_config(network, tokenizer, Path(args.model))
    report = {
        "parameters": sum(p.numel() for p in network.parameters()),
        "bytes": {path.name: path.stat().st_size for path in sorted(folder.glob("*.onnx"))},
        "maxDifferenceToPyTorch": difference(network, tokenizer, folder),
    }
    (Path(args.work) / "export.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    if report["maxDifferenceToPyTorch"] > TOLERANCE:
        raise SystemExit("ONNX and PyTorch differ")


if __name__ == "__main__":
    main()
