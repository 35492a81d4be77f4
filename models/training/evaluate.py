"""Measures the exported model on held-out text: loss and accuracy at masked positions.

    python evaluate.py --work FOLDER --model FOLDER [--data FOLDER]

In every held-out example 15 % of the words (at least one) are replaced by [MASK], by a
fixed seed, and the model in onnx/model.onnx is asked for them. Beside it stands a unigram
baseline at the same positions: how often each token comes in the same source's training text.
With --data, WikiText-2's test split, a kind of text training never saw, is measured too.
"""

import argparse
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from data import members
from export import INPUTS, session
from train import CLS, FIRST_WORD, MASK, SEP

SEED = 7
MASKED = 0.15
LONGEST = 128
EXAMPLES = {"books": 400, "tinystories": 400, "tatoeba": 800, "clue": 400, "chnsenticorp": 400, "book_review": 600}
SENTENCES = [
    "The cat sat on the [MASK].",
    "She opened the [MASK] and went into the house.",
    "He wants to [MASK] a book.",
    "Once upon a [MASK], there was a little girl.",
    "我很喜欢这本[MASK]。",
    "酒店的服务很[MASK]。",
    "我们明天去学[MASK]。",
    "他[MASK]天没有来。",
]


def documents(work, split):
    with open(Path(work) / f"{split}.jsonl", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def texts(doc):
    """(language, sentences) of a document; of parallel text each side is one."""
    if doc["lang"] == "pair":
        return [("en", doc["segments"][:1]), ("zh", doc["segments"][1:])]
    return [(doc["lang"], doc["segments"])]


def pieces(encoded):
    """Whole sentences in a row, as many as fit."""
    held = []
    for ids in encoded:
        ids = ids[: LONGEST - 2]
        if held and len(held) + len(ids) > LONGEST - 2:
            yield held
            held = []
        held = held + ids
    if held:
        yield held


def held_out(work, tokenizer):
    """(source, language) -> examples, a fixed random choice of them."""
    groups = {}
    for doc in documents(work, "heldout"):
        for lang, sentences in texts(doc):
            encoded = [e.ids for e in tokenizer.encode_batch(sentences, add_special_tokens=False)]
            groups.setdefault((doc["source"], lang), []).extend(pieces(encoded))
    rng = np.random.default_rng(SEED)
    for (source, _), found in groups.items():
        rng.shuffle(found)
        del found[EXAMPLES.get(source, 400) :]
    return groups


def wikitext(folder, tokenizer):
    for _, text in members(folder, "wikitext-2", "test.txt"):
        lines = [line for line in text.splitlines() if len(line) > 100]
        lines = [re.sub(r" @(.)@ ", r"\1", line).replace("<unk>", "[UNK]") for line in lines]
        found = [piece for e in tokenizer.encode_batch(lines, add_special_tokens=False) for piece in pieces([e.ids])]
        rng = np.random.default_rng(SEED)
        rng.shuffle(found)
        return found[:400]


def unigrams(work, tokenizer):
    counts = {}
    for doc in documents(work, "train"):
        for lang, sentences in texts(doc):
            count = counts.setdefault((doc["source"], lang), Counter())
            for encoding in tokenizer.encode_batch(sentences, add_special_tokens=False):
                count.update(i for i in encoding.ids if i >= FIRST_WORD)
    tables = {}
    for group, count in counts.items():
        table = np.ones(tokenizer.get_vocab_size())  # add-one: no token is impossible
        table[:FIRST_WORD] = 0
        for token, number in count.items():
            table[token] += number
        tables[group] = table / table.sum()
    return tables


def log_softmax(logits):
    logits = logits.astype(np.float64)
    logits -= logits.max(-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def predict(run, ids):
    arrays = [np.array([ids], dtype=np.int64), np.ones((1, len(ids)), np.int64), np.zeros((1, len(ids)), np.int64)]
    return run.run(["logits"], dict(zip(INPUTS, arrays)))[0][0]


def measure(run, examples, unigram):
    """Sums over masked positions: count, and loss, top-1 and top-5 hits of model and baseline."""
    rng = np.random.default_rng(SEED)
    total = Counter()
    with np.errstate(divide="ignore"):
        log_unigram = np.log(unigram)
    common = np.argsort(-unigram)[:5]
    for words in examples:
        ids = np.array([CLS, *words, SEP])
        able = np.flatnonzero(ids >= FIRST_WORD)
        if not len(able):
            continue
        chosen = rng.choice(able, max(1, round(MASKED * len(able))), replace=False)
        labels = ids[chosen]
        scores = log_softmax(predict(run, np.where(np.isin(np.arange(len(ids)), chosen), MASK, ids))[chosen])
        best = np.argsort(-scores, axis=-1)[:, :5]
        total.update(
            positions=len(labels),
            loss=-scores[np.arange(len(labels)), labels].sum(),
            top1=(best[:, 0] == labels).sum(),
            top5=(best == labels[:, None]).any(-1).sum(),
            unigramLoss=-log_unigram[labels].sum(),
            unigramTop1=(common[0] == labels).sum(),
            unigramTop5=np.isin(labels, common).sum(),
        )
    return total


def means(total):
    count = int(total["positions"])
    return {"positions": count} | {
        name: round(float(total[name]) / count, 4)
        for name in ("loss", "top1", "top5", "unigramLoss", "unigramTop1", "unigramTop5")
    }


def fill(run, tokenizer, sentence):
    ids = tokenizer.encode(sentence).ids
    scores = log_softmax(predict(run, ids)[ids.index(MASK)])
    best = np.argsort(-scores)[:5]
    return [[tokenizer.id_to_token(int(i)), round(float(np.exp(scores[i])), 3)] for i in best]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder that data.py wrote")
    parser.add_argument("--model", required=True, help="folder of the model")
    parser.add_argument("--data", help="folder with the text archives, for WikiText-2")
    args = parser.parse_args()

    tokenizer = Tokenizer.from_file(str(Path(args.model) / "tokenizer.json"))
    run = session(args.model)
    tables = unigrams(args.work, tokenizer)
    totals = {group: measure(run, found, tables[group]) for group, found in held_out(args.work, tokenizer).items()}
    languages = {
        lang: sum((t for (_, of), t in totals.items() if of == lang), Counter())
        for lang in sorted({lang for _, lang in totals})
    }
    report = {
        "overall": means(sum(totals.values(), Counter())),
        "languages": {lang: means(total) for lang, total in languages.items()},
        "sources": {f"{source} ({lang})": means(total) for (source, lang), total in sorted(totals.items())},
    }
    if args.data and (Path(args.data) / "wikitext-2.tar.xz").exists():
        report["wikitext2"] = means(measure(run, wikitext(args.data, tokenizer), tables[("books", "en")]))
    report["samples"] = {sentence: fill(run, tokenizer, sentence) for sentence in SENTENCES}
    text = json.dumps(report, indent=2, ensure_ascii=False)
    (Path(args.work) / "evaluation.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
