"""Trains the model on BERT's two tasks, masked words and the next segment, on packed rows, on the CPU.

    python train.py --work FOLDER --model FOLDER [--minutes M] [--threads N] [--from FOLDER] [--next]

With --from, the weights of an earlier version with the same vocabulary are trained on. With --next, the last stage is
run, in which most examples are pairs and half of the time goes to long ones; it begins with the weights of --from, or
else with the checkpoint of the stage before, and writes its own. Every step's batch is drawn from a generator seeded with
(seed, step). The learning rate follows the clock, so a run ends well in whatever time it is given, and a run that was
stopped goes on from its checkpoint.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForPreTraining

from architecture import CONFIG
from mix import MIX, MIX_NEXT
from pairs import CLS, FIRST_WORD, MASK, NEXT, PAD, UNLABELLED, Shares, Source, example, load
from weights import state_of

# What the loss of the words counts in the last stage: as much as the pairs' for two thirds of it, then less.
WORDS_NEXT, LESS_WORDS = 0.3, 2 / 3
PEAK, PEAK_ON, PEAK_NEXT, LAST, WARM_UP = 2.5e-3, 1.0e-3, 1.5e-3, 0.01, 0.03  # PEAK_ON for weights that are trained on
# Of the run: until when, length of a row, rows in a batch, longest example. Short rows first, for they are cheaper.
PHASES = ((0.8, 128, 24, 126), (1.0, 256, 12, 254))
PHASES_NEXT = ((0.5, 128, 24, 126), (1.0, 256, 12, 254))  # two segments of 120 tokens need a long row
# Much is masked at first, when every prediction teaches something, and BERT's 15 % from 60 % of the run on.
MUCH, LITTLE, SETTLED = 0.25, 0.15, 0.6
# Few examples are long: some of them begin at any position, or the late positions would never be learned.
SHIFTED = 0.15


def batch(sources: dict[str, Source], weights, mix, vocabulary, rng, length, rows, longest, masked, shares):
    """Rows packed with examples, each attending to itself only."""
    names = list(weights)
    # All draws of names at once: drawn one by one they would take as long as the rest. Where an unrelated segment comes
    # from goes by the shares of the text, or most would be single short sentences, which are told from a page at once.
    text = np.array([mix[name] for name in names])
    drawn = np.stack([rng.choice(len(names), rows * length, p=p) for p in (list(weights.values()), text / text.sum())], -1)
    ids = np.full((rows, length), PAD, dtype=np.int64)
    types, positions, owner = (np.zeros_like(ids) for _ in range(3))
    labels, number = [], 0
    for row in range(rows):
        at = 0
        # A few positions at the end of a row stay empty rather than hold a stump.
        while length - at >= 16:
            name, other = drawn[number]
            number += 1
            tokens, kinds, label = example(sources, names[name], names[other], rng, min(longest, length - at), shares)
            end = at + len(tokens)
            ids[row, at:end], types[row, at:end] = tokens, kinds
            start = int(rng.integers(CONFIG["max_position_embeddings"] - len(tokens) + 1)) if rng.random() < SHIFTED else 0
            positions[row, at:end], owner[row, at:end] = start + np.arange(len(tokens)), number
            labels.append(label)
            at = end
    attend = (owner[:, :, None] == owner[:, None, :])[:, None]

    # 80 % [MASK], 10 % another word, 10 % left as it is. Unknown signs are never asked for.
    chosen = (rng.random(ids.shape) < masked) & (ids >= FIRST_WORD)
    how = rng.random(ids.shape)
    inputs = np.where(chosen & (how < 0.8), MASK, ids)
    inputs = np.where(chosen & (how >= 0.9), rng.integers(FIRST_WORD, vocabulary, ids.shape), inputs)
    arrays = (inputs, types, positions, attend, chosen, ids == CLS, ids[chosen], np.array(labels))
    return tuple(map(torch.from_numpy, arrays))


def example_weights(sources, mix, shares, rng):
    """Turns shares of the tokens into chances to be drawn, by the mean size of an example."""
    names = [name for name in mix if name in sources]
    sizes = {n: np.mean([len(example(sources, n, n, rng, 126, shares)[0]) for _ in range(300)]) for n in names}
    chances = {n: mix[n] / sizes[n] for n in names}
    total = sum(chances.values())
    return {n: chance / total for n, chance in chances.items()}


def rate(progress, peak):
    if progress < WARM_UP:
        return peak * progress / WARM_UP
    return peak * (LAST + (1 - LAST) * (1 - progress) / (1 - WARM_UP))


def losses_of(model, inputs, types, positions, attend, chosen, begins, words, labels):
    """(loss of the masked words, loss of the next segments, share of these that is right)"""
    hidden = model.bert.embeddings(input_ids=inputs, token_type_ids=types, position_ids=positions)
    bias = torch.zeros(attend.shape, dtype=torch.bfloat16 if torch.is_autocast_enabled("cpu") else torch.float32).masked_fill_(~attend, -3e4)
    for layer in model.bert.encoder.layer:
        hidden = layer(hidden, attention_mask=bias)
        hidden = hidden[0] if isinstance(hidden, tuple) else hidden
    # The vocabulary is by far the widest layer: only the masked positions go through it.
    scores = model.cls.predictions(hidden[chosen])
    follows = model.cls.seq_relationship(model.bert.pooler.activation(model.bert.pooler.dense(hidden[begins])))
    asked = labels != UNLABELLED
    right = (follows.argmax(-1) == labels)[asked].float().mean()
    cross = torch.nn.functional.cross_entropy
    return cross(scores.float(), words), cross(follows.float(), labels, ignore_index=UNLABELLED), right


def sinusoids(model):
    """Positions start as sine and cosine (Vaswani et al. 2017), for then "the token before" is one rotation away from
    the first step on, and heads that look at neighbours form within minutes. They are trained like the rest."""
    table = model.bert.embeddings.position_embeddings.weight
    count, width = table.shape
    angles = torch.arange(count)[:, None] * 10000 ** (-torch.arange(0, width, 2) / width)[None]
    with torch.no_grad():
        table.copy_(torch.stack([angles.sin(), angles.cos()], -1).view(count, width) * 0.03)


def optimizers(model):
    """Muon for the matrices inside the layers (Jordan et al. 2024, with the scale of Liu et al. 2025, so that one rate
    serves both), AdamW for embeddings, heads, biases and norms."""
    inside = [p for name, p in model.named_parameters() if ".layer." in name and p.dim() == 2]
    matrices = {id(p) for p in inside}
    others = [p for p in model.parameters() if id(p) not in matrices]
    return [
        torch.optim.Muon(inside, lr=PEAK, weight_decay=0.05, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=PEAK, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]


def save(path, model, both, state):
    temporary = path.with_suffix(".tmp")
    torch.save({"model": model.state_dict(), "optimizers": [o.state_dict() for o in both], **state}, temporary)
    temporary.replace(path)  # a run stopped while it writes leaves the last one whole


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder that data.py wrote; checkpoint and log go there")
    parser.add_argument("--model", required=True, help="folder with tokenizer.json")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--from", dest="earlier", help="folder of an earlier version to train on")
    parser.add_argument("--next", action="store_true", help="a last stage for the second task")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    work = Path(args.work)
    tokenizer = Tokenizer.from_file(str(Path(args.model) / "tokenizer.json"))
    sources = load(work, tokenizer)
    mix, shares = (MIX_NEXT, NEXT) if args.next else (MIX, Shares())
    weights = example_weights(sources, mix, shares, np.random.default_rng(args.seed))
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), pad_token_id=PAD, **CONFIG)
    model = BertForPreTraining._from_config(config, attn_implementation="eager")  # at this width faster than the fused kernel
    if args.earlier:
        _, unexpected = model.load_state_dict(state_of(args.earlier), strict=False)
        if unexpected:
            raise SystemExit(f"unexpected {unexpected}")
    elif args.next:
        model.load_state_dict(torch.load(work / "checkpoint.pt", weights_only=True)["model"])
    else:
        sinusoids(model)
    on = args.earlier is not None or args.next
    peak = PEAK_NEXT if args.next else PEAK_ON if on else PEAK
    both = optimizers(model)

    suffix = "-next" if args.next else ""
    checkpoint = work / f"checkpoint{suffix}.pt"
    state = {"step": 0, "seed": args.seed, "minutes": args.minutes, "earlier": args.earlier is not None, "tokens": 0, "wallSeconds": 0.0, "cpuSeconds": 0.0}
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved.pop("model"))
        for optimizer, kept in zip(both, saved.pop("optimizers")):
            optimizer.load_state_dict(kept)
        state = {**saved, "minutes": args.minutes}
    tokens = {name: len(source.ids) for name, source in sources.items()}
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters; from step {state['step']}; tokens {tokens}", flush=True)

    model.train()
    wall, cpu, before, saved_at = time.time(), time.process_time(), dict(state), time.time()
    recent = []
    while True:
        state["wallSeconds"] = before["wallSeconds"] + time.time() - wall
        state["cpuSeconds"] = before["cpuSeconds"] + time.process_time() - cpu
        progress = state["wallSeconds"] / (60 * args.minutes)
        if progress >= 1:
            break
        rng = np.random.default_rng((args.seed, state["step"]))
        _, length, rows, longest = next(phase for phase in (PHASES_NEXT if args.next else PHASES) if progress < phase[0])
        masked = LITTLE if on else max(LITTLE, MUCH - (MUCH - LITTLE) * progress / SETTLED)
        made = batch(sources, weights, mix, config.vocab_size, rng, length, rows, longest, masked, shares)
        for optimizer in both:
            for group in optimizer.param_groups:
                group["lr"] = rate(progress, peak)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            words, follows, right = losses_of(model, *made)
        model.zero_grad(set_to_none=True)
        ((WORDS_NEXT if args.next and progress >= LESS_WORDS else 1) * words + follows).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in both:
            optimizer.step()
        recent.append((words.item(), follows.item(), right.item()))
        state["step"] += 1
        state["tokens"] += rows * length
        if state["step"] % 100 == 0:
            means = " ".join(f"{value:.3f}" for value in np.mean(recent[-100:], 0))
            print(f"step {state['step']} losses {means} tokens {state['tokens']:,} wall {state['wallSeconds']:.0f} s", flush=True)
        if time.time() - saved_at > 120:
            saved_at = time.time()
            save(checkpoint, model, both, state)
    save(checkpoint, model, both, state)
    (work / f"training{suffix}.json").write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
