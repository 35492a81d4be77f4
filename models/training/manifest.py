"""Enters the model in the manifest of bundled models; other models' entries stay as they are.

    python manifest.py --work FOLDER --model FOLDER --manifest FILE
"""

import argparse
import hashlib
import json
from pathlib import Path

LICENSE = "Apache-2.0"


def entry(work, model):
    read = lambda path: json.loads(Path(path).read_text(encoding="utf-8"))  # noqa: E731
    evaluation, export, overlap, last = (
        read(Path(work) / f"{name}.json") for name in ("evaluation", "export", "overlap", "training-next")
    )
    config = read(model / "config.json")
    files = []
    for path in sorted(p for p in model.rglob("*") if p.is_file()):
        raw = path.read_bytes()
        digest = hashlib.sha256(raw).hexdigest()
        files.append({"path": path.relative_to(model).as_posix(), "size": len(raw), "sha256": digest})
    return {
        "id": model.name,
        "task": "fill-mask",
        "architecture": "encoder",
        "languages": ["en", "zh"],
        "license": LICENSE,
        "parameters": export["parameters"],
        "dtype": "fp32",
        "quantization": "matrices stored as int8 with one scale a row",
        "maxTokens": config["max_position_embeddings"],
        "files": files,
        "figures": {
            "heldOut": {"overall": evaluation["overall"], **evaluation["languages"]},
            **{key: evaluation[key] for key in ("wikitext2", "next", "rounding", "heads", "written", "samples") if key in evaluation},
            "overlap": overlap,
            "training": [
                *(read(Path(__file__).parent / "history.json") if last["earlier"] else []),
                {
                    "steps": last["step"],
                    "tokens": last["tokens"],
                    "wallSeconds": round(last["wallSeconds"]),
                    "cpuSeconds": round(last["cpuSeconds"]),
                },
            ],
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the figures")
    parser.add_argument("--model", required=True, help="folder of the model; its name is the model's id")
    parser.add_argument("--manifest", required=True, help="the manifest to write")
    args = parser.parse_args()

    path, new = Path(args.manifest), entry(args.work, Path(args.model).resolve())
    models = json.loads(path.read_text(encoding="utf-8"))["models"] if path.exists() else []
    models = [m for m in models if m["id"] != new["id"]] + [new]
    # The one that is used at the first launch comes first, as in collect.py.
    models.sort(key=lambda m: (m["id"] != "scope-bert", m["id"]))
    path.write_text(json.dumps({"models": models}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
