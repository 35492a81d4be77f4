"""Fills card.template.md with the figures that the other scripts wrote: the model card.

    python card.py --work FOLDER --model FOLDER

Nothing in the card is typed by hand that a script has measured.
"""

import argparse
import json
import re
from pathlib import Path

from overlap import HAN

# Name, language and terms of each source.
SOURCES = {
    "nursery": ("Sentences from templates (nursery.py)", "en, zh", "part of this project"),
    "books": ("Books, English prose", "en", "public domain"),
    "tinystories": ("TinyStories (sample)", "en", "CDLA-Sharing 1.0"),
    "tatoeba": ("Tatoeba sentence pairs (tatoeba.org, manythings.org)", "en, zh", "CC BY 2.0 FR"),
    "clue": ("CLUECorpusSmall (sample)", "zh", "its own terms"),
    "chnsenticorp": ("ChnSentiCorp reviews", "zh", "its own terms"),
    "book_review": ("Book reviews", "zh", "its own terms"),
    "film_reviews": ("MR, sentences of film reviews", "en", "research data"),
    "subjectivity": ("Subj, sentences about films", "en", "research data"),
    "customer_reviews": ("CR, sentences about products", "en", "research data"),
}
LANGUAGES = {"en": "English", "zh": "Chinese"}


def number(value):
    return f"{value:,}"


def percent(share):
    return f"{100 * share:.1f} %"


def row(*cells):
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def measured(name, figures, kinds=("model", "unigram", "left", "both")):
    """Loss, top 1 and top 5 of the model and of each baseline."""
    cells = [(f"{figures[f'{k}Loss']:.3f}", percent(figures[f"{k}Top1"]), percent(figures[f"{k}Top5"])) for k in kinds]
    return row(name, number(figures["positions"]), *(" · ".join(cell) for cell in cells))


def source_name(key):
    source, lang = re.fullmatch(r"(\w+) \((\w+)\)", key).groups()
    return f"{SOURCES[source][0]}, {lang}" if source == "tatoeba" else SOURCES[source][0]


def next_rows(found, name):
    return row(name, number(found["pairs"]), percent(found["anyDocument"]), percent(found["sameSource"]), *(percent(found["recall"][k]) for k in ("next", "any", "same")))


def values(work, model):
    read = lambda path: json.loads(Path(path).read_text(encoding="utf-8"))  # noqa: E731
    data, export, evaluation, overlap = (read(Path(work) / f"{name}.json") for name in ("data", "export", "evaluation", "overlap"))
    second, third, last = stages(work)
    config = read(Path(model) / "config.json")
    vocabulary = (Path(model) / "vocab.txt").read_text(encoding="utf-8").splitlines()
    sources = data["sources"]
    documents = {split: sum(s.get(split, {}).get("documents", 0) for s in sources.values()) for split in ("train", "heldout")}

    figures = [measured("**All**", evaluation["overall"])]
    figures += [measured(f"**{LANGUAGES[k]}**", v) for k, v in evaluation["languages"].items()]
    figures += [measured(source_name(key), value) for key, value in evaluation["sources"].items()]
    if "wikitext2" in evaluation:
        figures.append(measured("WikiText-2 test", evaluation["wikitext2"]))
    following = []
    for name, found in evaluation["next"].items():
        following.append(next_rows(found, f"**{name}**"))
        following += [next_rows(each, f"{name}: {SOURCES[s][0]}") for s, each in found["sources"].items()]
    written = evaluation["written"]
    rounding = evaluation["rounding"]

    return {
        "layers": config["num_hidden_layers"],
        "heads": config["num_attention_heads"],
        "hidden": config["hidden_size"],
        "ffn": config["intermediate_size"],
        "positions": config["max_position_embeddings"],
        "parameters": number(export["parameters"]),
        "bytes": number(export["bytes"]),
        "difference": f"{export['maxDifferenceToPyTorch']:.1e}",
        "fp32Loss": f"{rounding['fp32']['modelLoss']:.4f}",
        "int8Loss": f"{rounding['int8']['modelLoss']:.4f}",
        "fp32Top1": percent(rounding["fp32"]["modelTop1"]),
        "int8Top1": percent(rounding["int8"]["modelTop1"]),
        "vocabulary": number(len(vocabulary)),
        "han": number(sum(1 for token in vocabulary if HAN.fullmatch(token))),
        "data": "\n".join(row(SOURCES[s][0], SOURCES[s][1], *map(number, counts["train"].values()), SOURCES[s][2]) for s, counts in sources.items()),
        "heldout": number(documents["heldout"]),
        "all": number(sum(documents.values())),
        "dropped": number(data["sentencesDroppedAsHeldOut"]),
        "overlap": "\n".join(
            row("Written for this project" if s == "written" else SOURCES[s][0], number(o["items"]), o["itemsInTraining"], o["itemsMostlyInTraining"], percent(o["runsInTraining"] / max(1, o["runs"])))
            for s, o in overlap.items()
        ),
        "steps": number(second["steps"]),
        "batch": number(second["tokens"] // second["steps"]),
        "cpu": number(second["cpuSeconds"]),
        "thirdSteps": number(third["steps"]),
        "thirdCpu": number(third["cpuSeconds"]),
        "seed": last["seed"],
        "nextSteps": number(last["step"]),
        "nextTokens": number(last["tokens"]),
        "nextWall": f"{last['wallSeconds'] / 60:.0f}",
        "nextCpu": number(round(last["cpuSeconds"])),
        "figures": "\n".join(figures),
        "next": "\n".join(following),
        "nextVerdict": verdict(evaluation["next"]["segments"]["anyDocument"]),
        "writtenMasked": "\n".join(measured(LANGUAGES[k], v["masked"], ("model", "left", "both")) for k, v in written.items()),
        "writtenNext": "\n".join(next_rows(v["next"], LANGUAGES[k]) for k, v in written.items()),
        "headsFound": heads_of(evaluation),
        "samples": "\n".join(
            row(sentence, ", ".join(f"{token} ({chance:.3f})" for token, chance in best)) for sentence, best in evaluation["samples"].items()
        ),
    }


def stages(work):
    """The second and the third stage, which an earlier version went through (history.json), and the last."""
    history = json.loads((Path(__file__).parent / "history.json").read_text(encoding="utf-8"))
    last = json.loads((Path(work) / "training-next.json").read_text(encoding="utf-8"))
    if not last["earlier"]:
        raise SystemExit("the card tells how the shipped model was made: it needs a run with EARLIER")
    return *history, last


def verdict(share):
    points = 100 * share - 85
    return f"it is reached, with {points:.1f} points to spare" if points >= 0 else f"**it is missed by {-points:.1f} points**"


def heads_of(evaluation):
    names = {"previous": "previous token", "next": "next token"}
    return "; ".join(
        f"layer {h['layer']}, head {h['head']} attends to the **{names[kind]}** ({h['score']:.2f} of its weight)" for kind, h in evaluation["heads"].items()
    )


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
