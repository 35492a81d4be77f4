"""Trains the recipe of scope-gpt at several sizes on the same tokens, and fits the law that joins their losses.

    python scaling.py --work FOLDER --model FOLDER [--tokens N] [--threads N]

FOLDER holds what corpus.py wrote; the model's folder is there for its tokenizer. Every size reads the same tokens
in the same order, with the same rate. A size that is done is kept in FOLDER/scaling, so a run that was stopped goes
on with the next. Writes `scaling.json` beside this script:

    {tokens, sizes: [{layers, width, heads, parameters, nonEmbedding, heldOutLoss, bitsPerByte, fewShot}], fit: {a, b, c}, …}

`fit` is L(N) = a N^-b + c (Kaplan et al. 2020; the constant as in Hoffmann et al. 2022) with N the parameters outside
the embeddings, by least squares on the losses.
"""

import argparse
import datetime
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy
from transformers import GPT2LMHeadModel

import worlds
from train import LENGTH, SEED, config, optimizers, rate, sinusoids

# Layers, width, heads; the last is scope-gpt itself.
SIZES = [(2, 32, 2), (2, 64, 2), (3, 96, 3), (4, 128, 4), (4, 192, 6)]
BATCH = 4  # rows; fewer than in train.py, so that few tokens are still many steps
ROWS = 64
SHOTS, ITEMS = (0, 5), 5
HERE = Path(__file__).parent


def build(layers, width, heads):
    size = config()
    size.n_layer, size.n_embd, size.n_head = layers, width, heads
    torch.manual_seed(SEED)
    model = GPT2LMHeadModel._from_config(size, attn_implementation="eager")
    sinusoids(model)
    return model


def train(model, tokens, count):
    """The recipe's loop, by the number of tokens instead of the clock."""
    both, rng, steps = optimizers(model), np.random.default_rng(SEED), count // (BATCH * LENGTH)
    model.train()
    for step in range(steps):
        for group in (group for optimizer in both for group in optimizer.param_groups):
            group["lr"] = rate((step + 1) / steps)
        starts = rng.integers(0, len(tokens) - LENGTH, BATCH)
        ids = torch.from_numpy(np.stack([tokens[s : s + LENGTH] for s in starts]).astype(np.int64))
        offset = int(rng.integers(0, 257)) if rng.random() < 0.5 else 0
        positions = torch.arange(offset, offset + LENGTH).unsqueeze(0)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = model(input_ids=ids, labels=ids, position_ids=positions).loss
        model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in both:
            optimizer.step()
        if (step + 1) % 100 == 0:
            print(f"  step {step + 1} of {steps}, loss {loss.item():.3f}", flush=True)
    return steps * BATCH * LENGTH


@torch.no_grad()
def held_out(model, ids, tokenizer):
    """Mean loss per token in nats, and the same in bits per byte of text."""
    total = count = length = 0
    for row in torch.from_numpy(ids[: ROWS * LENGTH].astype(np.int64)).view(-1, 8, LENGTH):
        logits = model(input_ids=row).logits[:, :-1]
        total += cross_entropy(logits.flatten(0, 1), row[:, 1:].flatten(), reduction="sum").item()
        count += row[:, 1:].numel()
        # In a byte-level vocabulary a letter of a token is a byte; the end of a document is none.
        length += sum(len(tokenizer.id_to_token(i)) for i in row[:, 1:].flatten().tolist() if i != 0)
    return total / count, total / math.log(2) / length


def question(rng, name, shots):
    """A prompt and what must follow, line end included."""
    pool = worlds.task(rng, name)
    if name == "label" or name in worlds.FACTS:
        asked, *shown = rng.sample(sorted(pool), shots + 1)
        answers = pool
    else:
        unseen = worlds.task(rng, name, test=True)
        asked, shown = rng.choice(sorted(unseen)), rng.sample(sorted(pool), shots)
        answers = {**pool, **unseen}
    before, between, after = rng.choice(worlds.FORMATS)
    prompt = "".join(f"{before}{word}{between}{answers[word]}{after}" for word in shown) + f"{before}{asked}{between}"
    space = " " if prompt.endswith(" ") else ""
    return prompt.removesuffix(" "), f"{space}{answers[asked]}{after}"


