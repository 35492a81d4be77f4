"""Fine-tunes scope-bert for sentiment; with --scratch, trains the same network from nothing.

    python train.py --work FOLDER --bert FOLDER --bert-work FOLDER [--scratch] [--minutes M] [--after SEED]

The learning rate follows the clock. Lower layers learn more slowly (by DECAY a layer; not from nothing), some words of
the training texts are masked so that no single word decides, and what is kept is the running mean of the weights over
the last part of the run. With --after, a second cycle follows the run of another seed, at half the rate; what is kept
is the mean of both cycles' weights where that is better on dev.
"""

from __future__ import annotations

import argparse
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

LABELS = {0: "negative", 1: "positive"}
LONGEST, TOKENS = 80, 1536  # tokens of a text; tokens of a batch
PEAK, PEAK_SCRATCH, WARM_UP, LAST, DECAY = 6e-4, 1.0e-3, 0.06, 0.02, 0.8
DROPOUT, MASKED, SMOOTHING, MEAN = 0.1, 0.1, 0.05, 0.995
ENGLISH_TIMES = 1.5  # English texts are short and few of the tokens; their loss counts this much more


def pretrained(work: str) -> dict:
    """The weights before the last stage of scope-bert's training, which is about pairs of segments."""
    return torch.load(Path(work) / "checkpoint.pt", weights_only=True)["model"]


def network(state: dict | None, vocabulary: int, config: dict, dropout: float = DROPOUT, attention: str = "eager"):
    """The encoder with a new head of two classes; `state` is that of a pretrained network."""
    settings = BertConfig(
        **{**config, "hidden_dropout_prob": dropout, "attention_probs_dropout_prob": 0.0}, vocab_size=vocabulary, pad_token_id=PAD,
        num_labels=2, id2label=LABELS, label2id={name: index for index, name in LABELS.items()}, classifier_dropout=dropout,
    )
    model = BertForSequenceClassification._from_config(settings, attn_implementation=attention)
    if state is not None:
        kept = {name: tensor for name, tensor in state.items() if name.startswith("bert.")}
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder that data.py wrote")
    parser.add_argument("--bert", required=True, help="folder of scope-bert, for its tokenizer")
    parser.add_argument("--bert-work", required=True, help="folder with scope-bert's checkpoint")
    parser.add_argument("--scratch", action="store_true", help="random first weights, for comparison")
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--epochs", type=int, help="end after so many instead; the rate then follows the steps")
    parser.add_argument("--after", type=int, help="seed of the run to follow")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    name = f"{'scratch' if args.scratch else 'tuned'}-{args.seed}"
    tokenizer = Tokenizer.from_file(str(Path(args.bert) / "tokenizer.json"))
    splits = {split: rows(args.work, split) for split in ("train", "dev")}
    ids = {split: encode(tokenizer, [r["text"] for r in found]) for split, found in splits.items()}
    labels = {split: np.array([r["label"] for r in found]) for split, found in splits.items()}
    english = {split: np.array([r["lang"] == "en" for r in found]) for split, found in splits.items()}
    lengths = [len(row) for row in ids["train"]]

    state = None if args.scratch else pretrained(args.bert_work)
    model = network(state, tokenizer.get_vocab_size(), CONFIG).train()
    before = None
    if args.after is not None:
        before = torch.load(Path(args.work) / f"{name.split('-')[0]}-{args.after}.pt", weights_only=True)["model"]
        model.load_state_dict(before)
    peak = (PEAK_SCRATCH if args.scratch else PEAK) * (0.5 if before else 1)
    parts = groups(model, peak, 1.0 if args.scratch else DECAY)
    optimizer = torch.optim.AdamW(parts, lr=PEAK, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.01, fused=True)
    mean = {key: tensor.clone() for key, tensor in model.state_dict().items()}
    step, epoch, losses, began, waiting = 0, 0, [], time.time(), []
    steps = args.epochs and args.epochs * len(batches(lengths, np.random.default_rng((args.seed, 0))))
    while True:
        progress = step / steps if steps else (time.time() - began) / (60 * args.minutes)
        if progress >= 1:
            break
        if not waiting:
            waiting = batches(lengths, np.random.default_rng((args.seed, epoch)))
            epoch += 1
        chosen = waiting.pop()
        rng = np.random.default_rng((args.seed, step, 1))
        inputs = padded([ids["train"][i] for i in chosen]).numpy()
        hidden = (rng.random(inputs.shape) < MASKED) & (inputs >= FIRST_WORD)
        inputs = torch.from_numpy(np.where(hidden, MASK, inputs))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(input_ids=inputs, attention_mask=(inputs != PAD).long()).logits
        target = torch.from_numpy(labels["train"][chosen])
        each = torch.nn.functional.cross_entropy(logits.float(), target, label_smoothing=SMOOTHING, reduction="none")
        weights = torch.from_numpy(np.where(english["train"][chosen], ENGLISH_TIMES, 1.0)).float()
        loss = (each * weights).sum() / weights.sum()
        for group in optimizer.param_groups:
            rise = progress / WARM_UP
            group["lr"] = group["peak"] * min(rise, LAST + (1 - LAST) * (1 - progress) / (1 - WARM_UP))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        step += 1
        share = min(MEAN, step / (step + 10))
        for key, tensor in model.state_dict().items():
            mean[key].lerp_(tensor, 1 - share) if tensor.is_floating_point() else mean[key].copy_(tensor)
        if step % 100 == 0:
            print(f"step {step} epoch {epoch} loss {np.mean(losses[-100:]):.4f} {time.time() - began:.0f} s", flush=True)
    model.load_state_dict(mean)
    right = scores(model, ids["dev"]).argmax(1) == labels["dev"]
    if before:
        print(f"second cycle alone: dev {right.mean():.4f}", flush=True)
        model.load_state_dict({key: (tensor + mean[key]) / 2 if tensor.is_floating_point() else tensor for key, tensor in before.items()})
        both = scores(model, ids["dev"]).argmax(1) == labels["dev"]
        if both.mean() >= right.mean():
            right = both
        else:
            model.load_state_dict(mean)
    report = {
        "seed": args.seed, "steps": step, "epochs": round(step / len(batches(lengths, np.random.default_rng(0))), 2),
        "wallSeconds": time.time() - began, "dev": {"all": right.mean(), "en": right[english["dev"]].mean(), "zh": right[~english["dev"]].mean()},
    }
    torch.save({"model": model.state_dict(), **{k: v for k, v in report.items() if k != "dev"}}, Path(args.work) / f"{name}.pt")
    (Path(args.work) / f"{name}.json").write_text(json.dumps(report, indent=2, default=float) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2, default=float))


if __name__ == "__main__":
    main()
