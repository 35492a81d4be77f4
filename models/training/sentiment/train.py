"""Fine-tunes scope-bert for sentiment; with --scratch, trains the same network from nothing on the same examples.

    python train.py --work FOLDER --bert FOLDER [--from FOLDER] [--scratch] [--steps N]

What it is trained on is made by examples.py: texts with a target between 0 and 1 and a weight. Lower layers learn more
slowly (by DECAY a layer; not from nothing), some words of the texts are masked so that no single word decides, and what
is kept is the running mean of the weights. Every step's batch and masks are drawn from a generator seeded with (seed,
epoch or step); a run that was stopped goes on from its checkpoint. With --from and the folder of an earlier version of
the fine-tuned model (or of the one from scratch), that is trained on, at a lower rate.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForSequenceClassification

from baseline import rows

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from architecture import CONFIG  # noqa: E402
from pairs import CLS, FIRST_WORD, MASK, PAD, SEP  # noqa: E402
from weights import state_of  # noqa: E402

LABELS = {0: "negative", 1: "positive"}
LONGEST, TOKENS = 80, 1536  # tokens of a text; tokens of a batch
PEAK, PEAK_SCRATCH, WARM_UP, LAST, DECAY = 6e-4, 1.0e-3, 0.05, 0.02, 0.8
ON = 0.7  # the rate of a model that is trained on, of the peak
DROPOUT, MASKED, MEAN = 0.1, 0.1, 0.997
FOLLOWED = 200  # steps between two looks at dev


def network(state: dict | None, vocabulary: int, config: dict, dropout: float = DROPOUT, attention: str = "eager"):
    """The encoder with a head of two classes; `state` is that of a pretrained network, or of one with such a head."""
    settings = BertConfig(
        **{**config, "hidden_dropout_prob": dropout, "attention_probs_dropout_prob": 0.0}, vocab_size=vocabulary, pad_token_id=PAD,
        num_labels=2, id2label=LABELS, label2id={name: index for index, name in LABELS.items()}, classifier_dropout=dropout,
    )
    model = BertForSequenceClassification._from_config(settings, attn_implementation=attention)
    if state is not None:
        kept = {name: tensor for name, tensor in state.items() if name.startswith(("bert.", "classifier."))}
        missing, unexpected = model.load_state_dict(kept, strict=False)
        if unexpected or any(name.startswith("bert.") for name in missing):
            raise SystemExit(f"unexpected {unexpected}, missing {missing}")
    return model


def encode(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    """Ids; of a text that is too long, its begin and its end, where opinions stand."""
    found = []
    for encoding in tokenizer.encode_batch(texts, add_special_tokens=False):
        ids, room = encoding.ids, LONGEST - 2
        if len(ids) > room:
            ids = [*ids[: room // 2], *ids[-(room - room // 2) :]]
        found.append([CLS, *ids, SEP])
    return found


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


def scores(model: torch.nn.Module, ids: list[list[int]]) -> np.ndarray:
    """[texts, 2] logits"""
    model.eval()
    found = np.zeros((len(ids), 2))
    with torch.no_grad():
        for chosen in batches([len(row) for row in ids], np.random.default_rng(0)):
            inputs = padded([ids[i] for i in chosen])
            found[chosen] = model(input_ids=inputs, attention_mask=(inputs != PAD).long()).logits.float().numpy()
    model.train()
    return found


def groups(model: torch.nn.Module, peak: float, decay: float) -> list[dict]:
    """One group a layer: the head learns at the peak rate, each layer below it more slowly."""
    layers = model.config.num_hidden_layers
    found: dict[int, list] = {}
    for name, parameter in model.named_parameters():
        depth = 0 if "embeddings" in name else int(name.split(".layer.")[1].split(".")[0]) + 1 if ".layer." in name else layers + 1
        found.setdefault(depth, []).append(parameter)
    return [{"params": params, "peak": peak * decay ** (layers + 1 - depth)} for depth, params in sorted(found.items())]


def schedule(lengths: list[int], seed: int):
    """Indices of one batch after the other, without end."""
    for epoch in itertools.count():
        yield from batches(lengths, np.random.default_rng((seed, epoch)))


def rate(progress: float) -> float:
    """What the peak rate is multiplied by."""
    return min(progress / WARM_UP, LAST + (1 - LAST) * (1 - progress) / (1 - WARM_UP))


def accuracy(model: torch.nn.Module, ids: list[list[int]], dev: list[dict]) -> dict:
    right = scores(model, ids).argmax(1) == np.array([r["label"] for r in dev])
    english = np.array([r["lang"] == "en" for r in dev])
    return {"all": round(float(right.mean()), 4), "en": round(float(right[english].mean()), 4), "zh": round(float(right[~english].mean()), 4)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder that examples.py wrote")
    parser.add_argument("--bert", required=True, help="folder of scope-bert: its tokenizer, and the weights to begin with")
    parser.add_argument("--from", dest="earlier", help="folder with other weights to begin with")
    parser.add_argument("--scratch", action="store_true", help="random first weights, for comparison")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    work, name = Path(args.work), f"{'scratch' if args.scratch else 'tuned'}-{args.seed}"
    tokenizer = Tokenizer.from_file(str(Path(args.bert) / "tokenizer.json"))
    with open(work / "examples.jsonl", encoding="utf-8") as file:
        examples = [json.loads(line) for line in file]
    ids = encode(tokenizer, [e["text"] for e in examples])
    targets, weights = (torch.tensor([e[key] for e in examples]) for key in ("target", "weight"))
    lengths = [len(row) for row in ids]
    dev = rows(work, "dev")
    dev_ids = encode(tokenizer, [r["text"] for r in dev])

    state = None if args.scratch and not args.earlier else state_of(args.earlier or args.bert)
    model = network(state, tokenizer.get_vocab_size(), CONFIG).train()
    on = state is not None and "classifier.weight" in state
    peak = (PEAK_SCRATCH if args.scratch else PEAK) * (ON if on else 1)
    parts = groups(model, peak, 1.0 if args.scratch else DECAY)
    optimizer = torch.optim.AdamW(parts, lr=peak, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.01, fused=True)
    mean = network(None, tokenizer.get_vocab_size(), CONFIG)
    mean.load_state_dict(model.state_dict())
    checkpoint, begin, seconds = work / f"checkpoint-{name}.pt", 0, 0.0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved["model"])
        mean.load_state_dict(saved["mean"])
        optimizer.load_state_dict(saved["optimizer"])
        begin, seconds = saved["step"], saved["cpuSeconds"]

    started, losses = time.process_time(), []
    for step, chosen in itertools.islice(enumerate(schedule(lengths, args.seed)), begin, args.steps):
        torch.manual_seed(1_000_003 * args.seed + step)  # of dropout
        rng = np.random.default_rng((args.seed, step, 1))
        inputs = padded([ids[i] for i in chosen]).numpy()
        hidden = (rng.random(inputs.shape) < MASKED) & (inputs >= FIRST_WORD)
        inputs = torch.from_numpy(np.where(hidden, MASK, inputs))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(input_ids=inputs, attention_mask=(inputs != PAD).long()).logits.float()
        # Of two classes, the difference of the scores is the logit of the second.
        each = torch.nn.functional.binary_cross_entropy_with_logits(logits[:, 1] - logits[:, 0], targets[chosen], reduction="none")
        loss = (each * weights[chosen]).sum() / weights[chosen].sum()
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * rate(step / args.steps)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        share = min(MEAN, (step + 1) / (step + 11))
        for kept, now in zip(mean.state_dict().values(), model.state_dict().values()):
            kept.lerp_(now, 1 - share) if now.is_floating_point() else kept.copy_(now)
        if (step + 1) % FOLLOWED == 0:
            spent = seconds + time.process_time() - started
            print(f"step {step + 1} loss {np.mean(losses[-FOLLOWED:]):.4f} dev {accuracy(mean, dev_ids, dev)} {spent:.0f} CPU s", flush=True)
            state = {"model": model.state_dict(), "mean": mean.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1, "cpuSeconds": spent}
            torch.save(state, checkpoint.with_suffix(".tmp"))
            checkpoint.with_suffix(".tmp").replace(checkpoint)
    epochs = args.steps / len(batches(lengths, np.random.default_rng(0)))
    report = {
        "seed": args.seed, "on": on, "steps": args.steps, "epochs": round(epochs, 2), "cpuSeconds": round(seconds + time.process_time() - started),
        "dev": accuracy(mean, dev_ids, dev),
    }
    torch.save({"model": mean.state_dict(), "seed": args.seed}, work / f"{name}.pt")
    (work / f"{name}.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
