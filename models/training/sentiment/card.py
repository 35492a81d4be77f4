"""Writes the cards of scope-bert-sentiment and of the model from scratch, and their entries for the manifest.

    python card.py --work FOLDER --model FOLDER [--scratch-model FOLDER]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from pathlib import Path

from examples import TOLD

HERE = Path(__file__).resolve().parent
LICENSE = "Apache-2.0"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def three(shares: dict) -> list[str]:
    return [percent(shares[key]) for key in ("all", "en", "zh")]


def verdict(tuned: float, baseline: float) -> str:
    points = 100 * (tuned - baseline)
    return f"{points:.1f} points above it" if points >= 0 else f"**{-points:.1f} points below it: the goal is missed**"


def scratch_values(work: Path, found: dict) -> dict:
    """What the cards say of the model from scratch."""
    if "scratch" not in found["test"]:
        return {
            "beside": "A model of the same size from random weights is made by the same recipe; it is not shipped.",
            "gain": "not measured, for no run from scratch was finished", "unseenScratch": "", "scratchTraining": "",
        }
    export = json.loads((work / "scratch-export.json").read_text(encoding="utf-8"))
    training = export["training"]
    return {
        "beside": "Beside it `scope-bert-sentiment-scratch` is the same network, trained on the same reviews without having been pretrained.",
        "gain": f"{100 * (found['test']['tuned']['all'] - found['test']['scratch']['all']):.1f} points over the same network from scratch",
        "unseenScratch": f", the one from scratch in {percent(found['unseen']['scratch'])}",
        "scratchTraining": f" The model from scratch: {SCRATCH_BEGAN[training['on']]} for {training['steps']:,} steps with the same examples, "
        f"all its layers at one, higher rate; on dev {percent(training['dev']['all'])}.",
        "scratchBegan": SCRATCH_BEGAN[training["on"]], "scratchSteps": f"{training['steps']:,}",
        "scratchEpochs": training["epochs"], "scratchDev": percent(training["dev"]["all"]),
        "scratchBytes": f"{export['bytes']:,}", "scratchDifference": f"{export['maxDifferenceToPyTorch']:.1e}",
    }


# What the training began with, by whether an earlier version was trained on.
BEGAN = {
    False: "From scope-bert's weights.",
    True: "In two parts. **First** version 1 of this model, from scope-bert's weights after the second of its stages and the labels alone (3.2 epochs; "
    "on dev 83.3 %, on test 83.2 %).\n**Then** that was trained on (the first 600 steps at the rate of a run of 2,200, as of the model from scratch).",
}
SCRATCH_BEGAN = {
    False: "from random weights",
    True: "version 1 (from random weights and the labels alone, 3 epochs; on dev 80.4 %) trained on",
}


def told(examples: dict) -> dict:
    """What the examples are made of."""
    parts = examples["examples"]
    sums = {name: sum(parts[lang][name] for lang in parts) for name in ("runs", "unlabelled")}
    return {
        "othersEn": f"{parts['en']['others']:,}", "othersZh": f"{parts['zh']['others']:,}", "told": f"{100 * TOLD:.0f} %",
        "examples": f"{sum(sum(part.values()) for part in parts.values()):,}", **{name: f"{count:,}" for name, count in sums.items()},
    }


def mean_dev(teacher: dict, data: dict) -> float:
    """The teachers' accuracy on both languages' dev texts."""
    return sum(teacher[lang]["dev"] * data[lang]["dev"] for lang in teacher) / sum(data[lang]["dev"] for lang in teacher)


def values(work: Path) -> dict:
    read = lambda name: json.loads((work / f"{name}.json").read_text(encoding="utf-8"))  # noqa: E731
    found, tuned = read("evaluation"), read("tuned-export")
    examples, training = read("examples"), tuned["training"]
    base, data, test = found["baseline"], found["data"], found["test"]
    kinds = [(name, kind) for name, kind in (("fine-tuned", "tuned"), ("from scratch", "scratch")) if kind in test]
    table = [row("**scope-bert-sentiment** (fine-tuned)", *three(test["tuned"]))]
    if "scratch" in test:
        table.append(row("the same network from scratch", *three(test["scratch"])))
    table += [
        row("TF-IDF and logistic regression, tuned on dev", percent(base["test"]), percent(base["en"]["test"]), percent(base["zh"]["test"])),
        row(f"linear probe of scope-bert ({found['linearProbe']['trainingTexts']:,} training texts)", *three(found["linearProbe"])),
        row("untuned head: a random one on scope-bert (mean of 5)", percent(found["untunedHead"]["mean"]), "", ""),
    ]
    names = {"en dev": "SST-2, dev", "en test": "SST-2, test", "zh dev": "ChnSentiCorp, dev", "zh test": "ChnSentiCorp, test", "zh unseen": "ChnSentiCorp, unread", "written": "Written for this project"}
    overlap = [row(names[n], o["items"], o["itemsInTraining"], o["itemsMostlyInTraining"], percent(o["runsInTraining"] / max(1, o["runs"]))) for n, o in examples["overlap"].items()]
    written = [row(name, *(f"{percent(found['written'][kind][lang]['accuracy'])} of {found['written'][kind][lang]['items']}" for lang in ("en", "zh"))) for name, kind in kinds]
    return {
        "table": "\n".join(table), "overlap": "\n".join(overlap), "written": "\n".join(written),
        "verdict": verdict(test["tuned"]["all"], base["test"]),
        "parameters": f"{tuned['parameters']:,}", "bytes": f"{tuned['bytes']:,}", "difference": f"{tuned['maxDifferenceToPyTorch']:.1e}",
        "int8": percent(found["rounding"]["int8"]), "fp32": percent(found["rounding"]["fp32"]), "rounded": found["rounding"]["items"],
        "unseenItems": found["unseen"]["items"], "unseenTuned": percent(found["unseen"]["tuned"]),
        "enTrain": f"{data['en']['train']:,}", "zhTrain": f"{data['zh']['train']:,}", "enTest": f"{data['en']['test']:,}", "zhTest": f"{data['zh']['test']:,}",
        "dropped": data["droppedFromTraining"], **told(examples), "began": BEGAN[training["on"]],
        "epochs": training["epochs"], "steps": f"{training['steps']:,}", "cpu": f"{training['cpuSeconds']:,}", "dev": percent(training["dev"]["all"]),
        "testItems": f"{test['items']:,}", "error": f"{100 * (test['tuned']['all'] * (1 - test['tuned']['all']) / test['items']) ** 0.5:.1f}",
        "teacherDev": percent(mean_dev(examples["teacher"], data)),
    } | scratch_values(work, found)


def entry(work: Path, model: Path, kind: str) -> dict:
    read = lambda name: json.loads((work / f"{name}.json").read_text(encoding="utf-8"))  # noqa: E731
    found, export = read("evaluation"), read(f"{kind}-export")
    files = [
        {"path": path.relative_to(model).as_posix(), "size": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(p for p in model.rglob("*") if p.is_file())
    ]
    figures = {"test": found["test"][kind], "unseen": found["unseen"][kind], "written": found["written"][kind], "training": export["training"]}
    if kind == "tuned":
        figures |= {key: found[key] for key in ("untunedHead", "linearProbe", "baseline", "rounding")} | {"overlap": read("examples")["overlap"]}
        if "scratch" in found["test"]:
            figures["scratch"] = found["test"]["scratch"]
    return {
        "id": model.name, "task": "text-classification", "architecture": "encoder", "languages": ["en", "zh"], "license": LICENSE,
        "parameters": export["parameters"], "dtype": "fp32", "quantization": "matrices stored as int8 with one scale a row",
        "maxTokens": 256, "files": files, "figures": figures,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the figures")
    parser.add_argument("--model", required=True, help="folder of the fine-tuned model")
    parser.add_argument("--scratch-model", help="folder of the model from scratch")
    args = parser.parse_args()
    work, filled = Path(args.work), values(Path(args.work))
    for kind, folder, template, place in (
        ("tuned", args.model, "card.template.md", HERE), ("scratch", args.scratch_model, "card.scratch.template.md", HERE.parent / "sentimentScratch"),
    ):
        if folder is None:
            continue
        model = Path(folder).resolve()
        text = re.sub(r"\{\{(\w+)\}\}", lambda match: str(filled[match[1]]), (HERE / template).read_text(encoding="utf-8"))
        (model / "README.md").write_text(text, encoding="utf-8")
        place.mkdir(exist_ok=True)
        (place / "entry.json").write_text(json.dumps(entry(work, model, kind), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
