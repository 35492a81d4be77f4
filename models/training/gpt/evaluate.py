"""Measures scope-gpt on what it never saw, from the ONNX file that is shipped, and prints JSON.

    python evaluate.py --work FOLDER --model FOLDER [--items N]
"""

import argparse
import json
import math
import random
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from tokenizers import Tokenizer

import worlds

LENGTH = 256


class Model:
    """The graph with its attention probabilities added to the outputs (every Softmax of this export is attention)."""

    def __init__(self, file, tokenizer):
        graph = onnx.load(str(file))
        self.softmaxes = [node.output[0] for node in graph.graph.node if node.op_type == "Softmax"]
        graph.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in self.softmaxes)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(graph.SerializeToString(), options, ["CPUExecutionProvider"])
        self.past = {
            entry.name: np.zeros((1, entry.shape[1], 0, entry.shape[3]), dtype=np.float32)
            for entry in self.session.get_inputs() if entry.name.startswith("past_key_values")
        }
        self.present = [entry.name for entry in self.session.get_outputs() if entry.name.startswith("present")]
        self.tokenizer = tokenizer

    def run(self, ids, start=0, past=None, outputs=("logits",)):
        feeds = {
            "input_ids": np.array([ids], dtype=np.int64),
            "attention_mask": np.ones((1, start + len(ids)), dtype=np.int64),
            "position_ids": np.arange(start, start + len(ids), dtype=np.int64)[None],
        } | (past or self.past)
        return self.session.run(list(outputs), feeds)

    def complete(self, prompt, stop="\n", most=90, ends=(0,)):
        """Greedy continuation up to `stop` or to one of the tokens `ends`."""
        ids = self.tokenizer.encode(prompt).ids
        new, past, start, feed = [], None, 0, ids
        while len(new) < most and start + len(feed) < 500:
            logits, *present = self.run(feed, start, past, ("logits", *self.present))
            past, start = dict(zip(self.past, present)), start + len(feed)
            following = int(logits[0, -1].argmax())
            if following in ends:
                break
            new.append(following)
            if stop in self.tokenizer.decode(new):
                break
            feed = [following]
        return self.tokenizer.decode(new).split(stop)[0].strip()


def log_probabilities(model, ids):
    """Of each token after the first in its row; every model of a comparison scores the same tokens."""
    total, count = 0.0, 0
    for first in range(0, len(ids) - LENGTH, LENGTH):
        row = ids[first : first + LENGTH].tolist()
        logits = model.run(row)[0][0, :-1].astype(np.float64)
        logits -= logits.max(-1, keepdims=True)
        total += (logits[np.arange(LENGTH - 1), row[1:]] - np.log(np.exp(logits).sum(-1))).sum()
        count += LENGTH - 1
    return total, count


class KneserNey:
    """Interpolated Kneser-Ney trigram with one discount per order (Chen & Goodman 1999)."""

    def __init__(self, ids, vocabulary, discount=0.75):
        self.discount, self.vocabulary = discount, vocabulary
        self.trigrams = Counter(zip(ids, ids[1:], ids[2:]))
        self.bigrams = Counter()
        self.unigrams = Counter()
        self.contexts3, self.follow3 = Counter(), Counter()
        for (a, b, c), count in self.trigrams.items():
            self.contexts3[a, b] += count
            self.follow3[a, b] += 1
            self.bigrams[b, c] += 1
        self.contexts2, self.follow2 = Counter(), Counter()
        for (b, c), count in self.bigrams.items():
            self.contexts2[b] += count
            self.follow2[b] += 1
            self.unigrams[c] += 1
        self.total = sum(self.unigrams.values())

    def probability(self, a, b, c):
        d = self.discount
        base = (max(self.unigrams[c] - d, 0) + d * len(self.unigrams) / self.vocabulary) / self.total
        two = self.contexts2[b]
        lower = (max(self.bigrams[b, c] - d, 0) + d * self.follow2[b] * base) / two if two else base
        three = self.contexts3[a, b]
        return (max(self.trigrams[a, b, c] - d, 0) + d * self.follow3[a, b] * lower) / three if three else lower


def perplexities(model, work, vocabulary):
    train = np.load(Path(work) / "gpt-train.npy", mmap_mode="r").tolist()
    unseen = np.load(Path(work) / "gpt-heldout.npy")[: 120 * LENGTH]
    total, count = log_probabilities(model, unseen)
    trigram = KneserNey(train, vocabulary)
    baseline = 0.0
    ids = unseen.tolist()
    for first in range(0, len(ids) - LENGTH, LENGTH):
        for index in range(first + 1, first + LENGTH):
            before = ids[index - 2] if index - 2 >= first else 0
            baseline += math.log(trigram.probability(before, ids[index - 1], ids[index]))
    return {"tokens": count, "model": math.exp(-total / count), "kneserNeyTrigram": math.exp(-baseline / count)}


