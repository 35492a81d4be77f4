"""Makes the tokenizer and the training stream of scope-gpt.

    python corpus.py --work FOLDER --model FOLDER [--tokens N]

FOLDER must hold the `train.jsonl` and `heldout.jsonl` of `../data.py`, and `reviews/train.jsonl` of
`../sentiment/data.py`. Writes `train.npy` and `heldout.npy`
(uint16, documents separated by <|endoftext|>) into it and the tokenizer's files into the model's folder.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

import worlds

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
END = 0
VOCABULARY = 4096
MAX_LENGTH = 512
# Shares of the tokens of the stream.
MIX = {"general": 0.27, "few_shot": 0.27, "problem": 0.18, "instruction": 0.1, "translation": 0.06, "repeat": 0.12}


def documents(work, split):
    with open(Path(work) / f"{split}.jsonl", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def general(work, split, rng):
    """Simple English, parallel sentences and Chinese; of the books a part, of reviews a part."""
    texts, pairs = [], []
    for doc in documents(work, split):
        if doc["lang"] == "pair":
            english, chinese = doc["segments"]
            if len(english) <= 60:
                pairs.append((english, chinese))
            texts.append(f"{english}\n{chinese}\n")
        elif doc["source"] == "tinystories":
            texts += [" ".join(doc["segments"]) + "\n"] * 2
        elif doc["source"] == "books":
            for first in range(0, min(len(doc["segments"]), 300), 6):
                texts.append(" ".join(doc["segments"][first : first + 6]) + "\n")
        else:
            texts.append("".join(doc["segments"]) + "\n")
    rng.shuffle(texts)
    return texts, pairs


def draw(kind, rng, texts, pairs):
    if kind == "general":
        return rng.choice(texts)
    if kind == "few_shot":
        return worlds.few_shot(rng)
    if kind == "problem":
        return worlds.word_problem(rng)
    if kind == "instruction":
        return "".join(worlds.instruction(rng) for _ in range(rng.randint(1, 3)))
    return worlds.translation(rng, pairs)


def repeated(rng, vocabulary):
    """Random tokens, twice or more in a row: what induction heads learn from (Olsson et al. 2022)."""
    copy = [rng.randrange(len(SPECIAL), vocabulary) for _ in range(rng.randint(4, 40))]
    return copy * rng.randint(2, 4)


def train_tokenizer(rng, texts, pairs, model):
    """Byte-level BPE as GPT-2's, but every digit is a token of its own, so that sums can be learnt."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=SPECIAL, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    sample = texts[:60_000] + [draw(kind, rng, texts, pairs) for kind in MIX if kind != "repeat" for _ in range(3_000)]
    tokenizer.train_from_iterator(sample, trainer)
    folder = Path(model)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": MAX_LENGTH,
        "bos_token": SPECIAL[0], "eos_token": SPECIAL[0], "clean_up_tokenization_spaces": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
    return tokenizer


def stream(tokenizer, rng, texts, pairs, count):
    """About `count` tokens in the shares of MIX."""
    parts, sizes = [], dict.fromkeys(MIX, 0)
    total = 0
    while total < count:
        # The kind that is furthest behind its share comes next, in batches for the tokenizer's sake.
        kind = min(MIX, key=lambda each: sizes[each] / MIX[each])
        if kind == "repeat":
            batch = [repeated(rng, VOCABULARY) for _ in range(256)]
        else:
            drawn = [draw(kind, rng, texts, pairs) for _ in range(256)]
            batch = [encoding.ids[: MAX_LENGTH - 1] for encoding in tokenizer.encode_batch(drawn)]
        for ids in batch:
            parts.append(np.array([*ids, END], dtype=np.uint16))
            sizes[kind] += len(ids) + 1
        total = sum(sizes.values())
    random.Random(0).shuffle(parts)
    return np.concatenate(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--tokens", type=int, default=30_000_000)
    options = parser.parse_args()
    rng = random.Random(2026)
    worlds.add_reviews(Path(options.work) / "reviews" / "train.jsonl")
    texts, pairs = general(options.work, "train", rng)
    tokenizer = train_tokenizer(rng, texts, pairs, options.model)
    np.save(Path(options.work) / "gpt-train.npy", stream(tokenizer, rng, texts, pairs, options.tokens))
    unseen, _ = general(options.work, "heldout", rng)
    ids = [np.array([*encoding.ids, END], dtype=np.uint16) for encoding in tokenizer.encode_batch(unseen[:4000])]
    np.save(Path(options.work) / "gpt-heldout.npy", np.concatenate(ids))


if __name__ == "__main__":
    main()
