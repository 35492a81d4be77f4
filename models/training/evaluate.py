"""Measures the exported model on held-out text: masked words and next segments.

    python evaluate.py --work FOLDER --model FOLDER [--data FOLDER]

In every held-out example 15 % of the words (at least one) are replaced by [MASK], by a fixed seed, and the model in
onnx/model.onnx is asked for them. Beside it stand, at the same positions, a unigram model of the same source's training
text and two trigram models of all of it (ngram.py). With --data, WikiText-2's test split, a kind of text training never
saw, is measured too. The network as it was trained, before its weights were rounded, is measured beside the file.
"""

import argparse
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from tokenizers import Tokenizer

from data import members
from export import INPUTS, Flat, full, session
from heldout import SEED, groups, masked, segment_pairs, written, written_masks, written_pairs, written_text
from ngram import UNKNOWN, Trigram
from pairs import CLS, MASK, SEP, joined, load

SENTENCES = [
    "The cat sat on the [MASK].",
    "She opened the [MASK] and went into the house.",
    "He wants to [MASK] a book.",
    "Once upon a [MASK], there was a little girl.",
    "This film is the [MASK] of the year.",
    "小猫坐在[MASK]子上。",
    "我很喜欢这本[MASK]。",
    "酒店的服务很[MASK]。",
    "我们明天去学[MASK]。",
    "他[MASK]天没有来。",
]


class Asked:
    """Runs the graph."""

    def __init__(self, model):
        self.session = session(model)

    def run(self, ids, types=None):
        ids = np.asarray(ids, dtype=np.int64)[None]
        types = np.zeros_like(ids) if types is None else np.asarray(types, dtype=np.int64)[None]
        words, follows = self.session.run(None, dict(zip(INPUTS, (ids, np.ones_like(ids), types))))
        return words[0], follows[0]


class Network(Asked):
    """The same of a PyTorch network."""

    def __init__(self, network):
        self.network = Flat(network)

    def run(self, ids, types=None):
        ids = torch.as_tensor(np.asarray(ids, dtype=np.int64))[None]
        types = torch.zeros_like(ids) if types is None else torch.as_tensor(np.asarray(types, dtype=np.int64))[None]
        with torch.no_grad():
            words, follows = self.network(ids, torch.ones_like(ids), types)
        return words[0].numpy(), follows[0].numpy()


def log_softmax(scores):
    scores = scores.astype(np.float64)
    scores = scores - scores.max(-1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(-1, keepdims=True))


def score(total, name, log_probabilities, label):
    rank = int((log_probabilities > log_probabilities[label]).sum())
    total[f"{name}Loss"] -= log_probabilities[label]
    total[f"{name}Top1"] += rank == 0
    total[f"{name}Top5"] += rank < 5


def measure(asked, cases, unigram=None, trigram=None):
    """Sums over the masked positions of (row, masked row, positions)."""
    total = Counter()
    for ids, hidden, chosen in cases:
        found = log_softmax(asked.run(hidden)[0][chosen])
        known = np.where(hidden == MASK, UNKNOWN, ids)
        for at, own in zip(chosen, found):
            total["positions"] += 1
            score(total, "model", own, ids[at])
            if unigram is not None:
                score(total, "unigram", unigram, ids[at])
            if trigram is not None:
                score(total, "left", trigram.left(known, at), ids[at])
                score(total, "both", trigram.both(known, at), ids[at])
    return total


def means(total):
    count = int(total["positions"])
    return {"positions": count} | {name: round(float(value) / count, 4) for name, value in total.items() if name != "positions"}


def following(asked, pairs, encode):
    """Share of right answers to next / not next, half of each, by where the segment that is not next comes from."""
    right = Counter()
    for pair in pairs:
        first = encode(pair["first"])
        for kind in ("next", "any", "same"):
            scores = asked.run(*joined(first, encode(pair[kind])))[1]
            right[kind] += (scores[0] > scores[1]) == (kind == "next")
    shares = {kind: count / len(pairs) for kind, count in right.items()}
    return {
        "pairs": len(pairs),
        "anyDocument": round((shares["next"] + shares["any"]) / 2, 4),
        "sameSource": round((shares["next"] + shares["same"]) / 2, 4),
        "recall": {kind: round(share, 4) for kind, share in shares.items()},
    }


def wikitext(folder, tokenizer):
    rows = []
    for _, text in members(folder, "wikitext-2", "test.txt"):
        lines = [line for line in text.splitlines() if len(line) > 100]
        lines = [re.sub(r" @(.)@ ", r"\1", line).replace("<unk>", "[UNK]") for line in lines]
        rows = [np.array([CLS, *e.ids[:126], SEP]) for e in tokenizer.encode_batch(lines, add_special_tokens=False)]
    rng = np.random.default_rng(SEED)
    rng.shuffle(rows)
    return rows[:120]


def fill(asked, tokenizer, sentence):
    ids = tokenizer.encode(sentence).ids
    scores = log_softmax(asked.run(ids)[0][ids.index(MASK)])
    best = np.argsort(-scores)[:5]
    return [[tokenizer.id_to_token(int(i)), round(float(np.exp(scores[i])), 3)] for i in best]


