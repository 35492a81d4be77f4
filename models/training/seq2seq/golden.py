"""Writes what the extension's tests compare with: PyTorch's translations, logits and cross attention,
from the checkpoint and not from the ONNX files, and some held-out pairs of the grammar.

    python golden.py --work FOLDER --model FOLDER --out FOLDER
"""

from __future__ import annotations

import argparse
import base64
import json
from pathlib import Path

import numpy as np
import torch

from evaluate import heldout
from export import trained
from grammar import chinese_of, english_of

TEXTS = [
    ">>zho<< The cat is sitting on the mat now.",
    ">>zho<< Tom bought three red apples at the market yesterday.",
    ">>eng<< 汤姆昨天在市场买了三个红色的苹果。",
    ">>eng<< 因为我昨晚没有睡觉，所以我很累。",
    "The book that Mary found last week was very old.",
]
PAIRS = 60


def encoded(array: np.ndarray) -> dict:
    data = base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()
    return {"dims": list(array.shape), "data": data}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the checkpoint")
    parser.add_argument("--model", required=True, help="folder of the model")
    parser.add_argument("--out", required=True, help="folder for golden.json and heldout.json")
    args = parser.parse_args()
    network, tokenizer = trained(args.work, args.model)
    cases = []
    for text in TEXTS:
        ids = torch.tensor([tokenizer.encode(text).ids])
        with torch.no_grad():
            target = network.generate(input_ids=ids, num_beams=1, do_sample=False, max_length=128)
            out = network(input_ids=ids, decoder_input_ids=target[:, :-1], output_attentions=True, use_cache=False)
        cases.append(
            {
                "text": text,
                "sourceIds": ids[0].tolist(),
                "targetIds": target[0].tolist(),
                "translation": tokenizer.decode(target[0].tolist(), skip_special_tokens=True),
                "encoderStates": encoded(out.encoder_last_hidden_state[0].numpy()),
                "lastLogits": encoded(out.logits[0, -1].numpy()),
                "crossAttentions": encoded(torch.cat(out.cross_attentions).numpy()),
            }
        )
        print(text, "->", cases[-1]["translation"])
    folder = Path(args.out)
    folder.mkdir(parents=True, exist_ok=True)
    pairs = [{"en": english_of(p), "zh": chinese_of(p)} for p in heldout(PAIRS)]
    for name, values in (("golden", cases), ("heldout", pairs)):
        lines = ",\n".join(json.dumps(value, ensure_ascii=False) for value in values)
        (folder / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
