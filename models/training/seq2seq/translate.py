"""Greedy translation with the shipped graphs, and their cross attention."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from tokenizers import Tokenizer

from export import session
from tokenizer import EOS, MAX_TOKENS, PAD
from train import CONFIG

LAYERS, HEADS = CONFIG["decoder_layers"], CONFIG["decoder_attention_heads"]


def padded(rows: list[list[int]], pad: int) -> np.ndarray:
    width = max(map(len, rows))
    return np.array([row + [pad] * (width - len(row)) for row in rows], dtype=np.int64)


class Translator:
    """The fp32 pair of graphs, or the int8 pair."""

    def __init__(self, model: Path, quantized: bool = False):
        self.tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self.pad, self.eos = (self.tokenizer.token_to_id(token) for token in (PAD, EOS))
        self.quantized = quantized
        suffix = "_quantized" if quantized else ""
        self.encoder = session(model / f"onnx/encoder_model{suffix}.onnx")
        self.decoder = session(model / ("onnx/decoder_model_merged_quantized.onnx" if quantized else "onnx/decoder_model.onnx"))

    def logits(self, mask: np.ndarray, hidden: np.ndarray, outputs: np.ndarray) -> np.ndarray:
        feeds = {"encoder_attention_mask": mask, "input_ids": outputs, "encoder_hidden_states": hidden}
        if self.quantized:
            nothing = np.zeros((len(outputs), HEADS, 0, CONFIG["d_model"] // HEADS), np.float32)
            feeds |= {i.name: nothing for i in self.decoder.get_inputs() if i.name.startswith("past")}
        return self.decoder.run(["logits"], feeds)[0]

    def encode(self, sources: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        ids = padded([e.ids for e in self.tokenizer.encode_batch(sources)], self.pad)
        mask = (ids != self.pad).astype(np.int64)
        return ids, mask, self.encoder.run(None, {"input_ids": ids, "attention_mask": mask})[0]

    def translate(self, sources: list[str], batch: int = 50) -> list[str]:
        found: list[str] = []
        for begin in range(0, len(sources), batch):
            _, mask, hidden = self.encode(sources[begin : begin + batch])
            outputs = np.full((len(mask), 1), self.pad, np.int64)
            done = np.zeros(len(mask), bool)
            while not done.all() and outputs.shape[1] < MAX_TOKENS:
                following = self.logits(mask, hidden, outputs)[:, -1].argmax(-1)
                following = np.where(done, self.pad, following)
                done |= following == self.eos
                outputs = np.concatenate([outputs, following[:, None]], 1)
            found += [self.tokenizer.decode([int(i) for i in row if i not in (self.pad, self.eos)]) for row in outputs]
        return found


class Aligner:
    """Cross attention while the right translation is read, from the Softmax nodes of the shipped decoder."""

    def __init__(self, model: Path):
        self.translator = Translator(model)
        graph = onnx.load(str(model / "onnx/decoder_model.onnx"))
        self.names = [n.output[0] for n in graph.graph.node if n.op_type == "Softmax" and "encoder_attn" in n.name]
        if len(self.names) != LAYERS:
            raise SystemExit(f"{len(self.names)} cross attentions in the graph, not {LAYERS}")
        graph.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in self.names)
        self.decoder = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])

    def attention(self, source: str, target: list[int]) -> np.ndarray:
        """[layers, heads, target tokens, source tokens]; row i is where token i of the target is predicted."""
        _, mask, hidden = self.translator.encode([source])
        outputs = np.array([[self.translator.pad, *target[:-1]]])
        feeds = {"encoder_attention_mask": mask, "input_ids": outputs, "encoder_hidden_states": hidden}
        return np.concatenate(self.decoder.run(self.names, feeds))
