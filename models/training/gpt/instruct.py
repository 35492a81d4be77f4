"""Fine-tunes scope-gpt on the conversations of chats.py: supervised fine-tuning, the first step from GPT-3 to ChatGPT.

    python instruct.py --work FOLDER --model FOLDER [--minutes M] [--threads N]

Only what the assistant says is learnt (Ouyang et al. 2022, section 3.4). Begins from `scope-gpt-pytorch` in the work
folder and writes `scope-gpt-instruct-pytorch` beside it; the last checkpoint is a place to begin preference tuning.
"""

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
import train
from chats import Source
from tokenizers import Tokenizer
from transformers import GPT2LMHeadModel

END, OPEN, CLOSE = 0, 1, 2
IGNORED = -100
PEAK = 1e-3
# Of each batch, rows of the stream that the base model was trained on, so that little of it is forgotten.
REPLAYED = 2
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def encoded(tokenizer, turns):
    """(ids, labels) of a conversation as TEMPLATE writes it."""
    ids, labels = [], []
    for role, content in turns:
        head = [OPEN, *tokenizer.encode(f"{role}\n").ids]
        body = [*tokenizer.encode(content).ids, CLOSE]
        tail = tokenizer.encode("\n").ids
        ids += head + body + tail
        labels += [IGNORED] * len(head) + (body if role == "assistant" else [IGNORED] * len(body)) + [IGNORED] * len(tail)
    return [*ids, END], [*labels, IGNORED]


def rows(source, tokenizer, rng):
    """Endless rows of train.LENGTH tokens; a conversation that does not fit begins the next row."""
    ids, labels = [], []
    while True:
        more = encoded(tokenizer, source.draw(rng))
        if len(ids) + len(more[0]) > train.LENGTH and ids:
            missing = train.LENGTH - len(ids)
            yield ids + [END] * missing, labels + [IGNORED] * missing
            ids, labels = [], []
        ids, labels = (ids + more[0])[: train.LENGTH], (labels + more[1])[: train.LENGTH]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True)
    parser.add_argument("--model", required=True, help="where the tokenizer is")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(train.SEED)
    work = Path(options.work)
    tokenizer = Tokenizer.from_file(str(Path(options.model) / "tokenizer.json"))
    stream = np.load(work / "gpt-train.npy", mmap_mode="r")
    drawn = rows(Source(work), tokenizer, random.Random(train.SEED + 1))
    replay = np.random.default_rng(train.SEED + 1)
    model = GPT2LMHeadModel.from_pretrained(work / "scope-gpt-pytorch")
    both = train.optimizers(model)
    begun, mean, step = time.time(), None, 0
    model.train()
    while (progress := (time.time() - begun) / (60 * options.minutes)) < 1:
        for group in (group for optimizer in both for group in optimizer.param_groups):
            group["lr"] = PEAK * min(1, step / 50) * (1 - progress)
        pairs = [next(drawn) for _ in range(train.BATCH - REPLAYED)]
        for start in replay.integers(0, len(stream) - train.LENGTH, REPLAYED):
            row = stream[start : start + train.LENGTH].tolist()
            pairs.append((row, row))
        ids, labels = (torch.tensor(each) for each in zip(*pairs))
        offset = int(replay.integers(0, 257)) if replay.random() < 0.5 else 0
        positions = torch.arange(offset, offset + train.LENGTH).unsqueeze(0)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = model(input_ids=ids, labels=labels, position_ids=positions).loss
        model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in both:
            optimizer.step()
        step += 1
        mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
        if step % 100 == 0:
            print(f"step {step} {time.time() - begun:.0f} s loss {mean:.3f}", flush=True)
    print(f"done: step {step}, loss {mean:.3f}", flush=True)
    model.save_pretrained(work / "scope-gpt-instruct-pytorch")


if __name__ == "__main__":
    main()
