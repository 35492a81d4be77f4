"""Measures the shipped graphs on pictures of things whose colour and shape never met in training.

    python evaluate.py --work FOLDER --model FOLDER

Zero-shot: of several captions, the likeliest must be the true one. Beside the model stands the
nearest of training pictures by their pixels, whose content is the answer.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from caption import LANGUAGES, caption, claim_of, plain
from export import session
from picture import picture
from scene import ANY, COLOURS, MANY, PAIR, SEEN, SHAPES, SINGLE, UNSEEN, Scene, draw
from train import batch, encode, pixels

SEED, PICTURES, GALLERY, KNOWN = 7, 400, 200, 6000
Things = list[tuple[int, int]]


class Scorer:
    """`logits_per_image` of one of the shipped files."""

    def __init__(self, model: Path, name: str):
        self.tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self.run = session(model / "onnx" / name)

    def logits(self, images: list, texts: list[str]) -> np.ndarray:
        ids, mask = encode(self.tokenizer, texts)
        found = []
        for begin in range(0, len(images), 50):
            feeds = {"input_ids": ids.numpy(), "attention_mask": mask.numpy(), "pixel_values": pixels(images[begin : begin + 50]).numpy()}
            found.append(self.run.run(["logits_per_image"], feeds)[0])
        return np.concatenate(found)


def named(colour: int, shape: int) -> Scene:
    """The claim "a red circle": nothing said of place and size."""
    return Scene(SINGLE, colour, shape, count=0)


def choices(task: str, scene: Scene) -> list[Scene]:
    """What is to be told apart in a scene; the first is true."""
    if task == "count":
        return [scene, *(replace(scene, count=n) for n in range(1, 5) if n != scene.count)]
    if task == "position":
        return [replace(scene, size=ANY, position=p) for p in sorted(range(5), key=lambda p: p != scene.position)]
    if task == "size":
        return [replace(scene, position=ANY, size=s) for s in (scene.size, 3 - scene.size)]
    first, second = (scene.colour, scene.shape), (scene.colour2, scene.shape2)
    if task == "relation":
        ways = [(a, b, r) for a, b in ((first, second), (second, first)) for r in (scene.relation, 1 - scene.relation)]
        return [Scene(PAIR, *a, *b, relation=r) for a, b, r in ways]
    # binding: the colours change places
    return [scene, Scene(PAIR, second[0], first[1], first[0], second[1], relation=scene.relation)]


KINDS = {"count": MANY, "position": SINGLE, "size": SINGLE, "relation": PAIR, "binding": PAIR}


def scenes_for(task: str, things: Things, rng: np.random.Generator) -> list[Scene]:
    found: list[Scene] = []
    while len(found) < PICTURES:
        scene = draw(rng, things, KINDS.get(task, SINGLE))
        if task == "size" and scene.size == 0:
            continue
        if task == "binding" and (scene.colour == scene.colour2 or scene.shape == scene.shape2):
            continue
        found.append(scene)
    return found


def zero_shot(scorer: Scorer, things: Things, lang: str) -> dict[str, float]:
    """Accuracy by task; `name` chooses among every colour of every shape."""
    rng, result = np.random.default_rng(SEED), {}
    scenes = scenes_for("name", things, rng)
    labels = [(c, s) for c in range(len(COLOURS)) for s in range(len(SHAPES))]
    texts = [plain(named(c, s), lang) for c, s in labels]
    best = scorer.logits([picture(rng, scene) for scene in scenes], texts).argmax(1)
    result["name"] = float(np.mean([labels[b] == (s.colour, s.shape) for b, s in zip(best, scenes)]))
    for task in KINDS:
        right = 0
        for scene in scenes_for(task, things, rng):
            texts = [plain(claim, lang) for claim in choices(task, scene)]
            right += int(scorer.logits([picture(rng, scene)], texts)[0].argmax()) == 0
        result[task] = right / PICTURES
    return {name: round(share, 4) for name, share in result.items()} | {"mean": round(float(np.mean(list(result.values()))), 4)}


def retrieval(scorer: Scorer, lang: str) -> dict[str, float]:
    """Recall@1 among full captions of different unseen scenes, one picture each."""
    rng, found = np.random.default_rng(SEED), {}
    while len(found) < GALLERY:
        scene = draw(rng, UNSEEN)
        # A thing of no special size has no word for it: leave those out, or captions fit two pictures.
        if scene.kind != SINGLE or scene.size > 0:
            found[plain(scene, lang)] = scene
    logits = scorer.logits([picture(rng, scene) for scene in found.values()], list(found))
    truth = np.arange(GALLERY)
    return {"textToImage": round(float((logits.argmax(0) == truth).mean()), 4), "imageToText": round(float((logits.argmax(1) == truth).mean()), 4)}


def nearest_pixels(things: Things) -> dict[str, float]:
    """Colour, shape, and both, of the nearest of KNOWN single training pictures by the mean square of pixels."""
    rng = np.random.default_rng(SEED)
    known = [draw(rng, SEEN, SINGLE) for _ in range(KNOWN)]
    table = np.stack([np.asarray(picture(rng, s), np.float32).ravel() for s in known]) / 255
    scenes = [draw(rng, things, SINGLE) for _ in range(PICTURES)]
    asked = np.stack([np.asarray(picture(rng, s), np.float32).ravel() for s in scenes]) / 255
    best = ((table**2).sum(1)[None] - 2 * asked @ table.T).argmin(1)
    colour = np.array([known[b].colour == s.colour for b, s in zip(best, scenes)])
    shape = np.array([known[b].shape == s.shape for b, s in zip(best, scenes)])
    return {"colour": round(float(colour.mean()), 4), "shape": round(float(shape.mean()), 4), "name": round(float((colour & shape).mean()), 4)}


def overlap(work: Path) -> dict[str, int]:
    """How many of the evaluated captions and unseen pairs stand in the training batches, drawn again."""
    training = json.loads((work / "training.json").read_text(encoding="utf-8"))
    pairs, texts = set(), set()
    for step in range(training["step"]):
        scenes, _, captions = batch(np.random.default_rng((training["seed"], step)))
        texts.update(captions)
        for scene in scenes:
            pairs |= {(scene.colour, scene.shape), (scene.colour2, scene.shape2)}
    rng, asked = np.random.default_rng(SEED), set()
    for _ in range(2000):
        scene = draw(rng, UNSEEN)
        for lang in LANGUAGES:
            claim = claim_of(rng, scene)
            if ANY not in (claim.colour, claim.shape):
                asked.add(caption(rng, claim, lang))
    return {
        "trainingPictures": training["pictures"], "unseenPairs": len(UNSEEN), "unseenPairsInTraining": len(pairs & set(UNSEEN)),
        "heldOutCaptions": len(asked), "heldOutCaptionsInTraining": len(asked & texts),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with training.json")
    parser.add_argument("--model", required=True, help="folder of the model")
    args = parser.parse_args()
    model = Path(args.model)
    full, small = Scorer(model, "model.onnx"), Scorer(model, "model_quantized.onnx")
    report: dict = {"pictures": PICTURES, "gallery": GALLERY, "zeroShot": {}, "retrieval": {}}
    for lang in LANGUAGES:
        report["zeroShot"][lang] = {
            "unseen": zero_shot(full, UNSEEN, lang), "seen": zero_shot(full, SEEN, lang), "unseenInt8": zero_shot(small, UNSEEN, lang),
        }
        report["retrieval"][lang] = retrieval(full, lang)
    report["nearestPixels"] = {"unseen": nearest_pixels(UNSEEN), "seen": nearest_pixels(SEEN)}
    report["overlap"] = overlap(Path(args.work))
    text = json.dumps(report, indent=2, ensure_ascii=False)
    (Path(args.work) / "evaluation.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
