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

from scene import COLOURS, SEEN, SHAPES, UNSEEN
from train import GROUPS, VARIANTS

HERE = Path(__file__).parent
TASKS = {
    "name": ("colour and shape (112)", "0.9 %"),
    "count": ("how many, two to five (4)", "25 %"),
    "position": ("where in the picture (5)", "20 %"),
    "size": ("big or small (2)", "50 %"),
    "relation": ("which is left of or above which (4)", "25 %"),
    "binding": ("which colour belongs to which shape (2)", "50 %"),
    "mean": ("**mean**", ""),
}


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def task_rows(zero: dict) -> str:
    lines = []
    for task, (name, chance) in TASKS.items():
        cells = [zero[lang][part][task] for part in ("unseen", "seen") for lang in ("en", "zh")]
        small = " / ".join(percent(zero[lang]["unseenInt8"][task]) for lang in ("en", "zh"))
        lines.append(f"| {name} | {chance} | " + " | ".join(map(percent, cells)) + f" | {small} |")
    return "\n".join(lines)


def values(work: Path, model: Path) -> dict[str, str]:
    training, export, found = (read(work / f"{name}.json") for name in ("training", "export", "evaluation"))
    config = read(model / "config.json")
    text, vision, near, overlap = config["text_config"], config["vision_config"], found["nearestPixels"], found["overlap"]
    filled = {
        "shapes": len(SHAPES), "colours": len(COLOURS), "visionLayers": vision["num_hidden_layers"],
        "textLayers": text["num_hidden_layers"], "maxTokens": text["max_position_embeddings"], "heads": text["num_attention_heads"],
        "width": text["hidden_size"], "ffn": text["intermediate_size"], "projection": config["projection_dim"],
        "parameters": f"{export['parameters']:,}", "vocabulary": text["vocab_size"], "scale": f"{export['logitScale']:.1f}",
        "files": ", ".join(f"`onnx/{name}` {size:,} bytes" for name, size in export["bytes"].items()),
        "difference": f"{export['maxDifferenceToPyTorch']:.1e}", "steps": f"{training['step']:,}", "batch": GROUPS * VARIANTS,
        "groups": GROUPS, "pictures": f"{training['pictures']:,}", "seed": training["seed"], "wall": f"{training['wallSeconds'] / 60:.0f}",
        "unseen": len(UNSEEN), "all": len(UNSEEN) + len(SEEN), "count": found["pictures"], "gallery": found["gallery"],
        "unseenNames": ", ".join(f"{COLOURS[c][0]} {SHAPES[s][0]}" for c, s in UNSEEN), "tasks": task_rows(found["zeroShot"]),
        "nearSeen": percent(near["seen"]["name"]), "nearUnseen": percent(near["unseen"]["name"]),
        "nearColour": percent(near["unseen"]["colour"]), "nearShape": percent(near["unseen"]["shape"]),
        "pairsInTraining": overlap["unseenPairsInTraining"], "captions": f"{overlap['heldOutCaptions']:,}",
        "captionsInTraining": overlap["heldOutCaptionsInTraining"],
    }
    for lang in ("en", "zh"):
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
            "training": {k: training[k] for k in ("step", "pictures")} | {"wallSeconds": round(training["wallSeconds"])},
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
