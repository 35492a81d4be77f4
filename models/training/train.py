"""Trains the model: masked-language modelling on packed rows, on the CPU.

    python train.py --work FOLDER --model FOLDER [--steps N] [--resume]

Every step's batch is drawn from a generator seeded with (seed, step), so a run that was
stopped and resumed reads the same data as one that was not. A checkpoint (weights,
optimizer, step, time used) is written now and then and at the end.
"""

import argparse
import json
import math
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForMaskedLM

PAD, UNK, CLS, SEP, MASK = range(5)
FIRST_WORD = 5  # ids from here on are not special

CONFIG = dict(
    hidden_size=192,
    num_hidden_layers=4,
    num_attention_heads=6,
    intermediate_size=768,
    max_position_embeddings=256,
    type_vocab_size=2,
    # The run sees most texts about once or twice: nothing to hold back from, and dropout costs time.
    hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
)

# Shares of the examples' tokens that come from each source. Simple English (stories and
# everyday sentences) and everyday Chinese are small texts, read several times over. The
# shares hold for the first phase; in the last, with longer examples, long documents get more.
MIX = {
    "books": 0.30,
    "tinystories": 0.14,
    "tatoeba": 0.24,
    "clue": 0.11,
    "chnsenticorp": 0.12,
    "book_review": 0.09,
    "templates": 1.0,
}

# The run has two cycles of the learning rate. In the second, every other example starts at any
# position instead of at 0: few examples are long, and without this the late positions are never
# learned; heads that look at the previous token stop at the length that the short rows had.
#
# Of each cycle: share of the steps, peak rate, share of the examples that start anywhere, share of
# the tokens that is masked at its begin and end (much is masked at first, when every prediction
# teaches something, and BERT's 15 % later), and its phases (share of the cycle, length of a row,
# rows in a batch, longest example): short rows first, for they are cheaper.
CYCLES = (
    (10 / 13, 1.5e-3, 0.0, (0.30, 0.15), ((0.85, 128, 16, 126), (0.15, 256, 8, 256))),
    (3 / 13, 6e-4, 0.5, (0.15, 0.15), ((0.60, 128, 16, 126), (0.40, 256, 8, 256))),
)
LAST_RATE, WARM_UP = 3e-5, 0.06


class Source:
    """The sentences of a source as ids, one after the other, with the document of each."""

    def __init__(self):
        self.ids, self.starts, self.document, self.side = [], [0], [], []

    def add(self, encoded, document, side):
        self.ids.append(np.array(encoded, dtype=np.int32))
        self.starts.append(self.starts[-1] + len(encoded))
        self.document.append(document)
        self.side.append(side)

    def close(self):
        self.ids = np.concatenate(self.ids)
        self.starts = np.array(self.starts)
        return self

    def __len__(self):
        return len(self.document)

    def sentence(self, index):
        return self.ids[self.starts[index] : self.starts[index + 1]]


def load(work, tokenizer):
    sources = defaultdict(Source)
    with open(Path(work) / "train.jsonl", encoding="utf-8") as file:
        for number, line in enumerate(file):
            doc = json.loads(line)
            pair = doc["lang"] == "pair"
            for side, encoding in enumerate(tokenizer.encode_batch(doc["segments"], add_special_tokens=False)):
                if encoding.ids:
                    sources[doc["source"]].add(encoding.ids, number, side if pair else None)
    return {name: source.close() for name, source in sources.items()}


def example(source, rng, longest):
    """[CLS] A [SEP] or [CLS] A [SEP] B [SEP]: (ids, token types), from one document.

    It begins at a sentence, so that [CLS] and the first positions see sentence openings."""
    index = int(rng.integers(len(source)))
    first = source.sentence(index)
    if source.side[index] is not None:
        # Parallel text: one side alone, or, one time in three, both as a pair in any order.
        other = index + 1 if source.side[index] == 0 else index - 1
        if rng.random() < 1 / 3 and 0 <= other < len(source) and source.document[other] == source.document[index]:
            return joined(first, source.sentence(other), longest)
        return joined(first, None, longest)
    # Sometimes a single sentence, as people type them; else as many as fit.
    room = 1 if rng.random() < 0.2 else longest - 3
    sentences, size = [first], len(first)
    while size < room:
        index += 1
        if index >= len(source) or source.document[index] != source.document[index - 1]:
            break
        sentence = source.sentence(index)
        if size + len(sentence) > longest - 3:
            break
        sentences.append(sentence)
        size += len(sentence)
    cut = int(rng.integers(1, len(sentences))) if len(sentences) > 1 and rng.random() < 0.2 else len(sentences)
    second = np.concatenate(sentences[cut:]) if cut < len(sentences) else None
    return joined(np.concatenate(sentences[:cut]), second, longest)


