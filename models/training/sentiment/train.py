"""Fine-tunes scope-bert for sentiment; with --scratch, trains the same network from nothing.

    python train.py --work FOLDER --bert FOLDER [--scratch] [--epochs N] [--resume]

Every epoch's order is drawn from a generator seeded with (seed, epoch). The weights after the epoch
that is best on dev are kept. Some words of the training texts are masked, so that no single word decides.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertForSequenceClassification

from baseline import rows
from weights import config_of, state_of

LABELS = {0: "negative", 1: "positive"}
LONGEST, TOKENS = 128, 2048  # tokens of a text; tokens of a batch
PEAK, WARM_UP, DROPOUT, MASKED, SMOOTHING = 3e-4, 0.1, 0.1, 0.1, 0.05
PAD, MASK, FIRST_WORD = 0, 4, 5


def network(bert: str, scratch: bool = False, dropout: float = DROPOUT, attention: str = "sdpa") -> BertForSequenceClassification:
    """The encoder with a new head of two classes."""
    config = config_of(
        bert, num_labels=2, id2label=LABELS, label2id={name: index for index, name in LABELS.items()},
        hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout, classifier_dropout=dropout,
    )
    model = BertForSequenceClassification._from_config(config, attn_implementation=attention)
    if not scratch:
        state = {n: t for n, t in state_of(Path(bert) / "onnx/model.onnx").items() if n.startswith("bert.")}
        _, unexpected = model.load_state_dict(state, strict=False)
        if unexpected:
            raise SystemExit(f"unexpected {unexpected}")
    return model


def encode(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    tokenizer.enable_truncation(LONGEST)
    return [encoding.ids for encoding in tokenizer.encode_batch(texts)]


def batches(lengths: list[int], rng: np.random.Generator) -> list[np.ndarray]:
    """Indices of texts of about one length, TOKENS to a batch, in random order."""
    order = np.argsort(np.array(lengths) + rng.uniform(0, 8, len(lengths)))
    found, begin = [], 0
    while begin < len(order):
        end = begin + 1
        while end < len(order) and (end + 1 - begin) * lengths[order[end]] <= TOKENS:
            end += 1
        found.append(order[begin:end])
        begin = end
    rng.shuffle(found)
    return found


def padded(ids: list[list[int]]) -> torch.Tensor:
    width = max(map(len, ids))
    return torch.tensor([row + [PAD] * (width - len(row)) for row in ids])


def accuracy(model: torch.nn.Module, ids: list[list[int]], labels: np.ndarray) -> float:
    right = 0
    model.eval()
    with torch.no_grad():
        for chosen in batches([len(row) for row in ids], np.random.default_rng(0)):
            inputs = padded([ids[i] for i in chosen])
            logits = model(input_ids=inputs, attention_mask=(inputs != PAD).long()).logits
            right += int((logits.argmax(-1).numpy() == labels[chosen]).sum())
    model.train()
    return right / len(labels)


def rate(step: int, steps: int) -> float:
    if step < WARM_UP * steps:
        return PEAK * (step + 1) / (WARM_UP * steps)
    return PEAK * 0.5 * (1 + math.cos(math.pi * (step - WARM_UP * steps) / (steps * (1 - WARM_UP))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder that data.py wrote")
    parser.add_argument("--bert", required=True, help="folder of scope-bert")
    parser.add_argument("--scratch", action="store_true", help="random first weights, for comparison")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --work")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    name = "scratch" if args.scratch else "tuned"
    tokenizer = Tokenizer.from_file(str(Path(args.bert) / "tokenizer.json"))
    splits = {split: rows(args.work, split) for split in ("train", "dev")}
    ids = {split: encode(tokenizer, [r["text"] for r in found]) for split, found in splits.items()}
    labels = {split: np.array([r["label"] for r in found]) for split, found in splits.items()}
    lengths = [len(row) for row in ids["train"]]

    model = network(args.bert, args.scratch).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.01, fused=True)
    orders = [batches(lengths, np.random.default_rng((args.seed, epoch))) for epoch in range(args.epochs)]
    steps = sum(map(len, orders))
    path = Path(args.work) / f"{name}.pt"
    state: dict = {"epoch": 0, "step": 0, "dev": [], "wallSeconds": 0.0, "epochs": args.epochs, "seed": args.seed}
    best = copy.deepcopy(model.state_dict())
    if args.resume and path.exists():
        saved = torch.load(path, weights_only=True)
        model.load_state_dict(saved.pop("last"))
        optimizer.load_state_dict(saved.pop("optimizer"))
        best, state = saved.pop("model"), saved
        if (state["epochs"], state["seed"]) != (args.epochs, args.seed):
            raise SystemExit("the checkpoint is of another run")

    began, before = time.time(), state["wallSeconds"]
    for epoch in range(state["epoch"], args.epochs):
        rng, losses = np.random.default_rng((args.seed, epoch, 1)), []
        torch.manual_seed(args.seed * 1000 + epoch)  # dropout: a resumed run draws the same
        for chosen in orders[epoch]:
            inputs = padded([ids["train"][i] for i in chosen]).numpy()
            hidden = (rng.random(inputs.shape) < MASKED) & (inputs >= FIRST_WORD)
            inputs = torch.from_numpy(np.where(hidden, MASK, inputs))
            logits = model(input_ids=inputs, attention_mask=(inputs != PAD).long()).logits
            target = torch.from_numpy(labels["train"][chosen])
            loss = torch.nn.functional.cross_entropy(logits, target, label_smoothing=SMOOTHING)
            for group in optimizer.param_groups:
                group["lr"] = rate(state["step"], steps)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
            state["step"] += 1
            if state["step"] % 200 == 0:
                print(f"step {state['step']} of {steps} loss {np.mean(losses[-200:]):.4f}", flush=True)
        dev = accuracy(model, ids["dev"], labels["dev"])
        if dev >= max(state["dev"], default=0.0):
            best = copy.deepcopy(model.state_dict())
        state["dev"].append(dev)
        state |= {"epoch": epoch + 1, "wallSeconds": before + time.time() - began}
        print(f"epoch {epoch + 1} loss {np.mean(losses):.4f} dev {dev:.4f} wall {state['wallSeconds']:.0f} s", flush=True)
        temporary = path.with_suffix(".tmp")
        torch.save({"model": best, "last": model.state_dict(), "optimizer": optimizer.state_dict(), **state}, temporary)
        temporary.replace(path)
    (Path(args.work) / f"{name}.json").write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
