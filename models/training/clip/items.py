"""Draws pictures of combinations that never met in training, to be shipped for `npm run models:evaluate`.

    python items.py --out FOLDER

Not those of the card (another seed), but of the same tasks; the two with the most captions are left to evaluate.py. The
first of an item's captions is the true one. Where all 112 names are asked for, they are listed once.
"""

from __future__ import annotations

import argparse
import base64
import io
import sys
from pathlib import Path

import numpy as np

from caption import LANGUAGES, plain
from evaluate import NAMES, TASKS, fair
from picture import picture
from scene import draw

sys.path.append(str(Path(__file__).resolve().parents[1]))  # behind this folder, which has files of the same names
from shipped import write  # noqa: E402

SEED, PICTURES = 15, 25
ASKED = ("colour", "shape", "name", "count", "position", "size", "relation", "binding")


def png(image) -> str:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def items(rng: np.random.Generator, name: str) -> list[dict]:
    task, found = TASKS[name], []
    for _ in range(PICTURES):
        scene = draw(rng, lambda scene: task.unseen(scene) and fair(name, scene), task.kind)
        claims = task.choices(scene)[: 1 if name == "name" else None]
        found.append({"task": name, "picture": png(picture(rng, scene)), **{lang: [plain(claim, lang) for claim in claims] for lang in LANGUAGES}})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder of the fixtures")
    out = Path(parser.parse_args().out)
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    names = [{lang: plain(claim, lang) for lang in LANGUAGES} for claim in NAMES]
    write(out / "clip.json", {"names": names, "questions": [item for name in ASKED for item in items(rng, name)]})


if __name__ == "__main__":
    main()