def joined(first, second, longest):
    if second is None:
        first = first[: longest - 2]
        ids = np.concatenate([[CLS], first, [SEP]])
        return ids, np.zeros(len(ids), dtype=np.int64)
    first = first[: (longest - 3) * 2 // 3]
    second = second[: longest - 3 - len(first)]
    ids = np.concatenate([[CLS], first, [SEP], second, [SEP]])
    types = np.zeros(len(ids), dtype=np.int64)
    types[len(first) + 2 :] = 1
    return ids, types


def batch(sources, weights, vocabulary, rng, length, rows, longest, masked, shifted):
    """Rows packed with examples, each attending to itself only. A `shifted` share of them starts at
    any position, the others at 0."""
    names = list(weights)
    positions_known = CONFIG["max_position_embeddings"]
    ids = np.full((rows, length), PAD, dtype=np.int64)
    types, positions, owner = (np.zeros_like(ids) for _ in range(3))
    for row in range(rows):
        at, number = 0, 0
        # A few positions at the end of a row stay empty rather than hold a stump.
        while length - at >= 8:
            number += 1
            source = sources[names[int(rng.choice(len(names), p=list(weights.values())))]]
            tokens, kinds = example(source, rng, min(longest, length - at))
            end = at + len(tokens)
            ids[row, at:end], types[row, at:end] = tokens, kinds
            anywhere = shifted > 0 and rng.random() < shifted
            start = int(rng.integers(positions_known - len(tokens) + 1)) if anywhere else 0
            positions[row, at:end], owner[row, at:end] = start + np.arange(len(tokens)), number
            at = end
    attend = (owner[:, :, None] == owner[:, None, :])[:, None]

    # 80 % [MASK], 10 % another word, 10 % left as it is. Unknown signs are never asked for.
    chosen = (rng.random(ids.shape) < masked) & (ids >= FIRST_WORD)
    how = rng.random(ids.shape)
    inputs = np.where(chosen & (how < 0.8), MASK, ids)
    inputs = np.where(chosen & (how >= 0.9), rng.integers(FIRST_WORD, vocabulary, ids.shape), inputs)
    return tuple(map(torch.from_numpy, (inputs, types, positions, attend, chosen, ids[chosen])))


def example_weights(sources, rng):
    """Turns the token shares of MIX into chances to be drawn, by the mean size of an example."""
    names = [name for name in MIX if name in sources]
    sizes = {n: np.mean([len(example(sources[n], rng, 126)[0]) for _ in range(300)]) for n in names}
    chances = {n: MIX[n] / sizes[n] for n in names}
    total = sum(chances.values())
    return {n: chance / total for n, chance in chances.items()}


def cycle(step, steps):
    """The cycle that a step lies in, the step within it and the steps that it has."""
    first = round(CYCLES[0][0] * steps)
    return (CYCLES[0], step, first) if step < first else (CYCLES[1], step - first, steps - first)


def rate(peak, step, steps):
    if step < WARM_UP * steps:
        return peak * (step + 1) / (WARM_UP * steps)
    done = (step - WARM_UP * steps) / (steps * (1 - WARM_UP))
    return LAST_RATE + (peak - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * done))


def phase(phases, step, steps):
    passed = 0.0
    for share, *shape in phases:
        passed += share
        if step < passed * steps:
            return shape
    return phases[-1][1:]


def masked_logits(model, inputs, types, positions, attend, chosen):
    hidden = model.bert(input_ids=inputs, token_type_ids=types, position_ids=positions, attention_mask=attend)
    # The vocabulary is by far the widest layer: only the masked positions go through it.
    return model.cls(hidden.last_hidden_state[chosen])


def save(path, model, optimizer, state):
    temporary = path.with_suffix(".tmp")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), **state}, temporary)
    temporary.replace(path)  # a run stopped while it writes leaves the last one whole


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder that data.py wrote; checkpoint and log go there")
    parser.add_argument("--model", required=True, help="folder with tokenizer.json")
    parser.add_argument("--steps", type=int, default=6500)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--save-every", type=int, default=500)
    parser.add_argument("--stop-at", type=int, help="end after this step, to be resumed later")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --work")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    work = Path(args.work)
    tokenizer = Tokenizer.from_file(str(Path(args.model) / "tokenizer.json"))
    sources = load(work, tokenizer)
    weights = example_weights(sources, np.random.default_rng(args.seed))

    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), pad_token_id=PAD, **CONFIG)
    model = BertForMaskedLM._from_config(config, attn_implementation="sdpa")
    decay = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": decay, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=CYCLES[0][1], betas=(0.9, 0.98), eps=1e-6, fused=True)

    checkpoint = work / "checkpoint.pt"
    state = {"step": 0, "steps": args.steps, "seed": args.seed, "tokens": 0, "wallSeconds": 0.0, "cpuSeconds": 0.0}
    if args.resume and checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved.pop("model"))
        optimizer.load_state_dict(saved.pop("optimizer"))
        if (saved["steps"], saved["seed"]) != (args.steps, args.seed):
            raise SystemExit(f"the checkpoint is of a run with --steps {saved['steps']} --seed {saved['seed']}")
        state = saved
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters; from step {state['step']}", flush=True)

    model.train()
    wall, cpu, before = time.time(), time.process_time(), dict(state)
    losses = []

    def used():
        state["wallSeconds"] = before["wallSeconds"] + time.time() - wall
        state["cpuSeconds"] = before["cpuSeconds"] + time.process_time() - cpu

    for step in range(state["step"], min(args.steps, args.stop_at or args.steps)):
        rng = np.random.default_rng((args.seed, step))
        (_, peak, shifted, (much, little), phases), at, of = cycle(step, args.steps)
        length, rows, longest = phase(phases, at, of)
        masked = much + (little - much) * at / of
        shape = (length, rows, longest, masked, shifted)
        *inputs, labels = batch(sources, weights, config.vocab_size, rng, *shape)
        for group in optimizer.param_groups:
            group["lr"] = rate(peak, at, of)
        # Plain fp32: at this width bfloat16 autocast took twice as long on the machine tried.
        loss = torch.nn.functional.cross_entropy(masked_logits(model, *inputs), labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

        losses.append(loss.item())
        state["step"] = step + 1
        state["tokens"] += rows * length
        if state["step"] % 100 == 0:
            used()
            line = f"step {state['step']} loss {np.mean(losses[-100:]):.3f} tokens {state['tokens']:,}"
            print(f"{line} wall {state['wallSeconds']:.0f} s cpu {state['cpuSeconds']:.0f} s", flush=True)
        if state["step"] % args.save_every == 0:
            used()
            save(checkpoint, model, optimizer, state)
    used()
    save(checkpoint, model, optimizer, state)
    (work / "training.json").write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
