"""Fills card.template.md with the figures that the other scripts wrote: the model card.

    python card.py --work FOLDER --model FOLDER

Nothing in the card is typed by hand that a script has measured.
"""

import argparse
import json
import re
from pathlib import Path

from data import HAN

# Name, language and terms of each source.
SOURCES = {
    "books": ("Books, English prose", "en", "public domain"),
    "tinystories": ("TinyStories (sample)", "en", "CDLA-Sharing 1.0"),
    "tatoeba": ("Tatoeba sentence pairs (tatoeba.org, manythings.org)", "en, zh", "CC BY 2.0 FR"),
    "clue": ("CLUECorpusSmall (sample)", "zh", "its own terms"),
    "chnsenticorp": ("ChnSentiCorp reviews", "zh", "its own terms"),
    "book_review": ("Book reviews", "zh", "its own terms"),
    "templates": ("Sentences from templates (data.py)", "en, zh", "part of this project"),
}


def number(value):
    return f"{value:,}"


def row(*cells):
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def measured(name, figures):
    percent = lambda key: f"{100 * figures[key]:.1f} %"  # noqa: E731
    return row(
        name,
        number(figures["positions"]),
        f"{figures['loss']:.3f}",
        percent("top1"),
        percent("top5"),
        f"{figures['unigramLoss']:.3f}",
        percent("unigramTop1"),
        percent("unigramTop5"),
    )


def values(work, model):
    read = lambda path: json.loads(Path(path).read_text(encoding="utf-8"))  # noqa: E731
    data, training, export, evaluation = (
        read(Path(work) / f"{name}.json") for name in ("data", "training", "export", "evaluation")
    )
    config = read(Path(model) / "config.json")
    vocabulary = (Path(model) / "vocab.txt").read_text(encoding="utf-8").splitlines()
    sources = data["sources"]
    documents = {split: sum(s.get(split, {}).get("documents", 0) for s in sources.values()) for split in ("train", "heldout")}

    figures = [measured("**All**", evaluation["overall"])]
    figures += [measured({"en": "**English**", "zh": "**Chinese**"}[k], v) for k, v in evaluation["languages"].items()]
    for key, value in evaluation["sources"].items():
        source, lang = re.fullmatch(r"(\w+) \((\w+)\)", key).groups()
        figures.append(measured(f"{SOURCES[source][0]}, {lang}" if source == "tatoeba" else SOURCES[source][0], value))
    if "wikitext2" in evaluation:
        figures.append(measured("WikiText-2 test", evaluation["wikitext2"]))

    return {
        "layers": config["num_hidden_layers"],
        "heads": config["num_attention_heads"],
        "hidden": config["hidden_size"],
        "ffn": config["intermediate_size"],
        "positions": config["max_position_embeddings"],
        "parameters": number(export["parameters"]),
        "bytes": number(export["bytes"]),
        "difference": f"{export['maxDifferenceToPyTorch']:.1e}",
        "vocabulary": number(len(vocabulary)),
        "han": number(sum(1 for token in vocabulary if HAN.fullmatch(token))),
        "data": "\n".join(
            row(SOURCES[s][0], SOURCES[s][1], *map(number, counts["train"].values()), SOURCES[s][2])
            for s, counts in sources.items()
        ),
        "heldout": number(documents["heldout"]),
        "all": number(sum(documents.values())),
        "dropped": number(data["sentencesDroppedAsHeldOut"]),
        "steps": number(training["step"]),
        "batch": number(training["tokens"] // training["step"]),
        "tokens": number(training["tokens"]),
        "million": f"{training['tokens'] / 1e6:.0f}",
        "wall": f"{training['wallSeconds'] / 60:.1f}",
        "cpu": number(round(training["cpuSeconds"])),
        "seed": training["seed"],
        "figures": "\n".join(figures),
        "samples": "\n".join(
            row(sentence, ", ".join(f"{token} ({chance:.3f})" for token, chance in best))
            for sentence, best in evaluation["samples"].items()
        ),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the figures")
    parser.add_argument("--model", required=True, help="folder of the model")
    args = parser.parse_args()
    template = (Path(__file__).parent / "card.template.md").read_text(encoding="utf-8")
    filled = values(args.work, args.model)
    text = re.sub(r"\{\{(\w+)\}\}", lambda match: str(filled[match[1]]), template)
    (Path(args.model) / "README.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