def shots(model, items, rng):
    """Accuracy on held-out items of each task by the number of examples."""
    result = defaultdict(dict)
    for name in worlds.tasks():
        for count in (0, 1, 3, 5):
            right = 0
            for _ in range(items):
                if name == "label" or name in worlds.FACTS:
                    pool = worlds.task(rng, name)
                    asked, *shown = rng.sample(sorted(pool), count + 1)
                    answers = pool
                else:
                    unseen, seen = worlds.task(rng, name, test=True), worlds.task(rng, name)
                    asked, shown = rng.choice(sorted(unseen)), rng.sample(sorted(seen), count)
                    answers = {**seen, **unseen}
                if name == "label" and count >= 2:
                    # Both labels must have been shown.
                    while len({answers[word] for word in shown}) < 2:
                        asked, *shown = rng.sample(sorted(pool), count + 1)
                before, between, after = worlds.FORMATS[rng.randrange(len(worlds.FORMATS))]
                prompt = "".join(f"{before}{word}{between}{answers[word]}{after}" for word in shown)
                right += model.complete(f"{prompt}{before}{asked}{between}".rstrip(" ") if between.endswith(" ") else f"{prompt}{before}{asked}{between}", most=40) == answers[asked]
            result[name][str(count)] = right / items
    result["mean"] = {k: sum(result[name][k] for name in worlds.tasks()) / len(worlds.tasks()) for k in ("0", "1", "3", "5")}
    return dict(result)


def reasoning(model, items, rng):
    result = {}
    for chinese in (False, True):
        for reasoned in (False, True):
            right = 0
            for _ in range(items):
                question, _, left = worlds.problem(rng, chinese, test=True)
                ask, reply = ("问：", "答：") if chinese else ("Q: ", "A:")
                lead = ("让我们一步一步地想。" if chinese else " Let's think step by step.") if reasoned else ("答案是" if chinese else " The answer is")
                said = model.complete(f"{ask}{question}\n{reply}{lead}")
                digits = said.replace("答案是", "The answer is ").split("The answer is ")[-1].strip()
                number = "".join(char for char in digits.split("。")[0].split(".")[0] if char.isdigit())
                right += number == str(left)
            key = f"{'zh' if chinese else 'en'}{'Steps' if reasoned else 'Direct'}"
            result[key] = right / items
    return result


def instructions(model, items, rng):
    plain = [0, 0]
    as_json = [0, 0]
    for _ in range(items * 2):
        said, word, output = worlds.instructed(rng, test=True)
        reply = model.complete(f"{said}\nInput: {word}\nOutput:", most=24)
        counts = as_json if "JSON" in said else plain
        counts[0] += reply == output
        counts[1] += 1
    return {"plain": plain[0] / plain[1], "json": as_json[0] / as_json[1]}


def heads(model, rng, vocabulary):
    """Previous-token and induction scores on random tokens that come twice (Olsson et al. 2022)."""
    length, rounds = 50, 8
    sums = None
    for _ in range(rounds):
        copy = [rng.randrange(3, vocabulary) for _ in range(length)]
        layers = model.run(copy + copy, outputs=model.softmaxes)
        stack = np.stack([layer[0] for layer in layers])
        n = 2 * length
        previous = stack[:, :, np.arange(1, n), np.arange(n - 1)].mean(-1)
        induction = stack[:, :, np.arange(length, n), np.arange(1, length + 1)].mean(-1)
        both = np.stack([previous, induction])
        sums = both if sums is None else sums + both
    best = {}
    for name, scores in zip(("previousToken", "induction"), sums / rounds):
        layer, head = np.unravel_index(scores.argmax(), scores.shape)
        best[name] = {"layer": int(layer), "head": int(head), "score": float(scores.max())}
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--items", type=int, default=60)
    options = parser.parse_args()
    folder = Path(options.model)
    worlds.add_reviews(Path(options.work) / "reviews" / "train.jsonl")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    vocabulary = tokenizer.get_vocab_size()
    model = Model(folder / "onnx" / "model_quantized.onnx", tokenizer)
    full = Model(Path(options.work) / "fp32" / "scope-gpt.onnx", tokenizer)
    unseen = np.load(Path(options.work) / "gpt-heldout.npy")[: 40 * LENGTH]
    losses = [-total / count for total, count in (log_probabilities(each, unseen) for each in (model, full))]
    figures = {
        "items": options.items,
        "perplexity": perplexities(model, options.work, vocabulary),
        "shots": shots(model, options.items, random.Random(1)),
        "reasoning": reasoning(model, options.items, random.Random(2)),
        "instructions": instructions(model, options.items, random.Random(3)),
        "heads": heads(model, random.Random(4), vocabulary),
        "lossInt8": losses[0],
        "lossFp32": losses[1],
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
