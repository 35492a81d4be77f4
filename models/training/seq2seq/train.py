"""Trains the translator on sentence pairs drawn as it goes; it sees hardly any of them twice.

    python train.py --work FOLDER --model FOLDER [--steps N] [--resume]

Every batch is drawn from a generator seeded with (seed, step), so a run that was stopped and
resumed reads the same data as one that was not.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import MarianConfig, MarianMTModel

import lexicon as lex
from grammar import chinese_of, draw, english_of
from tokenizer import EOS, MAX_TOKENS, PAD, TO_CHINESE, TO_ENGLISH

CONFIG = dict(
    d_model=128,
    encoder_layers=3,
    decoder_layers=2,
    encoder_attention_heads=4,
    decoder_attention_heads=4,
    encoder_ffn_dim=384,
    decoder_ffn_dim=384,
    max_position_embeddings=MAX_TOKENS,
    activation_function="gelu",
    scale_embedding=True,
    # New sentences all the time: nothing to hold back from.
    dropout=0.0,
    attention_dropout=0.0,
    activation_dropout=0.0,
)
BATCH, BLOCK = 64, 16  # sentences of a step; steps whose sentences are sorted by length together
PEAK, LAST, WARM_UP = 2e-3, 2e-5, 0.05
# The source says in which language it is, so the direction token may be missing.
UNMARKED, LOWER_CASE, FIXED = 0.15, 0.15, 0.02


def config(tokenizer: Tokenizer) -> MarianConfig:
    pad, eos = tokenizer.token_to_id(PAD), tokenizer.token_to_id(EOS)
    return MarianConfig(
        vocab_size=tokenizer.get_vocab_size(), decoder_vocab_size=tokenizer.get_vocab_size(), pad_token_id=pad,
        eos_token_id=eos, decoder_start_token_id=pad, forced_eos_token_id=None, bos_token_id=None, **CONFIG,
    )


def example(rng: random.Random) -> tuple[str, str]:
    """A source text, mostly with a direction token, and its translation."""
    if rng.random() < FIXED:
        english, chinese = rng.choice(lex.FIXED)
    else:
        pair = draw(rng, "train")
        english, chinese = english_of(pair), chinese_of(pair)
    marked = rng.random() >= UNMARKED
    if rng.random() < 0.5:
        source = english.lower() if rng.random() < LOWER_CASE else english
        return (f"{TO_CHINESE} {source}" if marked else source), chinese
    return (f"{TO_ENGLISH} {chinese}" if marked else chinese), english


def padded(rows: list[list[int]], pad: int) -> torch.Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [pad] * (width - len(row)) for row in rows])


class Batches:
    """Batches of about equal lengths: cheaper than batches of any."""

    def __init__(self, tokenizer: Tokenizer, seed: int):
        self.tokenizer, self.seed, self.block, self.held = tokenizer, seed, -1, []

    def at(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        if step // BLOCK != self.block:
            self.block = step // BLOCK
            rng = random.Random(f"{self.seed} {self.block}")
            examples = [example(rng) for _ in range(BATCH * BLOCK)]
            sources, targets = ([e.ids for e in self.tokenizer.encode_batch(list(side))] for side in zip(*examples))
            rows = sorted(zip(sources, targets), key=lambda pair: (len(pair[1]), len(pair[0])))
            self.held = [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]
            rng.shuffle(self.held)
        rows = self.held[step % BLOCK]
        pad = self.tokenizer.token_to_id(PAD)
        return padded([s for s, _ in rows], pad), padded([t for _, t in rows], pad)


def rate(step: int, steps: int) -> float:
    if step < WARM_UP * steps:
        return PEAK * (step + 1) / (WARM_UP * steps)
    done = (step - WARM_UP * steps) / (steps * (1 - WARM_UP))
    return LAST + (PEAK - LAST) * 0.5 * (1 + math.cos(math.pi * done))


def save(path: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer, state: dict) -> None:
    temporary = path.with_suffix(".tmp")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), **state}, temporary)
    temporary.replace(path)  # a run stopped while it writes leaves the last one whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder for checkpoint and log")
    parser.add_argument("--model", required=True, help="folder with tokenizer.json")
    parser.add_argument("--steps", type=int, default=6500)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--save-every", type=int, default=500)
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --work")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    work = Path(args.work)
    work.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(Path(args.model) / "tokenizer.json"))
    model = MarianMTModel._from_config(config(tokenizer), attn_implementation="sdpa").train()
    decay = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": decay, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=PEAK, betas=(0.9, 0.98), eps=1e-8, fused=True)

    checkpoint = work / "checkpoint.pt"
    state = {"step": 0, "steps": args.steps, "seed": args.seed, "tokens": 0, "wallSeconds": 0.0}
    if args.resume and checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved.pop("model"))
        optimizer.load_state_dict(saved.pop("optimizer"))
        if (saved["steps"], saved["seed"]) != (args.steps, args.seed):
            raise SystemExit(f"the checkpoint is of a run with --steps {saved['steps']} --seed {saved['seed']}")
        state = saved
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters; from step {state['step']}", flush=True)

    pad, batches, losses = tokenizer.token_to_id(PAD), Batches(tokenizer, args.seed), []
    began, before = time.time(), state["wallSeconds"]
    for step in range(state["step"], args.steps):
        source, target = batches.at(step)
        start = torch.full((len(target), 1), pad)
        logits = model(
            input_ids=source, attention_mask=(source != pad).long(),
            decoder_input_ids=torch.cat([start, target[:, :-1]], 1), use_cache=False,
        ).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=pad)
        for group in optimizer.param_groups:
            group["lr"] = rate(step, args.steps)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        state["step"] = step + 1
        state["tokens"] += int((source != pad).sum() + (target != pad).sum())
        if state["step"] % 100 == 0:
            state["wallSeconds"] = before + time.time() - began
            line = f"step {state['step']} loss {np.mean(losses[-100:]):.4f} tokens {state['tokens']:,}"
            print(f"{line} wall {state['wallSeconds']:.0f} s", flush=True)
        if state["step"] % args.save_every == 0 or state["step"] == args.steps:
            state["wallSeconds"] = before + time.time() - began
            save(checkpoint, model, optimizer, state)
    (work / "training.json").write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
