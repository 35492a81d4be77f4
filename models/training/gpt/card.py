"""Fills card.template.md with measured figures, and writes the model's entry for the manifest.

    python card.py --work FOLDER --model FOLDER [--prompts FILE]

With `--prompts`, the figures of `npm run evaluate:prompts`, it is the card of scope-gpt-instruct. The entry goes to
`entry.json` (or `instruct/entry.json`) beside this script; nothing in the card is typed by hand that is measured.
"""

import argparse
import hashlib
import json
import re
from pathlib import Path

import chats
import corpus
import train
from evaluate import Model
from tokenizers import Tokenizer

HERE = Path(__file__).parent
SAMPLES = [
    "Once upon a time there was a little",
    "apple -> an apple\nbook -> a book\negg ->",
    "Q: Tom has 7 apples. Tom buys 5 more. Tom eats 3. How many apples does Tom have now?\nA: Let's think step by step.",
    "问：小明有9个球，丢了4个，又买了6个，小明现在有几个球？\n答：让我们一步一步地想。",
]

CHATS = [
    [("user", "Solve the problem. Let's think step by step.\nTom has 7 apples. Tom buys 5 more. Tom eats 3. How many apples does Tom have now?")],
    [("user", "请解题。让我们一步一步地想。\n如果我有3个苹果，吃了1个，又买了2个，我现在有几个苹果？")],
    [("system", "You are a translator."), ("user", "river")],
    [("user", "Extract name, number and thing. Answer in JSON.\nAnna sees 8 carrots in the park.")],
    [("user", "river")],
]


def percent(share):
    return f"{100 * share:.0f} %"


def parameters():
    size = train.config()
    width, layers = size.n_embd, size.n_layer
    return (size.vocab_size + size.n_positions + 2) * width + layers * (12 * width * width + 13 * width)


def values(work, model, figures):
    size, shots, reasoning = train.config(), figures["shots"], figures["reasoning"]
    last = [line for line in (work / "train.log").read_text(encoding="utf-8").splitlines() if line.startswith("step")][-1]
    step, seconds = (int(number) for number in re.findall(r"step (\d+) (\d+) s", last)[0])
    done = re.search(r"done: step (\d+)", (work / "train.log").read_text(encoding="utf-8"))
    step = int(done[1])
    runner = Model(model / "onnx" / "model_quantized.onnx", Tokenizer.from_file(str(model / "tokenizer.json")))
    filled = {
        "layers": size.n_layer, "heads": size.n_head, "width": size.n_embd, "positions": size.n_positions,
        "vocabulary": size.vocab_size, "parameters": f"{parameters():,}", "step": f"{step:,}", "batch": train.BATCH,
        "length": train.LENGTH, "tokens": f"{step * train.BATCH * train.LENGTH / 1e6:.1f}", "minutes": f"{seconds / 60:.0f}",
        "seed": train.SEED, "mix": ", ".join(f"{name.replace('_', ' ')} {percent(share)}" for name, share in corpus.MIX.items()),
        "perplexity": f"{figures['perplexity']['model']:.1f}", "trigram": f"{figures['perplexity']['kneserNeyTrigram']:.1f}",
        "scored": f"{figures['perplexity']['tokens']:,}", "items": figures["items"],
        "int8": f"{figures['lossInt8']:.3f}", "fp32": f"{figures['lossFp32']:.3f}",
        "shots": "\n".join(
            f"| {name.replace('_', ' ')} | " + " | ".join(percent(shots[name][count]) for count in ("0", "1", "3", "5")) + " |"
            for name in shots
        ),
        "plain": percent(figures["instructions"]["plain"]), "json": percent(figures["instructions"]["json"]),
        "previous": f"{figures['heads']['previousToken']['score']:.2f}", "induction": f"{figures['heads']['induction']['score']:.2f}",
        "previousLayer": figures["heads"]["previousToken"]["layer"], "previousHead": figures["heads"]["previousToken"]["head"],
        "inductionLayer": figures["heads"]["induction"]["layer"], "inductionHead": figures["heads"]["induction"]["head"],
        "samples": "\n\n".join(
            "```text\n" + prompt + "▸" + runner.complete(prompt, most=60) + "\n```" for prompt in SAMPLES
        ),
    }
    return {name: str(value) for name, value in (filled | {name: percent(share) for name, share in reasoning.items()}).items()}


def entry(model, figures):
    files = []
    for path in sorted(each for each in model.rglob("*") if each.is_file()):
        raw = path.read_bytes()
        files.append({"path": path.relative_to(model).as_posix(), "size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()})
    return {
        "id": model.name, "task": "text-generation", "architecture": "decoder", "languages": ["en", "zh"],
        "license": "Apache-2.0", "parameters": parameters(), "dtype": "int8", "maxTokens": train.config().n_positions,
        "files": files, "figures": figures,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--prompts")
    options = parser.parse_args()
    work, model = Path(options.work), Path(options.model).resolve()
    if options.prompts:
        figures = json.loads(Path(options.prompts).read_text(encoding="utf-8"))
        write(HERE / "card.instruct.template.md", HERE.parent / "gptInstruct", model, instructed(work, model, figures), figures)
        return
    figures = json.loads((work / "figures.json").read_text(encoding="utf-8"))
    write(HERE / "card.template.md", HERE, model, values(work, model, figures), figures)


def write(template, folder, model, filled, figures):
    card = re.sub(r"\{\{([\w-]+)\}\}", lambda match: filled[match[1]], template.read_text(encoding="utf-8"))
    (model / "README.md").write_text(card, encoding="utf-8")
    folder.mkdir(exist_ok=True)
    text = json.dumps(entry(model, figures), indent=2, ensure_ascii=False)
    (folder / "entry.json").write_text(text + "\n", encoding="utf-8")


def instructed(work, model, figures):
    done = re.search(r"done: step (\d+)", (work / "instruct.log").read_text(encoding="utf-8"))
    last = re.findall(r"step (\d+) (\d+) s", (work / "instruct.log").read_text(encoding="utf-8"))[-1]
    rows = [
        f"| {task} | {way} | {percent(row['accuracy'])} | {'–' if row['formatKept'] is None else percent(row['formatKept'])} | {row['items']} |"
        for task, ways in figures["tasks"].items() for way, row in ways.items()
    ]
    runner = Model(model / "onnx" / "model_quantized.onnx", Tokenizer.from_file(str(model / "tokenizer.json")))
    said = []
    for turns in CHATS:
        prompt = "".join(f"<|im_start|>{role}\n{content}<|im_end|>\n" for role, content in turns) + "<|im_start|>assistant\n"
        asked = "\n".join(f"{role}: {content}" for role, content in turns)
        said.append(f"```text\n{asked}\nassistant:▸{runner.complete(prompt, most=80, ends=(0, 2))}\n```")
    return {
        "parameters": f"{parameters():,}", "step": f"{int(done[1]):,}", "minutes": f"{int(last[1]) / 60:.0f}",
        "shares": ", ".join(f"{name} {percent(share)}" for name, share in chats.Source.SHARES.items()),
        "rows": "\n".join(rows), "seconds": str(round(figures["seconds"])), "samples": "\n\n".join(said),
    }


if __name__ == "__main__":
    main()
