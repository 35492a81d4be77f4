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

from train import BATCH, CONFIG
from translate import Translator

HERE = Path(__file__).parent
SAMPLES = [
    ">>zho<< Tom bought three red apples at the market yesterday.",
    ">>zho<< The book that Mary found last week was very old.",
    ">>zho<< I am tired because the dog did not sleep last night.",
    ">>zho<< There are twenty-five cats under the table.",
    ">>eng<< 今天是2024年3月5日，星期二。",
    ">>eng<< 我妈妈每天早上坐公共汽车去市场。",
    ">>eng<< 你的狗比这只猫大。",
    ">>eng<< 三千两百零五",
]
KINDS = 15


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def values(work: Path, model: Path) -> dict[str, str]:
    training, export, found = (json.loads((work / f"{n}.json").read_text(encoding="utf-8")) for n in ("training", "export", "evaluation"))
    translator = Translator(model)
    filled = {
        "encoderLayers": CONFIG["encoder_layers"], "decoderLayers": CONFIG["decoder_layers"],
        "heads": CONFIG["encoder_attention_heads"], "width": CONFIG["d_model"], "ffn": CONFIG["encoder_ffn_dim"],
        "maxTokens": CONFIG["max_position_embeddings"], "parameters": f"{export['parameters']:,}",
        "vocabulary": translator.tokenizer.get_vocab_size(), "kinds": KINDS,
        "files": ", ".join(f"`onnx/{name}` {size:,} bytes" for name, size in export["bytes"].items()),
        "difference": f"{export['maxDifferenceToPyTorch']:.1e}", "steps": f"{training['step']:,}", "batch": BATCH,
        "pairs": f"{training['step'] * BATCH:,}", "tokens": f"{training['tokens']:,}", "seed": training["seed"],
        "wall": f"{training['wallSeconds'] / 60:.0f}", "sentences": f"{found['sentences']:,}",
        "overlap": found["overlap"]["heldOutSentencesInTraining"], "texts": f"{2 * found['sentences']:,}",
        "grams": percent(found["overlap"]["shareOfTheir5gramsInTraining"]),
        "samples": "\n".join(f"| {s} | {t} |" for s, t in zip(SAMPLES, translator.translate(SAMPLES, batch=1))),
        "maps": "\n".join(
            f"| {name} | {percent(share)} | {percent(found['zh-en']['alignment']['all'][name])} |"
            for name, share in found["en-zh"]["alignment"]["all"].items()
        ),
    }
    for way in ("en-zh", "zh-en"):
        part = found[way]
        filled |= {f"exact-{way}": percent(part["exactMatch"]), f"int8-{way}": percent(part["exactMatchInt8"])}
        filled |= {f"bare-{way}": percent(part["exactMatchWithoutDirection"]), f"memory-{way}": percent(part["translationMemory"])}
        filled |= {f"align-{way}": percent(part["alignment"]["share"]), f"map-{way}": part["alignment"]["map"]}
        filled |= {f"diagonal-{way}": percent(part["alignment"]["diagonal"])}
    return {name: str(value) for name, value in filled.items()}


def entry(work: Path, model: Path) -> dict:
    training, export, found = (json.loads((work / f"{n}.json").read_text(encoding="utf-8")) for n in ("training", "export", "evaluation"))
    files = []
    for path in sorted(p for p in model.rglob("*") if p.is_file()):
        raw = path.read_bytes()
        files.append({"path": path.relative_to(model).as_posix(), "size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()})
    return {
        "id": model.name, "task": "translation", "architecture": "encoder-decoder", "languages": ["en", "zh"],
        "license": "Apache-2.0", "parameters": export["parameters"], "dtype": "fp32",
        "maxTokens": CONFIG["max_position_embeddings"], "files": files,
        "figures": {
            **found,
            "training": {k: training[k] for k in ("step", "tokens")} | {"wallSeconds": round(training["wallSeconds"])},
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
