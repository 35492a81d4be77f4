"""Trains the two towers on pictures and captions drawn as it goes.

    python train.py --work FOLDER --model FOLDER [--steps N] [--resume]

The loss is CLIP's, with one change: a caption may be true of several pictures of a batch ("a red
circle"), so the target is spread evenly over all that it fits. A batch holds scenes with near
neighbours that differ in one respect, or telling left from right would never pay.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import CLIPConfig, CLIPModel

from caption import LANGUAGES, caption, claim_of
from picture import SIDE, picture
from scene import SEEN, Scene, draw, fits, neighbour
from tokenizer import BOS, EOS, MAX_TOKENS, PAD

MEAN, STD = 0.5, 0.5
TOWER = dict(hidden_size=96, intermediate_size=384, num_attention_heads=4)
PROJECTION = 96
GROUPS, VARIANTS = 24, 4
PEAK, LAST, WARM_UP = 1.5e-3, 1e-5, 0.06
MOST_SCALE = math.log(100)


def config(tokenizer: Tokenizer) -> CLIPConfig:
    ids = {name: tokenizer.token_to_id(token) for name, token in (("pad", PAD), ("bos", BOS), ("eos", EOS))}
    text = dict(TOWER, num_hidden_layers=3, vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=MAX_TOKENS)
    text |= {f"{name}_token_id": value for name, value in ids.items()}
    vision = dict(TOWER, num_hidden_layers=4, image_size=SIDE, patch_size=8)
    common = dict(projection_dim=PROJECTION, hidden_act="gelu")
    for part in (text, vision):
        part.update(common)
    return CLIPConfig(text_config=text, vision_config=vision, projection_dim=PROJECTION)


def pixels(images: list) -> torch.Tensor:
    """[pictures, 3, 64, 64], as `preprocessor_config.json` describes it."""
    array = np.stack([np.asarray(image) for image in images]).astype(np.float32) / 255
    return torch.from_numpy(np.ascontiguousarray(((array - MEAN) / STD).transpose(0, 3, 1, 2)))


def encode(tokenizer: Tokenizer, texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Padded ids and mask."""
    rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    width, pad = max(map(len, rows)), tokenizer.token_to_id(PAD)
    ids = torch.tensor([row + [pad] * (width - len(row)) for row in rows])
    return ids, (ids != pad).long()


def batch(rng: np.random.Generator) -> tuple[list[Scene], list[Scene], list[str]]:
    scenes: list[Scene] = []
    for _ in range(GROUPS):
        first = draw(rng, SEEN)
        scenes += [first, *(neighbour(rng, first, SEEN) for _ in range(VARIANTS - 1))]
    claims = [claim_of(rng, scene) for scene in scenes]
    texts = [caption(rng, claim, LANGUAGES[int(rng.integers(2))]) for claim in claims]
    return scenes, claims, texts


def contrast(logits: torch.Tensor, matches: torch.Tensor) -> torch.Tensor:
    """Cross entropy in both directions against the even spread over all that fits."""
    rows = matches / matches.sum(1, keepdim=True)
    columns = matches / matches.sum(0, keepdim=True)
    by_image = -(rows * logits.log_softmax(1)).sum(1).mean()
    return (by_image - (columns * logits.log_softmax(0)).sum(0).mean()) / 2


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
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--save-every", type=int, default=250)
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --work")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    work = Path(args.work)
    work.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(Path(args.model) / "tokenizer.json"))
    model = CLIPModel._from_config(config(tokenizer), attn_implementation="sdpa").train()
    decay = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": decay, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=PEAK, betas=(0.9, 0.98), eps=1e-8, fused=True)

    checkpoint = work / "checkpoint.pt"
    state = {"step": 0, "steps": args.steps, "seed": args.seed, "pictures": 0, "wallSeconds": 0.0}
    if args.resume and checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved.pop("model"))
        optimizer.load_state_dict(saved.pop("optimizer"))
        if (saved["steps"], saved["seed"]) != (args.steps, args.seed):
            raise SystemExit(f"the checkpoint is of a run with --steps {saved['steps']} --seed {saved['seed']}")
        state = saved
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters; from step {state['step']}", flush=True)

    losses, hits = [], []
    began, before = time.time(), state["wallSeconds"]
    for step in range(state["step"], args.steps):
        rng = np.random.default_rng((args.seed, step))
        scenes, claims, texts = batch(rng)
        ids, mask = encode(tokenizer, texts)
        images = pixels([picture(rng, scene) for scene in scenes])
        logits = model(input_ids=ids, attention_mask=mask, pixel_values=images).logits_per_image
        matches = torch.from_numpy(fits(claims, scenes))
        loss = contrast(logits, matches)
        for group in optimizer.param_groups:
            group["lr"] = rate(step, args.steps)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, MOST_SCALE)
        losses.append(loss.item())
        hits.append(matches[torch.arange(len(scenes)), logits.argmax(1)].mean().item())
        state["step"] = step + 1
        state["pictures"] += len(scenes)
        if state["step"] % 100 == 0:
            state["wallSeconds"] = before + time.time() - began
            line = f"step {state['step']} loss {np.mean(losses[-100:]):.4f} hits {np.mean(hits[-100:]):.3f}"
            print(f"{line} wall {state['wallSeconds']:.0f} s", flush=True)
        if state["step"] % args.save_every == 0 or state["step"] == args.steps:
            state["wallSeconds"] = before + time.time() - began
            save(checkpoint, model, optimizer, state)
    (work / "training.json").write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
