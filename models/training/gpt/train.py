"""Trains scope-gpt (GPT-2 architecture) on the stream of corpus.py.

    python train.py --work FOLDER [--minutes M] [--threads N]

The learning rate follows the clock, so a run ends well in whatever time it is given. A run that was stopped
goes on from its checkpoint.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from transformers import GPT2Config, GPT2LMHeadModel

LENGTH = 256
BATCH = 12
PEAK = 3e-3
WARMUP = 0.02
SEED = 2026


def config():
    return GPT2Config(
        vocab_size=4096, n_positions=512, n_embd=192, n_layer=4, n_head=6,
        activation_function="gelu_pytorch_tanh", bos_token_id=0, eos_token_id=0, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
    )


def rate(progress):
    if progress < WARMUP:
        return PEAK * progress / WARMUP
    return PEAK * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * (progress - WARMUP) / (1 - WARMUP))))


def sinusoids(model):
    """Positions start as sine and cosine (Vaswani et al. 2017), for then "the token before" is one rotation
    away from the first step on, and heads that look there form within minutes. They are trained like the rest."""
    table = model.transformer.wpe.weight
    count, width = table.shape
    rates = 10000 ** (-torch.arange(0, width, 2) / width)
    angles = torch.arange(count)[:, None] * rates[None]
    with torch.no_grad():
        table.copy_(torch.stack([angles.sin(), angles.cos()], -1).view(count, width) * 0.1)


def loss_of(model, ids):
    return model(input_ids=ids, labels=ids).loss


def optimizers(model):
    """Muon for the matrices inside the blocks (Jordan et al. 2024, with the scale of Liu et al. 2025, so that one
    rate serves both), AdamW for embeddings, biases and norms."""
    inside = [p for name, p in model.named_parameters() if ".h." in name and p.dim() == 2]
    matrices = {id(p) for p in inside}
    others = [p for p in model.parameters() if id(p) not in matrices]
    return [
        torch.optim.Muon(inside, lr=PEAK, weight_decay=0.05, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=PEAK, betas=(0.9, 0.98), weight_decay=0.0),
    ]


@torch.no_grad()
def best_heads(model, size=40):
    """The highest previous-token and induction scores of any head on random tokens said twice (Olsson et al. 2022)."""
    copy = torch.randint(3, model.config.vocab_size, (8, size), generator=torch.Generator().manual_seed(1))
    model.set_attn_implementation("eager")
    layers = model(torch.cat([copy, copy], 1), output_attentions=True).attentions
    model.set_attn_implementation("sdpa")
    stack = torch.stack(layers)
    previous = stack.diagonal(-1, 3, 4).mean((1, 3))
    induction = stack[..., size:, :].diagonal(1, 3, 4).mean((1, 3))
    return previous.max().item(), induction.max().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(SEED)
    work = Path(options.work)
    tokens = np.load(work / "gpt-train.npy", mmap_mode="r")
    unseen = torch.from_numpy(np.load(work / "gpt-heldout.npy")[: 40 * LENGTH].astype(np.int64)).view(40, LENGTH)
    model = GPT2LMHeadModel(config())
    sinusoids(model)
    both = optimizers(model)
    state = work / "gpt-checkpoint.pt"
    step, spent = 0, 0.0
    if state.exists():
        saved = torch.load(state)
        model.load_state_dict(saved["model"])
        for optimizer, kept in zip(both, saved["optimizers"]):
            optimizer.load_state_dict(kept)
        step, spent = saved["step"], saved["spent"]
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters, {len(tokens) / 1e6:.1f} M tokens", flush=True)
    rng = np.random.default_rng(SEED + step)
    begun, mean = time.time(), None
    saved_at = begun
    model.train()
    while True:
        now = spent + time.time() - begun
        progress = now / (60 * options.minutes)
        if progress >= 1:
            break
        for group in (group for optimizer in both for group in optimizer.param_groups):
            group["lr"] = rate(progress)
        starts = rng.integers(0, len(tokens) - LENGTH, BATCH)
        ids = torch.from_numpy(np.stack([tokens[s : s + LENGTH] for s in starts]).astype(np.int64))
        # All 512 position embeddings are trained, though a row has only 256 tokens.
        offset = int(rng.integers(0, 257)) if rng.random() < 0.5 else 0
        positions = torch.arange(offset, offset + LENGTH).unsqueeze(0)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = model(input_ids=ids, labels=ids, position_ids=positions).loss
        model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in both:
            optimizer.step()
        step += 1
        mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
        if step % 100 == 0:
            print(f"step {step} {now:.0f} s loss {mean:.3f} {step * BATCH * LENGTH / 1e6:.1f} M tokens", flush=True)
        if time.time() - saved_at > 90:
            saved_at = time.time()
            save(state, model, both, step, now)
            previous, induction = best_heads(model)
            with torch.no_grad():
                unseen_loss = loss_of(model, unseen).item()
            print(f"  held-out loss {unseen_loss:.3f}, previous-token head {previous:.2f}, induction head {induction:.2f}", flush=True)
    save(state, model, both, step, spent + time.time() - begun)
    model.eval()
    with torch.no_grad():
        print(f"done: step {step}, held-out loss {loss_of(model, unseen).item():.3f}", flush=True)
    model.save_pretrained(work / "scope-gpt-pytorch")


def save(path, model, both, step, spent):
    kept = [optimizer.state_dict() for optimizer in both]
    torch.save({"model": model.state_dict(), "optimizers": kept, "step": step, "spent": spent}, path)


if __name__ == "__main__":
    main()