def heads(model, tokenizer):
    """The heads that look most at the previous and at the next token, on the text that is shipped; [CLS] and [SEP] as
    queries left out."""
    graph = onnx.load(str(Path(model) / "onnx/model.onnx"))
    names = [node.output[0] for node in graph.graph.node if node.op_type == "Softmax"]
    graph.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    run = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    sums = Counter()
    for doc in written()["documents"]:
        ids = np.array([tokenizer.encode(written_text(doc)).ids])
        layers = run.run(names, dict(zip(INPUTS, (ids, np.ones_like(ids), np.zeros_like(ids)))))
        weights = np.stack([layer[0] for layer in layers])
        rows = np.arange(1, ids.shape[1] - 1)
        sums["previous"] += weights[:, :, rows, rows - 1].mean(-1)
        sums["next"] += weights[:, :, rows, rows + 1].mean(-1)
    found = {}
    for kind, total in sums.items():
        layer, head = np.unravel_index(total.argmax(), total.shape)
        found[kind] = {"layer": int(layer), "head": int(head), "score": round(float(total.max()) / len(written()["documents"]), 4)}
    return found


def on_written(asked, tokenizer, trigram=None):
    """The figures of the text that is shipped; the extension's engine is held to them."""
    report = {}
    for lang in ("en", "zh"):
        rows = [np.array(tokenizer.encode(written_text(d)).ids) for d in written()["documents"] if d["lang"] == lang]
        cases = [(ids, hidden, chosen) for ids in rows for hidden, chosen in written_masks(ids)]
        pairs = [pair for pair in written_pairs() if pair["lang"] == lang]
        encode = lambda text: np.array(tokenizer.encode(text, add_special_tokens=False).ids)  # noqa: E731
        report[lang] = {"masked": means(measure(asked, cases, trigram=trigram)), "next": following(asked, pairs, encode)}
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder that data.py wrote")
    parser.add_argument("--model", required=True, help="folder of the model")
    parser.add_argument("--data", help="folder with the text archives, for WikiText-2")
    args = parser.parse_args()

    torch.set_num_threads(1)
    network, _ = full(args.work, args.model)
    tokenizer = Tokenizer.from_file(str(Path(args.model) / "tokenizer.json"))
    asked = Asked(args.model)
    training, size = load(args.work, tokenizer), tokenizer.get_vocab_size()
    rows, unigrams = [], {}
    for name, source in training.items():
        # A document's sentences in a row, as the model reads them; its end is told by [SEP].
        starts = [i for i in range(len(source)) if source.side[i] is not None or i == 0 or source.document[i - 1] != source.document[i]]
        ends = [*starts[1:], len(source)]
        rows += [np.concatenate([[CLS], source.ids[source.starts[a] : source.starts[b]], [SEP]]) for a, b in zip(starts, ends)]
        counts = np.bincount(source.ids, minlength=size) + 0.1
        unigrams[name] = np.log(counts / counts.sum())
    trigram = Trigram(rows, size)

    rng, totals, rounded, fp32 = np.random.default_rng(SEED), {}, Counter(), Counter()
    for group, found in groups(args.work, tokenizer).items():
        cases = [(ids, *masked(ids, rng)) for ids in found]
        totals[group] = measure(asked, cases, unigrams[group[0]], trigram)
        rounded += measure(asked, cases[:30])
        fp32 += measure(Network(network), cases[:30])
        print(group, means(totals[group]), flush=True)
    report = {
        "overall": means(sum(totals.values(), Counter())),
        "languages": {
            lang: means(sum((t for (_, of), t in totals.items() if of == lang), Counter())) for lang in ("en", "zh") if any(of == lang for _, of in totals)
        },
        "sources": {f"{source} ({lang})": means(total) for (source, lang), total in sorted(totals.items())},
    }
    report["rounding"] = {"fp32": means(fp32), "int8": means(rounded)}
    if args.data and (Path(args.data) / "wikitext-2.tar.xz").exists():
        rng = np.random.default_rng(SEED)
        cases = [(ids, *masked(ids, rng)) for ids in wikitext(args.data, tokenizer)]
        report["wikitext2"] = means(measure(asked, cases, unigrams["books"], trigram))
    plain = lambda ids: ids  # noqa: E731
    if args.data:
        report["next"] = {}
        for name, short in (("segments", False), ("sentences", True)):
            pairs = segment_pairs(args.work, tokenizer, short)
            report["next"][name] = following(asked, pairs, plain)
            report["next"][name]["sources"] = {
                source: following(asked, [p for p in pairs if p["source"] == source], plain) for source in dict.fromkeys(p["source"] for p in pairs)
            }
    report["heads"] = heads(args.model, tokenizer)
    report["written"] = on_written(asked, tokenizer, trigram)
    report["samples"] = {sentence: fill(asked, tokenizer, sentence) for sentence in SENTENCES}
    text = json.dumps(report, indent=2, ensure_ascii=False)
    (Path(args.work) / "evaluation.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
