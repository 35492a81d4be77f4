"""Trains the two towers on pictures and captions drawn as it goes.

    python train.py --work FOLDER --model FOLDER [--steps N] [--resume]

The loss is CLIP's, with two changes. A caption may be true of several pictures of a batch ("a red circle"), so the
target is spread evenly over all that it fits. And a picture chooses not only among the captions of the batch but
also among as many that are false in one respect; pictures, too, come with near neighbours, or telling left from
right would never pay.

Beside it, linear heads that both towers share read each property (colour, shape, place …) from the vectors. Vectors
in which the properties lie side by side are what serves combinations that never met. The heads are not kept.

For the first 88 % of the steps a picture is read by half of its patches (FLIP, Li et al. 2023), here all that show
something and some of the empty ones; that saves a third of the time.
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
from torch.nn.functional import cross_entropy, normalize
from transformers import CLIPConfig, CLIPModel

from caption import LANGUAGES, caption, claim_of
from picture import SIDE, picture
from scene import FIELDS, Scene, draw, fits, neighbour, rows
from tokenizer import BOS, EOS, MAX_TOKENS, PAD

# Of the drawn pictures themselves, rounded.
MEAN, STD = 0.9, 0.15
TOWER = dict(hidden_size=96, intermediate_size=384, num_attention_heads=4)
PROJECTION = 96
GROUPS, VARIANTS = 24, 4
PEAK, WARM_UP = 2.5e-3, 80
MOST_SCALE = math.log(100)
HEADS_SHARE = 0.5
PATCH, KEPT = 8, 32
LATER = 1400  # the step from which on many things may be of various shapes
# The rate stays high for this share of the steps, then falls to nothing; so long pictures are read by half.
STEADY, SPARSE = 0.7, 0.88


def config(tokenizer: Tokenizer) -> CLIPConfig:
    ids = {name: tokenizer.token_to_id(token) for name, token in (("pad", PAD), ("bos", BOS), ("eos", EOS))}
    text = dict(TOWER, num_hidden_layers=2, vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=MAX_TOKENS)
    text |= {f"{name}_token_id": value for name, value in ids.items()}
    vision = dict(TOWER, num_hidden_layers=4, image_size=SIDE, patch_size=PATCH)
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
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    width, pad = max(map(len, ids)), tokenizer.token_to_id(PAD)
    table = torch.tensor([row + [pad] * (width - len(row)) for row in ids])
    return table, (table != pad).long()


def batch(rng: np.random.Generator, step: int) -> tuple[list[Scene], list[Scene], list[str]]:
    """Scenes, and claims with their captions: first a true one of each scene, then as many of near neighbours."""
    scenes: list[Scene] = []
    for _ in range(GROUPS):
        first = draw(rng, later=step >= LATER)
        scenes += [first, *(neighbour(rng, first) for _ in range(VARIANTS - 1))]
    told = [*scenes, *(neighbour(rng, scene) for scene in scenes)]
    claims = [claim_of(rng, scene) for scene in told]
    texts = [caption(rng, claim, LANGUAGES[int(rng.integers(2))]) for claim in claims]
    return scenes, claims, texts


def contrast(logits: torch.Tensor, matches: torch.Tensor) -> torch.Tensor:
    """Cross entropy in both directions against the even spread over all that fits."""
    by_image = -(matches / matches.sum(1, keepdim=True) * logits.log_softmax(1)).sum(1).mean()
    columns, truth = logits.log_softmax(0), matches.sum(0)
    told = truth > 0  # a caption that fits no picture is only there to be told apart
    return (by_image - (matches[:, told] / truth[told] * columns[:, told]).sum(0).mean()) / 2


class Heads(torch.nn.Module):
    """Each field of a scene by one linear map of a vector."""

    def __init__(self) -> None:
        super().__init__()
        self.map = torch.nn.Linear(PROJECTION, sum(FIELDS.values()))

    def forward(self, vectors: torch.Tensor, scenes: list[Scene]) -> torch.Tensor:
        wanted = torch.from_numpy(rows(scenes))
        parts = self.map(vectors * 10).split(list(FIELDS.values()), dim=1)
        losses = [cross_entropy(part, wanted[:, i], ignore_index=-1) for i, part in enumerate(parts) if (wanted[:, i] >= 0).any()]
        return torch.stack(losses).mean()


def telling(images: torch.Tensor) -> torch.Tensor:
    """[pictures, 1 + KEPT]: the class token and the patches that are kept; those that differ from the background first."""
    patches = torch.nn.functional.unfold(images, PATCH, stride=PATCH).view(len(images), 3, PATCH * PATCH, -1)
    background = patches.mean(2).median(-1).values[:, :, None, None]
    shows = (patches - background).abs().amax((1, 2)) > 0.2
    kept = (shows + torch.rand(shows.shape)).topk(KEPT, dim=1).indices + 1
    return torch.cat([torch.zeros(len(images), 1, dtype=torch.long), kept], 1)


def see(model: CLIPModel, images: torch.Tensor, sparse: bool = False) -> torch.Tensor:
    """Vectors of length 1 of the pictures."""
    tower = model.vision_model
    states = tower.embeddings(images)
    if sparse:
        states = states.gather(1, telling(images)[..., None].expand(-1, -1, states.shape[-1]))
    states = tower.encoder(inputs_embeds=tower.pre_layrnorm(states)).last_hidden_state
    return normalize(model.visual_projection(tower.post_layernorm(states[:, 0])).float(), dim=-1)


def read(model: CLIPModel, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Vectors of length 1 of the texts."""
    return normalize(model.get_text_features(input_ids=ids, attention_mask=mask).pooler_output.float(), dim=-1)


