"""Writes the fixtures that the extension's tests compare with: tokens, attention, predictions and next-sentence
probabilities as PyTorch computes them, from the checkpoint (its weights rounded as in the file) and not from the file.

    python golden.py --work FOLDER --model FOLDER --out FILE

Beside FILE, offsets.json gets the character ranges of Hugging Face's tokenizer and nextSentence.json the pairs.
"""

import argparse
import base64
import json
from pathlib import Path

import numpy as np
import torch

from export import INPUTS, session, trained
from pairs import MASK

TEXTS = [
    "The cat sat on the mat",
    "The cat sat on the [MASK].",
    "我很喜欢这本[MASK]。",
    "Tom 说 the hotel 很好 😀 but 早餐 was cold.",
    # 75 tokens with the shipped vocabulary: base64 of 4 x 6 x tokens² floats is what the size of the file goes by.
    "Early in the morning the old man walked down to the river with his dog. The water was "
    "high, for it had rained all night, and the small boat was gone. He looked along the bank, "
    "called his neighbour, and together they found it under the trees. They laughed, sat down "
    "in the grass and shared some bread before the long way home.",
]
MOST_BYTES = 1_000_000
PAIRS = [
    ("The cat sat on the mat.", "It was tired."),
    ("She opened the door.", "There was nobody in the room."),
    ("She opened the door.", "The battery lasts for two days."),
    ("房间很干净。", "服务员也很热情。"),
    ("房间很干净。", "他在战争中失去了一条腿。"),
]


def encoded(array):
    return {
        "dims": list(array.shape),
        "data": base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode(),
    }


def next_sentences(network, tokenizer):
    """Of each pair: how probable it is that the second follows."""
    cases = []
    for first, second in PAIRS:
        encoding = tokenizer.encode(first, second)
        arrays = [torch.tensor([row]) for row in (encoding.ids, encoding.attention_mask, encoding.type_ids)]
        with torch.no_grad():
            scores = network(**dict(zip(INPUTS, arrays))).seq_relationship_logits
        cases.append({"first": first, "second": second, "probability": scores.double().softmax(-1)[0, 0].item()})
    return cases


def offsets(tokenizer, file):
    """The ranges of the texts that the file has already, in UTF-16 units; a combining mark that the model drops is
    counted to its letter by the extension, not here."""
    kept = json.loads(file.read_text(encoding="utf-8"))
    for case in kept["cases"]:
        encoding = tokenizer.encode(case["text"], add_special_tokens=False)
        units = lambda at: len(case["text"][:at].encode("utf-16-le")) // 2  # noqa: E731, B023
        case |= {"tokens": encoding.tokens, "offsets": [[units(a), units(b)] for a, b in encoding.offsets]}
    file.write_text(json.dumps(kept, ensure_ascii=False) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the checkpoint")
    parser.add_argument("--model", required=True, help="folder of the model")
    parser.add_argument("--out", required=True, help="the file to write")
    args = parser.parse_args()

    network, tokenizer = trained(args.work, args.model)
    run, cases, worst = session(args.model), [], 0.0
    for text in TEXTS:
        encoding = tokenizer.encode(text)
        ids = torch.tensor([encoding.ids])
        arrays = [ids, torch.ones_like(ids), torch.zeros_like(ids)]
        with torch.no_grad():
            output = network(**dict(zip(INPUTS, arrays)), output_attentions=True)
        other = run.run(["logits"], {name: a.numpy() for name, a in zip(INPUTS, arrays)})[0]
        worst = max(worst, float(np.abs(output.prediction_logits.numpy() - other).max()))

        top = None
        if MASK in encoding.ids:
            chances = output.prediction_logits[0, encoding.ids.index(MASK)].double().softmax(-1)
            best = chances.topk(5)
            top = [
                {"token": tokenizer.id_to_token(i), "id": i, "probability": p}
                for p, i in zip(best.values.tolist(), best.indices.tolist())
            ]
        cases.append(
            {
                "text": text,
                "tokens": encoding.tokens,
                "ids": encoding.ids,
                "attentions": encoded(torch.cat(output.attentions).numpy()),
                "maskedTop5": top,
            }
        )
    out = Path(args.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    # One case a line: readable enough, and a new run changes whole lines only.
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    out.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    pairs = json.dumps({"cases": next_sentences(network, tokenizer)}, indent=2, ensure_ascii=False)
    out.with_name("nextSentence.json").write_text(pairs + "\n", encoding="utf-8")
    if out.with_name("offsets.json").exists():
        offsets(tokenizer, out.with_name("offsets.json"))
    size = out.stat().st_size
    print(f"{[len(c['ids']) for c in cases]} tokens, {size:,} bytes, ONNX differs by at most {worst:.1e}")
    if size > MOST_BYTES:
        # As happens with templated text, whose vocabulary cuts the words of others to pieces.
        print(f"larger than {MOST_BYTES:,} bytes: not to be committed")


if __name__ == "__main__":
    main()
