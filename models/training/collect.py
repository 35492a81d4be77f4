"""Puts the entries that each recipe wrote (`*/entry.json`) into `models/manifest.json`, in order of their ids.

    python collect.py
"""

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
MANIFEST = HERE.parent / "manifest.json"


def main():
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    models = {model["id"]: model for model in manifest["models"]}
    for path in sorted(HERE.glob("*/entry.json")):
        entry = json.loads(path.read_text(encoding="utf-8"))
        models[entry["id"]] = entry
    # The one that is used at the first launch comes first.
    ordered = sorted(models.values(), key=lambda model: (model["id"] != "scope-bert", model["id"]))
    MANIFEST.write_text(json.dumps({"models": ordered}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
