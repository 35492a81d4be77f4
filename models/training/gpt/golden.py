"""Writes the fixture of scope-gpt: PyTorch's numbers for the trained weights, and held-out prompts with their answers.

    python golden.py --work FOLDER --model FOLDER --out FOLDER

The weights behind the numbers are those before quantisation, so a test that runs the shipped int8 file sees
what quantisation costs.
"""

import argparse
import base64
import json
import random
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import GPT2LMHeadModel

import worlds

TEXTS = ["Once upon a time there was a little cat.", "cat -> 猫\ndog -> 狗\nbook ->", "问：我有3个苹果，吃了1个，我现在有几个苹果？\n答："]
ITEMS = 30


def packed(array):
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()


def computed(model, tokenizer):
    for text in TEXTS:
        ids = tokenizer.encode(text).ids
        with torch.no_grad():
            result = model(torch.tensor([ids]), output_attentions=True)
        yield {
            "text": text, "ids": ids,
            "lastLogits": packed(result.logits[0, -1].numpy()),
            "attentions": packed(torch.stack(result.attentions)[:, 0].numpy()),
        }


def problems(rng):
    """The same held-out problem, asked for its answer and asked for steps."""
    for chinese in (False, True):
        for _ in range(ITEMS):
            question, _, left = worlds.problem(rng, chinese, test=True)
            ask, reply = ("问：", "答：") if chinese else ("Q: ", "A:")
            direct, steps = ("答案是", "让我们一步一步地想。") if chinese else (" The answer is", " Let's think step by step.")
            yield {
                "language": "zh" if chinese else "en", "answer": str(left),
                "direct": f"{ask}{question}\n{reply}{direct}", "steps": f"{ask}{question}\n{reply}{steps}",
            }


def shots(rng):
    """The same held-out item of a rule, without and with five examples."""
    for name in ("plural", "article", "first_letter"):
        unseen, seen = worlds.task(rng, name, test=True), worlds.task(rng, name)
        for word in rng.sample(sorted(unseen), min(ITEMS, len(unseen))):
            examples = "".join(f"{each} -> {seen[each]}\n" for each in rng.sample(sorted(seen), 5))
            yield {"task": name, "answer": unseen[word], "zeroShot": f"{word} ->", "fiveShot": f"{examples}{word} ->"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    model = GPT2LMHeadModel.from_pretrained(Path(options.work) / "scope-gpt-pytorch", attn_implementation="eager").eval()
    tokenizer = Tokenizer.from_file(str(Path(options.model) / "tokenizer.json"))
    rng = random.Random(11)
    golden = {"computed": list(computed(model, tokenizer)), "problems": list(problems(rng)), "shots": list(shots(rng))}
    (out / "golden.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
