"""Measures the shipped graph on pictures with combinations that never met in training.

    python evaluate.py --work FOLDER --model FOLDER

Zero-shot: of several captions, the likeliest must be the true one. As in CLIP's paper a label stands in a template,
and an ensemble of templates is the mean of their vectors. Beside the model stands the nearest of training pictures
by their pixels, whose content is the answer.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from caption import FRAMES, LANGUAGES, caption, claim_of, framed, plain
from export import session
from picture import picture
from scene import (
    ANY, COLOURS, COUNTS, MANY, PAIR, POSITIONS, SHAPES, SINGLE, Allowed, Scene,
    both_unseen, counted_unseen, draw, painted_unseen, placed_unseen, seen,
)
from train import batch, encode, pixels

SEED, PICTURES, GALLERY, KNOWN = 11, 400, 200, 6000
# The template of transformers' zero-shot pipeline, which is the engine's too, and its Chinese counterpart.
TEMPLATES = {"en": "This is a photo of {}.", "zh": "这是一张{}的照片。"}


class Scorer:
    """Vectors of one of the shipped files."""

    def __init__(self, model: Path, name: str):
        self.tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self.run = session(model / "onnx" / name)
        self.known: dict[str, np.ndarray] = {}
        self.labelled: dict[tuple, np.ndarray] = {}

    def pictures(self, images: list) -> np.ndarray:
        ids, mask = (each.numpy() for each in encode(self.tokenizer, [""]))
        feed = lambda part: {"input_ids": ids, "attention_mask": mask, "pixel_values": pixels(part).numpy()}  # noqa: E731
        parts = [images[first : first + 50] for first in range(0, len(images), 50)]
        return unit(np.concatenate([self.run.run(["image_embeds"], feed(part))[0] for part in parts]))

    def texts(self, texts: list[str]) -> np.ndarray:
        new = sorted(set(texts) - self.known.keys())
        blank = np.zeros((1, 3, 64, 64), np.float32)
        for first in range(0, len(new), 100):
            part = new[first : first + 100]
            ids, mask = (each.numpy() for each in encode(self.tokenizer, part))
            vectors = self.run.run(["text_embeds"], {"input_ids": ids, "attention_mask": mask, "pixel_values": blank})[0]
            self.known |= zip(part, unit(vectors))
        return np.stack([self.known[text] for text in texts])

    def labels(self, claims: list[Scene], lang: str, frames: tuple[str, ...]) -> np.ndarray:
        """A vector of each claim: the mean over the templates."""
        new = [claim for claim in claims if (claim, frames) not in self.labelled]
        if new:
            told = [(plain(claim, lang), lang == "en" and claim.kind == MANY) for claim in new]
            vectors = np.mean([self.texts([framed(words, frame, many) for words, many in told]) for frame in frames], axis=0)
            self.labelled |= zip(((claim, frames) for claim in new), unit(vectors))
        return np.stack([self.labelled[claim, frames] for claim in claims])


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def named(colour: int, shape: int) -> Scene:
    """The claim "a red circle": nothing said of place and size."""
    return Scene(SINGLE, colour, shape, count=0)


@dataclass(frozen=True)
class Task:
    """`choices` gives the claims to choose from; the true one comes first."""

    kind: int
    unseen: Allowed
    choices: Callable[[Scene], list[Scene]]


def others(truth: Scene, claims: list[Scene]) -> list[Scene]:
    return [truth, *(claim for claim in claims if claim != truth)]


EVERY_COLOUR, EVERY_SHAPE = range(len(COLOURS)), range(len(SHAPES))
NAMES = [named(c, s) for c, s in product(EVERY_COLOUR, EVERY_SHAPE)]
SINGLES = [replace(name, position=p) for name in NAMES for p in range(len(POSITIONS))]
CROWDS = [Scene(MANY, c, s, count=n) for c, s in product(EVERY_COLOUR, EVERY_SHAPE) for n in range(1, len(COUNTS))]


def relations(scene: Scene) -> list[Scene]:
    first, second = (scene.colour, scene.shape), (scene.colour2, scene.shape2)
    return others(scene, [Scene(PAIR, *a, *b, relation=r) for a, b in ((first, second), (second, first)) for r in (0, 1)])


def swapped(scene: Scene) -> Scene:
    return replace(scene, colour=scene.colour2, colour2=scene.colour)


TASKS = {
    "colour": Task(SINGLE, painted_unseen, lambda s: others(named(s.colour, s.shape), [named(c, s.shape) for c in EVERY_COLOUR])),
    "shape": Task(SINGLE, painted_unseen, lambda s: others(named(s.colour, s.shape), [named(s.colour, o) for o in EVERY_SHAPE])),
    "name": Task(SINGLE, painted_unseen, lambda s: others(named(s.colour, s.shape), NAMES)),
    "count": Task(MANY, counted_unseen, lambda s: others(s, [replace(s, count=n) for n in range(1, len(COUNTS))])),
    "position": Task(SINGLE, placed_unseen, lambda s: others(
        replace(s, size=ANY), [replace(s, size=ANY, position=p) for p in range(len(POSITIONS))])),
    "size": Task(SINGLE, painted_unseen, lambda s: others(replace(s, position=ANY), [replace(s, position=ANY, size=z) for z in (1, 2)])),
    "colourShapePosition": Task(SINGLE, lambda s: painted_unseen(s) or placed_unseen(s), lambda s: others(replace(s, size=ANY), SINGLES)),
    "colourShapeCount": Task(MANY, lambda s: painted_unseen(s) or counted_unseen(s), lambda s: others(s, CROWDS)),
    "relation": Task(PAIR, both_unseen, relations),
    "binding": Task(PAIR, both_unseen, lambda s: [s, swapped(s)]),
}


def fair(name: str, scene: Scene) -> bool:
    """Whether the question has one answer: a thing of no special size has no word for it."""
    if name == "size":
        return scene.size > 0
    return name != "binding" or (scene.colour != scene.colour2 and scene.shape != scene.shape2)


def questions(name: str, part: str, count: int = PICTURES) -> tuple[list[Scene], list]:
    task, rng = TASKS[name], np.random.default_rng(SEED)
    allowed = task.unseen if part == "unseen" else seen
    scenes = [draw(rng, lambda scene: allowed(scene) and fair(name, scene), task.kind) for _ in range(count)]
    return scenes, [picture(rng, scene) for scene in scenes]


class Quiz:
    """The questions of every task about seen or unseen combinations, with the vectors that a scorer has of the pictures."""

    def __init__(self, scorer: Scorer, part: str, count: int = PICTURES):
        self.scorer = scorer
        self.asked = {}
        for name in TASKS:
            scenes, images = questions(name, part, count)
            self.asked[name] = (scenes, scorer.pictures(images))

    def accuracy(self, lang: str, frames: tuple[str, ...]) -> dict[str, float]:
        """Share of right answers by task."""
        result = {}
        for name, (scenes, shown) in self.asked.items():
            labels = [self.scorer.labels(TASKS[name].choices(scene), lang, frames) for scene in scenes]
            result[name] = share(np.array([(options @ vector).argmax() == 0 for options, vector in zip(labels, shown)]))
        return result


def retrieval(scorer: Scorer, lang: str) -> dict[str, float]:
    """Recall@1 among full captions of different unseen scenes, one picture each."""
    rng, found = np.random.default_rng(SEED), {}
    while len(found) < GALLERY:
        scene = draw(rng, lambda scene: not seen(scene))
        # A thing of no special size has no word for it: leave those out, or captions fit two pictures.
        if scene.kind != SINGLE or scene.size > 0:
            found[plain(scene, lang)] = scene
    shown = scorer.pictures([picture(rng, scene) for scene in found.values()])
    cosines, truth = shown @ scorer.texts(list(found)).T, np.arange(GALLERY)
    return {"textToImage": share(cosines.argmax(0) == truth), "imageToText": share(cosines.argmax(1) == truth)}


def share(values: np.ndarray) -> float:
    return round(float(values.mean()), 4)


def nearest_pixels() -> dict[str, dict[str, float]]:
    """The fields of the nearest of KNOWN training pictures of the same kind by the mean square of pixels."""
    result: dict = {"unseen": {}, "seen": {}}
    asked = {"name": ("colour", "shape"), "count": ("count",), "position": ("position",), "colourShapePosition": ("colour", "shape", "position"),
             "colourShapeCount": ("colour", "shape", "count")}
    for kind, part in product((SINGLE, MANY), result):
        rng = np.random.default_rng(SEED + 1)
        known = [draw(rng, seen, kind) for _ in range(KNOWN)]
        table = flat([picture(rng, scene) for scene in known])
        for name in (name for name in asked if TASKS[name].kind == kind):
            scenes, images = questions(name, part)
            best = ((table**2).sum(1)[None] - 2 * flat(images) @ table.T).argmin(1)
            same = [all(getattr(known[b], field) == getattr(s, field) for field in asked[name]) for b, s in zip(best, scenes)]
            result[part][name] = share(np.array(same))
    return result


def flat(images: list) -> np.ndarray:
    return np.stack([np.asarray(image, np.float32).ravel() for image in images]) / 255


def overlap(work: Path) -> dict[str, int]:
    """How many held-out combinations and captions stand in the training batches, drawn again."""
    training = json.loads((work / "training.json").read_text(encoding="utf-8"))
    unseen_scenes, texts = 0, set()
    for step in range(training["step"]):
        scenes, claims, captions = batch(np.random.default_rng((training["seed"], step)), step)
        texts.update(captions)
        unseen_scenes += sum(not seen(scene) for scene in (*scenes, *claims))
    rng, asked = np.random.default_rng(SEED), set()
    while len(asked) < 4000:
        scene = draw(rng, lambda scene: not seen(scene))
        claim = claim_of(rng, scene)
        if not seen(claim):  # the caption itself tells the combination
            asked.add(caption(rng, claim, LANGUAGES[len(asked) % 2]))
    return {
        "trainingPictures": training["pictures"], "trainingCaptions": training["captions"], "distinctCaptions": len(texts),
        "unseenScenesInTraining": unseen_scenes, "heldOutCaptions": len(asked), "heldOutCaptionsInTraining": len(asked & texts),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with training.json")
    parser.add_argument("--model", required=True, help="folder of the model")
    args = parser.parse_args()
    model = Path(args.model)
    full, small = Scorer(model, "model.onnx"), Scorer(model, "model_quantized.onnx")
    report: dict = {"pictures": PICTURES, "gallery": GALLERY, "templates": TEMPLATES, "zeroShot": {}, "retrieval": {}}
    unseen, known, unseen_small = Quiz(full, "unseen"), Quiz(full, "seen"), Quiz(small, "unseen")
    for lang in LANGUAGES:
        one = (TEMPLATES[lang],)
        report["zeroShot"][lang] = {
            "unseen": unseen.accuracy(lang, one), "seen": known.accuracy(lang, one),
            "unseenEnsemble": unseen.accuracy(lang, FRAMES[lang]), "unseenInt8": unseen_small.accuracy(lang, one),
        }
        report["retrieval"][lang] = retrieval(full, lang)
    report["nearestPixels"] = nearest_pixels()
    report["overlap"] = overlap(Path(args.work))
    text = json.dumps(report, indent=2, ensure_ascii=False)
    (Path(args.work) / "evaluation.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