@torch.no_grad()
def few_shot(model, tokenizer):
    """Share of held-out items answered right, by the number of examples. Greedy decoding gives the answer exactly
    where every token of it is the likeliest after those before, which takes one pass."""
    result = {}
    for shots in SHOTS:
        rng, right, count = random.Random(1), 0, 0
        for name in worlds.tasks():
            for _ in range(ITEMS):
                prompt, answer = (tokenizer.encode(text).ids for text in question(rng, name, shots))
                ids = (prompt + answer)[-500:]
                best = model(input_ids=torch.tensor([ids])).logits[0, -len(answer) - 1 : -1].argmax(-1)
                right += best.tolist() == answer
                count += 1
        result[str(shots)] = round(right / count, 4)
    return result


def fit(sizes):
    """a, b and c of L(N) = a N^-b + c: for each b the best a and c are linear least squares; b by ever finer search."""
    counts, losses = (np.array([size[name] for size in sizes], float) for name in ("nonEmbedding", "heldOutLoss"))

    def best(b):
        table = np.stack([counts**-b, np.ones_like(counts)], 1)
        (a, c), *_ = np.linalg.lstsq(table, losses, rcond=None)
        if c < 0:  # a loss below nothing is none
            a, c = (losses @ table[:, 0]) / (table[:, 0] @ table[:, 0]), 0.0
        return float(((table @ [a, c] - losses) ** 2).sum()), float(a), float(b), float(c)

    low, high = 0.01, 2.0
    for _ in range(12):
        grid = np.linspace(low, high, 41)
        middle = min(grid, key=best)
        low, high = max(middle - (grid[1] - grid[0]), 1e-4), middle + (grid[1] - grid[0])
    squares, a, b, c = best(middle)
    spread = float(((losses - losses.mean()) ** 2).sum())
    return {"form": "L(N) = a N^-b + c", "a": a, "b": b, "c": c, "r2": 1 - squares / spread, "rmse": math.sqrt(squares / len(losses))}


def measure(layers, width, heads, options, tokens, unseen, tokenizer):
    model = build(layers, width, heads)
    parameters = sum(p.numel() for p in model.parameters())
    inside = parameters - model.transformer.wte.weight.numel() - model.transformer.wpe.weight.numel()
    print(f"{layers} layers × {width}: {parameters:,} parameters, {inside:,} outside the embeddings", flush=True)
    begun, used = time.time(), time.process_time()
    seen = train(model, tokens, options.tokens)
    wall, cpu = time.time() - begun, time.process_time() - used
    model.eval()
    loss, bits = held_out(model, unseen, tokenizer)
    return {
        "layers": layers, "width": width, "heads": heads, "parameters": parameters, "nonEmbedding": inside, "tokens": seen,
        "heldOutLoss": round(loss, 5), "bitsPerByte": round(bits, 5), "fewShot": few_shot(model, tokenizer),
        "wallSeconds": round(wall), "cpuSeconds": round(cpu),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--tokens", type=int, default=500_000)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    work = Path(options.work)
    worlds.add_reviews(work / "reviews" / "train.jsonl")
    tokenizer = Tokenizer.from_file(str(Path(options.model) / "tokenizer.json"))
    tokens, unseen = np.load(work / "gpt-train.npy", mmap_mode="r"), np.load(work / "gpt-heldout.npy")
    (work / "scaling").mkdir(exist_ok=True)
    sizes = []
    for shape in SIZES:
        kept = work / "scaling" / f"{'-'.join(map(str, shape))}-{options.tokens}.json"
        if not kept.exists():
            kept.write_text(json.dumps(measure(*shape, options, tokens, unseen, tokenizer)))
        sizes.append(json.loads(kept.read_text()))
        print(json.dumps(sizes[-1]), flush=True)
    report = {
        "recipe": f"models/training/gpt/scaling.py: train.py's optimizers, rate and seed {SEED} on batches of {BATCH} x {LENGTH} tokens; one run per size",
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "tokens": sizes[0]["tokens"], "heldOutTokens": ROWS * (LENGTH - 1), "vocabulary": config().vocab_size,
        "fewShotItems": ITEMS * len(worlds.tasks()), "sizes": [{k: v for k, v in size.items() if k != "tokens"} for size in sizes],
        "fit": fit(sizes),
    }
    (HERE / "scaling.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report["fit"]))


if __name__ == "__main__":
    main()
