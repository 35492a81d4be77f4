"""Fills card.template.md with measured figures, and writes the model's entry for the manifest.

    python card.py --work FOLDER --model FOLDER

The entry goes to `entry.json` beside this script; nothing in the card is typed by hand that is measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from pathlib import Path

from caption import FRAMES, LANGUAGES, PLURALS
from scene import COLOURS, COUNTED, COUNTS, HELD_OUT, PAINTED, PLACED, POSITIONS, SHAPES
from train import GROUPS, LATER, VARIANTS

HERE = Path(__file__).parent
AIM = 0.95
ONE, MANY = len(COLOURS) * len(SHAPES), len(COUNTS) - 1
# What is asked, and among how many captions.
TASKS = {
    "colour": ("colour, the shape given", len(COLOURS)),
    "shape": ("shape, the colour given", len(SHAPES)),
    "name": ("**colour and shape**", ONE),
    "count": ("**how many**, two to five", MANY),
    "position": ("**where** in the picture", len(POSITIONS)),
    "size": ("big or small", 2),
    "colourShapePosition": ("**colour, shape and place** at once", ONE * len(POSITIONS)),
    "colourShapeCount": ("**colour, shape and number** at once", ONE * MANY),
    "relation": ("which of two things is left of or above which", 4),
    "binding": ("which of two things has which colour", 2),
}


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def both(shares: list[float]) -> str:
    return " / ".join(f"{100 * share:.1f}" for share in shares)


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def task_rows(zero: dict) -> str:
    lines = []
    for task, (name, candidates) in TASKS.items():
        cells = [both([zero[lang][part][task] for lang in LANGUAGES]) for part in ("unseen", "unseenEnsemble", "seen", "unseenInt8")]
        lines.append(f"| {name} | {candidates:,} | {percent(1 / candidates)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def verdict(zero: dict) -> str:
    """In words, which of the unseen tasks reach the aim."""
    least = {task: min(zero[lang]["unseen"][task] for lang in LANGUAGES) for task in TASKS}
    plain = {task: TASKS[task][0].replace("*", "") for task in TASKS}
    missed = [f"{plain[task]} ({percent(share)})" for task, share in least.items() if share < AIM]
    aim = f"The aim was {percent(AIM)} on unseen combinations in both languages: "
    return f"{aim}{len(TASKS) - len(missed)} of {len(TASKS)} tasks reach it" + (f"; not {'; '.join(missed)}." if missed else ".")


def plural(name: str) -> str:
    return PLURALS.get(name, f"{name}s")


def near(found: dict, task: str) -> str:
    return " / ".join(percent(found["nearestPixels"][part][task]) for part in ("seen", "unseen"))


def values(work: Path, model: Path) -> dict[str, str]:
    training, export, found = (read(work / f"{name}.json") for name in ("training", "export", "evaluation"))
    config = read(model / "config.json")
    text, vision, overlap = config["text_config"], config["vision_config"], found["overlap"]
    filled = {
        "shapes": len(SHAPES), "shapeNames": ", ".join(name for name, *_ in SHAPES), "colours": len(COLOURS),
        "colourNames": ", ".join(name for name, *_ in COLOURS), "visionLayers": vision["num_hidden_layers"],
        "textLayers": text["num_hidden_layers"], "maxTokens": text["max_position_embeddings"], "heads": text["num_attention_heads"],
        "width": text["hidden_size"], "ffn": text["intermediate_size"], "projection": config["projection_dim"],
        "parameters": f"{export['parameters']:,}", "vocabulary": text["vocab_size"], "scale": f"{export['logitScale']:.1f}",
        "files": ", ".join(f"`onnx/{name}` {size:,} bytes" for name, size in export["bytes"].items()),
        "difference": f"{export['maxDifferenceToPyTorch']:.1e}", "steps": f"{training['step']:,}", "batch": GROUPS * VARIANTS,
        "captionBatch": 2 * GROUPS * VARIANTS, "groups": GROUPS, "later": f"{LATER:,}", "pictures": f"{training['pictures']:,}", "seed": training["seed"],
        "cpu": f"{training['cpuSeconds'] / 60:.0f}", "heldOutShare": f"about {100 * HELD_OUT:.0f} %",
        "painted": len(PAINTED), "paintedAll": ONE, "paintedNames": ", ".join(f"{COLOURS[c][0]} {SHAPES[s][0]}" for c, s in sorted(PAINTED)),
        "counted": len(COUNTED), "countedAll": MANY * len(SHAPES),
        "countedNames": ", ".join(f"{COUNTS[n][0]} {plural(SHAPES[s][0])}" for n, s in sorted(COUNTED)),
        "placed": len(PLACED), "placedAll": len(SHAPES) * len(POSITIONS), "count": found["pictures"], "gallery": found["gallery"],
        "templateEn": found["templates"]["en"], "templateZh": found["templates"]["zh"], "frames": len(FRAMES["en"]),
        "tasks": task_rows(found["zeroShot"]), "verdict": verdict(found["zeroShot"]),
        "nearName": near(found, "name"), "nearCount": near(found, "count"), "nearPosition": near(found, "position"),
        "nearSingle": near(found, "colourShapePosition"), "nearMany": near(found, "colourShapeCount"),
        "unseenScenes": overlap["unseenScenesInTraining"], "captionsInTraining": overlap["heldOutCaptionsInTraining"],
        "heldOutCaptions": f"{overlap['heldOutCaptions']:,}", "distinctCaptions": f"{overlap['distinctCaptions']:,}",
    }
    for lang in LANGUAGES:
        filled |= {f"t2i-{lang}": percent(found["retrieval"][lang]["textToImage"])}
        filled |= {f"i2t-{lang}": percent(found["retrieval"][lang]["imageToText"])}
    return {name: str(value) for name, value in filled.items()}


def entry(work: Path, model: Path) -> dict:
    training, export, found = (read(work / f"{name}.json") for name in ("training", "export", "evaluation"))
    files = []
    for path in sorted(p for p in model.rglob("*") if p.is_file()):
        raw = path.read_bytes()
        files.append({"path": path.relative_to(model).as_posix(), "size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()})
    return {
        "id": model.name, "task": "zero-shot-image-classification", "architecture": "dual-encoder", "languages": ["en", "zh"],
        "license": "Apache-2.0", "parameters": export["parameters"], "dtype": "fp32",
        "maxTokens": read(model / "config.json")["text_config"]["max_position_embeddings"], "files": files,
        "figures": {
            **found,
            "training": {k: training[k] for k in ("step", "pictures")} | {"cpuSeconds": round(training["cpuSeconds"])},
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the figures")
    parser.add_argument("--model", required=True, help="folder of the model")
    args = parser.parse_args()
    work, model = Path(args.work), Path(args.model).resolve()
    template, filled = (HERE / "card.template.md").read_text(encoding="utf-8"), values(work, model)
    card = re.sub(r"\{\{([\w-]+)\}\}", lambda match: filled[match[1]], template)
    (model / "README.md").write_text(card, encoding="utf-8")
    text = json.dumps(entry(work, model), indent=2, ensure_ascii=False)
    (HERE / "entry.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