def sinusoids(model: CLIPModel) -> None:
    """Positions start as sine and cosine of row and column (of the place in the text), and are trained like the rest:
    heads that look at places then form from the first step on."""
    def waves(places: torch.Tensor, width: int) -> torch.Tensor:
        angles = places[:, None] * 100 ** (-torch.arange(0, width, 2) / width)
        return torch.cat([angles.sin(), angles.cos()], 1)

    vision, text = (part.embeddings.position_embedding.weight for part in (model.vision_model, model.text_model))
    side, width = SIDE // PATCH, vision.shape[1]
    row, column = torch.arange(side).repeat_interleave(side), torch.arange(side).repeat(side)
    with torch.no_grad():
        vision[1:] = torch.cat([waves(row, width // 2), waves(column, width // 2)], 1) * 0.2
        text.copy_(waves(torch.arange(text.shape[0]), text.shape[1]) * 0.05)


def optimizers(model: CLIPModel, heads: Heads) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the layers (Jordan et al. 2024, with the scale of Liu et al. 2025, so that one
    rate serves both), AdamW for the rest."""
    inside = [p for name, p in model.named_parameters() if ".layers." in name and p.dim() == 2]
    known = {id(p) for p in inside}
    others = [p for p in [*model.parameters(), *heads.parameters()] if id(p) not in known]
    return [
        torch.optim.Muon(inside, lr=PEAK, weight_decay=0.05, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=PEAK, betas=(0.9, 0.98), weight_decay=0.0),
    ]


def rate(step: int, steps: int) -> float:
    if step < WARM_UP:
        return PEAK * (step + 1) / WARM_UP
    return PEAK * min(1, (steps - step) / (steps * (1 - STEADY)))


def save(path: Path, model: CLIPModel, heads: Heads, both: list[torch.optim.Optimizer], state: dict) -> None:
    temporary = path.with_suffix(".tmp")
    kept = {"model": model.state_dict(), "heads": heads.state_dict(), "optimizers": [each.state_dict() for each in both]}
    torch.save({**kept, "state": state}, temporary)
    temporary.replace(path)  # a run stopped while it writes leaves the last one whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder for checkpoint and log")
    parser.add_argument("--model", required=True, help="folder with tokenizer.json")
    parser.add_argument("--steps", type=int, default=2300)
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
    model = CLIPModel._from_config(config(tokenizer), attn_implementation="eager").train()  # faster here than the fused one
    sinusoids(model)
    heads = Heads()
    both = optimizers(model, heads)

    checkpoint = work / "checkpoint.pt"
    state = {"step": 0, "steps": args.steps, "seed": args.seed, "pictures": 0, "captions": 0, "wallSeconds": 0.0, "cpuSeconds": 0.0}
    if args.resume and checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved["model"])
        heads.load_state_dict(saved["heads"])
        for optimizer, kept in zip(both, saved["optimizers"]):
            optimizer.load_state_dict(kept)
        state = saved["state"]
        # Up to here a longer run would have been the same.
        same = state["steps"] == args.steps or state["step"] <= STEADY * min(state["steps"], args.steps)
        if not same or state["seed"] != args.seed:
            raise SystemExit(f"the checkpoint is of a run with --steps {state['steps']} --seed {state['seed']}")
        state["steps"] = args.steps
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters; from step {state['step']}", flush=True)

    losses, head_losses, hits = [], [], []
    clocks, before = (time.time(), time.process_time()), (state["wallSeconds"], state["cpuSeconds"])
    for step in range(state["step"], args.steps):
        rng = np.random.default_rng((args.seed, step))
        torch.manual_seed(args.seed * 1_000_003 + step)
        scenes, claims, texts = batch(rng, step)
        ids, mask = encode(tokenizer, texts)
        images = pixels([picture(rng, scene) for scene in scenes])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            shown, said = see(model, images, sparse=step < SPARSE * args.steps), read(model, ids, mask)
        logits = model.logit_scale.exp() * shown @ said.T
        matches = torch.from_numpy(fits(claims, scenes))
        loss, aside = contrast(logits, matches), heads(shown, scenes) + heads(said, claims)
        for group in (group for optimizer in both for group in optimizer.param_groups):
            group["lr"] = rate(step, args.steps)
        for optimizer in both:
            optimizer.zero_grad(set_to_none=True)
        (loss + HEADS_SHARE * aside).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in both:
            optimizer.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, MOST_SCALE)
        losses.append(loss.item())
        head_losses.append(aside.item())
        hits.append(matches[torch.arange(len(scenes)), logits.argmax(1)].mean().item())
        state["step"] = step + 1
        state["pictures"] += len(scenes)
        state["captions"] += len(texts)
        state["wallSeconds"] = before[0] + time.time() - clocks[0]
        state["cpuSeconds"] = before[1] + time.process_time() - clocks[1]
        if state["step"] % 100 == 0:
            means = [np.mean(values[-100:]) for values in (losses, head_losses, hits)]
            line = "step {} loss {:.4f} heads {:.4f} hits {:.3f}".format(state["step"], *means)
            print(f"{line} scale {model.logit_scale.exp().item():.1f} wall {state['wallSeconds']:.0f} s", flush=True)
        if state["step"] % args.save_every == 0 or state["step"] == args.steps:
            save(checkpoint, model, heads, both, state)
            if state["step"] <= STEADY * args.steps:
                save(work / "steady.pt", model, heads, both, state)  # from here a run can be made longer
    (work / "training.json").write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
