"""Measures the shipped graphs on held-out sentences: exact translations, and what attention points at.

    python evaluate.py --work FOLDER --model FOLDER

Beside exact match stands a translation memory: the translation of the most similar of as many
training sentences. Alignment is measured against the grammar's own links.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from grammar import Phrase, chinese_of, draw, english_of
from phrase import Word
from tokenizer import TO_CHINESE, TO_ENGLISH
from train import BATCH, BLOCK, example
from translate import HEADS, LAYERS, Aligner, Translator

SEED, SENTENCES, ALIGNED, MEMORY = 7, 1000, 400, 50_000
GRAM = 5


def heldout(count: int, seed: int = SEED) -> list[Phrase]:
    rng, found = random.Random(seed), {}
    while len(found) < count:
        pair = draw(rng, "heldout")
        found[english_of(pair)] = pair
    return list(found.values())


def exact(translator: Translator, sources: list[str], targets: list[str]) -> float:
    found = translator.translate(sources)
    return round(float(np.mean([a == b for a, b in zip(found, targets)])), 4)


def memory(sources: list[str], targets: list[str], known: list[tuple[str, str]]) -> float:
    """Exact match of the nearest known sentence's translation (character and word n-grams, TF-IDF)."""
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    table = vectorizer.fit_transform([k for k, _ in known])
    queries = vectorizer.transform(sources)
    nearest = np.concatenate([np.asarray((queries[i : i + 100] @ table.T).argmax(1)).ravel() for i in range(0, len(sources), 100)])
    return round(float(np.mean([known[n][1] == t for n, t in zip(nearest, targets)])), 4)


def keys_of(aligner: Aligner, words: tuple[Word, ...]) -> tuple[list[int], list[int]]:
    """Ids and meanings of the tokens of a sentence, end token included."""
    tokenizer = aligner.translator.tokenizer
    ids, keys = [], []
    for word, key in words:
        pieces = tokenizer.encode(word, add_special_tokens=False).ids
        ids += pieces
        keys += [key] * len(pieces)
    return [*ids, aligner.translator.eos], [*keys, 0]


def alignment(aligner: Aligner, pairs: list[Phrase], to: str) -> dict:
    """Share of content tokens whose most attended source token means the same. The map is chosen on
    the first half of the sentences and measured on the second."""
    maps = [f"layer {i} head {j}" for i in range(LAYERS) for j in range(HEADS)]
    maps += [f"layer {i} mean" for i in range(LAYERS)]
    right, diagonal = [], []
    for pair in pairs:
        source, target, mark = (pair.en, pair.zh, TO_CHINESE) if to == "zh" else (pair.zh, pair.en, TO_ENGLISH)
        text = english_of(pair) if to == "zh" else chinese_of(pair)
        source_ids, source_keys = keys_of(aligner, source)
        target_ids, target_keys = keys_of(aligner, target)
        if aligner.translator.tokenizer.encode(text).ids != source_ids:
            raise SystemExit(f"the words of “{text}” are not its tokens")
        weights = aligner.attention(f"{mark} {text}", target_ids)[..., 1:]  # without the direction token
        weights = np.concatenate([weights.reshape(-1, *weights.shape[2:]), weights.mean(1)])
        rows = [i for i, key in enumerate(target_keys) if key and key in source_keys]
        best = weights[:, rows].argmax(-1)
        wanted = np.array([target_keys[i] for i in rows])
        right.append(np.array(source_keys)[best] == wanted[None])
        straight = [min(round(i * len(source_keys) / len(target_keys)), len(source_keys) - 1) for i in rows]
        diagonal.append(np.array(source_keys)[straight] == wanted)
    half = len(pairs) // 2
    tuned, tested = (np.concatenate(part, 1).mean(1) for part in (right[:half], right[half:]))
    chosen = int(tuned.argmax())
    shares = {name: round(float(share), 4) for name, share in zip(maps, tested)}
    return {"map": maps[chosen], "share": shares[maps[chosen]], "diagonal": round(float(np.concatenate(diagonal[half:]).mean()), 4), "all": shares}


def grams(text: str) -> set[str]:
    words = text.split() if text.isascii() else list(text)
    return {" ".join(words[i : i + GRAM]) for i in range(len(words) - GRAM + 1)}


def overlap(pairs: list[Phrase], work: Path) -> dict:
    """What of the held-out sentences stands in the training sentences, all of them drawn again."""
    training = json.loads((work / "training.json").read_text(encoding="utf-8"))
    wholes: set[str] = set()
    pieces: set[str] = set()
    for block in range(-(-training["step"] // BLOCK)):
        rng = random.Random(f"{training['seed']} {block}")
        for source, target in (example(rng) for _ in range(BATCH * BLOCK)):
            for text in (source.removeprefix(f"{TO_CHINESE} ").removeprefix(f"{TO_ENGLISH} "), target):
                wholes.add(text.lower())
                pieces |= grams(text.lower())
    texts = [side(pair).lower() for pair in pairs for side in (english_of, chinese_of)]
    shares = [len(found & pieces) / len(found) for found in map(grams, texts) if found]
    return {
        "trainingPairs": training["step"] * BATCH,
        "heldOutSentencesInTraining": sum(text in wholes for text in texts),
        f"shareOfTheir{GRAM}gramsInTraining": round(float(np.mean(shares)), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with training.json")
    parser.add_argument("--model", required=True, help="folder of the model")
    args = parser.parse_args()

    model, pairs = Path(args.model), heldout(SENTENCES)
    english, chinese = [english_of(p) for p in pairs], [chinese_of(p) for p in pairs]
    rng = random.Random(SEED + 1)
    known = [(english_of(p), chinese_of(p)) for p in (draw(rng, "train") for _ in range(MEMORY))]
    sides = {
        "en-zh": ([f"{TO_CHINESE} {t}" for t in english], english, chinese, known),
        "zh-en": ([f"{TO_ENGLISH} {t}" for t in chinese], chinese, english, [(zh, en) for en, zh in known]),
    }
    full, small, aligner = Translator(model), Translator(model, quantized=True), Aligner(model)
    report: dict = {"sentences": SENTENCES}
    for name, (marked, bare, targets, table) in sides.items():
        report[name] = {
            "exactMatch": exact(full, marked, targets),
            "exactMatchInt8": exact(small, marked, targets),
            "exactMatchWithoutDirection": exact(full, bare, targets),
            "translationMemory": memory(bare, targets, table),
            "alignment": alignment(aligner, pairs[:ALIGNED], name[-2:]),
        }
    report["overlap"] = overlap(pairs, Path(args.work))
    text = json.dumps(report, indent=2, ensure_ascii=False)
    (Path(args.work) / "evaluation.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
